/* backoff: doubling, the cap, and the drawn half. */
#include "backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_wait_doubles_up_to_the_most(void **state)
{
    static const struct {
        unsigned tries;
        int64_t least_ms, most_ms;
    } cases[] = {
        {0,          85,   170 },
        {1,          170,  340 },
        {3,          680,  1360},
        {5,          2325, 4650},
        {4000000000, 2325, 4650},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t whole = cases[i].most_ms, half = cases[i].least_ms;
        assert_int_equal(backoff_ms(cases[i].tries, 170, 4650, 0), half);
        assert_int_equal(backoff_ms(cases[i].tries, 170, 4650, (uint32_t)(whole / 2)), whole);
        assert_int_equal(backoff_ms(cases[i].tries, 170, 4650, (uint32_t)(whole / 2) + 1), half);
    }
}

static void each_failure_moves_the_next_try_further_and_success_forgets(void **state)
{
    struct backoff backoff = {0};
    (void)state;
    backoff_failed(&backoff, 100, 5000, 7300);
    assert_in_range(backoff.due_ms, 7350, 7400);
    for (int i = 0; i < 40; i++)
        backoff_failed(&backoff, 100, 5000, 7300);
    assert_in_range(backoff.due_ms, 7300 + 2500, 7300 + 5000);
    backoff_worked(&backoff);
    assert_int_equal(backoff.due_ms, 0);
    backoff_failed(&backoff, 100, 5000, 7300);
    assert_in_range(backoff.due_ms, 7350, 7400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wait_doubles_up_to_the_most),
        cmocka_unit_test(each_failure_moves_the_next_try_further_and_success_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
