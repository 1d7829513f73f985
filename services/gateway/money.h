/* money: an amount as people write it, "52.50", to micros. Pure. */
#pragma once

#include "err.h"

#include <stdint.h>

/* Digits, and perhaps a point with one to six digits behind it; 0 to 1,000,000,000. NULL: read;
 * otherwise what is wrong with it. */
const char *money_read(const char *text, int64_t *ret_micros);
