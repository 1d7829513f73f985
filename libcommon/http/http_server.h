/* http_server: HTTP/1.1 on a libuv loop, strict about what it accepts, bounded in all it keeps.
 *
 * Everything but http_server_post is called on the loop's thread. Behind a proxy, on loopback or
 * in a cluster: no TLS here. */
#pragma once

#include "http_exchange.h"

#include <uv.h>

struct http_server;

typedef void http_handler_fn(struct http_exchange *exchange, void *state);

/* Patterns: "/api/v1/changes/:id/approvals"; a parameter may have a tail in its segment
 * ("/v1beta/properties/:id:runReport"); a final "*" takes the rest ("/assets/" + "*"). The first
 * row that fits wins. A path no row fits is 404, one that only other methods fit 405 with Allow.
 * HEAD is answered by the GET row. */
struct http_route {
    const char *method;
    const char *pattern;
    http_handler_fn *handle;
    size_t body_bytes_max; /* 0: the server's */
};

/* 0 means the default. */
struct http_limits {
    int64_t head_ms;        /* 10 000: from a request's first byte to its empty line */
    int64_t body_ms;        /* 30 000: from there to the body's end */
    int64_t idle_ms;        /* 60 000: between requests */
    int64_t write_ms;       /* 30 000: for the client to take what was written */
    size_t body_bytes_max;  /* 1 MiB; more is 413 */
    size_t queue_bytes_max; /* 256 KiB of a stream that its client has not yet taken */
    size_t connections_max; /* 1024; the next one gets 503 and Retry-After */
    size_t requests_max;    /* 1000 on one connection */
};

struct http_settings {
    const char *address;             /* NULL: 127.0.0.1 */
    int port;                        /* 0: any */
    const struct http_route *routes; /* kept, not copied */
    size_t route_count;
    void *state; /* handed to every handler */
    struct http_limits limits;
    bool accept_chunked; /* requests with Transfer-Encoding: chunked, which otherwise get 411 */
    /* Optional, after each answer: for metrics. The pattern is NULL when no row fitted. */
    void (*on_answered)(void *state, const char *pattern, int status, int64_t duration_ns);
};

/* Listens when it returns. */
bool http_server_open(uv_loop_t *loop, const struct http_settings *settings,
                      struct http_server **ret_server, struct err *err) MUST_CHECK;
int http_server_port(const struct http_server *server);

/* From any thread: calls run(arg) on the loop's thread, in order. */
void http_server_post(struct http_server *server, void (*run)(void *arg), void *arg);

/* Accepts no more, lets requests in flight finish, ends streams, and calls on_closed when the last
 * connection is gone, at the latest after timeout_ms. */
void http_server_close(struct http_server *server, int64_t timeout_ms, void (*on_closed)(void *arg),
                       void *arg);
/* After on_closed, and when no other thread posts any more. Runs what is still posted and releases
 * exchanges that were kept and never answered. */
void http_server_free(struct http_server *server);
