/* schedule: due when the local clock says so, also on the days the clocks are moved. */
#include "schedule.h"

#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { hour = 3600, day_length = 24 * 3600 };

static struct zone_rule zone(const char *text)
{
    struct zone_rule rule;
    struct err err = {0};
    assert_true(zone_rule_parse(text, &rule, &err));
    return rule;
}

static struct zone_rule new_york(void)
{
    return zone("EST5EDT,M3.2.0,M11.1.0");
}

static struct schedule parsed(const char *text)
{
    struct schedule schedule;
    struct err err = {0};
    assert_true(schedule_parse(text, &schedule, &err));
    return schedule;
}

static int64_t at(int64_t year, int month, int day, int hours, int minutes)
{
    return clock_days(year, month, day) * day_length + hours * hour + minutes * 60;
}

static int64_t next(const char *text, const struct zone_rule *rule, int64_t after)
{
    struct schedule schedule = parsed(text);
    int64_t found = -1;
    assert_true(schedule_next(&schedule, rule, after, &found));
    return found;
}

static void a_nightly_flow_keeps_its_local_hour_over_both_changes(void **state)
{
    struct zone_rule rule = new_york();
    (void)state;
    assert_int_equal(next("0 4 * * *", &rule, at(2026, 3, 7, 12, 0)), at(2026, 3, 8, 8, 0));
    assert_int_equal(next("0 4 * * *", &rule, at(2026, 3, 6, 12, 0)), at(2026, 3, 7, 9, 0));
    assert_int_equal(next("0 4 * * *", &rule, at(2026, 10, 31, 12, 0)), at(2026, 11, 1, 9, 0));
    assert_int_equal(next("0 4 * * *", &rule, at(2026, 10, 30, 12, 0)), at(2026, 10, 31, 8, 0));
}

static void a_time_the_clocks_skip_is_due_once_at_the_skip(void **state)
{
    struct zone_rule rule = new_york();
    struct schedule schedule = parsed("30 2 * * *");
    int64_t last = 0;
    (void)state;
    assert_int_equal(next("30 2 * * *", &rule, at(2026, 3, 8, 0, 0)), at(2026, 3, 8, 7, 0));
    assert_int_equal(
        schedule_due(&schedule, &rule, at(2026, 3, 7, 12, 0), at(2026, 3, 8, 12, 0), &last), 1);
    assert_int_equal(last, at(2026, 3, 8, 7, 0));
}

static void a_time_that_occurs_twice_is_due_once_at_the_first(void **state)
{
    struct zone_rule rule = new_york();
    struct schedule schedule = parsed("30 1 * * *");
    int64_t last = 0;
    (void)state;
    assert_int_equal(
        schedule_due(&schedule, &rule, at(2026, 10, 31, 12, 0), at(2026, 11, 1, 12, 0), &last), 1);
    assert_int_equal(last, at(2026, 11, 1, 5, 30));
}

static void a_year_has_as_many_nights_as_days_in_every_zone(void **state)
{
    static const char *const zones[] = {"UTC0", "EST5EDT,M3.2.0,M11.1.0",
                                        "AEST-10AEDT,M10.1.0,M4.1.0/3",
                                        "IST-1GMT0,M10.5.0,M3.5.0/1"};
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        for (int minute = 0; minute < day_length / 60; minute += 15) {
            struct zone_rule rule = zone(zones[i]);
            struct schedule schedule = parsed("0 0 * * *");
            schedule.minutes = UINT64_C(1) << minute % 60;
            schedule.hours = UINT64_C(1) << minute / 60;
            int64_t from = zone_to_unix_s(&rule, at(2026, 1, 1, 0, 0)) - 1, last;
            int64_t to = zone_to_unix_s(&rule, at(2027, 1, 1, 0, 0)) - 1;
            assert_int_equal(schedule_due(&schedule, &rule, from, to, &last), 365);
        }
}

static void fields_are_read_as_cron_reads_them(void **state)
{
    static const struct {
        const char *text;
        int month, day, hours, minutes; /* after Saturday 2026-11-21 13:52 UTC */
    } cases[] = {
        {"* * * * *",         11, 21, 13, 53},
        {"*/15 * * * *",      11, 21, 14, 0 },
        {"52 13 * * *",       11, 22, 13, 52},
        {"0 6 * * 1",         11, 23, 6,  0 },
        {"0 6 * * 1-5",       11, 23, 6,  0 },
        {"0 6 * * 7",         11, 22, 6,  0 },
        {"0 6 * * 0",         11, 22, 6,  0 },
        {"5,10 8-18/4 * * *", 11, 21, 16, 5 },
        {"0 0 1 * *",         12, 1,  0,  0 },
        {"0 0 24 * 1",        11, 23, 0,  0 },
        {"0 0 31 12 *",       12, 31, 0,  0 },
    };
    struct zone_rule utc = zone("UTC0");
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(next(cases[i].text, &utc, at(2026, 11, 21, 13, 52)),
                         at(2026, cases[i].month, cases[i].day, cases[i].hours, cases[i].minutes));
}

