/* page: a list in pages: at most so many items, and where the next page goes on. */
#pragma once

#include "call.h"

/* False: the fault names the parameter. */
bool page_limit(const struct http_exchange *exchange, int64_t *ret_limit,
                struct fault *fault) MUST_CHECK;
/* Rows of the cursor that a page ending with them hands out, and the item. They were asked for one
 * more than the limit, which shows that there is a next page. */
void page_answer(struct call *call, const PGresult *rows, int64_t limit);
