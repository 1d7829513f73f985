/* pipeline: answers in order, and a failure goes no further than it should. */
#include "db/session.h"

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

int main(void)
{
    scratch_start();
    const struct CMUnitTest tests[] = {
        ON_DB(answers_of_a_pipeline_come_in_order),
        ON_DB(a_pipeline_larger_than_all_buffers_does_not_deadlock),
        ON_DB(an_error_aborts_up_to_the_next_sync_and_no_further),
        ON_DB(a_statement_first_sent_in_an_aborted_part_works_later),
        ON_DB(each_sync_is_a_commit_outside_a_transaction),
        ON_DB(a_failed_commit_at_the_sync_fails_the_statement),
        ON_DB(a_failed_commit_leaves_the_later_parts_of_the_pipeline_alone),
        ON_DB(a_server_killed_under_a_pipeline_is_a_retry_for_each_statement),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_stop();
    return failed;
}
