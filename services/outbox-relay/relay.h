/* relay: from the outbox to JetStream. Exactly what was committed, at least once. */
#pragma once

#include "lease.h"
#include "publisher.h"
#include "service.h"

struct relay_config {
    int64_t replicas; /* of each stream */
};

struct relay {
    struct relay_config config;
    struct lease lease;
    uint64_t epoch; /* of the connection that publisher and ear stand on */
    struct publisher *publisher;
    struct bus_ear *ear;
    int64_t topology_due_ms, resay_due_ms;
};

/* One round: everything that is due now, then a short wait for a hint. */
bool relay_run(struct work *work, bool *ret_busy, struct err *err);
/* Gives the lease back. */
void relay_leave(struct work *work);
/* Removes what nobody can ask for any more; harmless in several relays at once. */
bool relay_prune(struct work *work, struct err *err);
