/* store: the only code here that speaks to Postgres. Texts that are returned live in the arena. */
#pragma once

#include "db.h"
#include "mem.h"

struct flow {
    const char *name, *schedule, *zone;
    int64_t now_s, after_s; /* by its clock; the last time it was due */
};
bool store_load_flows(struct db *db, struct arena *arena, struct flow **ret_flows,
                      size_t *ret_count, struct err *err) MUST_CHECK;
bool store_end_overdue(struct db *db, struct err *err) MUST_CHECK;

struct due_run {
    const char *flow;
    int64_t due_s;
    int32_t missed;
};
/* With their jobs, in one statement. */
bool store_start_runs(struct db *db, const struct due_run runs[], size_t count,
                      struct err *err) MUST_CHECK;

struct alert {
    const char *flow, *rule, *sentence;
};
bool store_add_alerts(struct db *db, const struct alert alerts[], size_t count,
                      struct err *err) MUST_CHECK;
