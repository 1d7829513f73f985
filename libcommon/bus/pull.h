/* pull: how many messages to ask a durable consumer for, and when. Pure.
 *
 * One request stands at the server for each durable. `pending` is what it may still send for it:
 * raised when asking, lowered by each message and by each status that says how much of a request
 * came to nothing. Asked again at half, so that the next messages arrive while a batch is handled.
 * The server sends heartbeats while a request stands; when they stay away, so did the request.
 *
 * A request for a consumer that isn't there is answered by nothing at all. So until something has
 * been heard it asks with no_wait, which a consumer that is there answers at once. */
#pragma once

#include "backoff.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PULL_BATCH = 512,
    PULL_EXPIRES_MS = 30000,
    PULL_HEARTBEAT_MS = 5000,
    PULL_PROBE_MS = 500,
};

struct pull {
    int64_t pending;
    int64_t heard_ms; /* when the server last said something for this consumer, or was asked */
    bool confirmed;   /* it has answered since the last request */
    bool seen;        /* the consumer is there; false: ask with no_wait */
    struct backoff backoff;
};

enum pull_status {
    PULL_HEARTBEAT = 100,
    PULL_NO_MESSAGES = 404,
    PULL_TIMEOUT = 408,
    PULL_CONFLICT = 409,
    PULL_NO_RESPONDERS = 503,
};

/* 0: not now. `queued` were received and are not yet handled. */
int64_t pull_want(const struct pull *pull, int64_t queued, int64_t now_ms);
void pull_asked(struct pull *pull, int64_t count, int64_t now_ms);
void pull_message(struct pull *pull, int64_t now_ms);
/* lapsed: Nats-Pending-Messages, or -1 when the status has none. */
void pull_said(struct pull *pull, int status, int64_t lapsed, int64_t now_ms);
/* A refusal that does not say whose it is: taken by those who asked just now without an answer. */
bool pull_may_be_refused(const struct pull *pull, int64_t now_ms);
/* Gives the request up when nothing was heard for two heartbeats, or for a probe's time. */
void pull_watch(struct pull *pull, int64_t now_ms);
