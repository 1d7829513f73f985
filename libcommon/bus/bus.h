/* bus: one thread's connection to NATS.
 *
 * The only archive that knows nats.c. A connection belongs to one thread. It is never repaired:
 * when it breaks it is closed, and bus_ready makes a new one with back-off, for ever; its inbox,
 * publisher and ears are made again by their owner, who sees bus_epoch change. So there is one way
 * to come up, at the start and after each break.
 *
 * Subscriptions belong to the connection and are released after it was closed, never before:
 * libnats 3.4.1 may crash when a message arrives for one that another thread is destroying. */
#pragma once

#include "bytes.h"
#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct bus;

struct bus_settings {
    const char *url;
    const char *user, *password; /* NULL or "": none */
    const char *service;         /* the inbox prefix is _INBOX.<service> */
};

struct bus *bus_new(const struct bus_settings *settings); /* texts are borrowed for its life */
/* Flushes first. */
void bus_free(struct bus *bus);

/* Connected, or tries once when the next try is due. Cheap when healthy. */
bool bus_ready(struct bus *bus, struct err *err) MUST_CHECK;
/* Raised by each new connection; 0 before the first. */
uint64_t bus_epoch(const struct bus *bus);
bool bus_alive(const struct bus *bus);

/* "Something was committed to the outbox": a hint to the relay, which polls anyway. */
void bus_wake(struct bus *bus);
/* A hint that a stream or consumer of the fleet is missing. */
void bus_wake_for_topology(struct bus *bus);

/* A plain subscription, read on the connection's own thread; ends with the connection. */
struct bus_ear;
bool bus_listen(struct bus *bus, const char *subject, struct bus_ear **ret_ear,
                struct err *err) MUST_CHECK;
/* False: nothing came within wait_ms, or the connection broke. ret_body may be NULL. */
bool bus_hear(struct bus_ear *ear, int64_t wait_ms, struct buffer *ret_body);
