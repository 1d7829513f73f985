/* queries: answers what others ask, one request after the other, on a thread and a connection to
 * Postgres of their own, so that no batch holds them up. */
#include "frame.h"

#include "clock.h"
#include "log.h"
#include "requests.h"

#include <string.h>

static const int64_t idle_ms = 100; /* how long a stop may go unnoticed */

struct desk {
    struct seat *seat;
    struct bus_ear *ear;
    uint64_t epoch; /* of the connection the ear listens on */
};

static bool listening(struct desk *desk)
{
    struct err err = {0};
    struct bus *bus = desk->seat->bus;
    if (!seat_bus_ready(desk->seat))
        return false;
    if (desk->ear && desk->epoch == bus_epoch(bus))
        return true;
    desk->ear = NULL;
    desk->epoch = bus_epoch(bus);
    if (requests_open(bus, desk->seat->frame->query_filter, &desk->ear, &err))
        return true;
    seat_waits_for(desk->seat, "NATS", err.text);
    return false;
}

static const struct query *find(const struct service *service, const char *subject, size_t *ret_at)
{
    for (size_t i = 0; i < service->query_count; i++)
        if (strcmp(service->queries[i].subject, subject) == 0) {
            *ret_at = i;
            return &service->queries[i];
        }
    return NULL;
}

static int code_of(enum err_kind kind)
{
    switch (kind) {
    case ERR_REJECT:
        return 400;
    case ERR_RETRY:
        return 503;
    case ERR_FATAL:
    case ERR_NONE:
    default:
        return 500;
    }
}

static bool ask(struct seat *seat, const struct query *query, const struct request *request,
                struct buffer *answer, struct err *err)
{
    if (!seat_db_ready(seat))
        return err_set(err, ERR_RETRY, "the database is away");
    arena_reset(seat->work.arena);
    bool ok = query->answer(&seat->work, request->body, answer, err);
    db_rollback(seat->work.db);
    return ok;
}

static void answer(struct seat *seat, const struct request *request)
{
    struct buffer text = {0};
    struct err err = {0};
    struct frame *frame = seat->frame;
    size_t at = 0;
    const struct query *query = find(frame->service, request->subject, &at);
    if (!query) {
        request_refuse(seat->bus, request, 404, "there is no such query");
        return;
    }
    struct micro_endpoint *endpoint = &frame->micro.endpoints[frame->service->route_count + at];
    int64_t started_ns = clock_boot_ns();
    if (ask(seat, query, request, &text, &err)) {
        request_answer(seat->bus, request, buffer_view(&text));
    } else {
        request_refuse(seat->bus, request, code_of(err.kind), err.text);
        atomic_fetch_add(&endpoint->errors, 1);
        log_warn("query refused", LOG_TEXT("subject", request->subject), LOG_TEXT("why", err.text));
    }
    atomic_fetch_add(&endpoint->requests, 1);
    atomic_fetch_add(&endpoint->nanoseconds, clock_boot_ns() - started_ns);
    buffer_done(&text);
    if (err.kind == ERR_FATAL)
        frame_fail(frame, &err);
}

void *queries_run(void *arg)
{
    struct desk desk = {.seat = arg};
    struct request request;
    while (!frame_stopping(desk.seat->frame)) {
        bool bus_up = listening(&desk);
        if (seat_db_ready(desk.seat) && bus_up)
            seat_waits_for(desk.seat, NULL, NULL);
        if (!bus_up) {
            seat_pause(desk.seat, idle_ms);
            continue;
        }
        if (request_next(desk.seat->bus, desk.ear, idle_ms, &request)) {
            answer(desk.seat, &request);
            request_done(&request);
        }
    }
    seat_close(desk.seat);
    return NULL;
}
