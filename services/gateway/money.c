#include "money.h"

#include <ctype.h>
#include <stddef.h>

static const int64_t units_max = 1000000000;
static const int64_t micros_per_unit = 1000000;

const char *money_read(const char *text, int64_t *ret_micros)
{
    int64_t micros = 0, scale = micros_per_unit;
    const char *at = text;
    if (*at == '-')
        return "is negative";
    if (!isdigit((unsigned char)*at))
        return "is not a decimal such as \"52.50\"";
    for (; isdigit((unsigned char)*at); at++) {
        micros = micros * 10 + (*at - '0') * micros_per_unit;
        if (micros > units_max * micros_per_unit)
            return "is over 1,000,000,000";
    }
    if (*at == '.' && isdigit((unsigned char)at[1]))
        for (at++; isdigit((unsigned char)*at); at++) {
            if (scale == 1)
                return "has more than 6 decimals";
            scale /= 10;
            micros += (*at - '0') * scale;
        }
    if (*at)
        return "is not a decimal such as \"52.50\"";
    if (micros > units_max * micros_per_unit)
        return "is over 1,000,000,000";
    *ret_micros = micros;
    return NULL;
}
