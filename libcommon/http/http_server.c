/* http_server: the listener, the clock over its connections, the posts of other threads, the end.
 *
 * One timer looks at all deadlines: a timer a connection would cost more than the few hundred
 * comparisons do. */
#include "http_server.h"

#include "clock.h"
#include "hash.h"
#include "http_connection.h"
#include "mem.h"

#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SWEEP_MS = 100, BACKLOG = 512 };

static void fill_defaults(struct http_settings *settings)
{
    struct http_limits *limits = &settings->limits;
    struct {
        int64_t *field, otherwise;
    } times[] = {
        {&limits->head_ms,  10000},
        {&limits->body_ms,  30000},
        {&limits->idle_ms,  60000},
        {&limits->write_ms, 30000},
    };
    struct {
        size_t *field, otherwise;
    } sizes[] = {
        {&limits->body_bytes_max,  1 << 20  },
        {&limits->queue_bytes_max, 256 << 10},
        {&limits->connections_max, 1024     },
        {&limits->requests_max,    1000     },
    };
    for (size_t i = 0; i < COUNT(times); i++)
        if (*times[i].field == 0)
            *times[i].field = times[i].otherwise;
    for (size_t i = 0; i < COUNT(sizes); i++)
        if (*sizes[i].field == 0)
            *sizes[i].field = sizes[i].otherwise;
    if (!settings->address)
        settings->address = "127.0.0.1";
}

/* Time. */

const char *http_server_date(struct http_server *server)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t now_ms = (int64_t)uv_now(server->loop);
    if (server->date[0] && now_ms - server->date_made_ms < 500)
        return server->date;

    time_t now_s = (time_t)(clock_unix_micros() / 1000000);
    struct tm utc;
    gmtime_r(&now_s, &utc);
    (void)snprintf(server->date, sizeof server->date, "%s, %02u %s %04u %02u:%02u:%02u GMT",
                   days[utc.tm_wday], (unsigned)utc.tm_mday % 100, months[utc.tm_mon],
                   (unsigned)(utc.tm_year + 1900) % 10000, (unsigned)utc.tm_hour % 100,
                   (unsigned)utc.tm_min % 100, (unsigned)utc.tm_sec % 100);
    server->date_made_ms = now_ms;
    return server->date;
}

static void close_handles(struct http_server *server);

static void on_sweep(uv_timer_t *sweep)
{
    struct http_server *server = sweep->data;
    int64_t now_ms = (int64_t)uv_now(server->loop);
    bool give_up = server->closing && now_ms >= server->close_at_ms;

    for (struct http_exchange *at = server->connections, *next; at; at = next) {
        next = at->next;
        if (give_up)
            http_connection_close(at);
        else
            http_connection_expire(at, now_ms);
    }
}

/* Connections. */

void http_server_connection_opened(struct http_server *server, struct http_exchange *connection)
{
    connection->next = server->connections;
    if (connection->next)
        connection->next->previous = connection;
    server->connections = connection;
    if (server->open_count++ == 0)
        uv_timer_start(&server->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
}

void http_server_connection_freed(struct http_server *server, struct http_exchange *connection)
{
    if (connection->next)
        connection->next->previous = connection->previous;
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        server->connections = connection->next;
}

void http_server_socket_gone(struct http_server *server)
{
    assert(server->open_count > 0);
    if (--server->open_count > 0)
        return;
    uv_timer_stop(&server->sweep);
    if (server->closing)
        close_handles(server);
}

static void on_connection(uv_stream_t *listener, int status)
{
    if (status == 0) /* else the client was gone before it was accepted */
        http_connection_accept(listener->data);
}

void http_server_make_id(struct http_server *server, char id[static HTTP_REQUEST_ID_MAX + 1])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t count = server->id_count++;
    for (int i = 0; i < 12; i++)
        id[i] = digits[server->id_prefix >> (60 - 4 * i) & 15];
    id[12] = '-';
    for (int i = 0; i < 10; i++)
        id[13 + i] = digits[count >> (36 - 4 * i) & 15];
    id[23] = '\0';
}

/* Posts. */

static void run_posts(struct http_server *server)
{
    uv_mutex_lock(&server->post_lock);
    struct http_post *posts = TAKE(server->posts);
    size_t count = server->post_count;
    server->post_count = server->post_capacity = 0;
    uv_mutex_unlock(&server->post_lock);

    for (size_t i = 0; i < count; i++)
        posts[i].run(posts[i].arg);
    mem_free(posts);
}

