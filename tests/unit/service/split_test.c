/* split: whatever is bad in a batch, the good ones are applied once and the bad ones put aside. */
#include "split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { messages = 512 };

static struct bench {
    enum err_kind fate[messages]; /* of each message */
    int applied[messages], rejected[messages];
    size_t tries;
    enum err_kind when_rejected;
} bench;

static enum err_kind attempt(void *arg, size_t first, size_t count)
{
    struct bench *of = arg;
    of->tries++;
    for (size_t i = first; i < first + count; i++)
        if (of->fate[i] != ERR_NONE)
            return of->fate[i];
    return ERR_NONE;
}

static void applied(void *arg, size_t first, size_t count)
{
    struct bench *of = arg;
    for (size_t i = first; i < first + count; i++)
        of->applied[i]++;
}

static enum err_kind reject(void *arg, size_t at)
{
    struct bench *of = arg;
    if (of->when_rejected == ERR_NONE)
        of->rejected[at]++;
    return of->when_rejected;
}

static const struct split split = {attempt, applied, reject, &bench};

static int begin(void **state)
{
    (void)state;
    bench = (struct bench){0};
    return 0;
}

static void assert_settled(size_t first, size_t end)
{
    for (size_t i = 0; i < messages; i++) {
        bool inside = i >= first && i < end;
        bool bad = bench.fate[i] == ERR_REJECT;
        assert_int_equal(bench.applied[i], inside && !bad);
        assert_int_equal(bench.rejected[i], inside && bad);
    }
}

static void a_good_batch_is_one_try(void **state)
{
    size_t settled;
    (void)state;
    assert_int_equal(split_run(&split, messages, &settled), ERR_NONE);
    assert_int_equal(bench.tries, 1);
    assert_settled(0, messages);
}

static void one_bad_message_costs_two_tries_a_halving(void **state)
{
    size_t settled;
    (void)state;
    bench.fate[371] = ERR_REJECT;
    assert_int_equal(split_run(&split, messages, &settled), ERR_NONE);
    assert_int_equal(settled, messages);
    assert_int_equal(bench.tries, 1 + 2 * 9);
    assert_settled(0, messages);
}

static void any_set_of_bad_messages_is_found(void **state)
{
    (void)state;
    for (unsigned step = 1; step < 9; step++) {
        size_t settled;
        bench = (struct bench){0};
        for (size_t i = step - 1; i < messages; i += step)
            bench.fate[i] = ERR_REJECT;
        assert_int_equal(split_run(&split, messages, &settled), ERR_NONE);
        assert_settled(0, messages);
    }
}

static void what_can_not_be_handled_now_stops_it_with_a_settled_prefix(void **state)
{
    size_t settled;
    (void)state;
    bench.fate[10] = ERR_REJECT;
    bench.fate[300] = ERR_RETRY;
    assert_int_equal(split_run(&split, messages, &settled), ERR_RETRY);
    assert_int_equal(settled, 256);
    assert_settled(0, settled);
}

static void a_message_that_can_not_be_put_aside_is_not_settled(void **state)
{
    size_t settled;
    (void)state;
    bench.fate[0] = ERR_REJECT;
    bench.when_rejected = ERR_RETRY;
    assert_int_equal(split_run(&split, messages, &settled), ERR_RETRY);
    assert_int_equal(settled, 0);
    assert_int_equal(bench.applied[0] + bench.rejected[0], 0);
}

static void nothing_is_no_try(void **state)
{
    size_t settled = 7;
    (void)state;
    assert_int_equal(split_run(&split, 0, &settled), ERR_NONE);
    assert_int_equal(settled, 0);
    assert_int_equal(bench.tries, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_good_batch_is_one_try, begin),
        cmocka_unit_test_setup(one_bad_message_costs_two_tries_a_halving, begin),
        cmocka_unit_test_setup(any_set_of_bad_messages_is_found, begin),
        cmocka_unit_test_setup(what_can_not_be_handled_now_stops_it_with_a_settled_prefix, begin),
        cmocka_unit_test_setup(a_message_that_can_not_be_put_aside_is_not_settled, begin),
        cmocka_unit_test_setup(nothing_is_no_try, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
