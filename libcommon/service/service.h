/* service: the frame every service runs in, so that a service is its tables and its core.
 *
 * Its threads. The *face* (main thread, one libuv loop): signals, the small HTTP port with
 * /livez /readyz /metrics, the NATS micro protocol. The *worker*: pulls batches from the durable
 * consumers of the routes, opens one transaction, calls the handler, commits once, acks all; it
 * also runs the ticks. The *runner*, where the service has slow work: calls run() again and again
 * outside any transaction. Where others may ask it something, a thread answers the *queries*. Each
 * thread has its own Postgres connection; they share the stop flag and the counters, nothing else.
 *
 * What happens to a batch when its handler fails is decided here and only here, by err.kind:
 *   RETRY   roll back, try at once a few times, then nak all with a delay; singles wait alone
 *   REJECT  roll back and halve the batch until the message that fails alone goes to bus.dead
 *   FATAL   exit 1
 * A redelivered message is always handled alone, after an attempt mark was committed, so that one
 * that kills the process is found and buried after five. Postgres or NATS away: wait, say so on
 * /readyz, go on.
 *
 * After each batch the relay gets a hint (bus.wake); a tick or runner asks for it with work->said.
 * Failpoints of the frame: before_commit, after_commit, after_ack, after_bury. */
#pragma once

#include "bus.h"
#include "config.h"
#include "db.h"
#include "mem.h"
#include "message.h"

#include <stddef.h>
#include <stdint.h>

/* What a handler, tick or runner gets. */
struct work {
    struct db *db;       /* this thread's connection */
    struct arena *arena; /* emptied after each call */
    struct bus *bus;     /* this thread's connection to NATS, or NULL when away */
    void *state;         /* the service's own */
    bool said; /* set by a tick or runner that put rows into the outbox: the relay gets a hint */
    volatile const bool *stop;
};

typedef bool handler_fn(struct work *work, const struct batch *batch, struct err *err);
typedef bool tick_fn(struct work *work, struct err *err);
/* One round of slow work. Sets *ret_busy when there is more to do at once; otherwise the runner
 * sleeps until woken (service_wake_runner) or runner_poll_ms passed. */
typedef bool run_fn(struct work *work, bool *ret_busy, struct err *err);

/* Answers a request, reading only, in a transaction only if it begins one. On failure the asker
 * gets err.text with the code 400 for REJECT, 503 for RETRY, 500 for FATAL, which ends the process
 * as it always does. */
typedef bool query_fn(struct work *work, struct bytes request, struct buffer *answer,
                      struct err *err);

struct query {
    const char *subject; /* covered by what the service's fleet row answers */
    query_fn *answer;
};

struct route {
    const char *filter; /* must stand in the service's fleet row */
    handler_fn *handle;
};

struct tick {
    const char *name;
    int64_t every_ms;
    tick_fn *run; /* in a transaction of its own, on the worker's thread */
};

struct service {
    const char *name;               /* as in the fleet table */
    const char *version_note;       /* one line for $SRV.INFO */
    const struct setting *settings; /* its own; the frame adds DATABASE_URL, NATS_URL, ... */
    size_t setting_count;
    void *config; /* what settings fill */
    const struct route *routes;
    size_t route_count;
    const struct tick *ticks;
    size_t tick_count;
    const struct query *queries;
    size_t query_count;
    run_fn *run; /* or NULL: no runner */
    /* Or NULL: each runner's last act at a clean stop, such as giving a lease back. */
    void (*leave)(struct work *work);
    int64_t runner_poll_ms; /* default 1000 */
    int runner_count;       /* default 1; each has its own connection and arena */
    /* Optional: called once on the face thread when the loop stands and before work starts; a
     * service with an HTTP surface mounts it here (see face.h). */
    bool (*on_start)(struct service *service, struct err *err);
    void *state;
};

/* Loads the settings, runs until SIGTERM or SIGINT (0), or fails (1, logged). --help and
 * --version are answered. This is all that main() does. */
int service_main(struct service *service, int argc, char **argv);

/* From any thread. */
void service_wake_runner(void);
/* One line that /readyz shows while all is well ("idle: ..."); a static text, said in on_start. */
void service_note(const char *text);
void service_count(const char *metric, int64_t add); /* a counter shown on /metrics; static names */
/* A named place to crash or stop in, for tests: AELP2_FAILPOINT=<name>[:exit|stop|sleep_ms][@nth].
 * Costs one load when unset. */
void service_failpoint(const char *name);
