/* decimal: numbers written in decimal digits, taken from their digits and not through floats.
 *
 * A whole number is -?digits; a decimal one may have a fraction and an exponent, as in JSON.
 * False: it is not that, or out of range. Nothing is allocated. */
#pragma once

#include "bytes.h"

bool decimal_int(struct bytes text, int64_t max, int64_t *ret_number) MUST_CHECK; /* -max..max */
/* Major units to micros; what is below a micro is rounded, halves away from zero. */
bool decimal_micros(struct bytes text, int64_t max, int64_t *ret_micros) MUST_CHECK;
bool decimal_real(struct bytes text, double *ret_number) MUST_CHECK; /* finite */
