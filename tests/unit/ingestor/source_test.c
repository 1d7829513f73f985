/* source: which days are read when, also after a downtime, and how a window becomes tasks. */
#include "source.h"

#include "http/checks.h"

static void a_night_reads_all_days_that_may_still_change(void **state)
{
    (void)state;
    struct window window = source_window(source_find("google"), 20413, 20411);
    assert_int_equal(window.to, 20412);
    assert_int_equal(window.from, 20383);
}

static void the_first_night_reads_a_whole_window(void **state)
{
    (void)state;
    struct window window = source_window(source_find("ga4"), 20413, SOURCE_NEVER);
    assert_int_equal(window.to, 20412);
    assert_int_equal(window.to - window.from + 1, 14);
}

/* Each day must be read once more when it has come to rest. */
static void no_day_is_left_as_it_was_before_a_downtime(void **state)
{
    (void)state;
    const struct source *google = source_find("google");
    for (int32_t down = 0; down < 400; down++) {
        int32_t last = 20000, today = last + 2 + down;
        struct window before = source_window(google, last + 1, last - 1);
        struct window after = source_window(google, today, last);
        int32_t at_rest = before.from; /* it was read for the last time */
        assert_int_equal(after.to, today - 1);
        assert_int_equal(after.from, at_rest + 1);
    }
}

static void a_window_is_never_longer_than_may_be_asked(void **state)
{
    (void)state;
    struct window window = source_window(source_find("google"), 20413, 10);
    assert_int_equal(window.to - window.from + 1, SOURCE_DAYS_MAX);
}

static void tasks_cover_each_day_once_newest_first(void **state)
{
    (void)state;
    const struct source *google = source_find("google");
    for (int32_t days = 1; days < 100; days++) {
        struct window window = {730, 730 + days - 1}, task;
        int32_t next = window.to;
        for (size_t i = 0; source_task(google, window, i, &task); i++) {
            assert_int_equal(task.to, next);
            assert_true(task.from <= task.to && task.from >= window.from);
            assert_true(task.to - task.from < google->task_days);
            next = task.from - 1;
        }
        assert_int_equal(next, window.from - 1);
    }
}

static void waits_grow_up_to_five_minutes(void **state)
{
    (void)state;
    assert_true(source_retry_ms(1) == 1000);
    assert_true(source_retry_ms(3) == 4000);
    assert_true(source_retry_ms(9) == 256000);
    for (int32_t tries = 10; tries < 100; tries++)
        assert_true(source_retry_ms(tries) == 300000);
}

static void an_account_says_its_source(void **state)
{
    (void)state;
    assert_string_equal(source_of("google/1234567890")->name, "google");
    assert_string_equal(source_of("ga4/123")->name, "ga4");
    assert_null(source_of("googl/1"));
    assert_null(source_of("googles/1"));
    assert_null(source_find("google/1"));
    assert_null(source_find(""));
}

static void levels_are_found_by_their_names(void **state)
{
    (void)state;
    enum report_level level;
    for (enum report_level each = REPORT_CAMPAIGNS; each <= REPORT_SESSIONS; each++) {
        assert_true(source_level_find(source_level_name(each), &level));
        assert_int_equal(level, each);
    }
    assert_false(source_level_find("campaign", &level));
}

static void only_days_of_the_calendar_are_read(void **state)
{
    static const struct {
        const char *text;
        int32_t day; /* or -1 */
    } cases[] = {
        {"1970-01-01",  0    },
        {"2024-02-29",  19782},
        {"2000-02-29",  11016},
        {"2026-11-20",  20777},
        {"2023-02-29",  -1   },
        {"1900-02-29",  -1   },
        {"2026-13-01",  -1   },
        {"2026-00-10",  -1   },
        {"2026-04-31",  -1   },
        {"2026-04-00",  -1   },
        {"2026-4-01",   -1   },
        {"2026-04-01 ", -1   },
        {"2026/04/01",  -1   },
        {"+026-04-01",  -1   },
        {"",            -1   },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int32_t day = -1;
        if (source_day_read(cases[i].text, &day) != (cases[i].day >= 0) || day != cases[i].day)
            fail_msg("%s: %d", cases[i].text, (int)day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_night_reads_all_days_that_may_still_change),
        cmocka_unit_test(the_first_night_reads_a_whole_window),
        cmocka_unit_test(no_day_is_left_as_it_was_before_a_downtime),
        cmocka_unit_test(a_window_is_never_longer_than_may_be_asked),
        cmocka_unit_test(tasks_cover_each_day_once_newest_first),
        cmocka_unit_test(waits_grow_up_to_five_minutes),
        cmocka_unit_test(an_account_says_its_source),
        cmocka_unit_test(levels_are_found_by_their_names),
        cmocka_unit_test(only_days_of_the_calendar_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
