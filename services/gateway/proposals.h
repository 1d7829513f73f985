/* proposals: what the API does with the ledger's proposals. Each runs on a worker. */
#pragma once

#include "call.h"

call_fn proposals_create, proposals_list, proposals_show;
call_fn proposals_approve, proposals_reject, proposals_withdraw;
call_fn proposals_cancel, proposals_resolve, proposals_roll_back;
