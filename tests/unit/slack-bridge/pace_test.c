/* pace: about a message a second, and silence while Slack is away or says wait. */
#include "pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const int64_t start_ms = 4650000;

static int taken(bool (*take)(struct pace *, int64_t), struct pace *pace, int64_t from_ms,
                 int64_t to_ms)
{
    int count = 0;
    for (int64_t now_ms = from_ms; now_ms < to_ms; now_ms += 10)
        count += take(pace, now_ms);
    return count;
}

static void posts_burst_by_three_then_go_at_one_a_second(void **state)
{
    struct pace pace;
    (void)state;
    pace_open(&pace, start_ms);
    assert_int_equal(taken(pace_take_post, &pace, start_ms, start_ms + 500), 3);
    assert_in_range(taken(pace_take_post, &pace, start_ms + 500, start_ms + 60500), 59, 61);
}

static void posting_holds_neither_edits_nor_notices_up(void **state)
{
    struct pace pace;
    (void)state;
    pace_open(&pace, start_ms);
    assert_int_equal(taken(pace_take_post, &pace, start_ms, start_ms + 100), 3);
    assert_int_equal(taken(pace_take_edit, &pace, start_ms, start_ms + 100), 10);
    assert_int_equal(taken(pace_take_notice, &pace, start_ms, start_ms + 100), 3);
}

static void each_failure_doubles_the_silence_up_to_its_limit(void **state)
{
    static const int64_t silences_ms[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000};
    struct pace pace;
    int64_t now_ms = start_ms;
    (void)state;
    pace_open(&pace, now_ms);
    for (size_t i = 0; i < sizeof silences_ms / sizeof silences_ms[0]; i++) {
        pace_failed(&pace, now_ms);
        assert_true(pace_is_paused(&pace, now_ms + silences_ms[i] - 1));
        assert_false(pace_is_paused(&pace, now_ms + silences_ms[i]));
        now_ms += silences_ms[i];
    }
    pace_worked(&pace);
    pace_failed(&pace, now_ms);
    assert_false(pace_is_paused(&pace, now_ms + 1000));
}

static void what_slack_asks_for_is_kept_and_never_shortened(void **state)
{
    struct pace pace;
    (void)state;
    pace_open(&pace, start_ms);
    pace_told_to_wait(&pace, 45000, start_ms);
    pace_failed(&pace, start_ms);
    pace_told_to_wait(&pace, 1000, start_ms);
    assert_false(pace_take_post(&pace, start_ms + 44999));
    assert_false(pace_take_edit(&pace, start_ms + 44999));
    assert_false(pace_take_notice(&pace, start_ms + 44999));
    assert_true(pace_take_post(&pace, start_ms + 45000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posts_burst_by_three_then_go_at_one_a_second),
        cmocka_unit_test(posting_holds_neither_edits_nor_notices_up),
        cmocka_unit_test(each_failure_doubles_the_silence_up_to_its_limit),
        cmocka_unit_test(what_slack_asks_for_is_kept_and_never_shortened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
