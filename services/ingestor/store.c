#include "store.h"

#include "ingestor_core_sql.h"

static bool sync_sources(struct db *db, struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, text, i, source_count, sources[i].name);
    return db_exec(db, SQL_SYNC_SOURCES, &args, err);
}

bool store_load_accounts(struct db *db, struct arena *arena, struct source_account **ret_accounts,
                         size_t *ret_count, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    if (!sync_sources(db, err) || !db_query(db, SQL_LOAD_SOURCES, NULL, &rows, err))
        return err_context(err, "load accounts");
    size_t count = (size_t)PQntuples(rows);
    struct source_account *accounts = arena_array(arena, count, sizeof *accounts);
    for (int i = 0; i < (int)count; i++)
        accounts[i] = (struct source_account){
            .name = db_text_in(arena, rows, i, 0),
            .zone = db_text_in(arena, rows, i, 1),
            .world = db_bool(rows, i, 2),
        };
    *ret_accounts = accounts;
    *ret_count = count;
    return true;
}

bool store_keep_flows(struct db *db, const struct source_account accounts[],
                      const struct bytes bodies[], size_t count, struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, text, i, count, accounts[i].name);
    DB_ARRAY(&args, text, i, count, accounts[i].zone);
    DB_ARRAY(&args, bool, i, count, accounts[i].world);
    DB_ARRAY(&args, bytes, i, count, bodies[i]);
    return db_exec(db, SQL_KEEP_FLOWS, &args, err) || err_context(err, "keep flows");
}

bool store_load_asked(struct db *db, struct arena *arena, const struct job jobs[], size_t count,
                      struct asked **ret_asked, size_t *ret_count, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    DB_ARRAY(&args, text, i, count, jobs[i].source);
    DB_ARRAY(&args, text, i, count, jobs[i].account);
    if (!sync_sources(db, err) || !db_query(db, SQL_LOAD_ASKED, &args, &rows, err))
        return err_context(err, "load asked");

    size_t found = (size_t)PQntuples(rows);
    struct asked *asked = arena_array(arena, found, sizeof *asked);
    for (int i = 0; i < (int)found; i++)
        asked[i] = (struct asked){
            .job = (size_t)db_i32(rows, i, 0),
            .account = db_text_in(arena, rows, i, 1),
            .today = db_date(rows, i, 2),
            .last = db_null(rows, i, 3) ? SOURCE_NEVER : db_date(rows, i, 3),
        };
    *ret_asked = asked;
    *ret_count = found;
    return true;
}

bool store_add_runs(struct db *db, const struct run runs[], size_t run_count,
                    const struct part parts[], size_t part_count, struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, text, i, run_count, runs[i].message_id);
    DB_ARRAY(&args, text, i, run_count, runs[i].account);
    DB_ARRAY(&args, date, i, run_count, runs[i].window.from);
    DB_ARRAY(&args, date, i, run_count, runs[i].window.to);
    DB_ARRAY(&args, bool, i, run_count, runs[i].probe);
    DB_ARRAY(&args, text, i, part_count, parts[i].run->message_id);
    DB_ARRAY(&args, text, i, part_count, parts[i].run->account);
    DB_ARRAY(&args, text, i, part_count, source_level_name(parts[i].level));
    DB_ARRAY(&args, date, i, part_count, parts[i].window.from);
    DB_ARRAY(&args, date, i, part_count, parts[i].window.to);
    return db_exec(db, SQL_ADD_RUNS, &args, err) || err_context(err, "add runs");
}

bool store_lease_task(struct db *db, struct arena *arena, const char *owner, int64_t lease_ms,
                      struct task *ret_task, bool *ret_found, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_text(&args, owner);
    db_arg_i64(&args, lease_ms);
    if (!db_query(db, SQL_LEASE_TASK, &args, &rows, err))
        return err_context(err, "lease a task");
    *ret_found = PQntuples(rows) > 0;
    if (!*ret_found)
        return true;
    struct task task = {
        .id = db_i64(rows, 0, 0),
        .fence = db_i64(rows, 0, 1),
        .run = db_i64(rows, 0, 2),
        .account = db_text_in(arena, rows, 0, 3),
        .window = {db_date(rows, 0, 5), db_date(rows, 0, 6)},
        .tries = db_i32(rows, 0, 7),
        .probe = db_bool(rows, 0, 8),
    };
    if (!source_level_find(db_text(rows, 0, 4), &task.level))
        return err_set(err, ERR_FATAL, "a task of level %s", db_text(rows, 0, 4));
    *ret_task = task;
    return true;
}

