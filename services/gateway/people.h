/* people: who asks, what was decided in their name, the accounts they work on, the kill switch in
 * their hands. Each runs on a worker. */
#pragma once

#include "call.h"

call_fn people_me, people_decisions, people_disown, people_accounts, people_controls,
    people_control;
