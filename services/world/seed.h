/* seed: the world as tests and the demo find it. */
#pragma once

#include "account.h"

enum { SEED_CUSTOMER_ID = 1234567890, SEED_BUDGETS_MAX = 100 * 1000 };

/* One account in dollars and New York's time: twelve campaigns, each with a budget of its own
 * (campaignBudgets/9 is 50.00 a day), and two that share the thirteenth. extra_budgets more follow,
 * each with a campaign, their amounts drawn from the seed. */
struct account *seed_account(uint64_t seed, int64_t extra_budgets);
