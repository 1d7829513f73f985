/* on_request: the world's one door: HTTP requests from the loop into the core, and its replies
 * back, late, lost or cut as they say. */
#pragma once

#include "http_server.h"
#include "world.h"

struct door {
    struct world world;
    struct http_server *server;
    struct arena *arena;         /* of the request being answered */
    struct late *late;           /* replies that wait */
    struct http_exchange **held; /* exchanges that get none */
    size_t held_count, held_capacity;
    bool stopping;                    /* nothing is held any more */
    uv_signal_t terminate, interrupt; /* the caller's */
    uv_timer_t sweep;                 /* lets go of held exchanges whose clients have gone */
    uv_loop_t *loop;
};

bool door_open(struct door *door, uv_loop_t *loop, const char *address, int port,
               const struct world_settings *settings, struct err *err) MUST_CHECK;
/* Lets requests in flight finish, then the loop runs empty. */
void door_stop(struct door *door);
void door_done(struct door *door);
