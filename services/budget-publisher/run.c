/* One round: lease tasks, ask the ledger for orders, carry them out, say what became of them.
 *
 * A crash anywhere leaves the task to be leased again; the ledger's fence and the read-back decide
 * what is still to be done. */
#include "budget_publisher.h"

#include "carry.h"
#include "clock.h"
#include "log.h"
#include "store.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

enum { tasks_max = 256 };
static const int64_t retry_micros = 5 * 1000000;

static const char *owner_of(struct budget_publisher *publisher)
{
    if (!publisher->owner[0]) {
        char host[40] = "";
        (void)gethostname(host, sizeof host - 1);
        snprintf(publisher->owner, sizeof publisher->owner, "%s/%d", host, (int)getpid());
    }
    return publisher->owner;
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

static bool record(struct work *work, const struct saga_outcome outcomes[], size_t count,
                   struct ends *ends, struct err *err)
{
    struct budget_publisher *publisher = work->state;
    const char **refusals = arena_array(work->arena, count, sizeof *refusals);
    if (!db_begin(work->db, err)
        || !saga_finish(work->db, work->arena, outcomes, count, refusals, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!refusals[i]) {
            end_task(ends, &outcomes[i].id);
            continue;
        }
        log_warn("outcome refused", LOG_TEXT("why", refusals[i]));
        defer_task(ends, &outcomes[i].id, 0);
    }
    return store_end_tasks(work->db, publisher->owner, ends->done, ends->done_count, err)
        && store_defer_tasks(work->db, publisher->owner, ends->later, ends->later_at,
                             ends->later_count, err)
        && db_commit(work->db, err);
}

bool run_tasks(struct work *work, bool *ret_busy, struct err *err)
{
    struct task *tasks = NULL;
    size_t count = 0;
    if (!store_lease_tasks(work->db, work->arena, owner_of(work->state), tasks_max, &tasks, &count,
                           err))
        return false;
    *ret_busy = count == tasks_max;
    if (count == 0)
        return true;

    service_failpoint("after_lease");
    struct saga_order *orders = arena_array(work->arena, count, sizeof *orders);
    struct saga_order *going = arena_array(work->arena, count, sizeof *going);
    struct saga_outcome *outcomes = arena_array(work->arena, count, sizeof *outcomes);
    struct ends ends = {
        .done = arena_array(work->arena, count, sizeof *ends.done),
        .later = arena_array(work->arena, count, sizeof *ends.later),
        .later_at = arena_array(work->arena, count, sizeof *ends.later_at),
    };
    if (!take_orders(work, tasks, count, orders, err))
        return false;
    service_failpoint("after_begin");

    size_t going_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (orders[i].result == SAGA_OK)
            going[going_count++] = orders[i];
        else if (orders[i].result == SAGA_WAIT)
            defer_task(&ends, &orders[i].id, orders[i].retry_at);
        else
            end_task(&ends, &orders[i].id);
    }
    size_t outcome_count = 0;
    return carry_out(work, going, going_count, outcomes, &outcome_count, err)
        && record(work, outcomes, outcome_count, &ends, err);
}
