/* store: the tasks this service keeps in Postgres. */
#pragma once

#include "db.h"
#include "mem.h"

struct task {
    struct uuid saga;
    struct bytes hash;
    bool begun; /* executing or rolling back already: take over rather than begin */
};

bool store_add_tasks(struct db *db, const struct uuid sagas[], size_t count, const char *state,
                     const char *step, struct err *err) MUST_CHECK;
/* Takes up to `max` tasks that nobody works on; *ret_tasks live in the arena. */
bool store_lease_tasks(struct db *db, struct arena *arena, const char *owner, int32_t max,
                       struct task **ret_tasks, size_t *ret_count, struct err *err) MUST_CHECK;
bool store_end_tasks(struct db *db, const char *owner, const struct uuid sagas[], size_t count,
                     struct err *err) MUST_CHECK;
/* at[i]: unix micros before which sagas[i] is not to be looked at again. */
bool store_defer_tasks(struct db *db, const char *owner, const struct uuid sagas[],
                       const int64_t at[], size_t count, struct err *err) MUST_CHECK;
