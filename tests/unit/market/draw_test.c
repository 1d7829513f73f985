/* draw: keyed luck has the moments it should, and our own reals agree with the C library's. */
#include "draw.h"
#include "real.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { draws = 400000 };

static void reals_agree_with_the_c_library(void **state)
{
    (void)state;
    for (double x = -40; x < 40; x += .0371) {
        assert_true(fabs(real_exp(x) / exp(x) - 1) < 2e-15);
        assert_true(fabs(real_cos(x) - cos(x)) < 1e-13);
        assert_true(fabs(real_sin(x) - sin(x)) < 1e-13);
    }
    for (double x = 1e-9; x < 1e9; x *= 1.37)
        assert_true(fabs(real_log(x) - log(x)) <= 4e-16 * fmax(1, fabs(log(x))));
    for (double x = -7; x < 7; x += .0123) {
        double cdf = erfc(-x / sqrt(2)) / 2;
        assert_true(fabs(real_normal_cdf(x) - cdf) < 1e-14);
        if (fabs(x) < 5)
            assert_true(fabs(real_normal_inverse(cdf) - x) < 1e-7);
    }
    assert_true(fabs(real_pow(2.5, 1.7) - pow(2.5, 1.7)) < 1e-14);
    assert_true(real_pow(0, .8) == 0);
}

/* The same on every machine: the values themselves, made once with this code. */
static void a_key_names_its_draw_for_ever(void **state)
{
    (void)state;
    uint64_t key = draw_key(730000000, DRAW_ORDERS, 7, 4650);
    assert_int_equal(draw_bits(key, 0), UINT64_C(4496843776308157515));
    assert_int_equal(draw_bits(key, 3), UINT64_C(16702028694504782577));
    assert_true(draw_unit(key, 3) == 0x1.cf930d3688ad8p-1);
}

static void units_are_uniform_and_neighbours_unrelated(void **state)
{
    (void)state;
    double sum = 0, squares = 0, beside = 0, last = 0;
    for (int i = 0; i < draws; i++) {
        uint64_t key = draw_key(11, DRAW_CLICKS, (uint64_t)(i % 200), i / 200);
        double unit = draw_unit(key, 5) - .5;
        sum += unit;
        squares += unit * unit;
        beside += unit * last;
        last = unit;
    }
    double se = 1 / sqrt(draws);
    assert_true(fabs(sum / draws) < 4 * se / sqrt(12));
    assert_true(fabs(squares / draws - 1. / 12) < 4 * se * sqrt(1. / 180));
    assert_true(fabs(beside / draws) < 4 * se / 12);
}

/* Poisson's mean and variance are its parameter, its third central moment too. */
static void poissons_have_their_moments(void **state)
{
    static const double means[] = {.013, .7, 4.65, 15.9, 16.1, 73, 4650};
    (void)state;
    for (size_t m = 0; m < sizeof means / sizeof *means; m++) {
        double mean = means[m], sum = 0, squares = 0, cubes = 0;
        for (int i = 0; i < draws; i++) {
            double off =
                (double)draw_poisson(draw_unit(draw_key(5, DRAW_ORDERS, m, 0), (uint64_t)i), mean)
                - mean;
            sum += off;
            squares += off * off;
            cubes += off * off * off;
        }
        double se = sqrt(mean / draws);
        assert_true(fabs(sum / draws) < 4 * se + .002);
        assert_true(fabs(squares / draws - mean) < 4 * sqrt((mean + 2 * mean * mean) / draws) + .1);
        assert_true(fabs(cubes / draws / mean - 1) < .05
                        + 6 * sqrt((15 * mean * mean * mean + 25 * mean * mean + mean) / draws)
                            / mean);
    }
}

static void more_mean_never_draws_less_from_the_same_luck(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 300; i++) {
        double unit = draw_unit(draw_key(2, DRAW_ORDERS, 0, 0), i);
        int64_t last = 0;
        for (double mean = .05; mean < 15.9; mean *= 1.05) {
            int64_t count = draw_poisson(unit, mean);
            assert_true(count >= last);
            last = count;
        }
    }
}

static void exponentials_and_normals_have_their_moments(void **state)
{
    (void)state;
    double sum = 0, normal = 0, squares = 0;
    for (uint64_t i = 0; i < draws; i++) {
        uint64_t key = draw_key(9, DRAW_TOUCH, i, 3);
        sum += draw_exponential(draw_unit(key, 0), 7.3);
        double z = draw_normal(draw_unit(key, 1));
        normal += z;
        squares += z * z;
    }
    assert_true(fabs(sum / draws / 7.3 - 1) < 4 / sqrt(draws));
    assert_true(fabs(normal / draws) < 4 / sqrt(draws));
    assert_true(fabs(squares / draws - 1) < 4 * sqrt(2. / draws));
}

/* Half of a sum on each thread, backwards on one of them. */
static void *half(void *sum)
{
    uint64_t *total = sum;
    for (int64_t hour = 999; hour >= 500; hour--)
        *total += draw_bits(draw_key(3, DRAW_PRICE, 1, hour), 2);
    return NULL;
}

static void order_and_threads_do_not_matter(void **state)
{
    (void)state;
    uint64_t whole = 0, first = 0, second = 0;
    for (int64_t hour = 0; hour < 1000; hour++)
        whole += draw_bits(draw_key(3, DRAW_PRICE, 1, hour), 2);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, half, &second), 0);
    for (int64_t hour = 0; hour < 500; hour++)
        first += draw_bits(draw_key(3, DRAW_PRICE, 1, hour), 2);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(first + second, whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reals_agree_with_the_c_library),
        cmocka_unit_test(a_key_names_its_draw_for_ever),
        cmocka_unit_test(units_are_uniform_and_neighbours_unrelated),
        cmocka_unit_test(poissons_have_their_moments),
        cmocka_unit_test(more_mean_never_draws_less_from_the_same_luck),
        cmocka_unit_test(exponentials_and_normals_have_their_moments),
        cmocka_unit_test(order_and_threads_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
