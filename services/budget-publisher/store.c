#include "store.h"

#include "budget-publisher_core_sql.h"

#include <string.h>

static void add_sagas(struct db_args *args, const struct uuid sagas[], size_t count)
{
    DB_ARRAY(args, uuid, i, count, &sagas[i]);
}

bool store_add_tasks(struct db *db, const struct uuid sagas[], size_t count, const char *state,
                     const char *step, struct err *err)
{
    DB_ARGS args = {0};
    add_sagas(&args, sagas, count);
    db_arg_text(&args, state);
    db_arg_text(&args, step);
    return db_exec(db, SQL_ADD_TASKS, &args, err) || err_context(err, "add tasks");
}

bool store_lease_tasks(struct db *db, struct arena *arena, const char *owner, int32_t max,
                       int64_t lease_ms, struct task **ret_tasks, size_t *ret_count,
                       struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_text(&args, owner);
    db_arg_i32(&args, max);
    db_arg_i64(&args, lease_ms);
    if (!db_query(db, SQL_LEASE_TASKS, &args, &rows, err))
        return err_context(err, "lease tasks");

    size_t count = (size_t)PQntuples(rows);
    struct task *tasks = arena_array(arena, count, sizeof *tasks);
    for (size_t i = 0; i < count; i++) {
        struct bytes hash = db_bytes(rows, (int)i, 1);
        const char *state = db_text(rows, (int)i, 2);
        char *kept = arena_text(arena, (const char *)hash.data, hash.length);
        tasks[i] = (struct task){
            .saga = db_uuid(rows, (int)i, 0),
            .hash = bytes_of(kept, hash.length),
            .begun = strcmp(state, "executing") == 0 || strcmp(state, "rolling_back") == 0,
        };
    }
    *ret_tasks = tasks;
    *ret_count = count;
    return true;
}

bool store_end_tasks(struct db *db, const char *owner, const struct uuid sagas[], size_t count,
                     struct err *err)
{
    DB_ARGS args = {0};
    add_sagas(&args, sagas, count);
    db_arg_text(&args, owner);
    return db_exec(db, SQL_END_TASKS, &args, err) || err_context(err, "end tasks");
}

bool store_defer_tasks(struct db *db, const char *owner, const struct uuid sagas[],
                       const int64_t at[], size_t count, struct err *err)
{
    DB_ARGS args = {0};
    add_sagas(&args, sagas, count);
    DB_ARRAY(&args, time, i, count, at[i]);
    db_arg_text(&args, owner);
    return db_exec(db, SQL_DEFER_TASKS, &args, err) || err_context(err, "defer tasks");
}

bool store_now(struct db *db, int64_t *ret_unix_micros, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    if (!db_query(db, SQL_NOW, NULL, &rows, err))
        return err_context(err, "now");
    *ret_unix_micros = db_time(rows, 0, 0);
    return true;
}

bool store_load_sends(struct db *db, struct arena *arena, const struct uuid sagas[], size_t count,
                      int64_t lag_s, struct send **ret_sends, size_t *ret_count, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    add_sagas(&args, sagas, count);
    db_arg_i64(&args, lag_s);
    if (!db_query(db, SQL_LOAD_SENDS, &args, &rows, err))
        return err_context(err, "load sends");

    size_t found = (size_t)PQntuples(rows);
    struct send *sends = arena_array(arena, found, sizeof *sends);
    for (size_t i = 0; i < found; i++)
        sends[i] = (struct send){
            .saga = db_uuid(rows, (int)i, 0),
            .account = db_text_in(arena, rows, (int)i, 1),
            .since_local = db_text_in(arena, rows, (int)i, 2),
            .until_local = db_text_in(arena, rows, (int)i, 3),
            .shown_at = db_time(rows, (int)i, 4),
        };
    *ret_sends = sends;
    *ret_count = found;
    return true;
}

bool store_load_accounts(struct db *db, struct arena *arena, struct account **ret_accounts,
                         size_t *ret_count, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    if (!db_query(db, SQL_LOAD_ACCOUNTS, NULL, &rows, err))
        return err_context(err, "load accounts");
    size_t count = (size_t)PQntuples(rows);
    struct account *accounts = arena_array(arena, count, sizeof *accounts);
    for (size_t i = 0; i < count; i++)
        accounts[i] = (struct account){db_text_in(arena, rows, (int)i, 0),
                                       db_text_in(arena, rows, (int)i, 1)};
    *ret_accounts = accounts;
    *ret_count = count;
    return true;
}

static void add_budgets(struct db_args *args, const struct platform_budget budgets[], size_t count)
{
    DB_ARRAY(args, text, i, count, budgets[i].resource);
    DB_ARRAY(args, text, i, count, budgets[i].name);
    DB_ARRAY(args, i64, i, count, budgets[i].micros);
    DB_ARRAY(args, bool, i, count, budgets[i].shared);
    DB_ARRAY(args, bool, i, count, budgets[i].enabled);
    DB_ARRAY(args, text, i, count, budgets[i].daily ? "daily" : "other");
}

bool store_observe(struct db *db, const char *account, const struct platform_budget budgets[],
                   size_t count, int64_t read_at, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_text(&args, account);
    add_budgets(&args, budgets, count);
    db_arg_time(&args, read_at);
    return db_exec(db, SQL_OBSERVE, &args, err) || err_context(err, "observe %s", account);
}
