/* budgets: what a change may be about. Runs on a worker. */
#pragma once

#include "call.h"

call_fn budgets_list;
