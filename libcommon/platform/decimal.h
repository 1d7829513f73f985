/* decimal: an amount as platforms and shops write it, "-12.34", to micros, exactly. Pure. */
#pragma once

#include "err.h"

#include <stdint.h>

/* Perhaps a minus, digits, perhaps a point and digits. What a micro can't hold, other than zeros
 * at the end, and what is over 10^12 either way is refused. */
bool decimal_micros(const char *text, int64_t *ret_micros) MUST_CHECK;

/* An integer of the currency's smallest unit, as Stripe and Meta have it: 1999 of USD, 20 of JPY.
 * currency: three capital letters. */
bool decimal_minor_micros(int64_t amount, const char *currency, int64_t *ret_micros) MUST_CHECK;
