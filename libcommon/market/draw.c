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

static int64_t poisson_exact(double unit, double mean)
{
    double term = real_exp(-mean), below = term;
    int64_t count = 0;
    while (unit > below && count < 100) {
        count++;
        term *= mean / (double)count;
        below += term;
    }
    return count;
}

int64_t draw_poisson(double unit, double mean)
{
    if (!(mean > 0))
        return 0;
    if (mean < exact_below)
        return poisson_exact(unit, mean);
    double z = real_normal_inverse(unit);
    double count = floor(mean + sqrt(mean) * z + (z * z - 1) / 6 + .5);
    return count > 0 ? (int64_t)count : 0;
}
