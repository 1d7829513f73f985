/* topology: the streams and durable consumers of the fleet's table, made real.
 *
 * What is missing is created and what differs is updated, whatever someone did by hand; nothing is
 * ever deleted, because a stream holds messages. */
#pragma once

#include "bus.h"

/* Each stream is kept in so many copies. Goes on after a failure, so that one thing that can't be
 * changed doesn't hide the rest; err then names all of them. *ret_changes counts what was created
 * or updated. */
bool topology_reconcile(struct bus *bus, int replicas, int *ret_changes,
                        struct err *err) MUST_CHECK;
