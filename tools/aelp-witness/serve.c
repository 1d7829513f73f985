#include "serve.h"

#include "clock.h"
#include "http_server.h"
#include "mem.h"

#include <signal.h>
#include <stdio.h>

static const int64_t close_ms = 2000;

struct serving {
    uv_loop_t loop;
    uv_signal_t term, interrupt;
    struct http_server *server;
};

static void answer(struct http_exchange *exchange, struct witness_reply *reply)
{
    struct http_answer whole = {
        .status = reply->status, .type = reply->type, .body = buffer_view(&reply->body)};
    http_answer(exchange, &whole);
    buffer_done(&reply->body);
}

static void on_add_checkpoint(struct http_exchange *exchange, void *state)
{
    struct witness_reply reply;
    witness_add_checkpoint(state, http_body(exchange), (uint64_t)(clock_unix_micros() / 1000000),
                           &reply);
    answer(exchange, &reply);
}

static void on_get_checkpoint(struct http_exchange *exchange, void *state)
{
    struct witness_reply reply;
    witness_get_checkpoint(state, http_param(exchange, "origin"), &reply);
    answer(exchange, &reply);
}

static void on_get_health(struct http_exchange *exchange, void *state)
{
    (void)state;
    http_answer_json(exchange, 200, bytes_of_text("{\"status\":\"ok\"}"));
}

static const struct http_route routes[] = {
    {"POST", "/add-checkpoint",     on_add_checkpoint, WITNESS_BODY_MAX},
    {"GET",  "/livez",              on_get_health,     0               },
    {"GET",  "/readyz",             on_get_health,     0               },
    {"GET",  "/:origin/checkpoint", on_get_checkpoint, 0               },
};

static void on_closed(void *arg)
{
    struct serving *serving = arg;
    uv_close((uv_handle_t *)&serving->term, NULL);
    uv_close((uv_handle_t *)&serving->interrupt, NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    struct serving *serving = handle->data;
    uv_signal_stop(&serving->term);
    uv_signal_stop(&serving->interrupt);
    http_server_close(serving->server, close_ms, on_closed, serving);
}

static void watch(struct serving *serving, uv_signal_t *handle, int number)
{
    uv_signal_init(&serving->loop, handle);
    handle->data = serving;
    uv_signal_start(handle, on_signal, number);
}

bool serve(struct witness *witness, const char *address, int port, struct err *err)
{
    struct serving serving = {0};
    struct http_settings settings = {.address = address,
                                     .port = port,
                                     .routes = routes,
                                     .route_count = COUNT(routes),
                                     .state = witness};
    uv_loop_init(&serving.loop);
    if (!http_server_open(&serving.loop, &settings, &serving.server, err)) {
        uv_run(&serving.loop, UV_RUN_DEFAULT);
        uv_loop_close(&serving.loop);
        return false;
    }
    watch(&serving, &serving.term, SIGTERM);
    watch(&serving, &serving.interrupt, SIGINT);
    printf("aelp-witness listens on http://%s:%d\n", address, http_server_port(serving.server));
    fflush(stdout);
    uv_run(&serving.loop, UV_RUN_DEFAULT);
    http_server_free(serving.server);
    uv_loop_close(&serving.loop);
    return true;
}
