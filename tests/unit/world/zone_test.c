/* zone: New York's days, through both changes of the clock. */
#include "zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const int64_t second = 1000000;

/* Unix seconds as `TZ=America/New_York date` gives them. */
static const struct {
    int64_t unix_s;
    const char *local;
} moments[] = {
    {1795273200, "2026-11-21 10:00:00.000000"},
    {1772953199, "2026-03-08 01:59:59.000000"},
    {1772953200, "2026-03-08 03:00:00.000000"},
    {1793512799, "2026-11-01 01:59:59.000000"},
    {1793516400, "2026-11-01 02:00:00.000000"},
    {1782878400, "2026-07-01 00:00:00.000000"},
};

static void local_time_follows_the_summer_rule(void **state)
{
    char text[ZONE_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        zone_text(ZONE_NEW_YORK, moments[i].unix_s * second, text);
        assert_string_equal(text, moments[i].local);
    }
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        int64_t micros = -1;
        char text[ZONE_TEXT];
        zone_text(ZONE_UTC, moments[i].unix_s * second + 123456, text);
        assert_true(zone_parse(ZONE_UTC, text, &micros));
        assert_int_equal(micros, moments[i].unix_s * second + 123456);
    }
}

static void a_day_starts_at_local_midnight(void **state)
{
    int64_t micros;
    (void)state;
    assert_true(zone_parse(ZONE_NEW_YORK, "2026-11-21", &micros));
    assert_int_equal(micros, 1795237200 * second);
    int64_t day = zone_day(ZONE_NEW_YORK, micros);
    assert_int_equal(zone_day_start(ZONE_NEW_YORK, day), micros);
    assert_int_equal(zone_day(ZONE_NEW_YORK, micros - 1), day - 1);
    struct zone_date date = zone_date_of(day);
    assert_int_equal(date.year * 10000 + date.month * 100 + date.day, 20261121);
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "2026-11-31",
                                      "2026-02-29",
                                      "26-11-01",
                                      "2026-11-21T",
                                      "2026-11-21 24:00:00",
                                      "2026-11-21 10:00",
                                      "2026-11-21 10:00:00.",
                                      "2026-11-21 ",
                                      "2026-13-01",
                                      "2026-11-21 10:00:00x"};
    int64_t micros;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (zone_parse(ZONE_NEW_YORK, bad[i], &micros))
            fail_msg("taken: %s", bad[i]);
}

static void a_time_with_its_offset_is_written_and_read(void **state)
{
    static const struct {
        const char *text;
        int64_t second;
    } cases[] = {
        {"2026-11-21T10:00:00-05:00", 1795273200},
        {"2026-07-01T00:30:00-04:00", 1782880200},
    };
    char text[ZONE_TEXT];
    int64_t micros;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone_iso_text(ZONE_NEW_YORK, cases[i].second * 1000000, text);
        assert_string_equal(text, cases[i].text);
        assert_true(zone_parse_iso(text, &micros));
        assert_int_equal(micros, cases[i].second * 1000000);
    }
    assert_true(zone_parse_iso("2026-11-21T20:30:00+05:30", &micros));
    assert_int_equal(micros, 1795273200LL * 1000000);
    assert_true(zone_parse_iso("2026-11-21T15:00:00Z", &micros));
    assert_int_equal(micros, 1795273200LL * 1000000);
    assert_false(zone_parse_iso("2026-11-21T15:00:00", &micros));
    assert_false(zone_parse_iso("2026-11-21 15:00:00Z", &micros));
    assert_false(zone_parse_iso("2026-11-21T15:00:00+0500", &micros));
    assert_false(zone_parse_iso("2026-11-21T15:00:00Zx", &micros));
    zone_date_text(zone_day(ZONE_UTC, 1795273200LL * 1000000), text);
    assert_string_equal(text, "2026-11-21");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_time_follows_the_summer_rule),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_day_starts_at_local_midnight),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(a_time_with_its_offset_is_written_and_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
