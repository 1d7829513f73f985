/* observe: keeps the ledger's picture of the budgets fresh; changes are judged against it. */
#pragma once

#include "trip.h"

/* Reads every budget of every account and tells the ledger. *ret_whole: none was left out. */
bool observe_accounts(const struct carrier *carrier, bool *ret_whole, struct err *err) MUST_CHECK;
