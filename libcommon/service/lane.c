#include "lane.h"

#include "aelp_service_sql.h"
#include "clock.h"
#include "log.h"
#include "split.h"

#include <stdio.h>
#include <time.h>

static const int32_t attempts_max = 5;
static const size_t again_max = 64; /* redelivered ones in one turn */
static const int again_tries = 3;   /* of a batch that met a deadlock or the like */
static const int64_t again_pause_ms = 5;
static const int64_t nak_base_ms = 500;
static const int64_t nak_max_ms = 30000;

/* A run of deliveries on their way through the handler. */
struct run {
    const struct lane_turn *turn;
    const struct delivery *delivery;
    int32_t attempts; /* of a redelivered one; 1 otherwise */
    struct err err;   /* the latest failure */
};

static enum err_kind kind_of(const struct err *err)
{
    return err->kind == ERR_NONE ? ERR_RETRY
                                 : err->kind; /* a failure without a kind is no success */
}

static bool handle_in_transaction(struct run *run, const struct batch *batch)
{
    struct work *work = &run->turn->seat->work;
    arena_reset(work->arena);
    if (!db_begin(work->db, &run->err) || !run->turn->lane->route->handle(work, batch, &run->err))
        return false;
    service_failpoint("before_commit");
    return db_commit(work->db, &run->err);
}

static enum err_kind handle_once(struct run *run, const struct batch *batch)
{
    run->err = (struct err){0};
    if (handle_in_transaction(run, batch)) {
        service_failpoint("after_commit");
        return ERR_NONE;
    }
    db_rollback(run->turn->seat->work.db);
    return kind_of(&run->err);
}

static enum err_kind attempt(void *arg, size_t first, size_t count)
{
    struct run *run = arg;
    struct lane *lane = run->turn->lane;
    struct batch batch = {lane->message, count};
    int64_t begun_ns = clock_boot_ns();
    enum err_kind kind;

    for (size_t i = 0; i < count; i++)
        lane->message[i] = run->delivery[first + i].message;
    log_context(batch.message[0].subject, count == 1 ? batch.message[0].id : NULL, NULL);
    for (int tries = 1;; tries++) {
        kind = handle_once(run, &batch);
        if (kind != ERR_RETRY || tries == again_tries || db_lost(run->turn->seat->work.db))
            break;
        seat_pause(run->turn->seat, again_pause_ms * tries);
    }
    log_context(NULL, NULL, NULL);
    atomic_fetch_add(&lane->endpoint->nanoseconds, clock_boot_ns() - begun_ns);
    return kind;
}

static void applied(void *arg, size_t first, size_t count)
{
    struct run *run = arg;
    const struct lane_turn *turn = run->turn;
    inbox_ack(turn->inbox, run->delivery + first, count);
    service_failpoint("after_ack");
    if (turn->seat->frame->service->run)
        service_wake_runner();
    if (turn->seat->frame->hints)
        bus_wake(turn->seat->bus);
    backoff_worked(&turn->lane->backoff);
    atomic_fetch_add(&turn->lane->endpoint->requests, (int64_t)count);
    service_count("batches_total", 1);
    service_count("messages_total", (int64_t)count);
}

static bool bury_row(const struct run *run, const struct delivery *delivery, struct err *err)
{
    struct seat *seat = run->turn->seat;
    struct buffer headers = {0};
    DB_ARGS args = {0};
    inbox_headers(delivery, &headers);
    db_arg_text(&args, seat->frame->service->name);
    db_arg_text(&args, run->turn->lane->stream);
    db_arg_i64(&args, (int64_t)delivery->message.sequence);
    db_arg_text(&args, delivery->message.subject);
    db_arg_text(&args, delivery->message.id);
    db_arg_bytes(&args, delivery->message.body);
    db_arg_text(&args, (const char *)headers.data);
    db_arg_text(&args, run->err.text);
    db_arg_i32(&args, run->attempts);
    buffer_done(&headers);
    return db_exec(seat->work.db, SQL_BURY, &args, err);
}

static enum err_kind bury(void *arg, size_t at)
{
    struct run *run = arg;
    const struct delivery *delivery = &run->delivery[at];
    struct err err = {0};
    log_context(delivery->message.subject, delivery->message.id, NULL);
    log_warn("message buried", LOG_TEXT("why", run->err.text));
    log_context(NULL, NULL, NULL);
    if (!bury_row(run, delivery, &err)) {
        run->err = err;
        return kind_of(&err) == ERR_FATAL ? ERR_FATAL : ERR_RETRY;
    }
    service_failpoint("after_bury");
    inbox_term(run->turn->inbox, delivery);
    atomic_fetch_add(&run->turn->lane->endpoint->errors, 1);
    service_count("messages_dead_total", 1);
    return ERR_NONE;
}

/* ERR_RETRY: these come again later. */
static void give_back(const struct run *run, const struct delivery delivery[], size_t count,
                      int64_t delay_ms)
{
    const struct lane_turn *turn = run->turn;
    inbox_nak(turn->inbox, delivery, count, delay_ms);
    atomic_fetch_add(&turn->lane->endpoint->errors, 1);
    service_count("messages_given_back_total", (int64_t)count);
    log_warn("given back", LOG_TEXT("route", turn->lane->route->filter),
             LOG_INT("messages", (int64_t)count), LOG_TEXT("why", run->err.text));
}

