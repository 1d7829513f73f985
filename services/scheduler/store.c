#include "store.h"

#include "scheduler_core_sql.h"

static const int64_t second_micros = 1000000;

bool store_load_flows(struct db *db, struct arena *arena, struct flow **ret_flows,
                      size_t *ret_count, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    if (!db_query(db, SQL_LOAD_FLOWS, NULL, &rows, err))
        return err_context(err, "load flows");
    size_t count = (size_t)PQntuples(rows);
    struct flow *flows = arena_array(arena, count, sizeof *flows);
    for (int i = 0; i < (int)count; i++)
        flows[i] = (struct flow){
            .name = db_text_in(arena, rows, i, 0),
            .schedule = db_text_in(arena, rows, i, 1),
            .zone = db_text_in(arena, rows, i, 2),
            .now_s = db_time(rows, i, 3) / second_micros,
            .after_s = db_time(rows, i, 4) / second_micros,
        };
    *ret_flows = flows;
    *ret_count = count;
    return true;
}

bool store_end_overdue(struct db *db, struct err *err)
{
    return db_exec(db, SQL_END_OVERDUE, NULL, err) || err_context(err, "end overdue");
}

bool store_start_runs(struct db *db, const struct due_run runs[], size_t count, struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, text, i, count, runs[i].flow);
    DB_ARRAY(&args, time, i, count, runs[i].due_s * second_micros);
    DB_ARRAY(&args, i32, i, count, runs[i].missed);
    return db_exec(db, SQL_START_RUNS, &args, err) || err_context(err, "start runs");
}

bool store_add_alerts(struct db *db, const struct alert alerts[], size_t count, struct err *err)
{
    DB_ARGS args = {0};
    DB_ARRAY(&args, text, i, count, alerts[i].flow);
    DB_ARRAY(&args, text, i, count, alerts[i].rule);
    DB_ARRAY(&args, text, i, count, alerts[i].sentence);
    return db_exec(db, SQL_ADD_ALERTS, &args, err) || err_context(err, "add alerts");
}