bool store_open_page(struct db *db, const struct task *task, const struct page *page,
                     int64_t lease_ms, struct opened *ret_opened, struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_i64(&args, task->id);
    db_arg_i64(&args, task->fence);
    db_arg_i64(&args, lease_ms);
    db_arg_i32(&args, page->number);
    db_arg_bytes(&args, hash_view(&page->hash));
    db_arg_i64(&args, (int64_t)page->bytes);
    db_arg_i64(&args, (int64_t)page->rows);
    db_arg_text(&args, page->currency);
    db_arg_text(&args, page->why);
    if (!db_query(db, SQL_OPEN_PAGE, &args, &rows, err))
        return err_context(err, "open a page");
    struct opened opened = {.held = PQntuples(rows) > 0};
    if (opened.held) {
        opened.raw_id = db_i64(rows, 0, 0);
        opened.observed_at = db_time(rows, 0, 1);
    }
    *ret_opened = opened;
    return true;
}

bool store_end_task(struct db *db, const struct task *task, const char *why, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, task->id);
    db_arg_i64(&args, task->fence);
    db_arg_text(&args, why ? "failed" : "done");
    db_arg_text(&args, why);
    return db_exec(db, SQL_END_TASK, &args, err) || err_context(err, "end a task");
}

bool store_retry_task(struct db *db, const struct task *task, int64_t wait_ms, bool failed,
                      const char *why, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, task->id);
    db_arg_i64(&args, task->fence);
    db_arg_i64(&args, wait_ms);
    db_arg_i32(&args, failed);
    db_arg_text(&args, why);
    return db_exec(db, SQL_RETRY_TASK, &args, err) || err_context(err, "retry a task");
}

static struct ended ended_of(struct arena *arena, const PGresult *rows)
{
    return (struct ended){
        .ended = true,
        .message_id = db_text_in(arena, rows, 0, 0),
        .account = db_text_in(arena, rows, 0, 1),
        .from = db_text_in(arena, rows, 0, 2),
        .to = db_text_in(arena, rows, 0, 3),
        .vintages = db_i64(rows, 0, 4),
        .probe = db_bool(rows, 0, 5),
        .good = db_bool(rows, 0, 6),
        .last = db_bool(rows, 0, 7),
        .why = db_null(rows, 0, 8) ? NULL : db_text_in(arena, rows, 0, 8),
    };
}

bool store_end_run(struct db *db, struct arena *arena, int64_t run, struct ended *ret_ended,
                   struct err *err)
{
    DB_ARGS args = {0};
    OWNED(PGresult) *rows = NULL;
    db_arg_i64(&args, run);
    if (!db_exec(db, SQL_LOCK_ACCOUNT, &args, err) || !db_exec(db, SQL_LOCK_RUNS, &args, err)
        || !db_query(db, SQL_END_RUN, &args, &rows, err))
        return err_context(err, "end a run");
    *ret_ended = PQntuples(rows) > 0 ? ended_of(arena, rows) : (struct ended){0};
    return true;
}

bool store_say_landed(struct db *db, const char *subject, const char *message_id, struct bytes body,
                      struct err *err)
{
    DB_ARGS args = {0};
    db_arg_text(&args, subject);
    db_arg_text(&args, message_id);
    db_arg_bytes(&args, body);
    return db_exec(db, SQL_SAY_LANDED, &args, err) || err_context(err, "say what landed");
}

bool store_end_flow(struct db *db, const char *message_id, const char *why, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_text(&args, message_id);
    db_arg_text(&args, why);
    return db_exec(db, SQL_END_FLOW, &args, err) || err_context(err, "end a flow's run");
}
