/* desk: where the loop leaves calls for the workers, in order, and how they come back.
 *
 * Bounded: a call too many is refused with 503. One that waited too long, because Postgres is
 * away, is answered so as well; nobody waits for ever. */
#pragma once

#include "http_server.h"
#include "known.h"

#include <pthread.h>

struct desk {
    struct http_server *server;
    size_t queue_max;
    uv_timer_t sweep;
    bool stopped;
    struct known known;
    pthread_mutex_t lock; /* of what follows */
    struct call *first, *last;
    size_t count;
};

void desk_open(struct desk *desk, uv_loop_t *loop, struct http_server *server, size_t queue_max);
/* On the loop, when the service stops: what waits is given up. */
void desk_stop(struct desk *desk);
/* When no worker runs any more. */
void desk_done(struct desk *desk);

/* On the loop. Answers at once when there is no token or no room. */
void desk_take(struct desk *desk, struct http_exchange *exchange, call_fn *run);
/* The same for a read: who the caller is may be a second old. */
void desk_take_read(struct desk *desk, struct http_exchange *exchange, call_fn *run);
/* A read whose `run` needs no ledger: where the caller is known, it is answered here and now. */
void desk_take_here(struct desk *desk, struct http_exchange *exchange, call_fn *run);
/* The first again, and `run` has its person proved by itself: the desk does not ask whose token it
 * is. */
void desk_take_bare(struct desk *desk, struct http_exchange *exchange, call_fn *run);
/* The first again; `done` then has the call instead of its being answered. */
void desk_take_for(struct desk *desk, struct http_exchange *exchange, call_fn *run,
                   void (*done)(struct call *call, void *arg), void *arg);
/* On the loop, a call that is more than an answer; false: no room, and the call is the caller's. */
bool desk_put(struct desk *desk, struct call *call);
/* A runner's round. */
bool desk_run(struct desk *desk, struct work *work, bool *ret_busy);
