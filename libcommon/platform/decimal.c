/* decimal: a text is mantissa * 10^exponent; the mantissa holds the first 19 digits that count,
 * one more than micros in range can have, so that rounding is right. */
#include "decimal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { digits_max = 19, exponent_max = 999, real_bytes_max = 63, micros_digits = 6 };
static const uint64_t exact_mantissa_max = (uint64_t)1 << 53;

static const double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
enum { exact_power_max = 22 };

struct decimal {
    uint64_t mantissa; /* below 10^19 */
    int exponent;
    bool negative;
    bool cut; /* there were more digits */
};

/* Where the next digits end. */
static const uint8_t *behind_digits(const uint8_t *at, const uint8_t *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

static void add_digits(struct decimal *decimal, const uint8_t *at, const uint8_t *end,
                       bool fraction)
{
    const uint64_t full = 1000000000000000000; /* has 19 digits */
    for (; at < end; at++) {
        if (decimal->mantissa < full) {
            decimal->mantissa = decimal->mantissa * 10 + (uint64_t)(*at - '0');
            decimal->exponent -= fraction;
        } else {
            decimal->cut = true;
            decimal->exponent += !fraction;
        }
    }
}

static bool add_exponent(struct decimal *decimal, const uint8_t *at, const uint8_t *end)
{
    int exponent = 0;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || behind_digits(at, end) != end)
        return false;
    for (; at < end; at++) {
        exponent = exponent * 10 + (*at - '0');
        if (exponent > exponent_max)
            return false;
    }
    decimal->exponent += negative ? -exponent : exponent;
    return true;
}

static bool parse(struct bytes text, struct decimal *ret_decimal)
{
    struct decimal decimal = {0};
    const uint8_t *at = text.data, *end = text.data + text.length;
    if (text.length == 0 || text.length > INT16_MAX)
        return false;
    decimal.negative = *at == '-';
    at += decimal.negative;
    const uint8_t *behind = behind_digits(at, end);
    if (behind == at)
        return false;
    add_digits(&decimal, at, behind, false);
    if (behind < end && *behind == '.') {
        at = behind + 1;
        behind = behind_digits(at, end);
        if (behind == at)
            return false;
        add_digits(&decimal, at, behind, true);
    }
    if (behind < end && (*behind == 'e' || *behind == 'E')) {
        if (!add_exponent(&decimal, behind + 1, end))
            return false;
        behind = end;
    }
    *ret_decimal = decimal;
    return behind == end;
}

bool decimal_int(struct bytes text, int64_t max, int64_t *ret_number)
{
    struct decimal decimal;
    const uint8_t *digits = text.data, *end = text.data + text.length;
    digits += text.length > 0 && *digits == '-';
    if (digits == end || behind_digits(digits, end) != end || !parse(text, &decimal) || decimal.cut
        || decimal.mantissa > (uint64_t)max)
        return false;
    *ret_number = decimal.negative ? -(int64_t)decimal.mantissa : (int64_t)decimal.mantissa;
    return true;
}

/* value * 10^power, rounded; 0 <= value. */
static bool scale(uint64_t value, int power, int64_t max, int64_t *ret_scaled)
{
    uint64_t divisor = 1;
    for (; power > 0 && value > 0; power--)
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    if (power < -digits_max)
        value = 0;
    for (; power < 0 && value > 0; power++)
        divisor *= 10;
    uint64_t scaled = value / divisor + (divisor > 1 && value % divisor >= divisor / 2);
    *ret_scaled = (int64_t)scaled;
    return scaled <= (uint64_t)max;
}

bool decimal_micros(struct bytes text, int64_t max, int64_t *ret_micros)
{
    struct decimal decimal;
    int64_t micros = 0;
    if (!parse(text, &decimal)
        || !scale(decimal.mantissa, decimal.exponent + micros_digits, max, &micros))
        return false;
    *ret_micros = decimal.negative ? -micros : micros;
    return true;
}

/* By the C library, for what is not exact below. */
static bool convert(struct bytes text, double *ret_number)
{
    char copy[real_bytes_max + 1] = "";
    if (text.length > real_bytes_max)
        return false;
    memcpy(copy, text.data, text.length);
    *ret_number = strtod(copy, NULL);
    return isfinite(*ret_number);
}

bool decimal_real(struct bytes text, double *ret_number)
{
    struct decimal decimal;
    if (!parse(text, &decimal))
        return false;
    int power = abs(decimal.exponent);
    if (decimal.cut || decimal.mantissa > exact_mantissa_max || power > exact_power_max)
        return convert(text, ret_number);
    /* Both are exact, so the one operation rounds correctly. */
    double number = (double)decimal.mantissa;
    number = decimal.exponent < 0 ? number / exact_powers[power] : number * exact_powers[power];
    *ret_number = decimal.negative ? -number : number;
    return true;
}
