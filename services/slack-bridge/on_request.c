/* The HTTP surface: POST /slack/interactive. A click is in Postgres before Slack gets its 200.
 *
 * The loop checks and reads the request; a keeper thread with a connection of its own stores what
 * has come, all of it in one statement, and the loop answers. */
#include "slack_bridge.h"

#include "clock.h"
#include "face.h"
#include "http_server.h"
#include "log.h"
#include "payload.h"
#include "signature.h"
#include "store.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { arrivals_max = 256, user_max = 65 };
static const int64_t close_ms = 3000; /* as long as Slack waits */

struct arrival {
    struct http_exchange *exchange; /* kept */
    char user[user_max];
    bool stored;
    struct arrival *next;
};

struct intake {
    const struct config *config;
    struct http_server *server;
    struct arena *arena; /* the loop's */
    pthread_t keeper;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t came;
    struct arrival *first, **last;
    size_t count;
    bool stop;
};

static void answer_empty(struct http_exchange *exchange)
{
    http_answer(exchange, &(struct http_answer){.status = 200});
}

static void answer_away(struct http_exchange *exchange)
{
    service_count("clicks_turned_away_total", 1);
    http_answer_problem(exchange, 503, "not_stored", "the click could not be kept; try again");
}

/* Posted by the keeper. */
static void on_kept(void *arg)
{
    struct arrival *arrival = arg;
    if (arrival->stored)
        answer_empty(arrival->exchange);
    else
        answer_away(arrival->exchange);
    mem_free(arrival);
}

static bool enqueue(struct intake *intake, struct http_exchange *exchange, const char *user)
{
    pthread_mutex_lock(&intake->lock);
    bool room = intake->count < arrivals_max && !intake->stop;
    if (room) {
        struct arrival *arrival = mem_new(sizeof *arrival);
        arrival->exchange = exchange;
        snprintf(arrival->user, sizeof arrival->user, "%s", user);
        http_keep(exchange);
        *intake->last = arrival;
        intake->last = &arrival->next;
        intake->count++;
        pthread_cond_signal(&intake->came);
    }
    pthread_mutex_unlock(&intake->lock);
    return room;
}

static void on_interactive(struct http_exchange *exchange, void *state)
{
    struct intake *intake = state;
    struct payload payload;
    struct err err = {0};
    struct bytes body = http_body(exchange);
    arena_reset(intake->arena);
    if (!signature_is_good(
            intake->config->signing_secret, http_header(exchange, "X-Slack-Request-Timestamp"),
            http_header(exchange, "X-Slack-Signature"), body, clock_unix_micros() / 1000000)) {
        service_count("clicks_forged_total", 1);
        http_answer_problem(exchange, 401, "bad_signature", "not signed by Slack, or too old");
    } else if (!payload_parse(body, intake->arena, &payload, &err)) {
        http_answer_problem(exchange, 400, "bad_payload", "%s", err.text);
    } else if (payload.what == PAYLOAD_NOTHING) {
        answer_empty(exchange);
    } else if (!enqueue(intake, exchange, payload.user)) {
        answer_away(exchange);
    }
}

/* All that came, in its order; NULL: stop. */
static struct arrival *take_arrivals(struct intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    while (!intake->first && !intake->stop)
        pthread_cond_wait(&intake->came, &intake->lock);
    struct arrival *first = intake->first;
    intake->first = NULL;
    intake->last = &intake->first;
    intake->count = 0;
    pthread_mutex_unlock(&intake->lock);
    return first;
}

static bool keep(struct db **db, const char *url, struct arena *arena, struct arrival *first,
                 struct err *err)
{
    size_t count = 0;
    struct signed_click *clicks = arena_array(arena, arrivals_max, sizeof *clicks);
    for (const struct arrival *at = first; at; at = at->next) {
        struct bytes body = http_body(at->exchange);
        clicks[count++] = (struct signed_click){
            .body = arena_text(arena, (const char *)body.data, body.length),
            .timestamp = http_header(at->exchange, "X-Slack-Request-Timestamp"),
            .signature = http_header(at->exchange, "X-Slack-Signature"),
            .user = at->user,
        };
    }
    if (!*db && !db_open(db, url, "slack-bridge intake", err))
        return false;
    return db_ready(*db, err) && store_add_clicks(*db, clicks, count, err);
}

static void *keeper_run(void *arg)
{
    struct intake *intake = arg;
    struct db *db = NULL;
    struct arena *arena = arena_new();
    for (struct arrival *at; (at = take_arrivals(intake)) != NULL;) {
        struct err err = {0};
        bool stored = keep(&db, intake->config->database_url, arena, at, &err);
        if (stored) {
            service_failpoint("after_click_stored");
            service_wake_runner();
        } else {
            log_error("clicks were not kept", LOG_TEXT("why", err.text));
        }
        while (at) {
            struct arrival *next = at->next;
            at->stored = stored;
            http_server_post(intake->server, on_kept, at); /* at is the loop's from here on */
            at = next;
        }
        arena_reset(arena);
    }
    db_close(db);
    arena_free(arena);
    return NULL;
}

static void on_closed(void *arg)
{
    struct intake *intake = arg;
    pthread_mutex_lock(&intake->lock);
    intake->stop = true;
    pthread_cond_signal(&intake->came);
    pthread_mutex_unlock(&intake->lock);
    pthread_join(intake->keeper, NULL);
    http_server_free(intake->server);
    arena_free(intake->arena);
    pthread_cond_destroy(&intake->came);
    pthread_mutex_destroy(&intake->lock);
    mem_free(intake);
}

static void on_stop(void *arg)
{
    struct intake *intake = arg;
    http_server_close(intake->server, close_ms, on_closed, intake);
}

static const struct http_route http_routes[] = {
    {"POST", "/slack/interactive", on_interactive, PAYLOAD_BYTES_MAX},
};

static bool open_intake(const struct config *config, struct err *err)
{
    struct intake *intake = mem_new(sizeof *intake);
    struct http_settings settings = {
        .address = config->face_address,
        .port = (int)config->slack_port,
        .routes = http_routes,
        .route_count = COUNT(http_routes),
        .state = intake,
    };
    intake->config = config;
    intake->last = &intake->first;
    if (!http_server_open(face_loop(), &settings, &intake->server, err)) {
        mem_free(intake);
        return err_context(err, "SLACK_PORT");
    }
    intake->arena = arena_new();
    pthread_mutex_init(&intake->lock, NULL);
    pthread_cond_init(&intake->came, NULL);
    pthread_create(&intake->keeper, NULL, keeper_run, intake);
    face_on_stop(on_stop, intake);
    return true;
}

bool on_start(struct service *service, struct err *err)
{
    const struct slack_bridge *bridge = service->state;
    if (!bridge_is_on(bridge)) {
        static const char idle[] = "idle: no SLACK_BOT_TOKEN and SLACK_CHANNEL";
        log_info(idle);
        service_note(idle);
        return true;
    }
    if (bridge->config.slack_port == 0) {
        log_warn("no SLACK_PORT: nobody can click");
        return true;
    }
    return open_intake(&bridge->config, err);
}
