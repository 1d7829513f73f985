/* Amounts are read to the micro or refused, never rounded. */
#include "decimal.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void decimals_are_exact(void **state)
{
    static const struct {
        const char *text;
        int64_t micros;
    } cases[] = {
        {"0",             0                  },
        {"12.34",         12340000           },
        {"-0.000001",     -1                 },
        {"19.9900000000", 19990000           },
        {"1000000000000", 1000000000000000000},
        {"00012",         12000000           },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t micros = -7;
        assert_true(decimal_micros(cases[i].text, &micros));
        assert_int_equal(micros, cases[i].micros);
    }
}

static void what_is_no_amount_is_refused(void **state)
{
    static const char *const texts[] = {"",
                                        ".5",
                                        "5.",
                                        "1.2.3",
                                        "1e3",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "1,5",
                                        "0x10",
                                        "0.0000001",
                                        "-",
                                        "NaN",
                                        "1000000000000.000001",
                                        "99999999999999999999",
                                        "999999999999999999.5"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        int64_t micros;
        assert_false(decimal_micros(texts[i], &micros));
    }
}

static void minor_units_are_the_currency_s_own(void **state)
{
    int64_t micros;
    (void)state;
    assert_true(decimal_minor_micros(1999, "USD", &micros));
    assert_int_equal(micros, 19990000);
    assert_true(decimal_minor_micros(20, "JPY", &micros));
    assert_int_equal(micros, 20000000);
    assert_true(decimal_minor_micros(1500, "KWD", &micros));
    assert_int_equal(micros, 1500000);
    assert_false(decimal_minor_micros(INT64_MAX, "USD", &micros));
    assert_false(decimal_minor_micros(INT64_MIN, "JPY", &micros));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(what_is_no_amount_is_refused),
        cmocka_unit_test(minor_units_are_the_currency_s_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
