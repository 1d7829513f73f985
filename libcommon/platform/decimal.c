#include "decimal.h"

#include "mem.h"

#include <string.h>

enum { decimals = 6 };

static const int64_t micros_max = 1000000LL * 1000000 * 1000000;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool decimal_micros(const char *text, int64_t *ret_micros)
{
    bool minus = *text == '-', point = false;
    int64_t micros = 0;
    int behind = 0;
    const char *at = text + minus;
    if (!is_digit(*at))
        return false;
    for (; *at; at++) {
        if (*at == '.' && !point && is_digit(at[1])) {
            point = true;
            continue;
        }
        if (!is_digit(*at) || (behind == decimals && *at != '0'))
            return false;
        if (behind == decimals)
            continue;
        behind += point;
        if (micros > micros_max / 10)
            return false;
        micros = micros * 10 + (*at - '0');
    }
    for (; behind < decimals; behind++) {
        if (micros > micros_max / 10)
            return false;
        micros *= 10;
    }
    if (micros > micros_max)
        return false;
    *ret_micros = minus ? -micros : micros;
    return true;
}

bool decimal_minor_micros(int64_t amount, const char *currency, int64_t *ret_micros)
{
    static const char none[][4] = {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
                                   "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
    static const char three[][4] = {"BHD", "JOD", "KWD", "OMR", "TND"};
    int64_t unit = 10000;
    for (size_t i = 0; i < COUNT(none); i++)
        if (strcmp(none[i], currency) == 0)
            unit = 1000000;
    for (size_t i = 0; i < COUNT(three); i++)
        if (strcmp(three[i], currency) == 0)
            unit = 1000;
    if (amount > micros_max / unit || amount < -micros_max / unit)
        return false;
    *ret_micros = amount * unit;
    return true;
}
