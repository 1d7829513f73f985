/* budget_facts: a law and facts in good order, for tests to bend. */
#pragma once

#include "rules.h"

static inline struct law budget_law(void)
{
    return (struct law){
        .kind = "budget.change",
        .accounts = "google/730",
        .lock = "",
        .change_bp = 500,
        .day_bp = 1000,
        .target_drift_bp = 5000,
        .account_drift_bp = 3000,
    };
}

/* $50.00 of an account of $4,650.00; nothing used, nothing drifted. */
static inline struct saga_fact budget_fact(int64_t before_micros, int64_t after_micros)
{
    return (struct saga_fact){
        .account = "google/730",
        .resource = "campaignBudgets/9",
        .currency = "USD",
        .unit_micros = 10000,
        .before_micros = before_micros,
        .after_micros = after_micros,
        .live_micros = before_micros,
        .live_age_s = 12.5,
        .enabled = true,
        .daily = true,
        .base_micros = before_micros,
        .account_base_micros = 4650000000,
        .drift_base_micros = before_micros,
        .account_drift_base_micros = 4650000000,
        .account_live_micros = 4650000000,
    };
}
