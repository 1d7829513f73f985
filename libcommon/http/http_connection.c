/* http_connection: the life of one socket. Invariants:
 * 1. advance() alone moves from state to state (besides to CLOSED), one step at a time, and never
 *    runs inside itself: an answer given within a handler is picked up when the handler returns.
 * 2. The next request is not looked at before the client took the whole answer to the last one, so
 *    a connection holds one request and one answer (or a stream's bounded queue).
 * 3. Memory goes when libuv has let go of the socket and no handler holds the exchange.
 * 4. A handler is told of a gone client only by http_gone and on_gone, never by freed memory. */
#include "http_connection.h"

#include "clock.h"
#include "mem.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

enum { LINGER_MS = 2000, OUTPUT_KEPT_BYTES = 64 * 1024, OVER_MAX = 64 };

static int64_t now_ms(const struct http_exchange *connection)
{
    return (int64_t)uv_now(connection->server->loop);
}

static const struct http_limits *limits(const struct http_exchange *connection)
{
    return &connection->server->settings.limits;
}

static void enter(struct http_exchange *connection, enum http_connection_state state,
                  int64_t patience_ms)
{
    assert(connection->state != CONNECTION_CLOSED);
    connection->state = state;
    connection->deadline_ms = patience_ms ? now_ms(connection) + patience_ms : 0;
}

/* Ends and frees. */

void http_connection_free(struct http_exchange *connection)
{
    http_server_connection_freed(connection->server, connection);
    http_intake_close(&connection->intake);
    buffer_done(&connection->param_texts);
    buffer_done(&connection->output);
    buffer_done(&connection->queue);
    mem_free(connection);
}

static void on_socket_gone(uv_handle_t *handle)
{
    struct http_exchange *connection = handle->data;
    struct http_server *server = connection->server;
    connection->socket_gone = true;
    if (connection->on_gone) {
        connection->held = false;
        connection->on_gone(connection->on_gone_arg);
    }
    if (!connection->held)
        http_connection_free(connection);
    http_server_socket_gone(server);
}

void http_connection_close(struct http_exchange *connection)
{
    if (connection->state == CONNECTION_CLOSED)
        return;
    enter(connection, CONNECTION_CLOSED, 0);
    uv_close((uv_handle_t *)&connection->tcp, on_socket_gone);
}

void http_connection_let_go(struct http_exchange *connection)
{
    assert(connection->state == CONNECTION_CLOSED);
    connection->held = false;
    connection->answered = true;
    connection->on_gone = NULL;
    if (connection->socket_gone)
        http_connection_free(connection);
}

/* Outgoing bytes. */

static void advance(struct http_exchange *connection);

struct buffer *http_connection_outgoing(struct http_exchange *connection)
{
    return connection->writing ? &connection->queue : &connection->output;
}

static void on_written(uv_write_t *write, int status)
{
    struct http_exchange *connection = write->data;
    connection->writing = false;
    connection->write_deadline_ms = 0;
    if (status < 0) {
        http_connection_close(connection);
        return;
    }
    struct buffer taken = connection->output;
    connection->output = connection->queue;
    connection->queue = taken;
    buffer_clear(&connection->queue);
    http_connection_flush(connection);
    advance(connection);
}

void http_connection_flush(struct http_exchange *connection)
{
    struct buffer *output = &connection->output;
    if (connection->writing || output->length == 0 || connection->state == CONNECTION_CLOSED)
        return;

    uv_stream_t *stream = (uv_stream_t *)&connection->tcp;
    uv_buf_t rest = uv_buf_init((char *)output->data, (unsigned)output->length);
    int sent = uv_try_write(stream, &rest, 1);
    if (sent == (int)output->length) {
        buffer_clear(output);
        return;
    }
    if (sent > 0) {
        rest.base += sent;
        rest.len -= (size_t)sent;
    }
    connection->write.data = connection;
    if ((sent < 0 && sent != UV_EAGAIN)
        || uv_write(&connection->write, stream, &rest, 1, on_written) < 0) {
        http_connection_close(connection);
        return;
    }
    connection->writing = true;
    connection->write_deadline_ms = now_ms(connection) + limits(connection)->write_ms;
}

static bool is_drained(const struct http_exchange *connection)
{
    return !connection->writing && connection->output.length == 0;
}

/* Incoming bytes. */

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_room)
{
    struct http_exchange *connection = handle->data;
    (void)suggested;
    size_t length;
    if (connection->state == CONNECTION_LINGERING)
        http_intake_forget(&connection->intake);
    char *room = http_intake_room(&connection->intake, &length);
    *ret_room = uv_buf_init(room, (unsigned)length);
}

static void stop_reading(struct http_exchange *connection)
{
    uv_read_stop((uv_stream_t *)&connection->tcp);
    connection->reading = false;
}

