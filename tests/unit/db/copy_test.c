/* copy: rows of every type arrive as they were, all of them or none. */
#include "copy.h"

#include "db/session.h"

static const char copy_sql[] = "COPY facts (name, day, micros, ratio, seen, one) "
                               "FROM STDIN (FORMAT binary)";
static const int64_t seen_micros = INT64_C(1763632800123456);

static void make_table(void)
{
    beside("DROP TABLE IF EXISTS facts; CREATE TABLE facts (name text PRIMARY KEY, day date, "
           "micros bigint, ratio float8, seen timestamptz, one int)");
}

/* The args are used again for each row, as callers do. */
static void add_row(struct db_copy *copy, struct db_args *args, const char *name, int32_t day)
{
    db_arg_text(args, name);
    db_arg_date(args, day);
    db_arg_i64(args, -730000000);
    db_arg_real(args, 4650.25);
    db_arg_time(args, seen_micros);
    db_arg_null(args);
    db_copy_add(copy, args);
    assert_int_equal(args->count, 0);
}

static void what_was_copied_reads_back_the_same(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    DB_COPY copy = {0};
    OWNED(PGresult) *rows = NULL;
    make_table();
    add_row(&copy, &args, "before 2000", -730);
    add_row(&copy, &args, "", 20413);
    must(db_begin(db, &err));
    must(db_copy_send(db, copy_sql, &copy, &err));
    must(db_commit(db, &err));
    must(db_query(db, "SELECT name, day, micros, ratio, seen, one, day::text FROM facts ORDER BY 2",
                  NULL, &rows, &err));
    assert_int_equal(PQntuples(rows), 2);
    assert_string_equal(db_text(rows, 0, 0), "before 2000");
    assert_int_equal(db_date(rows, 0, 1), -730);
    assert_string_equal(db_text(rows, 0, 6), "1968-01-02");
    assert_int_equal(db_date(rows, 1, 1), 20413);
    assert_string_equal(db_text(rows, 1, 0), "");
    assert_true(db_i64(rows, 1, 2) == -730000000);
    assert_true(db_real(rows, 1, 3) == 4650.25);
    assert_true(db_time(rows, 1, 4) == seen_micros);
    assert_true(db_null(rows, 1, 5));
}

static void a_refused_row_refuses_all_and_the_connection_goes_on(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    DB_COPY copy = {0};
    make_table();
    add_row(&copy, &args, "twice", 1);
    add_row(&copy, &args, "twice", 2);
    must(db_begin(db, &err));
    assert_false(db_copy_send(db, copy_sql, &copy, &err));
    assert_int_equal(err.kind, ERR_REJECT);
    assert_non_null(strstr(err.text, "23505"));
    db_rollback(db);
    assert_int_equal(number_of("SELECT count(*) FROM facts"), 0);
}

static void what_is_no_copy_is_refused(void **state)
{
    (void)state;
    DB_COPY copy = {0};
    must(db_begin(db, &err));
    assert_false(db_copy_send(db, "COPY nowhere FROM STDIN (FORMAT binary)", &copy, &err));
    assert_int_equal(err.kind, ERR_FATAL);
    db_rollback(db);
    assert_int_equal(number_of("SELECT 4650::bigint"), 4650);
}

static void a_server_that_dies_in_between_is_a_retry(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    DB_COPY copy = {0};
    make_table();
    add_row(&copy, &args, "lost", 1);
    must(db_begin(db, &err));
    char kill_sql[64];
    snprintf(kill_sql, sizeof kill_sql, "SELECT pg_terminate_backend(%d, 5000)",
             (int)number_of("SELECT pg_backend_pid()::bigint"));
    beside(kill_sql);
    assert_false(db_copy_send(db, copy_sql, &copy, &err));
    assert_int_equal(err.kind, ERR_RETRY);
    db_rollback(db);
    must(db_ready(db, &err));
    assert_int_equal(number_of("SELECT count(*) FROM facts"), 0);
}

static void no_rows_are_no_failure(void **state)
{
    (void)state;
    DB_COPY copy = {0};
    make_table();
    must(db_begin(db, &err) && db_copy_send(db, copy_sql, &copy, &err) && db_commit(db, &err));
    assert_int_equal(number_of("SELECT count(*) FROM facts"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DB(what_was_copied_reads_back_the_same),
        ON_DB(a_refused_row_refuses_all_and_the_connection_goes_on),
        ON_DB(what_is_no_copy_is_refused),
        ON_DB(a_server_that_dies_in_between_is_a_retry),
        ON_DB(no_rows_are_no_failure),
    };
    scratch_start();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_stop();
    return failed;
}
