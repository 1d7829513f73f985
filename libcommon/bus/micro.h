/* micro: answers $SRV.PING, INFO and STATS, so that `nats micro ls` shows the fleet (ADR-32).
 *
 * Answered on nats.c's delivery thread from counters that any thread may raise, so a service that
 * is busy with a long batch still answers. */
#pragma once

#include "bus.h"

#include <stdatomic.h>
#include <stddef.h>

struct micro_endpoint {
    const char *name; /* the durable */
    const char *subject;
    _Atomic int64_t requests, errors, nanoseconds;
};

/* Lives as long as the process; the texts are borrowed. */
struct micro {
    const char *name, *version, *description;
    char id[24];
    int64_t started_micros;
    struct micro_endpoint *endpoints;
    size_t endpoint_count;
};

enum micro_verb { MICRO_PING, MICRO_INFO, MICRO_STATS };

/* Subscribes on this connection; ends with it. */
bool micro_serve(struct micro *micro, struct bus *bus, struct err *err) MUST_CHECK;
/* The JSON answer. */
void micro_answer(const struct micro *micro, enum micro_verb verb, struct buffer *ret_json);
