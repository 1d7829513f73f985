#include "pump.h"

#include "clock.h"
#include "log.h"
#include "outbox-relay_core_sql.h"

#include <assert.h>
#include <stdio.h>

enum { load_max = 512 };
static const int64_t answers_ms = 5000; /* for all answers of a load */
static const int failures_max = 5;      /* then something is wrong with more than these messages */
static const int64_t behind_max = 10000;
static const int64_t run_ms = 1000; /* then from the beginning again */

/* Rows of the outbox between their reading and their deletion. */
struct load {
    PGresult *rows; /* owned */
    int count, stored;
    bool is_stored[load_max];
    struct err err; /* why the last one that was not stored was not */
};

static void load_done(struct load *load)
{
    PQclear(load->rows);
    *load = (struct load){0};
}

static void load_take(struct load *load, PGresult *rows)
{
    load_done(load);
    load->rows = rows;
    load->count = PQntuples(rows);
    assert(load->count <= load_max);
}

static struct publication publication_of(const struct load *load, int row,
                                         char time[static CLOCK_TEXT])
{
    clock_text(db_time(load->rows, row, 5), time);
    return (struct publication){
        .subject = db_text(load->rows, row, 1),
        .id = db_text(load->rows, row, 2),
        .body = db_bytes(load->rows, row, 3),
        .traceparent = db_text(load->rows, row, 4),
        .time = time,
    };
}

static bool load_publish(struct load *load, struct publisher *publisher, struct err *err)
{
    char time[CLOCK_TEXT];
    for (int row = 0; row < load->count; row++) {
        struct publication publication = publication_of(load, row, time);
        if (!publisher_send(publisher, &publication, err))
            return false;
    }
    return true;
}

static void load_is_stored(struct load *load, int row)
{
    load->is_stored[row] = true;
    load->stored++;
}

/* Something was refused or not answered. Those that go through singly are stored, here or before,
 * under the same id; the others stay in the outbox. */
static void load_publish_singly(struct load *load, struct publisher *publisher)
{
    char time[CLOCK_TEXT];
    int failures = 0;
    for (int row = 0; row < load->count && failures < failures_max; row++) {
        struct publication publication = publication_of(load, row, time);
        if (publisher_send_one(publisher, &publication, &load->err))
            load_is_stored(load, row);
        else
            failures++;
    }
}

static void load_await(struct load *load, struct publisher *publisher)
{
    if (!publisher_wait(publisher, answers_ms, &load->err)) {
        load_publish_singly(load, publisher);
        return;
    }
    for (int row = 0; row < load->count; row++)
        load_is_stored(load, row);
}

static void ids(const struct load *load, bool only_stored, struct db_args *args)
{
    db_array_open(args, db_type_i64);
    for (int row = 0; row < load->count; row++)
        if (!only_stored || load->is_stored[row])
            db_arg_i64(args, db_i64(load->rows, row, 0));
    db_array_close(args);
}

static bool send_done(struct db *db, const struct load *load, struct err *err)
{
    DB_ARGS args = {0};
    ids(load, true, &args);
    return db_send(db, SQL_OUTBOX_DONE, &args, err) && db_sync(db, err);
}

/* What committed late has a lower id than what was read before. Such rows lie close behind; those
 * that lie further are found by the next run, which begins at 0. Beginning there each time would
 * walk over every row deleted since the last vacuum. */
static int64_t behind(const struct load *in_flight)
{
    int64_t first = in_flight->count > 0 ? db_i64(in_flight->rows, 0, 0) : 0;
    return first > behind_max ? first - behind_max : 0;
}

static bool send_due(struct db *db, const struct load *in_flight, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, behind(in_flight));
    ids(in_flight, false, &args);
    db_arg_i32(&args, load_max);
    return db_send(db, SQL_OUTBOX_DUE, &args, err) && db_sync(db, err);
}

static bool receive_done(struct db *db, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    return db_receive(db, &rows, err);
}

static bool receive_due(struct db *db, struct load *load, struct err *err)
{
    PGresult *rows = NULL;
    if (!db_receive(db, &rows, err))
        return false;
    load_take(load, rows);
    return true;
}

/* Publishes `now` while the server deletes `last` and reads `next`. */
static bool turn(struct work *work, struct publisher *publisher, struct load *last,
                 struct load *now, struct load *next, struct err *err)
{
    service_failpoint("after_select");
    if (!load_publish(now, publisher, err) || !send_done(work->db, last, err)
        || !send_due(work->db, now, err))
        return false;
    load_await(now, publisher);
    service_failpoint("after_publish");
    return receive_done(work->db, err) && receive_due(work->db, next, err);
}

static bool finish(struct work *work, const struct load *last, struct err *err)
{
    if (last->stored == 0)
        return true;
    if (!send_done(work->db, last, err) || !receive_done(work->db, err))
        return false;
    service_failpoint("after_delete");
    return true;
}

/* Few that are refused for themselves must not slow the others down. */
static bool what_is_left(const struct load *load, struct err *err)
{
    int left = load->count - load->stored;
    service_count("publish_refusals_total", left);
    if (load->stored == 0)
        return err_set(err, ERR_RETRY, "%d not published: %s", left, load->err.text);
    log_warn("not published", LOG_INT("messages", left), LOG_TEXT("why", load->err.text));
    return true;
}

static bool pump(struct work *work, struct publisher *publisher, struct load loads[3],
                 int64_t *count, bool *empty, struct err *err)
{
    struct load *last = &loads[0], *now = &loads[1], *next = &loads[2];
    if (!send_due(work->db, now, err) || !receive_due(work->db, now, err))
        return false;
    int64_t end_ms = clock_boot_ms() + run_ms;
    while (now->count > 0 && clock_boot_ms() < end_ms
           && !__atomic_load_n(work->stop, __ATOMIC_RELAXED)) {
        if (!turn(work, publisher, last, now, next, err))
            return false;
        *count += now->stored;
        struct load *spare = last;
        last = now;
        now = next;
        next = spare;
        load_done(next);
        if (last->stored < last->count)
            break;
    }
    *empty = now->count == 0 || last->stored < last->count;
    if (!finish(work, last, err))
        return false;
    return last->stored == last->count || what_is_left(last, err);
}

bool pump_run(struct work *work, struct publisher *publisher, int64_t *ret_count, bool *ret_empty,
              struct err *err)
{
    struct load loads[3] = {0};
    bool ok = pump(work, publisher, loads, ret_count, ret_empty, err);
    for (size_t i = 0; i < COUNT(loads); i++)
        load_done(&loads[i]);
    return ok;
}
