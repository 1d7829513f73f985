/* draw: luck by key instead of by turn.
 *
 * A draw is a hash of (seed, purpose, entity, hour, which); nothing is consumed, so any draw can be
 * made again alone, in any order and on any thread, and two runs of a market that differ in one
 * cause share the luck of all else. The hash is splitmix64's finaliser, applied at each level. */
#pragma once

#include <stdint.h>

enum draw_purpose {
    DRAW_GEO = 1,
    DRAW_DEMAND,
    DRAW_DRIFT,
    DRAW_IMPRESSIONS,
    DRAW_CLICKS,
    DRAW_PRICE,
    DRAW_ADS,
    DRAW_LEARNING,
    DRAW_ORDERS,
    DRAW_ORDER,
    DRAW_TOUCH,
    DRAW_SESSIONS,
    DRAW_MICRO,
};

static inline uint64_t draw_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

static inline uint64_t draw_next(uint64_t key, uint64_t part)
{
    return draw_mix(key + (part + 1) * 0x9e3779b97f4a7c15ULL);
}

/* Where an entity's draws of one hour begin; draw_bits picks one of them. */
static inline uint64_t draw_key(uint64_t seed, enum draw_purpose purpose, uint64_t entity,
                                int64_t hour)
{
    return draw_next(draw_next(draw_next(seed, purpose), entity), (uint64_t)hour);
}

static inline uint64_t draw_bits(uint64_t key, uint64_t which)
{
    return draw_next(key, which);
}

/* In (0, 1), never its ends. */
static inline double draw_unit(uint64_t key, uint64_t which)
{
    return ((double)(draw_bits(key, which) >> 11) + .5) * 0x1p-53;
}

/* By inverse cdf, so that one unit drawn gives more when the parameter grows. */
double draw_normal(double unit);
double draw_exponential(double unit, double mean);
/* Exact below a mean of 16; above it the normal with its skew (Cornish-Fisher), rounded. */
int32_t draw_poisson(double unit, double mean);
/* number[i] = draw_poisson(draw_unit(key, i), mean[i]), several at a time. */
void draw_poissons(uint64_t key, const double *mean, int count, int32_t *ret_number);
