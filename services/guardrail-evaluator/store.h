/* store: the only code of guardrail-evaluator that speaks SQL. Everything it gives lives in the
 * arena, in the order of the sagas' ids. */
#pragma once

#include "moves.h"
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
