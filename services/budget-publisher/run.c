/* One round: lease tasks, ask the ledger for orders, carry them out, say what became of them.
 *
 * A crash anywhere leaves the task to be leased again; the ledger's fence and the read-back decide
 * what is still to be done. */
#include "budget_publisher.h"

#include "carry.h"
#include "clock.h"
#include "log.h"
#include "observe.h"
#include "store.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

enum { tasks_max = 256 };
static const int64_t retry_micros = 5000000;
static const int64_t observe_retry_ms = 10000;
static const int64_t lease_requests = 6; /* as long as that many requests: what a round may need */

bool start_publisher(struct service *service, struct err *err)
{
    struct budget_publisher *publisher = service->state;
    char host[40] = "";
    (void)err; /* nothing here can fail */
    (void)gethostname(host, sizeof host - 1);
    snprintf(publisher->owner, sizeof publisher->owner, "%s/%d", host, (int)getpid());
    return true;
}

static struct platform *take_platform(struct budget_publisher *publisher, volatile const bool *stop)
{
    const struct config *config = &publisher->config;
    struct platform *platform = NULL;
    pthread_mutex_lock(&publisher->lock);
    for (size_t i = 0; i < RUNNERS && !platform; i++)
        platform = TAKE(publisher->idle[i]);
    pthread_mutex_unlock(&publisher->lock);
    if (platform)
        return platform;
    const struct platform_settings settings = {
        .google_url = config->google_url,
        .google_token_url = config->google_token_url,
        .google_version = config->google_version,
        .google_client_id = config->google_client_id,
        .google_client_secret = config->google_client_secret,
        .google_refresh_token = config->google_refresh_token,
        .google_developer_token = config->google_developer_token,
        .google_login_customer_id = config->google_login_customer_id,
        .timeout_ms = config->timeout_ms,
        .stop = stop,
    };
    return platform_new(&settings);
}

/* No more are ever taken than there are places. */
static void give_platform(struct budget_publisher *publisher, struct platform *platform)
{
    size_t i = 0;
    pthread_mutex_lock(&publisher->lock);
    while (publisher->idle[i])
        i++;
    assert(i < RUNNERS);
    publisher->idle[i] = platform;
    pthread_mutex_unlock(&publisher->lock);
}

/* Orders for all tasks: those not begun are begun; the others, whose owner died, are taken over. */
static bool take_orders(struct work *work, const struct task tasks[], size_t count,
                        struct saga_order orders[], struct err *err)
{
    struct budget_publisher *publisher = work->state;
    struct saga_ask *asks = arena_array(work->arena, count, sizeof *asks);
    size_t fresh = 0;
    for (size_t i = 0; i < count; i++)
        if (!tasks[i].begun)
            asks[fresh++] = (struct saga_ask){tasks[i].saga, tasks[i].hash};
    size_t all = fresh;
    for (size_t i = 0; i < count; i++)
        if (tasks[i].begun)
            asks[all++] = (struct saga_ask){tasks[i].saga, tasks[i].hash};
    assert(all == count);

    enum saga_mode mode = publisher->config.allow_google_mutations ? SAGA_LIVE : SAGA_SHADOW;
    return saga_begin(work->db, work->arena, asks, fresh, publisher->owner, mode, orders, err)
        && saga_take_over(work->db, work->arena, asks + fresh, count - fresh, publisher->owner,
                          orders + fresh, err);
}

struct ends {
    struct uuid *done, *later;
    int64_t *later_at;
    size_t done_count, later_count;
};

static void end_task(struct ends *ends, const struct uuid *saga)
{
    ends->done[ends->done_count++] = *saga;
}

static void defer_task(struct ends *ends, const struct uuid *saga, int64_t at)
{
    ends->later[ends->later_count] = *saga;
    ends->later_at[ends->later_count++] = at > 0 ? at : clock_unix_micros() + retry_micros;
}

static void put_off(struct ends *ends, const struct carried *carried)
{
    char saga[UUID_TEXT];
    uuid_text(&carried->outcome.id, saga);
    log_info("put off", LOG_TEXT("saga", saga), LOG_TEXT("why", carried->why));
    service_count("orders_put_off_total", 1);
    defer_task(ends, &carried->outcome.id, carried->later_at);
}

