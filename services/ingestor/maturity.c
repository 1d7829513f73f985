#include "maturity.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { days_min = 5 }; /* fewer days at an age and the next don't tell its growth */

/* From one age to the next: c' = growth * c, with variance spread * c. */
struct step {
    int64_t days;
    double from, to, growth, spread;
};

/* The points that follow each other by one day of age. */
static int pairs_begin(const struct maturity_point *points, size_t i)
{
    return points[i].day == points[i + 1].day && points[i].age + 1 == points[i + 1].age
        && points[i].age >= 0 && points[i + 1].age < MATURITY_AGES;
}

static void sum_pairs(const struct maturity_point *points, size_t count, struct step *steps)
{
    for (size_t i = 0; i + 1 < count; i++) {
        assert(points[i].day < points[i + 1].day
               || (points[i].day == points[i + 1].day && points[i].age < points[i + 1].age));
        if (!pairs_begin(points, i))
            continue;
        struct step *step = &steps[points[i].age];
        step->days++;
        step->from += points[i].claimed;
        step->to += points[i + 1].claimed;
    }
}

static void spread_pairs(const struct maturity_point *points, size_t count, struct step *steps)
{
    for (size_t i = 0; i + 1 < count; i++) {
        if (!pairs_begin(points, i) || points[i].claimed <= 0)
            continue;
        struct step *step = &steps[points[i].age];
        double off = points[i + 1].claimed - step->growth * points[i].claimed;
        step->spread += off * off / points[i].claimed;
    }
}

/* How many ages in a row, from the first, can be stepped over. */
static int known_steps(const struct step *steps)
{
    int known = 0;
    while (known < MATURITY_AGES - 1 && steps[known].days >= days_min && steps[known].from > 0
           && steps[known].to > 0)
        known++;
    return known;
}

void maturity_learn(const struct maturity_point *points, size_t count, struct maturity *ret)
{
    struct step steps[MATURITY_AGES] = {0};
    memset(ret, 0, sizeof *ret);
    sum_pairs(points, count, steps);
    int known = known_steps(steps);
    if (known == 0)
        return;
    for (int age = 0; age < known; age++)
        steps[age].growth = steps[age].to / steps[age].from;
    spread_pairs(points, count, steps);

    ret->ages = known + 1;
    ret->share[known] = 1;
    double variance = 0; /* of ln F(age): the steps' own, added up */
    for (int age = known - 1; age >= 0; age--) {
        const struct step *step = &steps[age];
        variance +=
            step->spread / (double)(step->days - 1) / (step->growth * step->growth * step->from);
        ret->share[age] = ret->share[age + 1] / step->growth;
        ret->sd[age] = ret->share[age] * sqrt(variance);
        ret->days[age] = step->days;
    }
}
