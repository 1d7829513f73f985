#include "gateway.h"

#include "face.h"

static const int64_t close_ms = 3000;

static void on_closed(void *arg)
{
    (void)arg; /* the loop ends by itself when nothing is open */
}

static void on_stop(void *arg)
{
    struct gateway *gateway = arg;
    events_stop(&gateway->events);
    desk_stop(&gateway->desk);
    http_server_close(gateway->server, close_ms, on_closed, NULL);
}

static void on_answered(void *state, const char *pattern, int status, int64_t duration_ns)
{
    static const char *const counters[] = {"http_answers_2xx_total", "http_answers_3xx_total",
                                           "http_answers_4xx_total", "http_answers_5xx_total"};
    (void)state;
    (void)pattern;
    service_count(counters[status / 100 - 2], 1);
    service_count("http_microseconds_total", duration_ns / 1000);
}

bool gateway_open(struct gateway *gateway, struct err *err)
{
    routes_make(&gateway->routes);
    const struct http_settings settings = {
        .address = gateway->config.address,
        .port = (int)gateway->config.port,
        .routes = gateway->routes.route,
        .route_count = gateway->routes.count,
        .state = gateway,
        .limits = {.connections_max = (size_t)gateway->config.connections_max},
        .on_answered = on_answered,
    };
    if (!http_server_open(face_loop(), &settings, &gateway->server, err))
        return err_context(err, "the API");
    desk_open(&gateway->desk, face_loop(), gateway->server, (size_t)gateway->config.queue_max);
    events_open(&gateway->events, face_loop(), &gateway->desk, (size_t)gateway->config.streams_max);
    face_on_stop(on_stop, gateway);
    return true;
}

void gateway_done(struct gateway *gateway)
{
    if (!gateway->server)
        return;
    http_server_free(gateway->server);
    desk_done(&gateway->desk);
}