static void on_wake(uv_async_t *wake)
{
    run_posts(wake->data);
}

void http_server_post(struct http_server *server, void (*run)(void *arg), void *arg)
{
    uv_mutex_lock(&server->post_lock);
    if (server->post_count == server->post_capacity) {
        server->post_capacity = server->post_capacity ? 2 * server->post_capacity : 16;
        server->posts = mem_grow(server->posts, server->post_capacity, sizeof *server->posts);
    }
    server->posts[server->post_count++] = (struct http_post){run, arg};
    if (!server->post_closed)
        uv_async_send(&server->wake);
    uv_mutex_unlock(&server->post_lock);
}

/* Begin and end. */

static bool listen_on(struct http_server *server, struct err *err)
{
    const struct http_settings *settings = &server->settings;
    struct sockaddr_storage address;
    int length = sizeof address;

    int failed = uv_ip4_addr(settings->address, settings->port, (struct sockaddr_in *)&address);
    if (failed)
        failed = uv_ip6_addr(settings->address, settings->port, (struct sockaddr_in6 *)&address);
    if (!failed)
        failed = uv_tcp_bind(&server->listener, (struct sockaddr *)&address, 0);
    if (!failed)
        failed = uv_listen((uv_stream_t *)&server->listener, BACKLOG, on_connection);
    if (!failed)
        failed = uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address, &length);
    if (failed)
        return err_set(err, ERR_FATAL, "listen on %s:%d: %s", settings->address, settings->port,
                       uv_strerror(failed));
    server->port = ntohs(((struct sockaddr_in *)&address)->sin_port); /* same place in IPv6 */
    return true;
}

static void on_open_failed(void *arg)
{
    *(bool *)arg = true;
}

bool http_server_open(uv_loop_t *loop, const struct http_settings *settings,
                      struct http_server **ret_server, struct err *err)
{
    struct http_server *server = mem_new(sizeof *server);
    server->settings = *settings;
    fill_defaults(&server->settings);
    server->loop = loop;
    random_bytes(&server->id_prefix, sizeof server->id_prefix);
    uv_mutex_init(&server->post_lock);
    uv_tcp_init(loop, &server->listener);
    uv_timer_init(loop, &server->sweep);
    uv_async_init(loop, &server->wake, on_wake);
    server->listener.data = server->sweep.data = server->wake.data = server;
    server->handles_open = 3;
    signal(SIGPIPE, SIG_IGN); /* a client that went is an error of the write, not our end */

    if (!listen_on(server, err)) {
        bool closed = false;
        http_server_close(server, 0, on_open_failed, &closed);
        while (!closed)
            uv_run(loop, UV_RUN_ONCE);
        http_server_free(server);
        return false;
    }
    *ret_server = server;
    return true;
}

int http_server_port(const struct http_server *server)
{
    return server->port;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct http_server *server = handle->data;
    if (--server->handles_open == 0)
        server->on_closed(server->on_closed_arg);
}

static void close_handles(struct http_server *server)
{
    uv_mutex_lock(&server->post_lock);
    server->post_closed = true;
    uv_mutex_unlock(&server->post_lock);
    uv_close((uv_handle_t *)&server->wake, on_handle_closed);
    uv_close((uv_handle_t *)&server->sweep, on_handle_closed);
}

void http_server_close(struct http_server *server, int64_t timeout_ms, void (*on_closed)(void *arg),
                       void *arg)
{
    assert(!server->closing);
    server->closing = true;
    server->close_at_ms = (int64_t)uv_now(server->loop) + timeout_ms;
    server->on_closed = on_closed;
    server->on_closed_arg = arg;
    uv_close((uv_handle_t *)&server->listener, on_handle_closed);
    for (struct http_exchange *at = server->connections; at; at = at->next)
        http_connection_stop(at);
    if (server->open_count == 0)
        close_handles(server);
}

void http_server_free(struct http_server *server)
{
    assert(server->closing && server->handles_open == 0);
    run_posts(server);
    while (server->connections)
        http_connection_free(server->connections);
    uv_mutex_destroy(&server->post_lock);
    mem_free(server->posts);
    mem_free(server);
}
