/* seat: a working thread and its two connections, which it waits for and never gives up on. */
#include "frame.h"

#include "clock.h"
#include "log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const int64_t db_retry_base_ms = 100;
static const int64_t db_retry_max_ms = 5000;
static const int64_t db_look_every_ms = 500;

void seat_open(struct seat *seat, struct frame *frame, const char *name)
{
    const struct frame_config *config = &frame->config;
    seat->frame = frame;
    snprintf(seat->name, sizeof seat->name, "%s", name);
    pthread_mutex_init(&seat->lock, NULL);
    snprintf(seat->waits_for, sizeof seat->waits_for, "%s has not begun", name);
    seat->work = (struct work){
        .arena = arena_new(),
        .state = frame->service->state,
        .stop = &frame->stop,
    };
    seat->bus = bus_new(&(struct bus_settings){.url = config->nats_url,
                                               .user = config->nats_user,
                                               .password = config->nats_password,
                                               .service = frame->service->name});
}

void seat_close(struct seat *seat)
{
    bus_free(seat->bus);
    db_close(seat->work.db);
    arena_free(seat->work.arena);
}

void seat_waits_for(struct seat *seat, const char *what, const char *why)
{
    char text[STANDING_TEXT] = "";
    if (what)
        snprintf(text, sizeof text, "%s waits for %s: %s", seat->name, what, why);
    pthread_mutex_lock(&seat->lock);
    bool changed = strcmp(text, seat->waits_for) != 0;
    memcpy(seat->waits_for, text, sizeof text);
    pthread_mutex_unlock(&seat->lock);
    if (changed && what)
        log_info("waiting", LOG_TEXT("thread", seat->name), LOG_TEXT("for", what),
                 LOG_TEXT("why", why));
    else if (changed)
        log_info("ready", LOG_TEXT("thread", seat->name));
}

void seat_read_waits(struct seat *seat, char text[static STANDING_TEXT])
{
    pthread_mutex_lock(&seat->lock);
    memcpy(text, seat->waits_for, STANDING_TEXT);
    pthread_mutex_unlock(&seat->lock);
}

/* An idle connection does not notice by itself that the server has gone. */
static void look_for_end(struct seat *seat)
{
    int64_t now_ms = clock_boot_ms();
    if (now_ms < seat->db_look_ms || db_lost(seat->work.db))
        return;
    seat->db_look_ms = now_ms + db_look_every_ms;
    (void)PQconsumeInput(db_conn(seat->work.db)); /* what it finds shows in db_lost */
}

static bool db_up(struct seat *seat, struct err *err)
{
    struct frame *frame = seat->frame;
    if (seat->work.db) {
        look_for_end(seat);
        return db_ready(seat->work.db, err);
    }
    return db_open(&seat->work.db, frame->config.database_url, frame->service->name, err);
}

bool seat_db_ready(struct seat *seat)
{
    struct err err = {0};
    int64_t now_ms = clock_boot_ms();
    if (now_ms < seat->db_backoff.due_ms)
        return false;
    if (db_up(seat, &err)) {
        backoff_worked(&seat->db_backoff);
        return true;
    }
    if (err.kind == ERR_FATAL)
        frame_fail(seat->frame, &err);
    backoff_failed(&seat->db_backoff, db_retry_base_ms, db_retry_max_ms, now_ms);
    seat_waits_for(seat, "Postgres", err.text);
    return false;
}

bool seat_bus_ready(struct seat *seat)
{
    struct err err = {0};
    bool ready = bus_ready(seat->bus, &err);
    seat->work.bus = ready ? seat->bus : NULL;
    if (!ready)
        seat_waits_for(seat, "NATS", err.text);
    return ready;
}

void seat_pause(struct seat *seat, int64_t ms)
{
    static const int64_t slice_ms = 50;
    for (int64_t end_ms = clock_boot_ms() + ms; !frame_stopping(seat->frame);) {
        int64_t left_ms = end_ms - clock_boot_ms();
        if (left_ms <= 0)
            return;
        if (left_ms > slice_ms)
            left_ms = slice_ms;
        nanosleep(&(struct timespec){0, left_ms * 1000000}, NULL);
    }
}