/* What was carried out goes to the ledger; the rest, and what the ledger refused, comes again. */
static bool record(struct work *work, const struct carried carried[], size_t count,
                   struct ends *ends, struct err *err)
{
    struct budget_publisher *publisher = work->state;
    const char **refusals = arena_array(work->arena, count, sizeof *refusals);
    struct saga_outcome *outcomes = arena_array(work->arena, count, sizeof *outcomes);
    size_t settled = 0;
    for (size_t i = 0; i < count; i++)
        if (carried[i].settled)
            outcomes[settled++] = carried[i].outcome;
        else
            put_off(ends, &carried[i]);
    if (!db_begin(work->db, err)
        || !saga_finish(work->db, work->arena, outcomes, settled, refusals, err))
        return false;
    for (size_t i = 0; i < settled; i++) {
        if (!refusals[i]) {
            end_task(ends, &outcomes[i].id);
            continue;
        }
        char saga[UUID_TEXT];
        uuid_text(&outcomes[i].id, saga);
        log_warn("outcome refused", LOG_TEXT("saga", saga), LOG_TEXT("why", refusals[i]));
        defer_task(ends, &outcomes[i].id, 0);
    }
    return store_end_tasks(work->db, publisher->owner, ends->done, ends->done_count, err)
        && store_defer_tasks(work->db, publisher->owner, ends->later, ends->later_at,
                             ends->later_count, err)
        && db_commit(work->db, err);
}

static bool carry_orders(const struct carrier *carrier, const struct saga_order orders[],
                         size_t count, struct ends *ends, struct err *err)
{
    struct arena *arena = carrier->work->arena;
    struct saga_order *going = arena_array(arena, count, sizeof *going);
    struct carried *carried = arena_array(arena, count, sizeof *carried);
    size_t going_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (orders[i].result == SAGA_OK)
            going[going_count++] = orders[i];
        else if (orders[i].result == SAGA_WAIT)
            defer_task(ends, &orders[i].id, orders[i].retry_at);
        else
            end_task(ends, &orders[i].id);
    }
    return carry_out(carrier, going, going_count, carried, err)
        && record(carrier->work, carried, going_count, ends, err);
}

static bool run_leased(const struct carrier *carrier, const struct task tasks[], size_t count,
                       struct err *err)
{
    struct arena *arena = carrier->work->arena;
    struct saga_order *orders = arena_array(arena, count, sizeof *orders);
    struct ends ends = {
        .done = arena_array(arena, count, sizeof *ends.done),
        .later = arena_array(arena, count, sizeof *ends.later),
        .later_at = arena_array(arena, count, sizeof *ends.later_at),
    };
    service_failpoint("after_lease");
    if (!take_orders(carrier->work, tasks, count, orders, err))
        return false;
    service_failpoint("after_begin");
    if (!carry_orders(carrier, orders, count, &ends, err))
        return false;
    service_failpoint("after_record");
    return true;
}

/* One runner of the two takes the reading when it is due; the other goes on with orders. */
static bool observe_when_due(const struct carrier *carrier, struct err *err)
{
    struct budget_publisher *publisher = carrier->work->state;
    int64_t now_ms = clock_boot_ms(), due_ms = atomic_load(&publisher->observe_boot_ms);
    int64_t next_ms = now_ms + publisher->config.observe_s * 1000;
    bool whole = false;
    if (now_ms < due_ms
        || !atomic_compare_exchange_strong(&publisher->observe_boot_ms, &due_ms, next_ms))
        return true;
    bool ok = observe_accounts(carrier, &whole, err);
    if ((!ok || !whole) && next_ms > now_ms + observe_retry_ms)
        atomic_store(&publisher->observe_boot_ms, now_ms + observe_retry_ms);
    return ok;
}

static bool run_round(const struct carrier *carrier, bool *ret_busy, struct err *err)
{
    struct work *work = carrier->work;
    struct budget_publisher *publisher = work->state;
    struct task *tasks = NULL;
    size_t count = 0;
    if (!observe_when_due(carrier, err)
        || !store_lease_tasks(work->db, work->arena, publisher->owner, tasks_max,
                              lease_requests * publisher->config.timeout_ms, &tasks, &count, err))
        return false;
    *ret_busy = count == tasks_max;
    return count == 0 || run_leased(carrier, tasks, count, err);
}

bool run_tasks(struct work *work, bool *ret_busy, struct err *err)
{
    struct budget_publisher *publisher = work->state;
    struct carrier carrier = {
        .work = work,
        .platform = take_platform(publisher, work->stop),
        .may_send = publisher->config.allow_google_mutations,
        .history_lag_s = publisher->config.history_lag_s,
    };
    bool ok = run_round(&carrier, ret_busy, err);
    give_platform(publisher, carrier.platform);
    return ok;
}
