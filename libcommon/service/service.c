#include "service.h"

#include "clock.h"
#include "frame.h"
#include "hash.h"
#include "log.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char version[] = "0.2.0"; /* SemVer, as $SRV.INFO demands */

#define FIELD(name) offsetof(struct frame_config, name)
static const struct setting frame_settings[] = {
    {"DATABASE_URL",  SETTING_SECRET, FIELD(database_url),  NULL,                    0, 0,     "of this service's own role"     },
    {"NATS_URL",      SETTING_TEXT,   FIELD(nats_url),      "nats://127.0.0.1:4222", 0, 0,     ""                               },
    {"NATS_USER",     SETTING_TEXT,   FIELD(nats_user),     "",                      0, 0,     "default: none"                  },
    {"NATS_PASSWORD", SETTING_SECRET, FIELD(nats_password), "",                      0, 0,     ""                               },
    {"FACE_ADDRESS",  SETTING_TEXT,   FIELD(face_address),  "127.0.0.1",             0, 0,     ""                               },
    {"FACE_PORT",     SETTING_INT,    FIELD(face_port),     "0",                     0, 65535, "/livez /readyz /metrics; 0: off"},
};

/* One process is one service; signals, wakes and counters have nothing else to hold on to. */
static struct frame frame;

bool frame_stopping(const struct frame *of)
{
    return __atomic_load_n(&of->stop, __ATOMIC_ACQUIRE);
}

void frame_stop(struct frame *of)
{
    __atomic_store_n(&of->stop, true, __ATOMIC_RELEASE);
    pthread_mutex_lock(&of->lock);
    pthread_cond_broadcast(&of->woken);
    pthread_mutex_unlock(&of->lock);
}

void frame_fail(struct frame *of, const struct err *err)
{
    pthread_mutex_lock(&of->lock);
    if (of->failure.kind == ERR_NONE)
        of->failure = *err;
    pthread_mutex_unlock(&of->lock);
    frame_stop(of);
    face_wake();
}

void service_wake_runner(void)
{
    pthread_mutex_lock(&frame.lock);
    frame.wakes++;
    pthread_cond_broadcast(&frame.woken);
    pthread_mutex_unlock(&frame.lock);
}

static bool listed(const char *const list[], size_t max, const char *text)
{
    for (size_t i = 0; i < max && list[i]; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

/* The table and the code must say the same, or one of them is forgotten. */
static bool check_routes(const struct service *service, const struct fleet_member *member,
                         struct err *err)
{
    if (service->route_count > INBOX_ROUTES_MAX)
        return err_set(err, ERR_FATAL, "%zu routes", service->route_count);
    for (size_t i = 0; i < service->route_count; i++)
        if (!listed(member->hears, FLEET_HEARS_MAX, service->routes[i].filter))
            return err_set(err, ERR_FATAL, "the fleet's row does not hear %s",
                           service->routes[i].filter);
    for (size_t i = 0; i < FLEET_HEARS_MAX && member->hears[i]; i++) {
        size_t at = 0;
        while (at < service->route_count
               && strcmp(service->routes[at].filter, member->hears[i]) != 0)
            at++;
        if (at == service->route_count)
            return err_set(err, ERR_FATAL, "no route for %s", member->hears[i]);
    }
    return true;
}

static bool check_queries(struct frame *of, struct err *err)
{
    const struct service *service = of->service;
    for (size_t i = 0; i < FLEET_SAYS_MAX && of->member->answers[i]; i++)
        if (strncmp(of->member->answers[i], "query.", 6) == 0)
            of->query_filter = of->member->answers[i];
    if (of->query_filter && service->query_count == 0)
        return err_set(err, ERR_FATAL, "no query for %s", of->query_filter);
    for (size_t i = 0; i < service->query_count; i++)
        if (!of->query_filter || !fleet_covers(of->query_filter, service->queries[i].subject))
            return err_set(err, ERR_FATAL, "the fleet's row does not answer %s",
                           service->queries[i].subject);
    return true;
}

static void add_endpoint(struct micro *micro, const char *service, const char *subject)
{
    char name[FLEET_DURABLE];
    struct micro_endpoint *endpoint = &micro->endpoints[micro->endpoint_count++];
    fleet_durable(service, subject, name);
    endpoint->name = mem_text(name);
    endpoint->subject = subject;
}

/* The endpoints: the routes, then the queries. */
static void micro_make(struct frame *of)
{
    const struct service *service = of->service;
    uint8_t draw[8];
    random_bytes(draw, sizeof draw);
    hex_encode(bytes_of(draw, sizeof draw), of->micro.id);
    of->micro.name = service->name;
    of->micro.version = version;
    of->micro.description = service->version_note ? service->version_note : of->member->help;
    of->micro.started_micros = clock_unix_micros();
    of->micro.endpoints =
        mem_array(service->route_count + service->query_count, sizeof *of->micro.endpoints);
    for (size_t i = 0; i < service->route_count; i++)
        add_endpoint(&of->micro, service->name, service->routes[i].filter);
    for (size_t i = 0; i < service->query_count; i++)
        add_endpoint(&of->micro, service->name, service->queries[i].subject);
}

static bool frame_make(struct service *service, struct err *err)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&frame.woken, &monotonic);
    pthread_mutex_init(&frame.lock, NULL);
    frame.service = service;
    frame.member = fleet_find(service->name);
    if (!frame.member)
        return err_set(err, ERR_FATAL, "%s has no row in the fleet", service->name);
    frame.hints = listed(frame.member->says, FLEET_SAYS_MAX, "bus.wake");
    if (!check_routes(service, frame.member, err) || !check_queries(&frame, err)
        || !config_load(frame_settings, COUNT(frame_settings), &frame.config, err)
        || !config_load(service->settings, service->setting_count, service->config, err))
        return false;
    micro_make(&frame);
    return true;
}

