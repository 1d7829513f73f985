/* carry: from orders to outcomes. What shadow and effectless orders come to is known at once; live
 * ones go to their platform, grouped by account. */
#pragma once

#include "execution.h"
#include "service.h"

/* An order that can't be settled now gives no outcome: its task stays leased and comes again. */
bool carry_out(struct work *work, const struct saga_order orders[], size_t count,
               struct saga_outcome outcomes[], size_t *ret_count, struct err *err) MUST_CHECK;
