/* worker: takes what is there for each route in turn, handles it, settles it; runs the ticks. */
#include "lane.h"

#include "clock.h"
#include "log.h"

static const int64_t idle_ms = 100; /* how long a stop may go unnoticed */
static const int64_t missing_hint_ms = 1000;

struct worker {
    struct seat *seat;
    struct inbox *inbox;
    uint64_t epoch; /* of the connection the inbox stands on */
    struct lane *lane;
    size_t lane_count;
    int64_t *tick_due_ms;
    int64_t hinted_ms;
};

static void lanes_make(struct worker *worker)
{
    struct frame *frame = worker->seat->frame;
    const struct service *service = frame->service;
    worker->lane_count = service->route_count;
    worker->lane = mem_array(worker->lane_count, sizeof *worker->lane);
    worker->tick_due_ms = mem_array(service->tick_count, sizeof *worker->tick_due_ms);
    for (size_t i = 0; i < worker->lane_count; i++) {
        struct lane *lane = &worker->lane[i];
        lane->route = &service->routes[i];
        lane->stream = fleet_stream_of(lane->route->filter)->name;
        lane->endpoint = &frame->micro.endpoints[i];
        fleet_durable(service->name, lane->route->filter, lane->durable);
    }
}

/* A new connection has nothing of the old one's. */
static bool inbox_ready(struct worker *worker)
{
    struct err err = {0};
    struct inbox_route routes[INBOX_ROUTES_MAX];
    struct bus *bus = worker->seat->bus;
    if (worker->inbox && worker->epoch == bus_epoch(bus))
        return true;
    inbox_close(worker->inbox);
    worker->inbox = NULL;
    for (size_t i = 0; i < worker->lane_count; i++)
        routes[i] = (struct inbox_route){worker->lane[i].stream, worker->lane[i].durable};
    if (!micro_serve(&worker->seat->frame->micro, bus, &err)
        || !inbox_open(bus, routes, worker->lane_count, &worker->inbox, &err)) {
        seat_waits_for(worker->seat, "NATS", err.text);
        return false;
    }
    worker->epoch = bus_epoch(bus);
    worker->hinted_ms = clock_boot_ms();
    return true;
}

static void say_standing(struct worker *worker)
{
    const char *missing = inbox_missing(worker->inbox);
    int64_t now_ms = clock_boot_ms();
    if (!missing) {
        seat_waits_for(worker->seat, NULL, NULL);
        return;
    }
    seat_waits_for(worker->seat, "its consumer", missing);
    if (worker->seat->frame->hints && now_ms - worker->hinted_ms > missing_hint_ms) {
        worker->hinted_ms = now_ms;
        bus_wake_for_topology(worker->seat->bus);
    }
}

static void tick_run(struct worker *worker, const struct tick *tick)
{
    struct work *work = &worker->seat->work;
    struct err err = {0};
    arena_reset(work->arena);
    work->said = false;
    if (db_begin(work->db, &err) && tick->run(work, &err) && db_commit(work->db, &err)) {
        if (work->said && work->bus && worker->seat->frame->hints)
            bus_wake(work->bus);
        return;
    }
    db_rollback(work->db);
    if (err.kind == ERR_FATAL)
        frame_fail(worker->seat->frame, &err);
    service_count("tick_failures_total", 1);
    log_warn("tick failed", LOG_TEXT("tick", tick->name), LOG_TEXT("why", err.text));
}

static void ticks_run(struct worker *worker)
{
    const struct service *service = worker->seat->frame->service;
    for (size_t i = 0; i < service->tick_count; i++) {
        int64_t now_ms = clock_boot_ms();
        if (now_ms < worker->tick_due_ms[i])
            continue;
        worker->tick_due_ms[i] = now_ms + service->ticks[i].every_ms;
        tick_run(worker, &service->ticks[i]);
    }
}

static int64_t until_tick_ms(const struct worker *worker)
{
    int64_t now_ms = clock_boot_ms(), wait_ms = idle_ms;
    for (size_t i = 0; i < worker->seat->frame->service->tick_count; i++)
        if (worker->tick_due_ms[i] - now_ms < wait_ms)
            wait_ms = worker->tick_due_ms[i] - now_ms;
    return wait_ms > 0 ? wait_ms : 0;
}

/* Each lane has its turn in each round, so none starves another. */
static bool lanes_work(struct worker *worker)
{
    bool busy = false;
    for (size_t i = 0; i < worker->lane_count; i++) {
        struct lane_turn turn = {worker->seat, worker->inbox, &worker->lane[i], i};
        busy |= lane_work(&turn, INBOX_FRESH);
        busy |= lane_work(&turn, INBOX_AGAIN);
    }
    return busy;
}

static void round_once(struct worker *worker, bool *busy)
{
    struct seat *seat = worker->seat;
    bool bus_up = seat_bus_ready(seat) && inbox_ready(worker);
    if (!seat_db_ready(seat)) {
        seat_pause(seat, idle_ms);
        return;
    }
    ticks_run(worker);
    if (!bus_up) {
        seat_pause(seat, idle_ms);
        return;
    }
    if (!inbox_fill(worker->inbox, *busy ? 0 : until_tick_ms(worker)))
        return; /* the connection broke; the next round makes a new one */
    say_standing(worker);
    *busy = lanes_work(worker);
}

void *worker_run(void *arg)
{
    struct worker worker = {.seat = arg};
    bool busy = false;
    lanes_make(&worker);
    while (!frame_stopping(worker.seat->frame))
        round_once(&worker, &busy);
    seat_close(worker.seat);
    inbox_close(worker.inbox);
    mem_free(worker.lane);
    mem_free(worker.tick_due_ms);
    return NULL;
}
