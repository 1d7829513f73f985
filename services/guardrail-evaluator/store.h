/* store: the only code of guardrail-evaluator that speaks SQL. Everything it gives lives in the
 * arena, in the order of the sagas' ids. */
#pragma once

#include "moves.h"
#include "quality.h"
#include "rules.h"

struct proposed {
    struct saga_seen saga;
    const struct law *law; /* shared by those it holds for */
    bool has_effects;
};

/* Of these sagas those that still are to be judged. */
bool store_load_proposals(struct db *db, struct arena *arena, const struct uuid sagas[],
                          size_t count, struct proposed **ret_proposals, size_t *ret_count,
                          struct err *err) MUST_CHECK;

struct due {
    struct saga_seen saga;
    const char *state;
    bool live; /* it changed something at a platform, which is to be measured */
};

bool store_load_executed(struct db *db, struct arena *arena, const struct uuid sagas[],
                         size_t count, struct due **ret_due, size_t *ret_count,
                         struct err *err) MUST_CHECK;
bool store_load_due(struct db *db, struct arena *arena, int32_t limit, struct due **ret_due,
                    size_t *ret_count, struct err *err) MUST_CHECK;

struct safety_event {
    struct uuid saga;
    int32_t version;
    const char *event; /* blocked, waiting, rollback */
    const char *rule, *sentence;
};

bool store_add_safety_events(struct db *db, const struct safety_event events[], size_t count,
                             struct err *err) MUST_CHECK;

/* What was said to have landed; of what a person asked to check, run is 0, and days "" where they
 * gave none. */
struct landed {
    const char *source, *account, *from, *to;
    int64_t vintages, run;
};

/* A repeat adds nothing. */
bool store_add_checks(struct db *db, const struct landed landed[], size_t count,
                      struct err *err) MUST_CHECK;

struct check {
    int64_t id;
    int32_t tries; /* this one with it: the fence */
    struct landed landed;
};

bool store_lease_check(struct db *db, struct arena *arena, int64_t lease_ms,
                       struct check *ret_check, bool *ret_found, struct err *err) MUST_CHECK;
/* For so long from now; 0 gives it back. ERR_RETRY: somebody else has it. */
bool store_keep_check(struct db *db, const struct check *check, int64_t lease_ms,
                      struct err *err) MUST_CHECK;
/* *ret_ended is false when somebody else has it. */
bool store_end_check(struct db *db, struct arena *arena, const struct check *check,
                     const struct quality_report *report, bool *ret_ended,
                     struct err *err) MUST_CHECK;
bool store_end_broken_check(struct db *db, const struct check *check, const char *sentence,
                            bool *ret_ended, struct err *err) MUST_CHECK;
bool store_say_checked(struct db *db, const char *subject, const char *message_id,
                       struct bytes body, struct err *err) MUST_CHECK;
bool store_alert_of_data(struct db *db, const char *severity, const char *about,
                         const char *sentence, struct err *err) MUST_CHECK;
bool store_prune_checks(struct db *db, int32_t limit, struct err *err) MUST_CHECK;
