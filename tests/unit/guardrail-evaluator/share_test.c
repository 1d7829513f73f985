/* Parts of amounts at their exact bounds, and how amounts read. */
#include "share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_share_is_within_up_to_its_exact_bound(void **state)
{
    static const struct {
        int64_t part, whole, bp;
        bool within;
    } cases[] = {
        {2500000,            50000000,         500,   true },
        {2500001,            50000000,         500,   false},
        {0,                  0,                500,   true },
        {1,                  0,                500,   false},
        {0,                  730000000,        0,     true },
        {1,                  730000000,        0,     false},
        {1,                  1999,             5,     false},
        {1,                  2000,             5,     true },
        {1050000000000000,   1000000000000000, 10500, true },
        {1050000000000001,   1000000000000000, 10500, false},
        {INT64_MAX,          INT64_MAX,        10000, true },
        {INT64_MAX,          INT64_MAX - 1,    10000, false},
        {INT64_MAX,          1,                10500, false},
        {999999999999999999, INT64_MAX,        1084,  false},
        {999999999999999999, INT64_MAX,        1085,  true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(share_within(cases[i].part, cases[i].whole, cases[i].bp), cases[i].within);
}

static void the_most_of_a_share_is_within_and_one_more_is_not(void **state)
{
    static const struct {
        int64_t whole, bp, most;
    } cases[] = {
        {50000000,         500,   2500000         },
        {4650,             333,   154             },
        {1,                9999,  0               },
        {1000000000000000, 10500, 1050000000000000},
        {0,                500,   0               },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t most = share_most(cases[i].whole, cases[i].bp);
        assert_int_equal(most, cases[i].most);
        assert_true(share_within(most, cases[i].whole, cases[i].bp));
        assert_false(share_within(most + 1, cases[i].whole, cases[i].bp));
    }
    assert_int_equal(share_most(INT64_MAX, 20000), INT64_MAX);
}

static void shares_read_rounded_up_to_a_hundredth(void **state)
{
    static const struct {
        int64_t part, whole;
        const char *text;
    } cases[] = {
        {3000000,          50000000,         "6 %"                   },
        {4100000,          50000000,         "8.2 %"                 },
        {2500001,          50000000,         "5.01 %"                },
        {1,                1000000000000000, "0.01 %"                },
        {0,                50000000,         "0 %"                   },
        {123456,           1000000,          "12.35 %"               },
        {1050000000000000, 1000000000000000, "105 %"                 },
        {7,                0,                "100 %"                 },
        {INT64_MAX,        1,                "92233720368547758.07 %"},
    };
    struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(share_text(arena, cases[i].part, cases[i].whole), cases[i].text);
    arena_free(arena);
}

static void a_share_that_is_kept_is_a_percentage(void **state)
{
    (void)state;
    assert_true(share_percent(3000000, 50000000) == 6.0);
    assert_true(share_percent(0, 0) == 0.0);
}

static void money_reads_as_people_write_it(void **state)
{
    static const struct {
        int64_t micros;
        const char *currency;
        int64_t unit_micros;
        const char *text;
    } cases[] = {
        {52500000,         "USD", 10000,   "$52.50"           },
        {0,                "USD", 10000,   "$0.00"            },
        {999990000,        "EUR", 10000,   "€999.99"        },
        {1000000000,       "GBP", 10000,   "£1,000.00"       },
        {1000000000000000, "USD", 10000,   "$1,000,000,000.00"},
        {123456780000,     "CHF", 10000,   "123,456.78 CHF"   },
        {1235000000,       "JPY", 1000000, "1,235 JPY"        },
        {1235500000,       "JPY", 1000000, "1,235.50 JPY"     },
        {50000001,         "USD", 1,       "$50.000001"       },
    };
    struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(
            money_text(arena, cases[i].micros, cases[i].currency, cases[i].unit_micros),
            cases[i].text);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_within_up_to_its_exact_bound),
        cmocka_unit_test(the_most_of_a_share_is_within_and_one_more_is_not),
        cmocka_unit_test(shares_read_rounded_up_to_a_hundredth),
        cmocka_unit_test(a_share_that_is_kept_is_a_percentage),
        cmocka_unit_test(money_reads_as_people_write_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
