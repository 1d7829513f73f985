/* Times as text against known instants, and the calendar against the C library's. */
#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

static void assert_text(int64_t unix_micros, const char *expected)
{
    char text[CLOCK_TEXT];
    clock_text(unix_micros, text);
    assert_string_equal(text, expected);
}

static void known_instants_have_their_text(void **state)
{
    (void)state;
    assert_text(0, "1970-01-01T00:00:00.000000Z");
    assert_text(-1, "1969-12-31T23:59:59.999999Z");
    assert_text(951782400000007, "2000-02-29T00:00:00.000007Z");
    assert_text(1795168800123456, "2026-11-20T10:00:00.123456Z");
    assert_text(-2203977600000000, "1900-02-28T00:00:00.000000Z");
    assert_text(-2203891200000000, "1900-03-01T00:00:00.000000Z");
}

static void times_outside_the_form_show_as_the_nearest_inside(void **state)
{
    (void)state;
    assert_text(INT64_MIN, "0001-01-01T00:00:00.000000Z");
    assert_text(INT64_MAX, "9999-12-31T23:59:59.999999Z");
    assert_text(253402300800000000, "9999-12-31T23:59:59.999999Z");
}

static void the_calendar_agrees_with_the_c_library_over_two_centuries(void **state)
{
    (void)state;
    for (int64_t day = -40000; day < 40000; day++) {
        time_t seconds = day * 86400 + 4650;
        struct tm parts;
        assert_non_null(localtime_r(&seconds, &parts));
        char expected[80];
        snprintf(expected, sizeof expected, "%04d-%02d-%02dT01:17:30.000000Z", parts.tm_year + 1900,
                 parts.tm_mon + 1, parts.tm_mday);
        assert_text((int64_t)seconds * 1000000, expected);
        assert_int_equal(clock_days(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday), day);
    }
}

static void the_boot_clock_never_runs_back(void **state)
{
    (void)state;
    int64_t before = clock_boot_ns();
    for (int i = 0; i < 10000; i++) {
        int64_t now = clock_boot_ns();
        assert_true(now >= before);
        before = now;
    }
    int64_t ms = clock_boot_ms();
    assert_true(ms >= before / 1000000 && ms <= clock_boot_ns() / 1000000);
}

static void the_wall_clock_is_in_micros(void **state)
{
    (void)state;
    time_t before = time(NULL);
    int64_t seconds = clock_unix_micros() / 1000000;
    assert_true(seconds >= before && seconds <= time(NULL) + 1);
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_instants_have_their_text),
        cmocka_unit_test(times_outside_the_form_show_as_the_nearest_inside),
        cmocka_unit_test(the_calendar_agrees_with_the_c_library_over_two_centuries),
        cmocka_unit_test(the_boot_clock_never_runs_back),
        cmocka_unit_test(the_wall_clock_is_in_micros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