static void on_eof(struct http_exchange *connection)
{
    connection->eof = true;
    stop_reading(connection);
    if (connection->state == CONNECTION_HANDLING || connection->state == CONNECTION_FLUSHING)
        return; /* the client may have shut only its own side: it gets its answer */
    http_connection_close(connection);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *room)
{
    struct http_exchange *connection = stream->data;
    (void)room;
    if (length == 0)
        return;
    if (length == UV_ENOBUFS)
        stop_reading(connection);
    else if (length == UV_EOF)
        on_eof(connection);
    else if (length < 0)
        http_connection_close(connection);
    else if (connection->state != CONNECTION_LINGERING) {
        http_intake_received(&connection->intake, (size_t)length);
        if (connection->state == CONNECTION_IDLE)
            enter(connection, CONNECTION_HEAD, limits(connection)->head_ms);
        advance(connection);
    }
}

static void start_reading(struct http_exchange *connection)
{
    if (connection->reading || connection->eof)
        return;
    connection->reading = true;
    if (uv_read_start((uv_stream_t *)&connection->tcp, on_room, on_read) < 0)
        http_connection_close(connection);
}

/* Requests. */

static bool id_is_sane(const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    return length > 0 && length <= HTTP_REQUEST_ID_MAX && id[length] == '\0';
}

static void begin_exchange(struct http_exchange *connection)
{
    const char *id = http_intake_header(&connection->intake, "x-request-id");
    if (id && id_is_sane(id))
        memcpy(connection->request_id, id, strlen(id) + 1);
    else
        http_server_make_id(connection->server, connection->request_id);
    connection->requests++;
    connection->route = NULL;
    connection->kept = connection->answered = false;
    connection->head_only = connection->chunked = false;
    connection->on_gone = NULL;
    connection->started_ns = connection->server->settings.on_answered ? clock_boot_ns() : 0;
}

static void refuse(struct http_exchange *connection, int status, const char *code,
                   const char *detail)
{
    if (connection->state != CONNECTION_BODY) { /* of this request nothing is known */
        connection->intake.head.header_count = 0;
        begin_exchange(connection);
    }
    connection->last = true;
    enter(connection, CONNECTION_HANDLING, 0);
    static const struct http_pair again = {"Retry-After", "1"};
    http_answer_problem_with(connection, status, code, detail, &again, status == 503);
}

static void copy_params(struct http_exchange *connection)
{
    struct buffer *texts = &connection->param_texts;
    struct http_params *params = &connection->params;
    buffer_clear(texts);
    for (size_t i = 0; i < params->count; i++)
        buffer_add(texts, params->item[i].value.data, params->item[i].value.length + 1);
    size_t at = 0;
    for (size_t i = 0; i < params->count; i++) {
        params->item[i].value.data = texts->data + at;
        texts->data[at + params->item[i].value.length] = '\0';
        at += params->item[i].value.length + 1;
    }
}

/* False: an expectation we can't meet. */
static bool meet_expectation(struct http_exchange *connection)
{
    struct http_intake *intake = &connection->intake;
    const char *expect = http_intake_header(intake, "expect");
    if (!expect || intake->head.minor == 0)
        return true;
    if (strcasecmp(expect, "100-continue") != 0)
        return false;
    bool body_follows = intake->head.content_length > 0 || intake->head.chunked;
    if (body_follows && intake->head.content_length <= intake->body_max
        && intake->received == intake->taken) {
        buffer_add_text(http_connection_outgoing(connection), "HTTP/1.1 100 Continue\r\n\r\n");
        http_connection_flush(connection);
    }
    return true;
}

/* The route decides how much body may come, so it is looked up before the body. */
static void on_head(struct http_exchange *connection)
{
    const struct http_settings *settings = &connection->server->settings;
    struct http_intake *intake = &connection->intake;

    begin_exchange(connection);
    connection->head_only = strcmp(intake->head.method, "HEAD") == 0;
    if (!intake->head.keep_alive || connection->requests >= settings->limits.requests_max
        || connection->server->closing)
        connection->last = true;
    (void)http_routing_find(settings->routes, settings->route_count, intake->head.method,
                            intake->target.path, &connection->route, &connection->params,
                            connection->allow); /* no row is answered when the body is here */
    if (connection->route)
        copy_params(connection);
    intake->body_max = connection->route && connection->route->body_bytes_max
        ? connection->route->body_bytes_max
        : settings->limits.body_bytes_max;
    enter(connection, CONNECTION_BODY, settings->limits.body_ms);
    if (!meet_expectation(connection))
        refuse(connection, 417, "expectation_failed", "only 100-continue can be expected");
}

static void answer_no_route(struct http_exchange *connection)
{
    struct http_pair allow = {"Allow", connection->allow};
    if (connection->allow[0])
        http_answer_problem_with(connection, 405, "method_not_allowed",
                                 "this path does not have this method", &allow, 1);
    else
        http_answer_problem(connection, 404, "not_found", "nothing is at this path");
}

