/* The smallest unit is the currency's own. */
#include "minor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void minor_units_are_the_currency_s_own(void **state)
{
    int64_t micros;
    (void)state;
    assert_true(minor_micros(1999, "USD", &micros));
    assert_int_equal(micros, 19990000);
    assert_true(minor_micros(20, "JPY", &micros));
    assert_int_equal(micros, 20000000);
    assert_true(minor_micros(1500, "KWD", &micros));
    assert_int_equal(micros, 1500000);
    assert_false(minor_micros(INT64_MAX, "USD", &micros));
    assert_false(minor_micros(INT64_MIN, "JPY", &micros));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minor_units_are_the_currency_s_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
