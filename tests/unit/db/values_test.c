/* values: against a real server, what goes in comes out. */
#include "db/session.h"

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
    struct arena *arena = arena_new();
    assert_string_equal(db_text_in(arena, rows, 0, 0), "");
    arena_free(arena);
    assert_null(db_bytes(rows, 0, 2).data);
    assert_int_equal(db_bytes(rows, 0, 3).length, 0);
}

static void arrays_of_every_type_come_back_in_order(void **state)
{
    (void)state;
    struct uuid id = uuid_random();
    DB_ARGS args = {0};
    db_array_open(&args, db_type_bool);
    db_arg_bool(&args, true);
    db_arg_bool(&args, false);
    db_array_close(&args);
    db_array_open(&args, db_type_i32);
    db_arg_i32(&args, -5);
    db_arg_i32(&args, 6);
    db_array_close(&args);
    db_array_open(&args, db_type_i64);
    db_arg_i64(&args, INT64_MAX);
    db_arg_i64(&args, 1);
    db_array_close(&args);
    db_array_open(&args, db_type_real);
    db_arg_real(&args, 0.1);
    db_arg_real(&args, -0.0);
    db_array_close(&args);
    db_array_open(&args, db_type_text);
    db_arg_text(&args, NULL);
    db_arg_text(&args, "a,\"{}");
    db_array_close(&args);
    db_array_open(&args, db_type_bytes);
    db_arg_bytes(&args, bytes_of("\0", 1));
    db_arg_bytes(&args, (struct bytes){0});
    db_array_close(&args);
    db_array_open(&args, db_type_uuid);
    db_arg_uuid(&args, NULL);
    db_arg_uuid(&args, &id);
    db_array_close(&args);
    db_array_open(&args, db_type_time);
    db_arg_time(&args, 0);
    db_arg_time(&args, 1);
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
    db_array_open(&args, db_type_uuid);
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
    DB_ARRAY(&args, i64, i, 100000, (int64_t)i * 730000000);
    OWNED(PGresult) *rows = NULL;
    must(db_query(db, "SELECT (sum(n) / 730000000)::bigint, count(*) FROM unnest($1::bigint[]) n",
                  &args, &rows, &err));
    assert_true(db_i64(rows, 0, 0) == INT64_C(4999950000));
    assert_true(db_i64(rows, 0, 1) == 100000);
}

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
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_stop();
    return failed;
}
