/* A job becomes a run for each account it is about, and a run its tasks; the runner, which the
 * frame wakes after the commit, does the slow part. A tick keeps a nightly flow for each account.
 */
#include "ingestor.h"

#include "data.pb-c.h"
#include "owned.h"
#include "pbcheck.h"
#include "store.h"

#include <inttypes.h>
#include <string.h>

enum { body_bytes_max = 512 };

typedef Aelp__V1__IngestJob ingest_job;
static void free_job(ingest_job *job)
{
    aelp__v1__ingest_job__free_unpacked(job, NULL);
}
DEFINE_OWNED(ingest_job, free_job)

/* What one job asks for; days are resolved when the account's date is known. */
struct ask {
    struct job job;
    const struct source *source;
    bool given; /* the window stands already */
    struct window window;
    uint32_t days; /* or 0: the source's own */
    bool probe;
};

static bool read_window(const ingest_job *body, struct ask *ask, struct err *err)
{
    ask->probe = body->probe;
    ask->days = body->days;
    if (body->days > SOURCE_DAYS_MAX)
        return err_set(err, ERR_REJECT, "more than %d days", SOURCE_DAYS_MAX);
    if (!*body->from && !*body->to)
        return true;
    ask->given = true;
    if (body->days || !source_day_read(body->from, &ask->window.from)
        || !source_day_read(body->to, &ask->window.to) || ask->window.from > ask->window.to
        || ask->window.to - ask->window.from >= SOURCE_DAYS_MAX)
        return err_set(err, ERR_REJECT, "from and to: two days, at most %d in all, and no `days`",
                       SOURCE_DAYS_MAX);
    return true;
}

static bool read_ask(struct arena *arena, const struct message *message, struct ask *ask,
                     struct err *err)
{
    OWNED(ingest_job) *body = NULL;
    ProtobufCMessage *unpacked = NULL;
    if (!pbcheck_unpack(&aelp__v1__ingest_job__descriptor, message->body, body_bytes_max, &unpacked,
                        err))
        return err_context(err, "IngestJob");
    body = (ingest_job *)unpacked;
    const char *name = strrchr(message->subject, '.') + 1;
    ask->source = source_find(name);
    if (!ask->source)
        return err_set(err, ERR_REJECT, "%.80s is no source", name);
    if (*body->account && source_of(body->account) != ask->source)
        return err_set(err, ERR_REJECT, "IngestJob.account: not of %s", name);
    ask->job = (struct job){
        .message_id =
            *message->id ? message->id : arena_format(arena, "job.%" PRIu64, message->sequence),
        .source = ask->source->name,
        .account = arena_text(arena, body->account, strlen(body->account)),
    };
    return read_window(body, ask, err);
}

static bool window_of(const struct ask *ask, const struct asked *asked, struct window *ret_window,
                      struct err *err)
{
    struct window window = ask->window;
    if (ask->probe)
        window = (struct window){asked->today - 1, asked->today - 1};
    else if (ask->days)
        window = (struct window){asked->today - (int32_t)ask->days, asked->today - 1};
    else if (!ask->given)
        window = source_window(ask->source, asked->today, asked->last);
    if (window.to > asked->today)
        return err_set(err, ERR_REJECT, "to: not a day of %s yet", asked->account);
    *ret_window = window;
    return true;
}

struct plan {
    struct run *runs;
    struct part *parts;
    size_t run_count, part_count, part_capacity;
};

static void add_part(struct arena *arena, struct plan *plan, struct part part)
{
    if (plan->part_count == plan->part_capacity) {
        size_t capacity = plan->part_capacity ? 2 * plan->part_capacity : 64;
        struct part *grown = arena_array(arena, capacity, sizeof *grown);
        if (plan->part_count)
            memcpy(grown, plan->parts, plan->part_count * sizeof *grown);
        plan->parts = grown;
        plan->part_capacity = capacity;
    }
    plan->parts[plan->part_count++] = part;
}

/* A probe is one task, whichever level. */
static void add_run(struct arena *arena, struct plan *plan, const struct source *source,
                    struct run run)
{
    struct run *added = &plan->runs[plan->run_count++];
    size_t levels = run.probe ? 1 : source->level_count;
    struct window window;
    *added = run;
    for (size_t i = 0; source_task(source, run.window, i, &window); i++)
        for (size_t level = 0; level < levels; level++)
            add_part(arena, plan, (struct part){added, source->levels[level], window});
}

/* Jobs that are about no account: a named one is unknown, and of a source there may be none. */
static bool settle_empty(struct work *work, const struct ask asks[], size_t count,
                         const struct asked asked[], size_t asked_count, struct err *err)
{
    bool *met = arena_array(work->arena, count, sizeof *met);
    for (size_t i = 0; i < asked_count; i++)
        met[asked[i].job] = true;
    for (size_t i = 0; i < count; i++) {
        if (!met[i] && *asks[i].job.account)
            return err_set(err, ERR_REJECT, "IngestJob.account: %.80s is not set up",
                           asks[i].job.account);
        if (!met[i] && !store_end_flow(work->db, asks[i].job.message_id, NULL, err))
            return false;
    }
    return true;
}

bool on_ingest(struct work *work, const struct batch *batch, struct err *err)
{
    struct arena *arena = work->arena;
    struct ask *asks = arena_array(arena, batch->count, sizeof *asks);
    struct job *jobs = arena_array(arena, batch->count, sizeof *jobs);
    struct asked *asked = NULL;
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (!read_ask(arena, &batch->message[i], &asks[i], err))
            return false;
        jobs[i] = asks[i].job;
    }
    if (!store_load_asked(work->db, arena, jobs, batch->count, &asked, &count, err)
        || !settle_empty(work, asks, batch->count, asked, count, err))
        return false;

    struct plan plan = {.runs = arena_array(arena, count, sizeof *plan.runs)};
    for (size_t i = 0; i < count; i++) {
        const struct ask *ask = &asks[asked[i].job];
        struct run run = {ask->job.message_id, asked[i].account, {0}, ask->probe};
        if (!window_of(ask, &asked[i], &run.window, err))
            return false;
        add_run(arena, &plan, ask->source, run);
    }
    return store_add_runs(work->db, plan.runs, plan.run_count, plan.parts, plan.part_count, err);
}

static struct bytes nightly_body(struct arena *arena, const char *account)
{
    ingest_job job = AELP__V1__INGEST_JOB__INIT;
    job.account = arena_text(arena, account, strlen(account));
    size_t length = aelp__v1__ingest_job__get_packed_size(&job);
    uint8_t *packed = arena_new_bytes(arena, length);
    (void)aelp__v1__ingest_job__pack(&job, packed); /* as long as it said */
    return bytes_of(packed, length);
}

bool on_flows(struct work *work, struct err *err)
{
    struct source_account *accounts = NULL;
    size_t count = 0;
    if (!store_load_accounts(work->db, work->arena, &accounts, &count, err))
        return false;
    struct bytes *bodies = arena_array(work->arena, count, sizeof *bodies);
    for (size_t i = 0; i < count; i++)
        bodies[i] = nightly_body(work->arena, accounts[i].name);
    return store_keep_flows(work->db, accounts, bodies, count, err);
}
