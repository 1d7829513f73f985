#include "on_request.h"

#include "clock.h"
#include "http_server.h"
#include "log.h"
#include "on_delivery.h"
#include "on_job.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum {
    body_bytes_max = 16 * 1024 * 1024,
    connections_max = 4096,
    requests_max = 1000 * 1000 * 1000,
    taken_bytes_min = 64 * 1024, /* a longer body is not copied */
    sweep_ms = 200,
    stop_ms = 2000,
};

struct door {
    struct world world;
    char url[64]; /* this door's own */
    struct http_server *server;
    struct arena *arena;         /* of the request being answered */
    struct late *late;           /* replies that wait */
    struct http_exchange **held; /* exchanges that get none */
    size_t held_count, held_capacity;
    bool stopping; /* nothing is held any more */
    uv_signal_t terminate, interrupt;
    uv_timer_t sweep; /* lets go of held exchanges whose clients have gone */
    uv_loop_t *loop;
};

/* A reply that waits for its time, or for a delivery's or a job's outcome. */
struct late {
    struct door *door;
    struct http_exchange *exchange;
    struct arena *arena;
    struct reply reply;
    uv_timer_t timer;
    struct late *next, *previous;
};

static const char *header_of(const void *source, const char *name)
{
    return http_header(source, name);
}

static const char *query_of(const void *source, const char *name)
{
    return http_query(source, name);
}

static void hold(struct door *door, struct http_exchange *exchange)
{
    if (door->held_count == door->held_capacity) {
        door->held_capacity = door->held_capacity ? door->held_capacity * 2 : 16;
        door->held = mem_grow(door->held, door->held_capacity, sizeof(struct http_exchange *));
    }
    door->held[door->held_count++] = exchange;
}

static void on_sweep(uv_timer_t *timer)
{
    struct door *door = timer->data;
    size_t kept = 0;
    for (size_t i = 0; i < door->held_count; i++) {
        if (http_gone(door->held[i]))
            http_drop(door->held[i]);
        else
            door->held[kept++] = door->held[i];
    }
    door->held_count = kept;
}

static void ignore_gone(void *arg)
{
    (void)arg; /* dropped right after */
}

static void give(struct http_exchange *exchange, struct reply *reply)
{
    char retry_after[24];
    struct http_pair fields[2 + REPLY_FIELDS_MAX];
    size_t count = 0;
    snprintf(retry_after, sizeof retry_after, "%" PRId64, reply->retry_after_s);
    if (reply->request_id[0])
        fields[count++] = (struct http_pair){"request-id", reply->request_id};
    if (reply->retry_after_s)
        fields[count++] = (struct http_pair){"Retry-After", retry_after};
    for (size_t i = 0; i < reply->field_count; i++)
        fields[count++] = reply->field[i];
    struct http_answer answer = {
        .status = reply->status,
        .type = reply->type,
        .fields = fields,
        .field_count = count,
    };
    if (reply->fate == REPLY_SENT && reply->body.length > taken_bytes_min) {
        http_answer_taking(exchange, &answer, &reply->body);
    } else if (reply->fate == REPLY_SENT) {
        answer.body = buffer_view(&reply->body);
        http_answer(exchange, &answer);
    } else if (http_stream_start(exchange, &answer, ignore_gone, NULL)) {
        http_stream_add(exchange, bytes_of(reply->body.data, reply->body.length / 2));
        http_drop(exchange);
    }
}

/* Once per exchange: now, never, or by closing. */
static void settle(struct door *door, struct http_exchange *exchange, struct reply *reply)
{
    if (reply->fate == REPLY_HELD && !door->stopping)
        hold(door, exchange);
    else if (reply->fate == REPLY_HELD || reply->fate == REPLY_DROPPED)
        http_drop(exchange);
    else
        give(exchange, reply);
}

static void on_late_closed(uv_handle_t *handle)
{
    struct late *late = handle->data;
    reply_done(&late->reply);
    arena_free(late->arena);
    mem_free(late);
}

static void finish_late(struct late *late)
{
    if (late->next)
        late->next->previous = late->previous;
    if (late->previous)
        late->previous->next = late->next;
    else
        late->door->late = late->next;
    settle(late->door, late->exchange, &late->reply);
    uv_close((uv_handle_t *)&late->timer, on_late_closed);
}

static void on_timer(uv_timer_t *timer)
{
    finish_late(timer->data);
}

static void on_settled(void *arg)
{
    finish_late(arg);
}

