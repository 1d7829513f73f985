/* gateway: what its files share. Two kinds of threads: the face's loop has the sockets, the frame's
 * runners have Postgres; a call goes from the one to the other through the desk and back. */
#pragma once

#include "desk.h"
#include "events.h"
#include "routes.h"

struct gateway_config {
    const char *address;
    int64_t port, workers, queue_max, connections_max, streams_max;
};

struct gateway {
    struct gateway_config config;
    struct routes routes;
    struct http_server *server;
    struct desk desk;
    struct events events;
};

/* The API stands; called on the loop. */
bool gateway_open(struct gateway *gateway, struct err *err) MUST_CHECK;
/* When no thread runs any more. */
void gateway_done(struct gateway *gateway);
