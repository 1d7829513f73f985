/* pump: batches of the outbox on their way, so that reading one, publishing the next and deleting
 * the last overlap. */
#pragma once

#include "publisher.h"
#include "service.h"

/* Until the outbox is empty, the service stops or about a second has passed. *ret_count: how many
 * arrived; *ret_empty: nothing was left. */
bool pump_run(struct work *work, struct publisher *publisher, int64_t *ret_count, bool *ret_empty,
              struct err *err) MUST_CHECK;
