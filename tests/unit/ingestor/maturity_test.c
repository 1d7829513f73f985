/* The curve is the truth's for days that were seen often, seldom, late or never; what isn't known
 * is not claimed. */
#include "maturity.h"

#include "mem.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { days = 60, ages = 31 };

static double truth(int age)
{
    double all = 1 - exp(-(ages - 1) / 6.0);
    return (0.35 + 0.65 * (1 - exp(-age / 6.0)) / all);
}

/* A day's final count; days differ. */
static double final(int day)
{
    return 400 + 37 * (day * 7 % 11);
}

/* Repeatable noise in [-1, 1]. */
static double noise(int day, int age)
{
    uint64_t mixed = ((uint64_t)day * 1000003 + (uint64_t)age * 7919 + 12345) * 0x9E3779B97F4A7C15u;
    mixed ^= mixed >> 29;
    mixed *= 0xBF58476D1CE4E5B9u;
    return (double)(mixed >> 11) / (double)(1ULL << 52) - 1;
}

/* Day d is seen daily until today, which is day `days`. What comes in a day varies by `jitter` of
 * what was expected. */
static size_t daily(struct maturity_point *points, double jitter)
{
    size_t count = 0;
    for (int day = 0; day < days; day++) {
        double claimed = 0;
        for (int age = 0; age < ages && day + age < days; age++) {
            double expected = final(day) * (truth(age) - (age ? truth(age - 1) : 0));
            claimed += expected * (1 + jitter * noise(day, age));
            points[count++] = (struct maturity_point){day, age, claimed};
        }
    }
    return count;
}

static void exact_growth_gives_the_exact_curve(void **state)
{
    struct maturity_point points[days * ages];
    struct maturity learned;
    (void)state;
    maturity_learn(points, daily(points, 0), &learned);
    assert_int_equal(learned.ages, ages);
    for (int age = 0; age < ages; age++) {
        assert_true(fabs(learned.share[age] - truth(age)) < 1e-9);
        assert_true(learned.sd[age] < 1e-6);
    }
}

static void noisy_days_give_it_within_three_points_and_say_how_sure(void **state)
{
    struct maturity_point points[days * ages];
    struct maturity learned;
    int within = 0;
    (void)state;
    maturity_learn(points, daily(points, 0.8), &learned);
    assert_int_equal(learned.ages, ages);
    for (int age = 0; age < ages - 1; age++) {
        double off = fabs(learned.share[age] - truth(age));
        assert_true(off < 0.03);
        assert_true(learned.sd[age] > 0 && learned.sd[age] < 0.03);
        within += off < 2 * learned.sd[age];
    }
    assert_true(within >= ages * 8 / 10);
}

/* Days that were first seen when old say nothing of their youth, and spoil nothing. */
static void a_backfill_adds_nothing_wrong(void **state)
{
    struct maturity_point points[days * ages + 200];
    struct maturity learned;
    size_t count = 0;
    (void)state;
    for (int day = -200; day < 0; day++)
        points[count++] = (struct maturity_point){day, days - day, final(-day)};
    struct maturity_point *later = points + count;
    count += daily(later, 0);
    maturity_learn(points, count, &learned);
    assert_int_equal(learned.ages, ages);
    assert_true(fabs(learned.share[0] - truth(0)) < 1e-9);
}

/* A day without a reading on the next day is left out: its growth can't be told apart. */
static void a_missed_day_is_no_growth(void **state)
{
    struct maturity_point points[days * ages], kept[days * ages];
    struct maturity learned;
    size_t count = daily(points, 0), left = 0;
    (void)state;
    for (size_t i = 0; i < count; i++)
        if (points[i].day + points[i].age != 40) /* the day nothing was read */
            kept[left++] = points[i];
    maturity_learn(kept, left, &learned);
    for (int age = 0; age < learned.ages; age++)
        assert_true(fabs(learned.share[age] - truth(age)) < 1e-9);
}

static void what_few_days_tell_is_not_known(void **state)
{
    struct maturity_point points[days * ages];
    struct maturity learned;
    (void)state;
    maturity_learn(NULL, 0, &learned);
    assert_int_equal(learned.ages, 0);
    size_t count = 0;
    for (int day = 0; day < 4; day++)
        for (int age = 0; age < 2; age++)
            points[count++] = (struct maturity_point){day, age, 10 + age};
    maturity_learn(points, count, &learned);
    assert_int_equal(learned.ages, 0);
    count = 0;
    for (int day = 0; day < 20; day++) /* nothing was ever claimed */
        for (int age = 0; age < 2; age++)
            points[count++] = (struct maturity_point){day, age, 0};
    maturity_learn(points, count, &learned);
    assert_int_equal(learned.ages, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_growth_gives_the_exact_curve),
        cmocka_unit_test(noisy_days_give_it_within_three_points_and_say_how_sure),
        cmocka_unit_test(a_backfill_adds_nothing_wrong),
        cmocka_unit_test(a_missed_day_is_no_growth),
        cmocka_unit_test(what_few_days_tell_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
