/* seed: the world as tests and the demo find it. */
#pragma once

#include "account.h"

enum { SEED_CUSTOMER_ID = 1234567890, SEED_BUDGETS_MAX = 100 * 1000 };

/* In dollars and New York's time. */
struct customer seed_customer(void);
/* That customer with twelve campaigns, each with a budget of its own (campaignBudgets/9 is 50.00 a
 * day), and two that share the thirteenth. */
struct account *seed_account(void);
/* More budgets, each with a campaign, their amounts drawn from the seed. */
void seed_add_budgets(struct account *account, uint64_t seed, int64_t count);
