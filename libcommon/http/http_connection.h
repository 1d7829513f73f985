/* http_connection: one accepted socket and the exchange on it; they are one struct, because
 * requests of a connection are handled one after another. Internal to this archive. */
#pragma once

#include "http_intake.h"
#include "http_routing.h"

enum { HTTP_REQUEST_ID_MAX = 64, HTTP_DATE_TEXT = 32 };

enum http_connection_state {
    CONNECTION_IDLE,      /* nothing of a request is here */
    CONNECTION_HEAD,      /* something, but not its head */
    CONNECTION_BODY,      /* the head, but not the whole body */
    CONNECTION_HANDLING,  /* the handler has it, or kept it */
    CONNECTION_STREAMING, /* its answer is being streamed */
    CONNECTION_FLUSHING,  /* the whole answer is queued, the client is yet to take it */
    CONNECTION_LINGERING, /* our side is shut; what still comes is read and forgotten */
    CONNECTION_CLOSED,    /* the socket is gone or going; the memory stays while held */
};

struct http_exchange {
    uv_tcp_t tcp;
    struct http_server *server;
    struct http_exchange *next, *previous; /* in the server's list */

    enum http_connection_state state;
    unsigned requests;
    int64_t deadline_ms; /* of the state, on the loop's clock; 0: none */
    bool reading, eof, advancing, last;
    bool socket_gone; /* libuv has let go of tcp */
    struct http_intake intake;

    /* The exchange. */
    const struct http_route *route; /* NULL: 404 or 405 */
    struct http_params params;
    struct buffer param_texts;
    int64_t started_ns;
    bool held;      /* a handler may still touch it */
    bool kept;      /* beyond the handler's return */
    bool answered;  /* wholly queued */
    bool head_only; /* HEAD */
    bool chunked;   /* the streamed answer is */
    int stream_status;
    http_gone_fn *on_gone;
    void *on_gone_arg;
    char allow[HTTP_ALLOW_TEXT];
    char request_id[HTTP_REQUEST_ID_MAX + 1];

    /* Outgoing: output is what the socket is taking, queue what waits behind it. */
    struct buffer output, queue;
    uv_write_t write;
    uv_shutdown_t shutdown;
    int64_t write_deadline_ms; /* 0: nothing is being written */
    bool writing;
};

struct http_post {
    void (*run)(void *arg);
    void *arg;
};

struct http_server {
    struct http_settings settings; /* defaults filled in */
    uv_loop_t *loop;
    uv_tcp_t listener;
    uv_timer_t sweep;
    uv_async_t wake;
    struct http_exchange *connections; /* all, also those held after their socket went */
    size_t open_count;                 /* with a socket */
    int handles_open;
    int port;

    bool closing;
    int64_t close_at_ms;
    void (*on_closed)(void *arg);
    void *on_closed_arg;

    uv_mutex_t post_lock; /* guards posts and post_closed */
    struct http_post *posts;
    size_t post_count, post_capacity;
    bool post_closed; /* wake is gone: posts wait for http_server_free */

    uint64_t id_prefix, id_count;
    int64_t date_made_ms; /* on the loop's clock */
    char date[HTTP_DATE_TEXT];
};

void http_connection_accept(struct http_server *server);
/* What has run out of time is answered 408 or closed. */
void http_connection_expire(struct http_exchange *connection, int64_t now_ms);
/* The server stops: the idle and the streaming go, the others end after their answer. */
void http_connection_stop(struct http_exchange *connection);
void http_connection_close(struct http_exchange *connection);
void http_connection_free(struct http_exchange *connection);

/* For the answering side. */
struct buffer *http_connection_outgoing(struct http_exchange *connection);
void http_connection_flush(struct http_exchange *connection);
/* The whole answer is queued; the handler's hold ends. */
void http_connection_answered(struct http_exchange *connection, int status);
/* The handler is done with an exchange whose client has gone. */
void http_connection_let_go(struct http_exchange *connection);

/* For the connection: in http_server.c. */
void http_server_connection_opened(struct http_server *server, struct http_exchange *connection);
void http_server_socket_gone(struct http_server *server);
void http_server_connection_freed(struct http_server *server, struct http_exchange *connection);
const char *http_server_date(struct http_server *server);
void http_server_make_id(struct http_server *server, char id[static HTTP_REQUEST_ID_MAX + 1]);
