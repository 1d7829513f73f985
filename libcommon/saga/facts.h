/* facts: what the ledger knows of each effect of a set of sagas, for judging them against caps.
 *
 * Amounts are micros of the account's currency. saga_unknown stands where nothing was observed. */
#pragma once

#include "db.h"
#include "mem.h"

static const int64_t saga_unknown = -1;

struct saga_fact {
    struct uuid saga;
    const char *account, *resource, *currency;
    int64_t unit_micros;
    int64_t before_micros, after_micros;
    int64_t live_micros; /* as last read at the platform */
    double live_age_s;   /* of that reading; NAN: never read */
    bool shared, enabled, daily;
    bool busy; /* another change of this budget is in flight */
    /* What the day's cap is a share of, and what is used of it in this direction. */
    int64_t base_micros, account_base_micros;
    int64_t used_micros, account_used_micros;
    /* What the 28 days' drift is a share of, and the account's budgets as they stand. */
    int64_t drift_base_micros, account_drift_base_micros, account_live_micros;
    /* What two people allowed it to drift beyond the kind's percentages; 0: nothing. */
    int32_t target_ramp_bp, account_ramp_bp;
};

/* In the order of saga and effect. Everything lives in the arena. */
bool saga_load_facts(struct db *db, struct arena *arena, const struct uuid sagas[], size_t count,
                     struct saga_fact **ret_facts, size_t *ret_count, struct err *err) MUST_CHECK;
