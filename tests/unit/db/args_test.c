/* The bytes of the wire, written down by hand from the protocol's description. */
#include "db.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void expect(const struct db_args *args, int at, uint32_t type, const void *bytes,
                   size_t length)
{
    assert_int_equal(args->arg[at].type, type);
    assert_false(args->arg[at].null);
    assert_int_equal(args->arg[at].length, length);
    assert_memory_equal(args->bytes.data + args->arg[at].offset, bytes, length);
}

static void scalars_are_big_endian(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    db_arg_bool(&args, true);
    db_arg_i32(&args, -2);
    db_arg_i64(&args, 730000000);
    db_arg_real(&args, 1.5);
    db_arg_text(&args, "ä");
    db_arg_bytes(&args, bytes_of("\0x", 2));
    expect(&args, 0, db_type_bool, "\1", 1);
    expect(&args, 1, db_type_i32, "\xff\xff\xff\xfe", 4);
    expect(&args, 2, db_type_i64, "\0\0\0\0\x2b\x82\xea\x80", 8);
    expect(&args, 3, db_type_real, "\x3f\xf8\0\0\0\0\0\0", 8);
    expect(&args, 4, db_type_text, "ä", 2);
    expect(&args, 5, db_type_bytes, "\0x", 2);
}

static void time_counts_from_2000(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    db_arg_time(&args, INT64_C(946684800000000));
    db_arg_time(&args, INT64_C(946684800000001));
    db_arg_time(&args, INT64_MAX);
    db_arg_time(&args, INT64_MIN);
    expect(&args, 0, db_type_time, "\0\0\0\0\0\0\0\0", 8);
    expect(&args, 1, db_type_time, "\0\0\0\0\0\0\0\1", 8);
    expect(&args, 2, db_type_time, "\x7f\xff\xff\xff\xff\xff\xff\xff", 8);
    expect(&args, 3, db_type_time, "\x80\0\0\0\0\0\0\0", 8);
}

static void null_has_its_type_and_empty_is_not_null(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    db_arg_text(&args, NULL);
    db_arg_uuid(&args, NULL);
    db_arg_bytes(&args, (struct bytes){0});
    db_arg_text(&args, "");
    for (int i = 0; i < 3; i++)
        assert_true(args.arg[i].null);
    assert_int_equal(args.arg[1].type, db_type_uuid);
    expect(&args, 3, db_type_text, "", 0);
}

static void an_array_has_a_header_and_lengths(void **state)
{
    (void)state;
    static const char wire[] = "\0\0\0\1"   /* one dimension */
                               "\0\0\0\1"   /* has NULL */
                               "\0\0\0\x19" /* of text */
                               "\0\0\0\3"   /* three elements */
                               "\0\0\0\1"   /* from 1 */
                               "\0\0\0\2ab"
                               "\xff\xff\xff\xff"
                               "\0\0\0\0";
    DB_ARGS args = {0};
    db_arg_i32(&args, 7);
    db_array_open(&args, db_type_text);
    db_arg_text(&args, "ab");
    db_arg_text(&args, NULL);
    db_arg_text(&args, "");
    db_array_close(&args);
    db_arg_i32(&args, 9);
    assert_int_equal(args.count, 3);
    expect(&args, 1, 1009, wire, sizeof wire - 1);
    expect(&args, 2, db_type_i32, "\0\0\0\x09", 4);
}

static void an_empty_array_has_no_dimensions(void **state)
{
    (void)state;
    DB_ARGS args = {0};
    db_array_open(&args, db_type_uuid);
    db_array_close(&args);
    db_arg_bool(&args, false);
    expect(&args, 0, 2951, "\0\0\0\0\0\0\0\0\0\0\x0b\x86", 12);
    expect(&args, 1, db_type_bool, "\0", 1);
}

static void sqlstates_decide_the_fate(void **state)
{
    (void)state;
    static const struct {
        const char *sqlstate;
        enum err_kind kind;
    } cases[] = {
        {"08006", ERR_RETRY },
        {"53300", ERR_RETRY },
        {"57P01", ERR_RETRY },
        {"57014", ERR_RETRY },
        {"40001", ERR_RETRY },
        {"40P01", ERR_RETRY },
        {"55P03", ERR_RETRY },
        {"XX000", ERR_RETRY },
        {"28P01", ERR_FATAL },
        {"42501", ERR_FATAL },
        {"42P01", ERR_FATAL },
        {"22012", ERR_REJECT},
        {"23505", ERR_REJECT},
        {"P0001", ERR_REJECT},
        {"P0002", ERR_RETRY },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(db_kind_of_state(cases[i].sqlstate), cases[i].kind);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_are_big_endian),
        cmocka_unit_test(time_counts_from_2000),
        cmocka_unit_test(null_has_its_type_and_empty_is_not_null),
        cmocka_unit_test(an_array_has_a_header_and_lengths),
        cmocka_unit_test(an_empty_array_has_no_dimensions),
        cmocka_unit_test(sqlstates_decide_the_fate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
