/* money: amounts as people write them. */
#include "money.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void decimals_become_micros_exactly(void **state)
{
    static const struct {
        const char *text;
        int64_t micros;
    } cases[] = {
        {"0",                0               },
        {"52.50",            52500000        },
        {"0.000001",         1               },
        {"4650.73",          4650730000      },
        {"007.1",            7100000         },
        {"1000000000",       1000000000000000},
        {"999999999.999999", 999999999999999 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t micros = -1;
        assert_null(money_read(cases[i].text, &micros));
        assert_int_equal(micros, cases[i].micros);
    }
}

static void what_is_no_amount_is_refused_and_leaves_the_result(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"",                     "is not a decimal such as \"52.50\""},
        {"NaN",                  "is not a decimal such as \"52.50\""},
        {"Infinity",             "is not a decimal such as \"52.50\""},
        {"-1",                   "is negative"                       },
        {"+1",                   "is not a decimal such as \"52.50\""},
        {"1e3",                  "is not a decimal such as \"52.50\""},
        {"1,50",                 "is not a decimal such as \"52.50\""},
        {"1.",                   "is not a decimal such as \"52.50\""},
        {".5",                   "is not a decimal such as \"52.50\""},
        {"1.2.3",                "is not a decimal such as \"52.50\""},
        {" 1",                   "is not a decimal such as \"52.50\""},
        {"0x10",                 "is not a decimal such as \"52.50\""},
        {"1.0000001",            "has more than 6 decimals"          },
        {"1000000000.000001",    "is over 1,000,000,000"             },
        {"99999999999999999999", "is over 1,000,000,000"             },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t micros = 730;
        assert_string_equal(money_read(cases[i].text, &micros), cases[i].why);
        assert_int_equal(micros, 730);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_become_micros_exactly),
        cmocka_unit_test(what_is_no_amount_is_refused_and_leaves_the_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
