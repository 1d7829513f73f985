/* lane: one route of a service at work: its durable consumer, its batch, its fate. */
#pragma once

#include "frame.h"

struct lane {
    const struct route *route;
    const char *stream;
    char durable[FLEET_DURABLE];
    struct micro_endpoint *endpoint;
    struct backoff backoff;
    struct message message[INBOX_BATCH_MAX];
};

struct lane_turn {
    struct seat *seat;
    struct inbox *inbox;
    struct lane *lane;
    size_t route; /* its index */
};

/* Handles what is there for this lane, a bounded share of it, and settles it. False: nothing was
 * there, or the lane rests after a failure. */
bool lane_work(const struct lane_turn *turn, enum inbox_kind kind);
