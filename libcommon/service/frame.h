/* frame: what the files of this archive share. One process is one frame. */
#pragma once

#include "service.h"

#include "backoff.h"
#include "fleet.h"
#include "inbox.h"
#include "micro.h"

#include <pthread.h>

enum { RUNNERS_MAX = 16, STANDING_TEXT = 300 };

struct frame_config {
    const char *database_url;
    const char *nats_url, *nats_user, *nats_password;
    const char *face_address;
    int64_t face_port;
};

/* One of the threads that work: its connections, and in words what it waits for. */
struct seat {
    struct frame *frame;
    char name[24];
    pthread_t thread;
    struct work work;
    struct bus *bus; /* work.bus is this one while it stands */
    struct backoff db_backoff;
    int64_t db_look_ms;
    pthread_mutex_t lock; /* of waits_for */
    char waits_for[STANDING_TEXT];
};

struct frame {
    struct service *service;
    const struct fleet_member *member;
    struct frame_config config;
    struct micro micro;
    bool hints;               /* the member may publish bus.wake */
    const char *query_filter; /* of the member's row; NULL: it answers no query */
    bool stop;                /* __atomic, because work.stop points here */
    struct seat worker, queries, runner[RUNNERS_MAX];
    int runner_count;

    pthread_mutex_t lock; /* of failure and wakes */
    pthread_cond_t woken;
    uint64_t wakes;
    struct err failure;
};

bool frame_stopping(const struct frame *frame);
/* Ends the process with this reason: FATAL from any thread. */
void frame_fail(struct frame *frame, const struct err *err);
void frame_stop(struct frame *frame);

/* seat.c */
void seat_open(struct seat *seat, struct frame *frame, const char *name);
void seat_close(struct seat *seat); /* on its own thread, as its last act */
bool seat_db_ready(struct seat *seat);
bool seat_bus_ready(struct seat *seat);
void seat_waits_for(struct seat *seat, const char *what, const char *why); /* NULL: nothing */
void seat_read_waits(struct seat *seat, char text[static STANDING_TEXT]);
void seat_pause(struct seat *seat, int64_t ms); /* ends early when the frame stops */

void *worker_run(void *seat);
void *runner_run(void *seat);
void *queries_run(void *seat);
/* The main thread's loop: opened, run until the frame stops, closed. */
bool face_open(struct frame *frame, struct err *err) MUST_CHECK;
void face_run(void);
void face_close(void);
void face_wake(void); /* from any thread: look at the frame again */

void failpoint_load(void);
/* Prometheus text. */
void metrics_print(struct frame *frame, struct buffer *text);