/* The whole batch, because nobody knows whose fault it is; the lane's fresh ones rest as long. */
static void batch_failed(const struct run *run, enum err_kind kind,
                         const struct delivery delivery[], size_t count)
{
    struct lane *lane = run->turn->lane;
    int64_t now_ms = clock_boot_ms();
    if (kind == ERR_FATAL) {
        frame_fail(run->turn->seat->frame, &run->err);
        return;
    }
    backoff_failed(&lane->backoff, nak_base_ms, nak_max_ms, now_ms);
    give_back(run, delivery, count, lane->backoff.due_ms - now_ms);
    inbox_pause(run->turn->inbox, run->turn->route, lane->backoff.due_ms);
}

/* One that failed alone waits for itself only, longer each time. */
static void give_back_one(const struct run *run, const struct delivery *delivery)
{
    uint64_t tries = delivery->message.deliveries < 16 ? delivery->message.deliveries : 16;
    give_back(
        run, delivery, 1,
        backoff_ms((unsigned)tries, nak_base_ms, nak_max_ms, (uint32_t)delivery->message.sequence));
}

static enum err_kind work_through(struct run *run, size_t count, size_t *ret_settled)
{
    struct split split = {attempt, applied, bury, run};
    return split_run(&split, count, ret_settled);
}

static void work_fresh(const struct lane_turn *turn, const struct delivery delivery[], size_t count)
{
    struct run run = {.turn = turn, .delivery = delivery, .attempts = 1};
    size_t settled;
    enum err_kind kind = work_through(&run, count, &settled);
    if (kind != ERR_NONE)
        batch_failed(&run, kind, delivery + settled, count - settled);
}

static void sequence_args(const struct lane_turn *turn, const struct delivery delivery[],
                          size_t count, struct db_args *args)
{
    db_arg_text(args, turn->lane->durable);
    DB_ARRAY(args, i64, i, count, (int64_t)delivery[i].message.sequence);
}

/* Committed before any of them is handled: if one kills us, its count stands. */
static bool mark(struct run *run, size_t count, PGresult **ret_rows)
{
    DB_ARGS args = {0};
    sequence_args(run->turn, run->delivery, count, &args);
    return db_query(run->turn->seat->work.db, SQL_ATTEMPT_MARK, &args, ret_rows, &run->err);
}

static void unmark(const struct run *run, size_t count)
{
    DB_ARGS args = {0};
    struct err ignored = {0};
    if (count == 0)
        return;
    sequence_args(run->turn, run->delivery, count, &args);
    if (!db_exec(run->turn->seat->work.db, SQL_ATTEMPT_CLEAR, &args, &ignored))
        log_debug("marks left to age out");
}

static int32_t attempts_of(PGresult *rows, uint64_t sequence)
{
    for (int row = 0; row < PQntuples(rows); row++)
        if (db_i64(rows, row, 0) == (int64_t)sequence)
            return db_i32(rows, row, 1);
    return 1;
}

static enum err_kind work_one(struct run *run)
{
    size_t settled;
    if (run->attempts <= attempts_max)
        return work_through(run, 1, &settled);
    err_set(&run->err, ERR_REJECT, "did not survive %d attempts", attempts_max);
    return bury(run, 0);
}

/* One by one: any of them may be what killed the process that had it. False: no use going on. */
static bool work_marked(const struct lane_turn *turn, const struct delivery *delivery,
                        PGresult *marks)
{
    struct run run = {.turn = turn,
                      .delivery = delivery,
                      .attempts = attempts_of(marks, delivery->message.sequence)};
    enum err_kind kind = work_one(&run);
    if (kind == ERR_FATAL)
        frame_fail(turn->seat->frame, &run.err);
    else if (kind != ERR_NONE)
        give_back_one(&run, delivery);
    return kind != ERR_FATAL && !db_lost(turn->seat->work.db);
}

static void work_again(const struct lane_turn *turn, const struct delivery delivery[], size_t count)
{
    OWNED(PGresult) *marks = NULL;
    struct run run = {.turn = turn, .delivery = delivery};
    if (!mark(&run, count, &marks)) {
        batch_failed(&run, kind_of(&run.err), delivery, count);
        return;
    }
    size_t done = 0;
    while (done < count && work_marked(turn, &delivery[done], marks))
        done++;
    unmark(&run, count); /* we live; what was not reached comes again when its ack_wait is over */
}

bool lane_work(const struct lane_turn *turn, enum inbox_kind kind)
{
    struct delivery *delivery;
    size_t max = kind == INBOX_FRESH ? INBOX_BATCH_MAX : again_max;
    if (kind == INBOX_FRESH && clock_boot_ms() < turn->lane->backoff.due_ms)
        return false;
    size_t count = inbox_take(turn->inbox, turn->route, kind, max, &delivery);
    if (count == 0)
        return false;
    if (kind == INBOX_FRESH)
        work_fresh(turn, delivery, count);
    else
        work_again(turn, delivery, count);
    inbox_done(turn->inbox, turn->route, kind, count);
    return true;
}
