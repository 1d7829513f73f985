/* decimal: micros and reals from their digits. */
#include "decimal.h"

#include "http/checks.h"

#include "mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const int64_t micros_max = 1000000000000000000;

static void majors_become_micros_exactly(void **state)
{
    static const struct {
        const char *text;
        int64_t micros;
    } cases[] = {
        {"0",                       0                  },
        {"-0.0",                    0                  },
        {"12.34",                   12340000           },
        {"120.25",                  120250000          },
        {"-7.000001",               -7000001           },
        {"0.1",                     100000             },
        {"4650.29",                 4650290000         },
        {"1e3",                     1000000000         },
        {"1.5E-3",                  1500               },
        {"0.0000005",               1                  },
        {"0.00000049999999999999",  0                  },
        {"-0.0000005",              -1                 },
        {"1e-40",                   0                  },
        {"0e900",                   0                  },
        {"0.30000000000000004",     300000             },
        {"123456789012.3456785",    123456789012345679 },
        {"1000000000000",           1000000000000000000},
        {"000000000000000000012.5", 12500000           },
        {"8.675309000000000000001", 8675309            },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t micros = -3;
        if (!decimal_micros(bytes_of_text(cases[i].text), micros_max, &micros)
            || micros != cases[i].micros)
            fail_msg("%s: %" PRId64, cases[i].text, micros);
    }
}

static void what_is_no_decimal_or_too_much_is_refused(void **state)
{
    static const char *const texts[] = {
        "",   "-",    ".5",  "5.",  "1e",    "1e+",    "+1",     "1 ",
        " 1", "0x10", "NaN", "inf", "1,000", "12.3.4", "1e1000", "--1",
    };
    static const char *const large[] = {"1000000000000.000001", "1e13", "9223372036854775807",
                                        "99999999999999999999999999", "-1e900"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        int64_t micros = 0;
        double real = 0;
        if (decimal_micros(bytes_of_text(texts[i]), micros_max, &micros)
            || decimal_real(bytes_of_text(texts[i]), &real))
            fail_msg("taken: %s", texts[i]);
    }
    for (size_t i = 0; i < COUNT(large); i++) {
        int64_t micros = 0;
        if (decimal_micros(bytes_of_text(large[i]), micros_max, &micros))
            fail_msg("taken: %s", large[i]);
    }
}

static void whole_numbers_keep_to_their_range(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"0",       true },
        {"-999",    true },
        {"999",     true },
        {"1000",    false},
        {"-1000",   false},
        {"9.0",     false},
        {"9e0",     false},
        {"",        false},
        {"-",       false},
        {"9 ",      false},
        {"0000999", true },
    };
    int64_t number;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (decimal_int(bytes_of_text(cases[i].text), 999, &number) != cases[i].good)
            fail_msg("%s", cases[i].text);
    assert_true(decimal_int(bytes_of_text("-4650"), INT64_MAX, &number));
    assert_int_equal(number, -4650);
    assert_false(decimal_int(bytes_of_text("9223372036854775808"), INT64_MAX, &number));
}

static void reals_are_those_of_the_c_library(void **state)
{
    char text[400];
    (void)state;
    srand(4650);
    for (int i = 0; i < 20000; i++) {
        double wanted = (rand() - RAND_MAX / 2) / (double)(1 + rand() % 100000), real = 0;
        wanted *= i % 7 ? 1 : 1e-30;
        snprintf(text, sizeof text, i % 2 ? "%.*g" : "%.*f", i % 18, wanted);
        assert_true(decimal_real(bytes_of_text(text), &real));
        if (real != strtod(text, NULL))
            fail_msg("%s: %.17g", text, real);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(majors_become_micros_exactly),
        cmocka_unit_test(what_is_no_decimal_or_too_much_is_refused),
        cmocka_unit_test(whole_numbers_keep_to_their_range),
        cmocka_unit_test(reals_are_those_of_the_c_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
