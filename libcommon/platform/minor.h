/* minor: an amount in the currency's smallest unit, as Stripe and Meta have it: 1999 of USD, 20 of
 * JPY. Pure. */
#pragma once

#include "err.h"

#include <stdint.h>

enum { MINOR_UNITS_MAX = 1000 * 1000 * 1000 }; /* in major units */

/* currency: three capital letters. False: over the maximum, either way. */
bool minor_micros(int64_t amount, const char *currency, int64_t *ret_micros) MUST_CHECK;
