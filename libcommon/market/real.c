#include "real.h"

#include <assert.h>
#include <math.h>

static const double pi = 0x1.921fb54442d18p1;

/* A division costs as much as ten products. */
#define ONE_OVER(i) 1. / (i), 1. / ((i) + 1), 1. / ((i) + 2), 1. / ((i) + 3)
#define ONE_OVER_16(i) ONE_OVER(i), ONE_OVER((i) + 4), ONE_OVER((i) + 8), ONE_OVER((i) + 12)
static const double one_over[] = {0,
                                  ONE_OVER_16(1),
                                  ONE_OVER_16(17),
                                  ONE_OVER_16(33),
                                  ONE_OVER_16(49),
                                  ONE_OVER_16(65),
                                  ONE_OVER_16(81),
                                  ONE_OVER_16(97),
                                  ONE_OVER_16(113),
                                  ONE_OVER_16(129),
                                  ONE_OVER_16(145),
                                  ONE_OVER_16(161),
                                  ONE_OVER_16(177)};
enum { one_over_most = sizeof one_over / sizeof *one_over };

/* x = m * 2^e with m in [sqrt .5, sqrt 2); log m = 2 atanh((m - 1) / (m + 1)). */
double real_log(double x)
{
    assert(x > 0);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 0x1.6a09e667f3bcdp0) {
        m /= 2;
        exponent++;
    }
    double s = (m - 1) / (m + 1), square = s * s, sum = 0;
    for (int i = 23; i >= 1; i -= 2)
        sum = sum * square + one_over[i];
    return exponent * REAL_LN2 + 2 * s * sum;
}

double real_pow(double x, double y)
{
    if (x == 1 || y == 1)
        return x;
    return x > 0 ? real_exp(y * real_log(x)) : 0;
}

double real_cos(double x)
{
    double turns = x / (2 * pi);
    turns -= floor(turns + .5);
    double r = 2 * pi * turns, square = r * r, term = 1, sum = 1;
    for (int i = 1; i <= 16; i++) {
        term *= -square / ((2 * i - 1) * (2 * i));
        sum += term;
    }
    return sum;
}

double real_sin(double x)
{
    return real_cos(x - pi / 2);
}

double real_normal_density(double x)
{
    return real_exp(-x * x / 2) * .3989422804014327;
}

/* Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/(3*5) + ...). */
double real_normal_cdf(double x)
{
    if (x > 8 || x < -8)
        return x > 0;
    double term = x, sum = x, square = x * x;
    for (int i = 3; i < one_over_most && (term > 1e-17 || term < -1e-17); i += 2) {
        term *= square * one_over[i];
        sum += term;
    }
    double cdf = .5 + real_normal_density(x) * sum;
    return cdf < 0 ? 0 : cdf > 1 ? 1 : cdf;
}

static double tail(double p)
{
    double q = sqrt(-2 * real_log(p));
    double above =
        (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q
           - 2.549732539343734e+00)
              * q
          + 4.374664141464968e+00)
             * q
         + 2.938163982698783e+00);
    double below =
        ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q
          + 3.754408661907416e+00)
             * q
         + 1);
    return above / below;
}

double real_normal_inverse(double p)
{
    if (p < .02425)
        return tail(p);
    if (p > 1 - .02425)
        return -tail(1 - p);
    double q = p - .5, r = q * q;
    double above =
        (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r
           + 1.383577518672690e+02)
              * r
          - 3.066479806614716e+01)
             * r
         + 2.506628277459239e+00);
    double below =
        (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r
           + 6.680131188771972e+01)
              * r
          - 1.328068155288572e+01)
             * r
         + 1);
    return q * above / below;
}
