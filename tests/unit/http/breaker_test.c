/* breaker: closed, open, half-open, with the clock in the test's hand. */
#include "http_breaker.h"

#include "checks.h"

enum { OPEN_MS = 730 };

static void fail_times(struct http_breaker *breaker, int times, int64_t now_ms)
{
    for (int i = 0; i < times; i++)
        http_breaker_failed(breaker, now_ms, OPEN_MS);
}

static void it_opens_at_the_third_failure_in_a_row(void **state)
{
    struct http_breaker breaker = {0};
    (void)state;
    fail_times(&breaker, 2, 1000);
    assert_true(http_breaker_admits(&breaker, 1000));
    http_breaker_succeeded(&breaker);
    fail_times(&breaker, 2, 1000);
    assert_true(http_breaker_admits(&breaker, 1000));
    fail_times(&breaker, 1, 1000);
    assert_false(http_breaker_admits(&breaker, 1000 + OPEN_MS - 1));
}

static void half_open_it_lets_one_probe_through(void **state)
{
    struct http_breaker breaker = {0};
    (void)state;
    fail_times(&breaker, 3, 1000);
    assert_true(http_breaker_admits(&breaker, 1000 + OPEN_MS));
    assert_false(http_breaker_admits(&breaker, 1000 + OPEN_MS));
    http_breaker_untried(&breaker);
    assert_true(http_breaker_admits(&breaker, 1000 + OPEN_MS));
}

static void the_probe_closes_it_or_opens_it_again(void **state)
{
    struct http_breaker breaker = {0};
    (void)state;
    fail_times(&breaker, 3, 1000);
    assert_true(http_breaker_admits(&breaker, 2000));
    http_breaker_failed(&breaker, 2050, OPEN_MS);
    assert_false(http_breaker_admits(&breaker, 2050 + OPEN_MS - 1));
    assert_true(http_breaker_admits(&breaker, 2050 + OPEN_MS));
    http_breaker_succeeded(&breaker);
    assert_true(http_breaker_admits(&breaker, 2051 + OPEN_MS));
    assert_true(http_breaker_admits(&breaker, 2051 + OPEN_MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_opens_at_the_third_failure_in_a_row),
        cmocka_unit_test(half_open_it_lets_one_probe_through),
        cmocka_unit_test(the_probe_closes_it_or_opens_it_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
