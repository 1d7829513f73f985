/* backoff: the jitter's bounds and the two forms of Retry-After. */
#include "http_backoff.h"

#include "checks.h"

#include "mem.h"

static void the_wait_is_drawn_below_a_bound_that_doubles_up_to_a_cap(void **state)
{
    static const struct {
        int tries;
        int64_t base_ms, most_ms;
    } cases[] = {
        {1,  170, 170  },
        {2,  170, 340  },
        {3,  170, 680  },
        {9,  170, 10000},
        {70, 170, 10000},
        {1,  0,   0    },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t most = (uint64_t)cases[i].most_ms;
        assert_int_equal(http_backoff_ms(cases[i].tries, cases[i].base_ms, most), most);
        assert_int_equal(http_backoff_ms(cases[i].tries, cases[i].base_ms, most + 1), 0);
    }
}

static void retry_after_is_seconds_or_a_date(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t wait_ms;
    } cases[] = {
        {"0",                             true,  0                 },
        {"17",                            true,  17000             },
        {"99999999999999999999",          true,  INT32_MAX * 1000LL},
        {"Sat, 21 Nov 2026 13:00:09 GMT", true,  9000              },
        {"Sat, 21 Nov 2026 12:00:09 GMT", true,  0                 },
        {"",                              false, 0                 },
        {"-1 soon",                       false, 0                 },
        {"whenever",                      false, 0                 },
        {NULL,                            false, 0                 },
    };
    enum { NOW_S = 1795266000 }; /* 2026-11-21 13:00:00 */
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t wait_ms = 0;
        assert_int_equal(http_retry_after_ms(cases[i].text, NOW_S, &wait_ms), cases[i].ok);
        assert_int_equal(wait_ms, cases[i].wait_ms);
    }
}

static void only_what_may_pass_is_tried_again(void **state)
{
    (void)state;
    assert_true(http_status_is_passing(429));
    assert_true(http_status_is_passing(503));
    assert_false(http_status_is_passing(200));
    assert_false(http_status_is_passing(302));
    assert_false(http_status_is_passing(404));
    assert_false(http_status_is_passing(501));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wait_is_drawn_below_a_bound_that_doubles_up_to_a_cap),
        cmocka_unit_test(retry_after_is_seconds_or_a_date),
        cmocka_unit_test(only_what_may_pass_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
