/* Against a real server: what goes in comes out, and every failure has the fate it should have. */
#include "db.h"

#include "db/scratch.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct db *db;
static struct err err;

static int open_db(void **state)
{
    (void)state;
    err = (struct err){0};
    return db_open(&db, scratch_url, "db_test", &err) ? 0 : -1;
}

static int close_db(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static void must(bool ok)
{
    if (!ok)
        fail_msg("%s", err.text);
}

static int64_t number_of(const char *sql)
{
    OWNED(PGresult) *rows = NULL;
    must(db_query(db, sql, NULL, &rows, &err));
    return db_i64(rows, 0, 0);
}

/* As another program would: straight through libpq. */
static void beside(const char *sql)
{
    PGconn *conn = PQconnectdb(scratch_url);
    OWNED(PGresult) *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    PQfinish(conn);
    assert_true(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

static void every_type_comes_back_as_it_went(void **state)
{
    (void)state;
    struct uuid id = uuid_random();
    DB_ARGS args = {0};
    db_arg_bool(&args, true);
    db_arg_i32(&args, INT32_MIN);
    db_arg_i64(&args, INT64_MIN);
    db_arg_real(&args, -4650.25);
    db_arg_text(&args, "häß'\\\n");
    db_arg_bytes(&args, bytes_of("\0\xff\n", 3));
    db_arg_uuid(&args, &id);
    db_arg_time(&args, INT64_C(1795255200123456));
    OWNED(PGresult) *rows = NULL;
    must(db_query(db,
                  "SELECT $1::bool, $2::int, $3::bigint, $4::float8, $5::text, $6::bytea, $7::uuid,"
                  " $8::timestamptz, to_char($8 AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
                  &args, &rows, &err));
    assert_true(db_bool(rows, 0, 0));
    assert_int_equal(db_i32(rows, 0, 1), INT32_MIN);
    assert_true(db_i64(rows, 0, 2) == INT64_MIN);
    assert_true(db_real(rows, 0, 3) == -4650.25);
    assert_string_equal(db_text(rows, 0, 4), "häß'\\\n");
    assert_true(bytes_equal(db_bytes(rows, 0, 5), bytes_of("\0\xff\n", 3)));
    struct uuid back = db_uuid(rows, 0, 6);
    assert_true(uuid_equal(&back, &id));
    assert_true(db_time(rows, 0, 7) == INT64_C(1795255200123456));
    assert_string_equal(db_text(rows, 0, 8), "2026-11-21 10:00:00.123456");
}

static void infinite_times_are_the_ends_of_the_range(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    db_arg_time(&args, INT64_MAX);
    db_arg_time(&args, INT64_MIN);
    OWNED(PGresult) *rows = NULL;
    must(db_query(db,
                  "SELECT $1::timestamptz = 'infinity', $2::timestamptz = '-infinity', "
                  "$1::timestamptz, $2::timestamptz",
                  &args, &rows, &err));
    assert_true(db_bool(rows, 0, 0) && db_bool(rows, 0, 1));
    assert_true(db_time(rows, 0, 2) == INT64_MAX && db_time(rows, 0, 3) == INT64_MIN);
}

static void enums_names_and_json_read_as_text(void **state)
{
    (void)state;
    beside("CREATE TYPE mood AS ENUM ('calm', 'tense')");
    OWNED(PGresult) *rows = NULL;
    must(db_query(db,
                  "SELECT 'tense'::mood, current_database(), '{\"a\":1}'::json, '[1]'::jsonb, "
                  "'v'::varchar(3)",
                  NULL, &rows, &err));
    static const char *const texts[] = {"tense", "postgres", "{\"a\":1}", "[1]", "v"};
    for (int i = 0; i < 5; i++)
        assert_string_equal(db_text(rows, 0, i), texts[i]);
}

static void null_stays_null_and_empty_stays_empty(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    db_arg_text(&args, NULL);
    db_arg_text(&args, "");
    db_arg_bytes(&args, (struct bytes){0});
    db_arg_bytes(&args, bytes_of("", 0));
    db_arg_uuid(&args, NULL);
    db_arg_null(&args);
    OWNED(PGresult) *rows = NULL;
    must(db_query(db, "SELECT $1::text, $2::text, $3::bytea, $4::bytea, $5::uuid, $6::bigint",
                  &args, &rows, &err));
    static const bool nulls[] = {true, false, true, false, true, true};
    for (int i = 0; i < 6; i++)
        assert_int_equal(db_null(rows, 0, i), nulls[i]);
    assert_null(db_text(rows, 0, 0));
    assert_string_equal(db_text(rows, 0, 1), "");
    assert_null(db_bytes(rows, 0, 2).data);
    assert_int_equal(db_bytes(rows, 0, 3).length, 0);
}

static void arrays_of_every_type_come_back_in_order(void **state)
{
    (void)state;
    struct uuid id = uuid_random();
    DB_ARGS args = {0};
    db_array_open(&args, DB_BOOL);
    db_array_bool(&args, true);
    db_array_bool(&args, false);
    db_array_close(&args);
    db_array_open(&args, DB_INT4);
    db_array_i32(&args, -5);
    db_array_i32(&args, 6);
    db_array_close(&args);
    db_array_open(&args, DB_INT8);
    db_array_i64(&args, INT64_MAX);
    db_array_i64(&args, 1);
    db_array_close(&args);
    db_array_open(&args, DB_FLOAT8);
    db_array_real(&args, 0.1);
    db_array_real(&args, -0.0);
    db_array_close(&args);
    db_array_open(&args, DB_TEXT);
    db_array_text(&args, NULL);
    db_array_text(&args, "a,\"{}");
    db_array_close(&args);
    db_array_open(&args, DB_BYTEA);
    db_array_bytes(&args, bytes_of("\0", 1));
    db_array_bytes(&args, (struct bytes){0});
    db_array_close(&args);
    db_array_open(&args, DB_UUID);
    db_array_uuid(&args, NULL);
    db_array_uuid(&args, &id);
    db_array_close(&args);
    db_array_open(&args, DB_TIMESTAMPTZ);
    db_array_time(&args, 0);
    db_array_time(&args, 1);
    db_array_close(&args);
    OWNED(PGresult) *rows = NULL;
    must(db_query(db,
                  "SELECT * FROM unnest($1::bool[], $2::int[], $3::bigint[], $4::float8[], "
                  "$5::text[], $6::bytea[], $7::uuid[], $8::timestamptz[])",
                  &args, &rows, &err));
    assert_int_equal(PQntuples(rows), 2);
    assert_true(db_bool(rows, 0, 0) && !db_bool(rows, 1, 0));
    assert_true(db_i32(rows, 0, 1) == -5 && db_i32(rows, 1, 1) == 6);
    assert_true(db_i64(rows, 0, 2) == INT64_MAX && db_i64(rows, 1, 2) == 1);
    assert_true(db_real(rows, 0, 3) == 0.1);
    assert_true(db_null(rows, 0, 4));
    assert_string_equal(db_text(rows, 1, 4), "a,\"{}");
    assert_int_equal(db_bytes(rows, 0, 5).length, 1);
    assert_true(db_null(rows, 1, 5) && db_null(rows, 0, 6));
    struct uuid back = db_uuid(rows, 1, 6);
    assert_true(uuid_equal(&back, &id));
    assert_true(db_time(rows, 0, 7) == 0 && db_time(rows, 1, 7) == 1);
}

static void an_empty_array_is_empty_and_not_null(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    db_array_open(&args, DB_UUID);
    db_array_close(&args);
    OWNED(PGresult) *rows = NULL;
    must(db_query(db, "SELECT cardinality($1::uuid[]), $1 = '{}'", &args, &rows, &err));
    assert_int_equal(db_i32(rows, 0, 0), 0);
    assert_true(db_bool(rows, 0, 1));
}

static void an_array_of_100000_elements_goes_through(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    db_array_open(&args, DB_INT8);
    for (int64_t i = 0; i < 100000; i++)
        db_array_i64(&args, i * 730000000);
    db_array_close(&args);
    OWNED(PGresult) *rows = NULL;
    must(db_query(db, "SELECT (sum(n) / 730000000)::bigint, count(*) FROM unnest($1::bigint[]) n",
                  &args, &rows, &err));
    assert_true(db_i64(rows, 0, 0) == INT64_C(4999950000));
    assert_true(db_i64(rows, 0, 1) == 100000);
}

static void a_statement_is_prepared_once(void **state)
{
    (void)state;
    static const char sql[] = "SELECT count(*) FROM pg_prepared_statements";
    assert_int_equal(number_of(sql), 1);
    assert_int_equal(number_of(sql), 1);
}

static void answers_of_a_pipeline_come_in_order(void **state)
{
    (void)state;
    static const char sql[] = "SELECT $1::bigint";
    for (int64_t i = 0; i < 300; i++) {
        DB_ARGS args = {0};
        db_arg_i64(&args, i);
        must(db_send(db, sql, &args, &err));
        if (i % 7 == 0)
            must(db_sync(db, &err));
    }
    must(db_sync(db, &err));
    for (int64_t i = 0; i < 300; i++) {
        OWNED(PGresult) *rows = NULL;
        must(db_receive(db, &rows, &err));
        assert_true(db_i64(rows, 0, 0) == i);
    }
}

/* 64 MB each way: more than all socket buffers, so both sides would wait for ever on each other
 * if sending did not read. */
static void a_pipeline_larger_than_all_buffers_does_not_deadlock(void **state)
{
    (void)state;
    enum { statements = 256, bytes = 256 * 1024 };
    char *text = mem_array(bytes + 1, 1);
    memset(text, 'x', bytes);
    for (int i = 0; i < statements; i++) {
        DB_ARGS args = {0};
        db_arg_text(&args, text);
        must(db_send(db, "SELECT $1::text", &args, &err));
    }
    must(db_sync(db, &err));
    for (int i = 0; i < statements; i++) {
        OWNED(PGresult) *rows = NULL;
        must(db_receive(db, &rows, &err));
        assert_int_equal(PQgetlength(rows, 0, 0), bytes);
    }
    mem_free(text);
}

static void an_error_aborts_up_to_the_next_sync_and_no_further(void **state)
{
    (void)state;
    static const char good[] = "SELECT 7::bigint", bad[] = "SELECT 1/0";
    must(db_send(db, good, NULL, &err) && db_send(db, bad, NULL, &err)
         && db_send(db, good, NULL, &err) && db_sync(db, &err) && db_send(db, good, NULL, &err)
         && db_sync(db, &err));
    static const bool works[] = {true, false, false, true};
    for (int i = 0; i < 4; i++) {
        OWNED(PGresult) *rows = NULL;
        assert_int_equal(db_receive(db, &rows, &err), works[i]);
        if (!works[i]) {
            assert_int_equal(err.kind, ERR_REJECT);
            assert_non_null(strstr(err.text, "22012"));
        }
    }
}

static void a_statement_first_sent_in_an_aborted_part_works_later(void **state)
{
    (void)state;
    static const char fresh[] = "SELECT 11::bigint";
    OWNED(PGresult) *rows = NULL;
    must(db_send(db, "SELECT 2/0", NULL, &err) && db_send(db, fresh, NULL, &err)
         && db_sync(db, &err));
    assert_false(db_receive(db, &rows, &err));
    assert_false(db_receive(db, &rows, &err));
    assert_int_equal(number_of(fresh), 11);
}

static void each_sync_is_a_commit_outside_a_transaction(void **state)
{
    (void)state;
    static const char insert[] = "INSERT INTO part VALUES (1)", bad[] = "SELECT 3/0";
    beside("CREATE TABLE part (n int)");
    must(db_send(db, insert, NULL, &err) && db_sync(db, &err) && db_send(db, insert, NULL, &err)
         && db_send(db, bad, NULL, &err) && db_sync(db, &err));
    bool ok[3];
    for (int i = 0; i < 3; i++) {
        OWNED(PGresult) *rows = NULL;
        ok[i] = db_receive(db, &rows, &err);
    }
    assert_true(ok[0] && ok[1] && !ok[2]);
    assert_int_equal(number_of("SELECT count(*) FROM part"), 1);
}

/* A deferred constraint is checked when the implicit transaction ends: at the sync. */
static void a_failed_commit_at_the_sync_fails_the_statement(void **state)
{
    (void)state;
    beside("CREATE TABLE single (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    assert_false(db_exec(db, "INSERT INTO single VALUES (1), (1)", NULL, &err));
    assert_int_equal(err.kind, ERR_REJECT);
    assert_int_equal(number_of("SELECT count(*) FROM single"), 0);
}

static void a_failed_commit_leaves_the_later_parts_of_the_pipeline_alone(void **state)
{
    (void)state;
    static const char insert[] = "INSERT INTO once VALUES ($1::bigint)";
    static const bool works[] = {true, false, true, true};
    static const int64_t number[] = {1, 1, 2, 3};
    beside("CREATE TABLE once (n bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    for (int i = 0; i < 4; i++) {
        DB_ARGS args = {0};
        db_arg_i64(&args, number[i]);
        must(db_send(db, insert, &args, &err) && db_sync(db, &err));
    }
    for (int i = 0; i < 4; i++) {
        OWNED(PGresult) *rows = NULL;
        assert_int_equal(db_receive(db, &rows, &err), works[i]);
    }
    assert_int_equal(number_of("SELECT count(*) FROM once"), 3);
}

static void a_server_killed_under_a_pipeline_is_a_retry_for_each_statement(void **state)
{
    (void)state;
    static const char sleep_sql[] = "SELECT pg_sleep(30)";
    char kill_sql[64];
    snprintf(kill_sql, sizeof kill_sql, "SELECT pg_terminate_backend(%d, 5000)",
             (int)number_of("SELECT pg_backend_pid()::bigint"));
    for (int i = 0; i < 3; i++)
        must(db_send(db, sleep_sql, NULL, &err) && db_sync(db, &err));
    beside(kill_sql);
    for (int i = 0; i < 3; i++) {
        OWNED(PGresult) *rows = NULL;
        err = (struct err){0};
        assert_false(db_receive(db, &rows, &err));
        assert_int_equal(err.kind, ERR_RETRY);
    }
    assert_true(db_lost(db));
    must(db_ready(db, &err));
    assert_int_equal(number_of("SELECT 12::bigint"), 12);
}

static void a_transaction_is_one_and_read_committed(void **state)
{
    (void)state;
    static const char xact[] = "SELECT pg_current_xact_id()::text::bigint";
    OWNED(PGresult) *rows = NULL;
    must(db_begin(db, &err));
    int64_t first = number_of(xact);
    assert_true(number_of(xact) == first);
    must(db_query(db, "SHOW transaction_isolation", NULL, &rows, &err));
    assert_string_equal(db_text(rows, 0, 0), "read committed");
    must(db_commit(db, &err));
    assert_true(number_of(xact) > first);
}

static void an_empty_transaction_costs_nothing(void **state)
{
    (void)state;
    must(db_begin(db, &err) && db_commit(db, &err) && db_begin(db, &err));
    db_rollback(db);
    must(db_begin(db, &err) && db_commit(db, &err));
}

static void what_was_rolled_back_is_gone(void **state)
{
    (void)state;
    beside("CREATE TABLE undone (n int)");
    must(db_begin(db, &err) && db_exec(db, "INSERT INTO undone VALUES (1)", NULL, &err));
    must(db_send(db, "INSERT INTO undone VALUES (2)", NULL, &err));
    db_rollback(db);
    db_rollback(db);
    assert_int_equal(number_of("SELECT count(*) FROM undone"), 0);
}

static void commit_of_a_failed_transaction_is_not_silent(void **state)
{
    (void)state;
    must(db_begin(db, &err));
    assert_false(db_exec(db, "SELECT 4/0", NULL, &err));
    assert_false(db_commit(db, &err));
    assert_int_equal(err.kind, ERR_RETRY);
    must(db_begin(db, &err) && db_commit(db, &err));
}

static void a_killed_connection_is_a_retry_and_comes_back(void **state)
{
    (void)state;
    static const char sql[] = "SELECT pg_backend_pid()::bigint";
    must(db_begin(db, &err));
    char kill_sql[64];
    int64_t former = number_of(sql);
    snprintf(kill_sql, sizeof kill_sql, "SELECT pg_terminate_backend(%d, 5000)", (int)former);
    beside(kill_sql);
    assert_false(db_exec(db, sql, NULL, &err));
    assert_int_equal(err.kind, ERR_RETRY);
    assert_true(db_lost(db));
    assert_false(db_exec(db, sql, NULL, &err));
    assert_false(db_commit(db, &err));
    assert_int_equal(err.kind, ERR_RETRY);
    db_rollback(db);
    must(db_ready(db, &err));
    assert_false(db_lost(db));
    assert_true(number_of(sql) != former);
    must(db_begin(db, &err) && db_exec(db, sql, NULL, &err) && db_commit(db, &err));
}

static void a_refused_statement_has_its_fate(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum err_kind kind;
        const char *state;
    } cases[] = {
        {"SELECT 5/0",                               ERR_REJECT, "22012"},
        {"SELECT '\\xZZ'::bytea",                    ERR_REJECT, "22023"},
        {"DO $$BEGIN RAISE 'no'; END$$",             ERR_REJECT, "P0001"},
        {"SELECT * FROM no_such_table",              ERR_FATAL,  "42P01"},
        {"SELEKT",                                   ERR_FATAL,  "42601"},
        {"DO $$BEGIN RAISE SQLSTATE '40001'; END$$", ERR_RETRY,  "40001"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_false(db_exec(db, cases[i].sql, NULL, &err));
        assert_int_equal(err.kind, cases[i].kind);
        assert_non_null(strstr(err.text, cases[i].state));
        assert_null(strchr(err.text, '\n'));
    }
}

static void a_changed_result_type_heals_with_the_next_call(void **state)
{
    (void)state;
    static const char sql[] = "SELECT * FROM widened";
    beside("CREATE TABLE widened (n bigint)");
    must(db_exec(db, sql, NULL, &err));
    beside("ALTER TABLE widened ADD COLUMN m bigint");
    assert_false(db_exec(db, sql, NULL, &err));
    assert_int_equal(err.kind, ERR_RETRY);
    must(db_exec(db, sql, NULL, &err));
}

static void copy_runs_inside_the_transaction(void **state)
{
    (void)state;
    beside("CREATE TABLE copied (n bigint)");
    must(db_begin(db, &err));
    PGconn *conn = db_conn(db);
    OWNED(PGresult) *started = PQexec(conn, "COPY copied FROM STDIN");
    assert_int_equal(PQresultStatus(started), PGRES_COPY_IN);
    assert_int_equal(PQputCopyData(conn, "41\n42\n", 6), 1);
    assert_int_equal(PQputCopyEnd(conn, NULL), 1);
    OWNED(PGresult) *ended = PQgetResult(conn);
    assert_int_equal(PQresultStatus(ended), PGRES_COMMAND_OK);
    assert_null(PQgetResult(conn));
    assert_int_equal(number_of("SELECT count(*) FROM copied"), 2);
    db_rollback(db);
    assert_int_equal(number_of("SELECT count(*) FROM copied"), 0);
}

static void time_limits_are_set(void **state)
{
    (void)state;
    OWNED(PGresult) *rows = NULL;
    must(db_query(db,
                  "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), "
                  "current_setting('application_name')",
                  NULL, &rows, &err));
    assert_string_equal(db_text(rows, 0, 0), "15s");
    assert_string_equal(db_text(rows, 0, 1), "5s");
    assert_string_equal(db_text(rows, 0, 2), "db_test");
}

static void a_broken_url_is_not_quoted(void **state)
{
    (void)state;
    struct db *none = NULL;
    assert_false(db_open(&none, "host=127.0.0.1 hunter2", "db_test", &err));
    assert_int_equal(err.kind, ERR_FATAL);
    assert_null(strstr(err.text, "hunter2"));
    assert_false(db_open(&none, "host=127.0.0.1 port=1 password=hunter2", "db_test", &err));
    assert_int_equal(err.kind, ERR_RETRY);
    assert_null(strstr(err.text, "hunter2"));
}

#define ON_DB(name) cmocka_unit_test_setup_teardown(name, open_db, close_db)

int main(void)
{
    scratch_start();
    const struct CMUnitTest tests[] = {
        ON_DB(every_type_comes_back_as_it_went),
        ON_DB(infinite_times_are_the_ends_of_the_range),
        ON_DB(enums_names_and_json_read_as_text),
        ON_DB(null_stays_null_and_empty_stays_empty),
        ON_DB(arrays_of_every_type_come_back_in_order),
        ON_DB(an_empty_array_is_empty_and_not_null),
        ON_DB(an_array_of_100000_elements_goes_through),
        ON_DB(a_statement_is_prepared_once),
        ON_DB(answers_of_a_pipeline_come_in_order),
        ON_DB(a_pipeline_larger_than_all_buffers_does_not_deadlock),
        ON_DB(an_error_aborts_up_to_the_next_sync_and_no_further),
        ON_DB(a_statement_first_sent_in_an_aborted_part_works_later),
        ON_DB(each_sync_is_a_commit_outside_a_transaction),
        ON_DB(a_failed_commit_at_the_sync_fails_the_statement),
        ON_DB(a_failed_commit_leaves_the_later_parts_of_the_pipeline_alone),
        ON_DB(a_server_killed_under_a_pipeline_is_a_retry_for_each_statement),
        ON_DB(a_transaction_is_one_and_read_committed),
        ON_DB(an_empty_transaction_costs_nothing),
        ON_DB(what_was_rolled_back_is_gone),
        ON_DB(commit_of_a_failed_transaction_is_not_silent),
        ON_DB(a_killed_connection_is_a_retry_and_comes_back),
        ON_DB(a_refused_statement_has_its_fate),
        ON_DB(a_changed_result_type_heals_with_the_next_call),
        ON_DB(copy_runs_inside_the_transaction),
        ON_DB(time_limits_are_set),
        cmocka_unit_test(a_broken_url_is_not_quoted),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_stop();
    return failed;
}
