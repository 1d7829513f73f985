/* bucket: bursts, then the rate, over a simulated hour. */
#include "http_bucket.h"

#include "checks.h"

static void a_burst_goes_at_once_and_then_it_waits(void **state)
{
    struct http_bucket bucket = http_bucket_full(4, 3, 1000);
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(http_bucket_take(&bucket, 1000), 0);
    int64_t wait_ms = http_bucket_take(&bucket, 1000);
    assert_in_range(wait_ms, 250, 251);
    assert_int_equal(http_bucket_take(&bucket, 1000 + wait_ms), 0);
}

static void idle_time_fills_no_more_than_the_burst(void **state)
{
    struct http_bucket bucket = http_bucket_full(4, 3, 0);
    int taken = 0;
    (void)state;
    while (http_bucket_take(&bucket, 3600000) == 0)
        taken++;
    assert_int_equal(taken, 3);
}

static void over_an_hour_the_rate_holds(void **state)
{
    struct http_bucket bucket = http_bucket_full(7, 5, 0);
    int taken = 0;
    (void)state;
    for (int64_t now_ms = 0; now_ms < 3600000;) {
        int64_t wait_ms = http_bucket_take(&bucket, now_ms);
        taken += wait_ms == 0;
        now_ms += wait_ms;
    }
    assert_in_range(taken, 7 * 3600 * 98 / 100, 7 * 3600 + 5);
}

static void a_clock_that_stands_gives_nothing(void **state)
{
    struct http_bucket bucket = http_bucket_full(1000, 1, 50);
    (void)state;
    assert_int_equal(http_bucket_take(&bucket, 50), 0);
    assert_true(http_bucket_take(&bucket, 50) > 0);
    assert_true(http_bucket_take(&bucket, 40) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_goes_at_once_and_then_it_waits),
        cmocka_unit_test(idle_time_fills_no_more_than_the_burst),
        cmocka_unit_test(over_an_hour_the_rate_holds),
        cmocka_unit_test(a_clock_that_stands_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