/* Takes over the reply and the arena its texts are in. */
static void answer_late(struct door *door, struct http_exchange *exchange, struct reply *reply)
{
    struct late *late = mem_new(sizeof *late);
    *late = (struct late){.door = door,
                          .exchange = exchange,
                          .arena = door->arena,
                          .reply = *reply,
                          .next = door->late};
    door->arena = arena_new();
    if (late->next)
        late->next->previous = late;
    door->late = late;
    uv_timer_init(door->loop, &late->timer);
    late->timer.data = late;
    if (reply->job.run)
        job_begin(door->loop, &late->reply, on_settled, late);
    else if (reply->delivery.url)
        delivery_begin(door->loop, &late->reply, on_settled, late);
    else
        uv_timer_start(&late->timer, on_timer, (uint64_t)reply->delay_ms, 0);
}

static void on_request(struct http_exchange *exchange, void *state)
{
    struct door *door = state;
    struct request request = {
        .method = http_method(exchange),
        .path = http_path(exchange),
        .body = http_body(exchange),
        .now_micros = clock_unix_micros(),
        .header = header_of,
        .query = query_of,
        .source = exchange,
        .arena = door->arena,
    };
    struct reply reply;
    world_answer(&door->world, &request, &reply);
    bool late = reply.delay_ms > 0 || reply.delivery.url || reply.job.run;
    if (late || reply.fate == REPLY_HELD)
        http_keep(exchange);
    if (late) {
        answer_late(door, exchange, &reply);
        return;
    }
    settle(door, exchange, &reply);
    reply_done(&reply);
    arena_reset(door->arena);
}

static const struct http_route routes[] = {
    {"GET",  "/*", on_request, 0},
    {"POST", "/*", on_request, 0},
    {"PUT",  "/*", on_request, 0},
};

static bool listen_at(struct door *door, const struct config *config, struct err *err)
{
    struct http_settings http = {
        .address = config->address,
        .port = (int)config->port,
        .routes = routes,
        .route_count = COUNT(routes),
        .state = door,
        .limits = {.body_bytes_max = body_bytes_max,
                   .connections_max = connections_max,
                   .requests_max = requests_max},
        .accept_chunked = true,
    };
    return http_server_open(door->loop, &http, &door->server, err);
}

static void on_closed(void *arg)
{
    (void)arg; /* the loop runs empty by itself */
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct door *door = signal->data;
    log_info("stopping", LOG_INT("signal", number));
    door->stopping = true;
    for (size_t i = 0; i < door->held_count; i++)
        http_drop(door->held[i]);
    door->held_count = 0;
    uv_close((uv_handle_t *)&door->terminate, NULL);
    uv_close((uv_handle_t *)&door->interrupt, NULL);
    uv_close((uv_handle_t *)&door->sweep, NULL);
    for (struct late *late = door->late; late; late = late->next)
        if (!late->reply.delivery.url && !late->reply.job.run)
            uv_timer_start(&late->timer, on_timer, 0, 0);
    http_server_close(door->server, stop_ms, on_closed, NULL);
}

static void watch(struct door *door, uv_signal_t *signal, int number)
{
    uv_signal_init(door->loop, signal);
    signal->data = door;
    uv_signal_start(signal, on_signal, number);
}

/* Until the loop is empty. */
static void run(struct door *door)
{
    const struct world *world = &door->world;
    int port = http_server_port(door->server);
    snprintf(door->url, sizeof door->url, "http://127.0.0.1:%d", port);
    uv_timer_init(door->loop, &door->sweep);
    door->sweep.data = door;
    uv_timer_start(&door->sweep, on_sweep, sweep_ms, sweep_ms);
    watch(door, &door->terminate, SIGTERM);
    watch(door, &door->interrupt, SIGINT);
    log_info("started", LOG_INT("port", port), LOG_INT("seed", world->settings.seed),
             LOG_INT("budgets", (int64_t)world->account->budget_count),
             LOG_TEXT("preset", world->settings.preset));
    uv_run(door->loop, UV_RUN_DEFAULT);

    assert(!door->late);
    http_server_free(door->server);
    mem_free(door->held);
}

/* The history of a market happens before anybody is let in. */
static bool open_world(struct door *door, const struct world_settings *settings, struct err *err)
{
    struct world_settings world = *settings;
    if (!world.public_url[0])
        world.public_url = door->url;
    return world_open(&door->world, &world, clock_unix_micros(), err);
}

bool door_serve(const struct config *config, struct err *err)
{
    uv_loop_t loop;
    struct door door = {.loop = &loop};
    if (!open_world(&door, &config->world, err))
        return false;
    door.arena = arena_new();
    uv_loop_init(&loop);
    bool ok = listen_at(&door, config, err);
    if (ok)
        run(&door);
    arena_free(door.arena);
    world_close(&door.world);
    uv_loop_close(&loop);
    return ok;
}
