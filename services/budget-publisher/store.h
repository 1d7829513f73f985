/* store: the tasks this service keeps in Postgres, and what it reads and says there of budgets. */
#pragma once

#include "db.h"
#include "mem.h"
#include "platform.h"

struct task {
    struct uuid saga;
    struct bytes hash;
    bool begun; /* executing or rolling back already: take over rather than begin */
};

bool store_add_tasks(struct db *db, const struct uuid sagas[], size_t count, const char *state,
                     const char *step, struct err *err) MUST_CHECK;
/* Takes up to `max` tasks that nobody works on; *ret_tasks live in the arena. */
bool store_lease_tasks(struct db *db, struct arena *arena, const char *owner, int32_t max,
                       int64_t lease_ms, struct task **ret_tasks, size_t *ret_count,
                       struct err *err) MUST_CHECK;
bool store_end_tasks(struct db *db, const char *owner, const struct uuid sagas[], size_t count,
                     struct err *err) MUST_CHECK;
/* at[i]: unix micros before which sagas[i] is not to be looked at again. */
bool store_defer_tasks(struct db *db, const char *owner, const struct uuid sagas[],
                       const int64_t at[], size_t count, struct err *err) MUST_CHECK;

bool store_now(struct db *db, int64_t *ret_unix_micros, struct err *err) MUST_CHECK;

/* An order's sends so far to one account. Times in the account's zone are as change histories have
 * them. */
struct send {
    struct uuid saga;
    const char *account;
    const char *since_local, *until_local; /* from just before the first send to after now */
    int64_t shown_at; /* unix micros: when the history surely shows the last of them */
};

/* By account. */
bool store_load_sends(struct db *db, struct arena *arena, const struct uuid sagas[], size_t count,
                      int64_t lag_s, struct send **ret_sends, size_t *ret_count,
                      struct err *err) MUST_CHECK;

struct account {
    const char *id, *currency;
};

/* Those of the platforms that this service speaks to. */
bool store_load_accounts(struct db *db, struct arena *arena, struct account **ret_accounts,
                         size_t *ret_count, struct err *err) MUST_CHECK;
/* Budgets as they were read from `read_at` on: an amount that the ledger saw later than that keeps
 * what the ledger saw. */
bool store_observe(struct db *db, const char *account, const struct platform_budget budgets[],
                   size_t count, int64_t read_at, struct err *err) MUST_CHECK;
