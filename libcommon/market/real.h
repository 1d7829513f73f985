/* real: the few functions of the reals a market needs, from + - * / and sqrt alone.
 *
 * The C library's exp and log differ in their last bit from one processor to the next; here equal
 * arguments give equal bits everywhere (the archive is compiled without contraction). */
#pragma once

#include <stdint.h>
#include <string.h>

static const double real_ln2 = 0x1.62e42fefa39efp-1;

/* exp(x) = 2^k * exp(r), |r| <= ln2 / 2, by the series to r^13; error below 1e-15 of the value.
 * Saturates at exp(+-700). */
static inline double real_exp(double x)
{
    static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    x = x > 700 ? 700 : x < -700 ? -700 : x;
    int64_t k = (int64_t)(x / real_ln2 + (x < 0 ? -.5 : .5));
    double r = x - (double)k * ln2_high - (double)k * ln2_low;
    double sum = 1 + r / 13;
    for (int i = 12; i >= 1; i--)
        sum = 1 + r * sum * (1.0 / i);
    uint64_t bits = (uint64_t)(k + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return sum * power;
}

double real_log(double x);           /* x > 0 and not subnormal */
double real_pow(double x, double y); /* x >= 0; 0^y is 0 */
double real_cos(double x);           /* |x| below a few thousand */
double real_sin(double x);
double real_normal_cdf(double x);
double real_normal_density(double x);

/* The x whose cdf is p, 0 < p < 1; error below 2e-9 (rational approximation by Acklam). */
double real_normal_inverse(double p);
