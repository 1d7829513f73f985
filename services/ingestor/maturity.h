/* maturity: how much of a day's conversions is known how many days later.
 *
 * A platform goes on counting for weeks. F(age) = the share of what a day will have in the end that
 * is reported `age` days after it; learned from days that were seen at several ages (the chain
 * ladder of insurers' reserves: growth from one age to the next, taken over all days that were
 * seen at both, multiplied to the end). Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { MATURITY_AGES = 91 }; /* 0..90: what comes later is not waited for */

/* What was claimed for a day as seen `age` days after it. Sorted by day, then age. */
struct maturity_point {
    int32_t day, age;
    double claimed;
};

struct maturity {
    int ages; /* F is known for 0..ages - 1; 0: nothing is */
    double share[MATURITY_AGES];
    double sd[MATURITY_AGES];    /* of share */
    int64_t days[MATURITY_AGES]; /* that were seen at this age and the next */
};

/* O(count). The oldest age that enough days were seen at counts as the end. */
void maturity_learn(const struct maturity_point *points, size_t count, struct maturity *ret);
