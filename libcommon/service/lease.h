/* lease: one leader at a time among the replicas of a service (bus.lease). */
#pragma once

#include "db.h"

enum { LEASE_OWNER = 64 };

struct lease {
    const char *name;
    int64_t ttl_ms;
    char owner[LEASE_OWNER];    /* made on first use: this process and no other */
    int64_t fence;              /* 0: not held */
    int64_t renew_ms, until_ms; /* boot time; until counts from before the statement was sent */
};

/* Held for a while yet; renewed when a third of it has passed, taken when it is free. False with
 * err.kind ERR_NONE: somebody else leads. In no transaction. */
bool lease_hold(struct lease *lease, struct db *db, struct err *err) MUST_CHECK;
/* At a clean stop; a lost one runs out by itself. */
void lease_drop(struct lease *lease, struct db *db);