static void rare_days_are_found_and_impossible_ones_are_not(void **state)
{
    struct zone_rule utc = zone("UTC0");
    struct schedule never = parsed("0 0 30 2 *");
    int64_t found;
    (void)state;
    assert_int_equal(next("0 0 29 2 *", &utc, at(2026, 11, 21, 0, 0)), at(2028, 2, 29, 0, 0));
    assert_false(schedule_next(&never, &utc, at(2026, 11, 21, 0, 0), &found));
    assert_int_equal(
        schedule_due(&never, &utc, at(2026, 1, 1, 0, 0), at(2026, 12, 1, 0, 0), &found), 0);
}

static void intervals_do_not_drift_and_do_not_know_zones(void **state)
{
    struct zone_rule rule = new_york();
    struct schedule schedule = parsed("every 15m");
    int64_t last = 0;
    (void)state;
    assert_int_equal(next("every 15m", &rule, at(2026, 11, 1, 5, 52)), at(2026, 11, 1, 6, 0));
    assert_int_equal(next("every 15m", &rule, at(2026, 11, 1, 6, 0)), at(2026, 11, 1, 6, 15));
    assert_int_equal(
        schedule_due(&schedule, &rule, at(2026, 10, 31, 12, 1), at(2026, 11, 1, 12, 1), &last), 96);
    assert_int_equal(last, at(2026, 11, 1, 12, 0));
    assert_int_equal(next("every 6h", &rule, at(2026, 11, 1, 5, 52)), at(2026, 11, 1, 6, 0));
    assert_int_equal(next("every 1d", &rule, at(2026, 11, 1, 5, 52)), at(2026, 11, 2, 0, 0));
}

static void missed_times_are_counted_and_only_the_last_is_kept(void **state)
{
    struct zone_rule rule = new_york();
    struct schedule schedule = parsed("0 2 * * *");
    int64_t last = 0;
    (void)state;
    assert_int_equal(
        schedule_due(&schedule, &rule, at(2026, 11, 14, 7, 0), at(2026, 11, 21, 13, 52), &last), 7);
    assert_int_equal(last, at(2026, 11, 21, 7, 0));
    assert_int_equal(schedule_due(&schedule, &rule, last, at(2026, 11, 21, 13, 52), &last), 0);
    assert_int_equal(schedule_due(&schedule, &rule, last, last + day_length, &last), 1);
}

static void a_downtime_of_years_is_looked_back_on_for_400_days(void **state)
{
    struct zone_rule utc = zone("UTC0");
    struct schedule nightly = parsed("0 2 * * *"), often = parsed("every 1s");
    int64_t last = 0;
    (void)state;
    assert_int_equal(schedule_due(&nightly, &utc, 0, at(2026, 11, 21, 13, 52), &last), 400);
    assert_int_equal(schedule_due(&often, &utc, 0, at(2026, 11, 21, 13, 52), &last),
                     400 * day_length);
    assert_int_equal(last, at(2026, 11, 21, 13, 52));
}

static void what_is_no_schedule_is_refused(void **state)
{
    static const char *const bad[] = {
        "",           "* * * *",    "* * * * * *", "60 * * * *",  "* 24 * * *", "* * 0 * *",
        "* * * 13 *", "* * * * 8",  "5-1 * * * *", "*/0 * * * *", "a * * * *",  "1, * * * *",
        "every",      "every 15",   "every 0m",    "every 15x",   "every 15mm", "every 999999999d",
        "-1 * * * *", "*  * * * *",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct schedule schedule;
        struct err err = {0};
        if (schedule_parse(bad[i], &schedule, &err))
            fail_msg("'%s' was read", bad[i]);
        assert_int_equal(err.kind, ERR_REJECT);
        assert_non_null(strstr(err.text, "schedule: "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_nightly_flow_keeps_its_local_hour_over_both_changes),
        cmocka_unit_test(a_time_the_clocks_skip_is_due_once_at_the_skip),
        cmocka_unit_test(a_time_that_occurs_twice_is_due_once_at_the_first),
        cmocka_unit_test(a_year_has_as_many_nights_as_days_in_every_zone),
        cmocka_unit_test(fields_are_read_as_cron_reads_them),
        cmocka_unit_test(rare_days_are_found_and_impossible_ones_are_not),
        cmocka_unit_test(intervals_do_not_drift_and_do_not_know_zones),
        cmocka_unit_test(missed_times_are_counted_and_only_the_last_is_kept),
        cmocka_unit_test(a_downtime_of_years_is_looked_back_on_for_400_days),
        cmocka_unit_test(what_is_no_schedule_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