static void handle(struct http_exchange *connection)
{
    enter(connection, CONNECTION_HANDLING, 0);
    connection->held = true;
    if (!connection->route) {
        answer_no_route(connection);
        return;
    }
    connection->route->handle(connection, connection->server->settings.state);
    if (connection->state == CONNECTION_HANDLING && !connection->answered && !connection->kept)
        http_answer_problem(connection, 500, "no_answer", "this path gave no answer");
}

/* True: there is more to do at once. */
static bool take_request(struct http_exchange *connection)
{
    switch (http_intake_step(&connection->intake)) {
    case HTTP_INTAKE_HEAD:
        on_head(connection);
        return true;
    case HTTP_INTAKE_REQUEST:
        handle(connection);
        return true;
    case HTTP_INTAKE_REFUSED:
        refuse(connection, connection->intake.status, "refused_request", connection->intake.detail);
        return true;
    case HTTP_INTAKE_MORE:
    default:
        if (connection->eof)
            http_connection_close(connection);
        return false;
    }
}

/* Closing with unread bytes would reset the connection and could cost the client its answer. */
static void linger(struct http_exchange *connection)
{
    enter(connection, CONNECTION_LINGERING, LINGER_MS);
    if (uv_shutdown(&connection->shutdown, (uv_stream_t *)&connection->tcp, NULL) < 0)
        http_connection_close(connection);
    else
        start_reading(connection);
}

static void next_request(struct http_exchange *connection)
{
    if (connection->output.capacity > OUTPUT_KEPT_BYTES)
        buffer_done(&connection->output);
    if (connection->queue.capacity > OUTPUT_KEPT_BYTES)
        buffer_done(&connection->queue);
    http_intake_next(&connection->intake);
    if (http_intake_is_empty(&connection->intake))
        enter(connection, CONNECTION_IDLE, limits(connection)->idle_ms);
    else
        enter(connection, CONNECTION_HEAD, limits(connection)->head_ms);
    start_reading(connection);
}

static bool end_exchange(struct http_exchange *connection)
{
    if (!is_drained(connection))
        return false;
    if (!connection->last) {
        next_request(connection);
        return true;
    }
    if (connection->eof)
        http_connection_close(connection);
    else
        linger(connection);
    return false;
}

static bool step(struct http_exchange *connection)
{
    switch (connection->state) {
    case CONNECTION_IDLE:
    case CONNECTION_HEAD:
    case CONNECTION_BODY:
        return take_request(connection);
    case CONNECTION_HANDLING:
    case CONNECTION_STREAMING:
        if (!connection->answered)
            return false;
        enter(connection, CONNECTION_FLUSHING, 0);
        http_connection_flush(connection);
        return true;
    case CONNECTION_FLUSHING:
        return end_exchange(connection);
    case CONNECTION_LINGERING:
    case CONNECTION_CLOSED:
    default:
        return false;
    }
}

static void advance(struct http_exchange *connection)
{
    if (connection->advancing)
        return;
    connection->advancing = true;
    while (step(connection))
        continue;
    connection->advancing = false;
}

void http_connection_answered(struct http_exchange *connection, int status)
{
    const struct http_settings *settings = &connection->server->settings;
    connection->answered = true;
    connection->held = false;
    connection->on_gone = NULL;
    if (settings->on_answered)
        settings->on_answered(settings->state,
                              connection->route ? connection->route->pattern : NULL, status,
                              clock_boot_ns() - connection->started_ns);
    advance(connection);
}

void http_connection_expire(struct http_exchange *connection, int64_t now)
{
    if (connection->write_deadline_ms && now >= connection->write_deadline_ms) {
        http_connection_close(connection);
        return;
    }
    if (!connection->deadline_ms || now < connection->deadline_ms)
        return;
    if (connection->state == CONNECTION_HEAD || connection->state == CONNECTION_BODY) {
        refuse(connection, 408, "request_timeout", "the request took too long to arrive");
        advance(connection);
    } else {
        http_connection_close(connection);
    }
}

void http_connection_stop(struct http_exchange *connection)
{
    connection->last = true;
    if (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_STREAMING)
        http_connection_close(connection);
}

void http_connection_accept(struct http_server *server)
{
    struct http_exchange *connection = mem_new(sizeof *connection);
    connection->server = server;
    connection->tcp.data = connection;
    http_intake_open(&connection->intake, server->settings.accept_chunked);
    http_server_connection_opened(server, connection);
    uv_tcp_init(server->loop, &connection->tcp);

    if (uv_accept((uv_stream_t *)&server->listener, (uv_stream_t *)&connection->tcp) < 0
        || server->open_count > server->settings.limits.connections_max + OVER_MAX) {
        http_connection_close(connection);
        return;
    }
    uv_tcp_nodelay(&connection->tcp, 1);
    enter(connection, CONNECTION_IDLE, server->settings.limits.idle_ms);
    start_reading(connection);
    if (server->open_count > server->settings.limits.connections_max) {
        refuse(connection, 503, "too_many_connections", "all connections are taken");
        advance(connection);
    }
}