static void threads_start(void)
{
    const struct service *service = frame.service;
    frame.runner_count = service->run ? (service->runner_count ? service->runner_count : 1) : 0;
    seat_open(&frame.worker, &frame, "worker");
    pthread_create(&frame.worker.thread, NULL, worker_run, &frame.worker);
    if (service->query_count) {
        seat_open(&frame.queries, &frame, "queries");
        pthread_create(&frame.queries.thread, NULL, queries_run, &frame.queries);
    }
    for (int i = 0; i < frame.runner_count; i++) {
        char name[24];
        snprintf(name, sizeof name, "runner %d", i);
        seat_open(&frame.runner[i], &frame, name);
        pthread_create(&frame.runner[i].thread, NULL, runner_run, &frame.runner[i]);
    }
}

static void threads_join(void)
{
    pthread_join(frame.worker.thread, NULL);
    if (frame.service->query_count)
        pthread_join(frame.queries.thread, NULL);
    for (int i = 0; i < frame.runner_count; i++)
        pthread_join(frame.runner[i].thread, NULL);
}

static bool run(struct service *service, struct err *err)
{
    if (!frame_make(service, err))
        return false;
    bool ok = face_open(&frame, err);
    if (ok) {
        log_info("started", LOG_INT("routes", (int64_t)service->route_count));
        threads_start();
        face_run();
        threads_join();
    }
    face_close();
    if (ok && frame.failure.kind != ERR_NONE) {
        *err = frame.failure;
        ok = false;
    }
    return ok;
}

static bool answered(const struct service *service, int argc, char **argv)
{
    if (argc < 2)
        return false;
    if (strcmp(argv[1], "--version") == 0) {
        printf("%s %s\n", service->name, version);
        return true;
    }
    const struct fleet_member *member = fleet_find(service->name);
    printf("%s: %s\n\nSettings, from the environment:\n", service->name,
           member ? member->help : "");
    config_print_help(frame_settings, COUNT(frame_settings));
    config_print_help(service->settings, service->setting_count);
    return true;
}

int service_main(struct service *service, int argc, char **argv)
{
    struct err err = {0};
    if (answered(service, argc, argv))
        return strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "--help") == 0 ? EXIT_SUCCESS
                                                                                   : EXIT_FAILURE;
    signal(SIGPIPE, SIG_IGN);
    log_open(service->name);
    failpoint_load();
    if (run(service, &err)) {
        log_info("stopped");
        return EXIT_SUCCESS;
    }
    log_error("failed", LOG_TEXT("why", err.text));
    return EXIT_FAILURE;
}
