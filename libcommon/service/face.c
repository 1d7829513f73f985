#include "face.h"

#include "frame.h"
#include "http_server.h"
#include "log.h"

#include <assert.h>
#include <signal.h>

enum { hooks_max = 4, signals_max = 2 };
static const int64_t close_ms = 5000;

static struct face {
    struct frame *frame;
    uv_loop_t loop;
    uv_async_t wake;
    uv_signal_t signal[signals_max];
    struct http_server *server;
    struct {
        void (*stop)(void *arg);
        void *arg;
    } hook[hooks_max];
    size_t hook_count;
    bool stopping;
    const char *note; /* or NULL */
} face;

uv_loop_t *face_loop(void)
{
    return &face.loop;
}

void face_on_stop(void (*stop)(void *arg), void *arg)
{
    assert(face.hook_count < hooks_max);
    face.hook[face.hook_count].stop = stop;
    face.hook[face.hook_count++].arg = arg;
}

void service_note(const char *text)
{
    face.note = text;
}

void face_wake(void)
{
    uv_async_send(&face.wake);
}

static void answer_text(struct http_exchange *exchange, int status, const struct buffer *text)
{
    struct http_answer answer = {
        .status = status, .type = "text/plain; version=0.0.4", .body = buffer_view(text)};
    http_answer(exchange, &answer);
}

static void on_livez(struct http_exchange *exchange, void *state)
{
    struct buffer text = {0};
    (void)state;
    buffer_add_text(&text, "ok\n");
    answer_text(exchange, 200, &text);
    buffer_done(&text);
}

static void add_waits(struct seat *seat, struct buffer *text)
{
    char waits_for[STANDING_TEXT];
    seat_read_waits(seat, waits_for);
    if (waits_for[0])
        buffer_format(text, "%s\n", waits_for);
}

static void on_readyz(struct http_exchange *exchange, void *state)
{
    struct frame *frame = state;
    struct buffer text = {0};
    add_waits(&frame->worker, &text);
    if (frame->service->query_count)
        add_waits(&frame->queries, &text);
    for (int i = 0; i < frame->runner_count; i++)
        add_waits(&frame->runner[i], &text);
    int status = text.length ? 503 : 200;
    if (status == 200)
        buffer_format(&text, "%s\n", face.note ? face.note : "ok");
    answer_text(exchange, status, &text);
    buffer_done(&text);
}

static void on_metrics(struct http_exchange *exchange, void *state)
{
    struct buffer text = {0};
    metrics_print(state, &text);
    answer_text(exchange, 200, &text);
    buffer_done(&text);
}

static const struct http_route routes[] = {
    {"GET", "/livez",   on_livez,   0},
    {"GET", "/readyz",  on_readyz,  0},
    {"GET", "/metrics", on_metrics, 0},
};

static bool server_open(struct err *err)
{
    const struct frame_config *config = &face.frame->config;
    struct http_settings settings = {.address = config->face_address,
                                     .port = (int)config->face_port,
                                     .routes = routes,
                                     .route_count = COUNT(routes),
                                     .state = face.frame,
                                     .limits = {.connections_max = 64}};
    return config->face_port == 0 || http_server_open(&face.loop, &settings, &face.server, err);
}

static void on_server_closed(void *arg)
{
    (void)arg;
}

static void stop_all(void)
{
    if (face.stopping)
        return;
    face.stopping = true;
    log_info("stopping");
    if (face.server)
        http_server_close(face.server, close_ms, on_server_closed, NULL);
    for (size_t i = 0; i < face.hook_count; i++)
        face.hook[i].stop(face.hook[i].arg);
    for (size_t i = 0; i < signals_max; i++)
        uv_close((uv_handle_t *)&face.signal[i], NULL);
    uv_close((uv_handle_t *)&face.wake, NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)handle;
    (void)number;
    frame_stop(face.frame);
    stop_all();
}

static void on_wake(uv_async_t *handle)
{
    (void)handle;
    if (frame_stopping(face.frame))
        stop_all();
}

bool face_open(struct frame *frame, struct err *err)
{
    static const int signals[signals_max] = {SIGTERM, SIGINT};
    face.frame = frame;
    uv_loop_init(&face.loop);
    uv_async_init(&face.loop, &face.wake, on_wake);
    for (size_t i = 0; i < signals_max; i++) {
        uv_signal_init(&face.loop, &face.signal[i]);
        uv_signal_start(&face.signal[i], on_signal, signals[i]);
    }
    return server_open(err)
        && (!frame->service->on_start || frame->service->on_start(frame->service, err));
}

void face_run(void)
{
    uv_run(&face.loop, UV_RUN_DEFAULT);
}

void face_close(void)
{
    stop_all();
    uv_run(&face.loop, UV_RUN_DEFAULT);
    uv_loop_close(&face.loop);
}
