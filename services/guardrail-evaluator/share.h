/* share: parts of amounts in basis points, exact, and how money and shares read. Pure. */
#pragma once

#include "mem.h"

#include <stdbool.h>
#include <stdint.h>

/* part / whole <= bp, inclusive. */
bool share_within(int64_t part, int64_t whole, int64_t bp);
/* The most that is within. */
int64_t share_most(int64_t whole, int64_t bp);
/* part / whole in percent, for a number that is kept. 0 of nothing is 0. */
double share_percent(int64_t part, int64_t whole);
/* "8.2 %", rounded up to a hundredth of a percent, so that what is over a bound reads so. */
const char *share_text(struct arena *arena, int64_t part, int64_t whole);
const char *share_bp_text(struct arena *arena, int64_t bp);

/* "$1,234.50", "1,235 JPY": cents, or whole units where the account counts in whole units. */
const char *money_text(struct arena *arena, int64_t micros, const char *currency,
                       int64_t unit_micros);
