/* real: the few functions of the reals a market needs, from + - * / and sqrt alone.
 *
 * The C library's exp and log differ in their last bit from one processor to the next; here equal
 * arguments give equal bits everywhere (the archive is compiled without contraction). */
#pragma once

#include <stdint.h>
#include <string.h>

#define REAL_LN2 0x1.62e42fefa39efp-1

/* exp(x) = 2^k * exp(r), |r| <= ln2 / 2, by the series to r^13; error below 1e-15 of the value.
 * Saturates at exp(+-700). Adding 1.5 * 2^52 leaves k, rounded, in the low bits: no conversion, so
 * that a loop of these becomes vector code. */
static inline double real_exp(double x)
{
    static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    x = x > 700 ? 700 : x;
    x = x < -700 ? -700 : x;
    double shifted = x * (1 / REAL_LN2) + 0x1.8p52, k = shifted - 0x1.8p52;
    double r = x - k * ln2_high - k * ln2_low;
    double sum = 1 + r * (1. / 13);
    sum = 1 + r * sum * (1. / 12);
    sum = 1 + r * sum * (1. / 11);
    sum = 1 + r * sum * (1. / 10);
    sum = 1 + r * sum * (1. / 9);
    sum = 1 + r * sum * (1. / 8);
    sum = 1 + r * sum * (1. / 7);
    sum = 1 + r * sum * (1. / 6);
    sum = 1 + r * sum * (1. / 5);
    sum = 1 + r * sum * (1. / 4);
    sum = 1 + r * sum * (1. / 3);
    sum = 1 + r * sum * (1. / 2);
    sum = 1 + r * sum;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
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
