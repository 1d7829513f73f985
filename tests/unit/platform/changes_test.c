/* changes: what was done to which budget and when, or that it can't be known. */
#include "google.h"

#include "http/checks.h"

#define EVENT(time, id, rest)                                                                 \
    "{\"changeEvent\":{\"changeDateTime\":\"" time "\",\"changeResourceName\":\"customers/7/" \
    "campaignBudgets/" id "\"" rest "}}"
#define AMOUNTS(before, after)                                                 \
    ",\"oldResource\":{\"campaignBudget\":{\"amountMicros\":\"" before "\"}}," \
    "\"newResource\":{\"campaignBudget\":{\"amountMicros\":\"" after "\"}}"

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool take(struct bytes answer, struct platform_history *ret_history, struct err *err)
{
    *ret_history = (struct platform_history){.account = "google/7"};
    return google_take_changes(arena, answer, ret_history, err);
}

static void the_question_has_both_ends_and_a_limit(void **state)
{
    const struct platform_history history = {.account = "google/7",
                                             .since_local = "2026-11-20 10:00:00",
                                             .until_local = "2026-11-21 10:00:40"};
    struct buffer query = {0};
    (void)state;
    google_ask_changes(&history, &query);
    assert_non_null(strstr((const char *)query.data,
                           "change_event.change_date_time >= '2026-11-20 10:00:00' AND "
                           "change_event.change_date_time <= '2026-11-21 10:00:40'"));
    assert_non_null(strstr((const char *)query.data, " LIMIT 10000"));
    buffer_done(&query);
}

static void a_change_has_resource_time_old_and_new_value(void **state)
{
    struct platform_history history;
    struct err err = {0};
    (void)state;
    assert_true(take(
        bytes_of_text("[{\"results\":[" EVENT(
            "2026-11-20 10:00:00.123456", "9",
            AMOUNTS("50000000", "52500000")) "," EVENT("2026-11-20 10:00:01.5", "10", "") "]},{}]"),
        &history, &err));
    assert_true(history.whole);
    assert_int_equal(history.change_count, 2);
    assert_string_equal(history.changes[0].resource, "campaignBudgets/9");
    assert_string_equal(history.changes[0].local_time, "2026-11-20 10:00:00.123456");
    assert_true(history.changes[0].has_amounts);
    assert_int_equal(history.changes[0].old_micros, 50000000);
    assert_int_equal(history.changes[0].new_micros, 52500000);
    assert_false(history.changes[1].has_amounts);
}

static void a_full_answer_is_not_the_whole_history(void **state)
{
    struct platform_history history;
    struct buffer answer = {0};
    struct err err = {0};
    (void)state;
    buffer_add_text(&answer, "[{\"results\":[");
    for (int i = 0; i < GOOGLE_CHANGES_MAX; i++)
        buffer_format(&answer, "%s" EVENT("2026-11-20 10:00:00", "%d", ""), i ? "," : "", i);
    buffer_add_text(&answer, "]}]");
    assert_true(take(buffer_view(&answer), &history, &err));
    assert_false(history.whole);
    buffer_done(&answer);
}

static void what_cannot_be_understood_is_refused_whole(void **state)
{
    static const char *const answers[] = {
        "",
        "{}",
        "[{\"results\":7}]",
        "[{\"results\":[{}]}]",
        ("[{\"results\":[" EVENT("2026-11-20 10:00:00", "9", "") "]},{\"resul"),
        ("[{\"results\":[" EVENT("2026-11-20 10:00:00", "9 OR 1", "") "]}]"),
        ("[{\"results\":[{\"changeEvent\":{\"changeDateTime\":20261120,"
         "\"changeResourceName\":\"customers/7/campaignBudgets/9\"}}]}]"),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct platform_history history;
        struct err err = {0};
        if (take(bytes_of_text(answers[i]), &history, &err))
            fail_msg("taken: %s", answers[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_question_has_both_ends_and_a_limit),
        cmocka_unit_test(a_change_has_resource_time_old_and_new_value),
        cmocka_unit_test(a_full_answer_is_not_the_whole_history),
        cmocka_unit_test(what_cannot_be_understood_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
