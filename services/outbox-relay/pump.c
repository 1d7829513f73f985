#include "pump.h"

#include "clock.h"
#include "outbox-relay_core_sql.h"

#include <assert.h>
#include <stdio.h>

enum { load_max = 512 };
static const int64_t answers_ms = 5000; /* for all answers of a load */
static const int64_t behind_max = 10000;
static const int64_t run_ms = 1000; /* then from the beginning again */

/* Rows of the outbox between their reading and their deletion. */
struct load {
    PGresult *rows; /* owned */
    int count, stored;
    uint64_t first; /* number of the first row's publication */
    bool is_stored[load_max];
    char reason[160]; /* of the last one that was not */
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

static bool load_publish(struct load *load, struct publisher *publisher, struct err *err)
{
    for (int row = 0; row < load->count; row++) {
        char time[CLOCK_TEXT];
        uint64_t number;
        clock_text(db_time(load->rows, row, 5), time);
        struct publication publication = {
            .subject = db_text(load->rows, row, 1),
            .id = db_text(load->rows, row, 2),
            .body = db_bytes(load->rows, row, 3),
            .traceparent = db_text(load->rows, row, 4),
            .time = time,
        };
        if (!publisher_send(publisher, &publication, &number, err))
            return false;
        if (row == 0)
            load->first = number;
    }
    return true;
}

/* What does not arrive in time stays in the outbox and is said again under its old id. */
static void load_await(struct load *load, struct publisher *publisher)
{
    int64_t end_ms = clock_boot_ms() + answers_ms;
    struct publisher_answer answer;
    for (int answers = 0; answers < load->count; answers++) {
        int64_t left_ms = end_ms - clock_boot_ms();
        if (left_ms <= 0 || !publisher_next(publisher, left_ms, &answer))
            break;
        uint64_t at = answer.number - load->first;
        if (!answer.stored)
            snprintf(load->reason, sizeof load->reason, "%s", answer.reason);
        else if (answer.number < load->first)
            answers--; /* of an earlier load that was given up */
        else if (at < (uint64_t)load->count && !load->is_stored[at]) {
            load->is_stored[at] = true;
            load->stored++;
        }
    }
    if (load->stored < load->count && !load->reason[0])
        snprintf(load->reason, sizeof load->reason, "no answer");
}

static void ids(const struct load *load, bool only_stored, struct db_args *args)
{
    db_array_open(args, DB_INT8);
    for (int row = 0; row < load->count; row++)
        if (!only_stored || load->is_stored[row])
            db_array_i64(args, db_i64(load->rows, row, 0));
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
    return last->stored == 0 || (send_done(work->db, last, err) && receive_done(work->db, err));
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
    *empty = now->count == 0;
    if (!finish(work, last, err))
        return false;
    if (last->stored < last->count)
        return err_set(err, ERR_RETRY, "%d of %d not published: %s", last->count - last->stored,
                       last->count, last->reason);
    return true;
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
