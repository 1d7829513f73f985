/* pump: batches of the outbox on their way, so that reading one, publishing the next and deleting
 * the last overlap. */
#pragma once

#include "publisher.h"
#include "service.h"

/* Until the outbox is empty or the service stops. *ret_count: how many arrived. */
bool pump_run(struct work *work, struct publisher *publisher, int64_t *ret_count,
              struct err *err) MUST_CHECK;
