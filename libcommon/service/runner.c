/* runner: slow work, one round after the other, outside any transaction. */
#include "frame.h"

#include "clock.h"
#include "log.h"

#include <time.h>

static const int64_t poll_default_ms = 1000;
static const int64_t retry_base_ms = 200;
static const int64_t retry_max_ms = 10000;
static const int64_t away_ms = 100;

/* Until woken since `seen`, or poll_ms passed. */
static void sleep_until_woken(struct frame *frame, uint64_t seen, int64_t poll_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += poll_ms / 1000;
    until.tv_nsec += poll_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&frame->lock);
    while (frame->wakes == seen && !frame_stopping(frame))
        if (pthread_cond_timedwait(&frame->woken, &frame->lock, &until) != 0)
            break;
    pthread_mutex_unlock(&frame->lock);
}

static uint64_t wakes_now(struct frame *frame)
{
    pthread_mutex_lock(&frame->lock);
    uint64_t wakes = frame->wakes;
    pthread_mutex_unlock(&frame->lock);
    return wakes;
}

static bool round_once(struct seat *seat, bool *ret_busy, struct err *err)
{
    struct frame *frame = seat->frame;
    struct work *work = &seat->work;
    arena_reset(work->arena);
    work->said = false;
    bool ok = frame->service->run(work, ret_busy, err);
    db_rollback(work->db);
    if (work->said && work->bus && frame->hints)
        bus_wake(work->bus);
    return ok;
}

static void round_failed(struct seat *seat, struct backoff *backoff, const struct err *err)
{
    int64_t now_ms = clock_boot_ms();
    if (err->kind == ERR_FATAL) {
        frame_fail(seat->frame, err);
        return;
    }
    service_count("runner_failures_total", 1);
    log_warn("runner failed", LOG_TEXT("why", err->text));
    backoff_failed(backoff, retry_base_ms, retry_max_ms, now_ms);
    seat_pause(seat, backoff->due_ms - now_ms);
}

void *runner_run(void *arg)
{
    struct seat *seat = arg;
    struct frame *frame = seat->frame;
    struct backoff backoff = {0};
    int64_t poll_ms = frame->service->runner_poll_ms;

    while (!frame_stopping(frame)) {
        struct err err = {0};
        bool busy = false;
        uint64_t seen = wakes_now(frame);
        if (!seat_db_ready(seat)) {
            seat_pause(seat, away_ms);
            continue;
        }
        if (seat_bus_ready(seat))
            seat_waits_for(seat, NULL, NULL);
        if (!round_once(seat, &busy, &err)) {
            round_failed(seat, &backoff, &err);
            continue;
        }
        backoff_worked(&backoff);
        if (!busy)
            sleep_until_woken(frame, seen, poll_ms ? poll_ms : poll_default_ms);
    }
    if (frame->service->leave && seat->work.db)
        frame->service->leave(&seat->work);
    seat_close(seat);
    return NULL;
}
