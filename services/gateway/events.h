/* events: the ledger's events as they are committed, to whoever listens (SSE).
 *
 * The id of an event is its seq in saga.event, so a listener that was away resumes where it was.
 * Seqs are given before the commit: behind a hole in them nothing is said until it fills, or is
 * older than any transaction gets. While nobody listens nothing is asked. */
#pragma once

#include "desk.h"

struct listener;

struct events {
    struct desk *desk;
    struct listener *first;
    size_t count, max;
    uv_timer_t tick;
    int64_t ticks;
    bool polling, stopped;
};

void events_open(struct events *events, uv_loop_t *loop, struct desk *desk, size_t max);
void events_stop(struct events *events);
/* GET /api/v1/events; on the loop. */
void events_listen(struct events *events, struct http_exchange *exchange);
