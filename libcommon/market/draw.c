#include "draw.h"

#include "real.h"

#include <math.h>

static const double exact_below = 16;

double draw_normal(double unit)
{
    return real_normal_inverse(unit);
}

double draw_exponential(double unit, double mean)
{
    return -mean * real_log(unit);
}

/* Walks the cdf up from 0, whose probability is `none` = exp(-mean). */
static int32_t poisson_exact(double unit, double mean, double none)
{
    double term = none, below = none;
    int32_t count = 0;
    while (unit > below && count < 100) {
        count++;
        term *= mean / count;
        below += term;
    }
    return count;
}

static int32_t poisson(double unit, double mean, double none)
{
    if (!(mean > 0))
        return 0;
    if (mean < exact_below)
        return poisson_exact(unit, mean, none);
    double z = real_normal_inverse(unit);
    double count = mean + sqrt(mean) * z + (z * z - 1) * (1. / 6) + .5;
    count = count < INT32_MAX ? count : INT32_MAX;
    return count > 0 ? (int32_t)count : 0;
}

int32_t draw_poisson(double unit, double mean)
{
    return poisson(unit, mean, real_exp(-mean));
}

void draw_poissons(uint64_t key, const double *mean, int count, int32_t *ret_number)
{
    enum { block = 64 };
    double none[block], unit[block];
    for (int from = 0; from < count; from += block) {
        int n = count - from < block ? count - from : block;
        for (int i = 0; i < n; i++)
            none[i] = real_exp(-mean[from + i]);
        for (int i = 0; i < n; i++)
            unit[i] = draw_unit(key, (uint64_t)from + (uint64_t)i);
        for (int i = 0; i < n; i++)
            ret_number[from + i] = poisson(unit[i], mean[from + i], none[i]);
    }
}
