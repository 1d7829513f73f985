#include "relay.h"

#include "clock.h"
#include "log.h"
#include "outbox-relay_core_sql.h"
#include "pump.h"
#include "topology.h"

#include <string.h>

static const int64_t poll_ms = 100;
static const int64_t topology_every_ms = 30000;
static const int64_t topology_least_ms = 500;
static const int64_t resay_every_ms = 1000;
static const int32_t resay_max = 200;
static const int32_t prune_max = 10000;

/* A failure is a warning: what can't be changed must not keep the rest from being said. */
static void reconcile(struct relay *relay, struct bus *bus)
{
    struct err err = {0};
    int changes = 0;
    if (!topology_reconcile(bus, (int)relay->config.replicas, &changes, &err))
        log_warn("topology", LOG_TEXT("why", err.text));
    if (changes > 0)
        log_info("topology", LOG_INT("changes", changes));
    relay->topology_due_ms = clock_boot_ms() + topology_every_ms;
}

static bool connection_ready(struct relay *relay, struct bus *bus, struct err *err)
{
    if (relay->epoch == bus_epoch(bus))
        return true;
    if (!relay->publisher)
        relay->publisher = publisher_new();
    if (!bus_listen(bus, "bus.wake", &relay->ear, err)
        || !publisher_attach(relay->publisher, bus, err))
        return false;
    relay->epoch = bus_epoch(bus);
    relay->topology_due_ms = 0;
    return true;
}

static bool resay(struct relay *relay, struct work *work, struct err *err)
{
    DB_ARGS args = {0};
    int64_t now_ms = clock_boot_ms();
    if (now_ms < relay->resay_due_ms)
        return true;
    relay->resay_due_ms = now_ms + resay_every_ms;
    db_arg_i32(&args, resay_max);
    return db_exec(work->db, SQL_RESAY, &args, err);
}

/* Hints that came meanwhile count as one. */
static void wait_for_hint(struct relay *relay, int64_t most_ms)
{
    struct buffer body = {0};
    bool topology = false;
    for (int64_t wait_ms = most_ms; bus_hear(relay->ear, wait_ms, &body); wait_ms = 0)
        topology |= body.length > 0;
    buffer_done(&body);
    int64_t soon_ms = clock_boot_ms() + topology_least_ms;
    if (topology && relay->topology_due_ms > soon_ms)
        relay->topology_due_ms = soon_ms;
}

static bool lead(struct relay *relay, struct work *work, struct err *err)
{
    int64_t count = 0;
    bool empty = true;
    if (clock_boot_ms() >= relay->topology_due_ms)
        reconcile(relay, work->bus);
    bool ok = resay(relay, work, err) && pump_run(work, relay->publisher, &count, &empty, err);
    service_count("published_total", count);
    if (ok)
        wait_for_hint(relay, empty ? poll_ms : 0);
    return ok;
}

bool relay_run(struct work *work, bool *ret_busy, struct err *err)
{
    struct relay *relay = work->state;
    if (!work->bus)
        return true;
    if (!connection_ready(relay, work->bus, err))
        return false;
    if (!lease_hold(&relay->lease, work->db, err))
        return err->kind == ERR_NONE;
    *ret_busy = true; /* it waited already */
    return lead(relay, work, err);
}

void relay_leave(struct work *work)
{
    struct relay *relay = work->state;
    lease_drop(&relay->lease, work->db);
}

bool relay_prune(struct work *work, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_i32(&args, prune_max);
    if (!db_query(work->db, SQL_PRUNE, &args, &rows, err))
        return false;
    service_count("pruned_total", db_i64(rows, 0, 0));
    return true;
}
