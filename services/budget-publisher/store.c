#include "store.h"

#include "budget-publisher_core_sql.h"

#include <string.h>

static const int32_t lease_seconds = 60;

static void add_sagas(struct db_args *args, const struct uuid sagas[], size_t count)
{
    db_array_open(args, DB_UUID);
    for (size_t i = 0; i < count; i++)
        db_array_uuid(args, &sagas[i]);
    db_array_close(args);
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
                       struct task **ret_tasks, size_t *ret_count, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_text(&args, owner);
    db_arg_i32(&args, max);
    db_arg_i32(&args, lease_seconds);
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
    db_array_open(&args, DB_TIMESTAMPTZ);
    for (size_t i = 0; i < count; i++)
        db_array_time(&args, at[i]);
    db_array_close(&args);
    db_arg_text(&args, owner);
    return db_exec(db, SQL_DEFER_TASKS, &args, err) || err_context(err, "defer tasks");
}
