#include "minor.h"

#include "mem.h"

#include <string.h>

bool minor_micros(int64_t amount, const char *currency, int64_t *ret_micros)
{
    static const char none[][4] = {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
                                   "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
    static const char three[][4] = {"BHD", "JOD", "KWD", "OMR", "TND"};
    const int64_t most = MINOR_UNITS_MAX * 1000000LL;
    int64_t unit = 10000;
    for (size_t i = 0; i < COUNT(none); i++)
        if (strcmp(none[i], currency) == 0)
            unit = 1000000;
    for (size_t i = 0; i < COUNT(three); i++)
        if (strcmp(three[i], currency) == 0)
            unit = 1000;
    if (amount > most / unit || amount < -most / unit)
        return false;
    *ret_micros = amount * unit;
    return true;
}
