/* zone_rule: offsets and local times around the moments the clocks are moved. */
#include "zone_rule.h"

#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { hour = 3600 };
static const char new_york[] = "EST5EDT,M3.2.0,M11.1.0";

static struct zone_rule rule_of(const char *text)
{
    struct zone_rule rule;
    struct err err = {0};
    assert_true(zone_rule_parse(text, &rule, &err));
    return rule;
}

static int64_t at(int64_t year, int month, int day, int hours, int minutes)
{
    return clock_days(year, month, day) * 24 * hour + hours * hour + minutes * 60;
}

static void new_york_moves_at_two_on_the_second_sunday_of_march(void **state)
{
    struct zone_rule rule = rule_of(new_york);
    (void)state;
    assert_int_equal(zone_offset_s(&rule, at(2026, 3, 8, 7, 0) - 1), -5 * hour);
    assert_int_equal(zone_offset_s(&rule, at(2026, 3, 8, 7, 0)), -4 * hour);
    assert_int_equal(zone_offset_s(&rule, at(2026, 11, 1, 6, 0) - 1), -4 * hour);
    assert_int_equal(zone_offset_s(&rule, at(2026, 11, 1, 6, 0)), -5 * hour);
}

static void a_skipped_local_time_is_the_moment_of_the_skip(void **state)
{
    struct zone_rule rule = rule_of(new_york);
    (void)state;
    assert_int_equal(zone_to_unix_s(&rule, at(2026, 3, 8, 1, 59)), at(2026, 3, 8, 6, 59));
    assert_int_equal(zone_to_unix_s(&rule, at(2026, 3, 8, 2, 0)), at(2026, 3, 8, 7, 0));
    assert_int_equal(zone_to_unix_s(&rule, at(2026, 3, 8, 2, 30)), at(2026, 3, 8, 7, 0));
    assert_int_equal(zone_to_unix_s(&rule, at(2026, 3, 8, 3, 0)), at(2026, 3, 8, 7, 0));
}

static void a_local_time_that_occurs_twice_is_its_first(void **state)
{
    struct zone_rule rule = rule_of(new_york);
    (void)state;
    assert_int_equal(zone_to_unix_s(&rule, at(2026, 11, 1, 1, 30)), at(2026, 11, 1, 5, 30));
    assert_int_equal(zone_to_unix_s(&rule, at(2026, 11, 1, 2, 0)), at(2026, 11, 1, 7, 0));
}

static void zones_of_all_forms_are_read(void **state)
{
    static const struct {
        const char *text;
        int32_t january_s, july_s;
    } cases[] = {
        {"UTC0",                                 0,         0        },
        {"<+0530>-5:30",                         19800,     19800    },
        {"CET-1CEST,M3.5.0,M10.5.0/3",           hour,      2 * hour },
        {"AEST-10AEDT,M10.1.0,M4.1.0/3",         11 * hour, 10 * hour},
        {"IST-1GMT0,M10.5.0,M3.5.0/1",           0,         hour     },
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0",      -2 * hour, -hour    },
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 11 * hour, 37800    },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct zone_rule rule = rule_of(cases[i].text);
        assert_int_equal(zone_offset_s(&rule, at(2026, 1, 15, 12, 0)), cases[i].january_s);
        assert_int_equal(zone_offset_s(&rule, at(2026, 7, 15, 12, 0)), cases[i].july_s);
    }
}

static void every_local_minute_leads_back_to_itself_or_to_the_skip(void **state)
{
    static const char *const zones[] = {new_york, "CET-1CEST,M3.5.0,M10.5.0/3",
                                        "IST-1GMT0,M10.5.0,M3.5.0/1",
                                        "AEST-10AEDT,M10.1.0,M4.1.0/3"};
    (void)state;
    for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
        struct zone_rule rule = rule_of(zones[z]);
        int64_t former = INT64_MIN, skipped = 0;
        for (int64_t local = at(2026, 1, 1, 0, 0); local < at(2027, 1, 1, 0, 0); local += 15 * 60) {
            int64_t unix_s = zone_to_unix_s(&rule, local);
            assert_true(unix_s >= former);
            skipped += unix_s + zone_offset_s(&rule, unix_s) != local;
            former = unix_s;
        }
        assert_int_equal(skipped, 4); /* one hour */
    }
}

static void what_is_no_rule_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "EST",
        "E5",
        "EST5EDT",
        "EST5EDT,M3.2.0",
        "EST5EDT,M13.2.0,M11.1.0",
        "EST5EDT,M3.6.0,M11.1.0",
        "EST5EDT,M3.2.7,M11.1.0",
        "EST5EDT,J60,J300",
        "EST5EDT,M3.2.0,M11.1.0 ",
        "<+05",
        "EST99",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct zone_rule rule;
        struct err err = {0};
        assert_false(zone_rule_parse(bad[i], &rule, &err));
        assert_int_equal(err.kind, ERR_REJECT);
    }
}

static void a_files_rule_is_its_last_line(void **state)
{
    char file[128] = "TZif2";
    struct zone_rule rule;
    struct err err = {0};
    (void)state;
    memcpy(file + 80, "\nCET-1CEST,M3.5.0,M10.5.0/3\n", 28);
    assert_true(zone_rule_from_file(bytes_of(file, 108), &rule, &err));
    assert_int_equal(rule.summer_s, 2 * hour);
    assert_false(zone_rule_from_file(bytes_of(file, 107), &rule, &err));
    assert_false(zone_rule_from_file(bytes_of(file, 20), &rule, &err));
    file[4] = '\0';
    assert_false(zone_rule_from_file(bytes_of(file, 108), &rule, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_york_moves_at_two_on_the_second_sunday_of_march),
        cmocka_unit_test(a_skipped_local_time_is_the_moment_of_the_skip),
        cmocka_unit_test(a_local_time_that_occurs_twice_is_its_first),
        cmocka_unit_test(zones_of_all_forms_are_read),
        cmocka_unit_test(every_local_minute_leads_back_to_itself_or_to_the_skip),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(a_files_rule_is_its_last_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
