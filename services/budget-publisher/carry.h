/* carry: from orders to outcomes. What shadow and effectless orders come to is known at once;
 * the others go to their platforms, grouped by account. */
#pragma once

#include "trip.h"

/* An order is settled with its outcome, or comes again at later_at (unix micros). */
struct carried {
    bool settled;
    struct saga_outcome outcome; /* unsettled: only whose it would be */
    int64_t later_at;
    const char *why; /* of what comes again */
};

bool carry_out(const struct carrier *carrier, const struct saga_order orders[], size_t count,
               struct carried carried[], struct err *err) MUST_CHECK;
