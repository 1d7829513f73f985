/* db: against a real server, transactions, and every failure has the fate it should have. */
#include "db/session.h"

static void a_statement_is_prepared_once(void **state)
{
    (void)state;
    static const char sql[] = "SELECT count(*) FROM pg_prepared_statements";
    assert_int_equal(number_of(sql), 1);
    assert_int_equal(number_of(sql), 1);
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

int main(void)
{
    scratch_start();
    const struct CMUnitTest tests[] = {
        ON_DB(a_statement_is_prepared_once),
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
