/* pull: given what the server says, what is asked for next. */
#include "pull.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const int64_t start_ms = 4650000;

static struct pull asked(void)
{
    struct pull pull = {.seen = true};
    pull_asked(&pull, pull_want(&pull, 0, start_ms), start_ms);
    return pull;
}

static void receive(struct pull *pull, int count, int64_t now_ms)
{
    for (int i = 0; i < count; i++)
        pull_message(pull, now_ms);
}

static void the_first_request_is_a_whole_batch_and_only_one(void **state)
{
    struct pull pull = asked();
    (void)state;
    assert_int_equal(pull.pending, PULL_BATCH);
    assert_int_equal(pull_want(&pull, 0, start_ms), 0);
}

static void it_asks_again_at_half_for_what_came(void **state)
{
    struct pull pull = asked();
    (void)state;
    receive(&pull, PULL_BATCH / 2 - 1, start_ms);
    assert_int_equal(pull_want(&pull, 0, start_ms), 0);
    receive(&pull, 1, start_ms);
    assert_int_equal(pull_want(&pull, 0, start_ms), PULL_BATCH / 2);
}

static void a_full_queue_asks_for_nothing(void **state)
{
    struct pull pull = {0};
    (void)state;
    assert_int_equal(pull_want(&pull, PULL_BATCH + 1, start_ms), 0);
    assert_int_equal(pull_want(&pull, PULL_BATCH, start_ms), PULL_BATCH);
}

static void what_a_time_out_lets_lapse_is_asked_for_again(void **state)
{
    struct pull pull = asked();
    (void)state;
    receive(&pull, 12, start_ms);
    pull_said(&pull, PULL_TIMEOUT, 500, start_ms + PULL_EXPIRES_MS);
    assert_int_equal(pull.pending, 0);
    assert_true(pull.seen);
    assert_int_equal(pull_want(&pull, 0, start_ms + PULL_EXPIRES_MS), PULL_BATCH);
}

static void a_lapse_larger_than_what_stands_does_not_go_below_zero(void **state)
{
    struct pull pull = asked();
    (void)state;
    pull_said(&pull, PULL_TIMEOUT, 100000, start_ms);
    assert_int_equal(pull.pending, 0);
    receive(&pull, 3, start_ms);
    assert_int_equal(pull.pending, 0);
}

static void a_refusal_means_a_missing_consumer_and_a_growing_pause(void **state)
{
    static const int refusals[] = {PULL_CONFLICT, PULL_NO_RESPONDERS, 400, 423};
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct pull pull = asked();
        pull_said(&pull, refusals[i], -1, start_ms);
        assert_false(pull.seen);
        assert_int_equal(pull_want(&pull, 0, start_ms), 0);
        assert_int_equal(pull_want(&pull, 0, start_ms + 250), PULL_BATCH);
        for (int again = 0; again < 9; again++)
            pull_said(&pull, refusals[i], -1, start_ms);
        assert_int_equal(pull_want(&pull, 0, start_ms + 2000), 0);
        assert_int_equal(pull_want(&pull, 0, start_ms + 5000), PULL_BATCH);
    }
}

static void a_message_or_heartbeat_ends_the_pause(void **state)
{
    struct pull pull = asked();
    (void)state;
    pull_said(&pull, PULL_CONFLICT, -1, start_ms);
    pull_said(&pull, PULL_HEARTBEAT, -1, start_ms);
    assert_true(pull.seen);
    assert_int_equal(pull_want(&pull, 0, start_ms), PULL_BATCH);
}

static void only_who_asked_just_now_may_have_been_refused(void **state)
{
    struct pull pull = asked();
    struct pull idle = {0};
    (void)state;
    assert_true(pull_may_be_refused(&pull, start_ms + 40));
    assert_false(pull_may_be_refused(&pull, start_ms + 730));
    assert_false(pull_may_be_refused(&idle, start_ms));
    pull_said(&pull, PULL_HEARTBEAT, -1, start_ms);
    assert_false(pull_may_be_refused(&pull, start_ms + 40));
}

static void two_missed_heartbeats_give_the_request_up(void **state)
{
    struct pull pull = asked();
    (void)state;
    pull_said(&pull, PULL_HEARTBEAT, -1, start_ms + PULL_HEARTBEAT_MS);
    pull_watch(&pull, start_ms + 3 * PULL_HEARTBEAT_MS);
    assert_int_equal(pull.pending, PULL_BATCH);
    pull_watch(&pull, start_ms + 3 * PULL_HEARTBEAT_MS + 1);
    assert_false(pull.seen);
    assert_int_equal(pull_want(&pull, 0, start_ms + 3 * PULL_HEARTBEAT_MS + 1), PULL_BATCH);
}

static void a_consumer_not_seen_yet_is_probed_until_it_answers(void **state)
{
    struct pull pull = {0};
    (void)state;
    for (int64_t now_ms = start_ms; now_ms < start_ms + 4650; now_ms += PULL_PROBE_MS + 1) {
        pull_watch(&pull, now_ms);
        assert_int_equal(pull_want(&pull, 0, now_ms), PULL_BATCH);
        assert_false(pull.seen);
        pull_asked(&pull, PULL_BATCH, now_ms);
    }
    pull_said(&pull, PULL_NO_MESSAGES, -1, start_ms + 4650);
    assert_true(pull.seen);
    assert_int_equal(pull_want(&pull, 0, start_ms + 4650), PULL_BATCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_request_is_a_whole_batch_and_only_one),
        cmocka_unit_test(it_asks_again_at_half_for_what_came),
        cmocka_unit_test(a_full_queue_asks_for_nothing),
        cmocka_unit_test(what_a_time_out_lets_lapse_is_asked_for_again),
        cmocka_unit_test(a_lapse_larger_than_what_stands_does_not_go_below_zero),
        cmocka_unit_test(a_refusal_means_a_missing_consumer_and_a_growing_pause),
        cmocka_unit_test(a_message_or_heartbeat_ends_the_pause),
        cmocka_unit_test(only_who_asked_just_now_may_have_been_refused),
        cmocka_unit_test(two_missed_heartbeats_give_the_request_up),
        cmocka_unit_test(a_consumer_not_seen_yet_is_probed_until_it_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
