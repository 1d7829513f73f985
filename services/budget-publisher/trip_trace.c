/* trip_trace: whether a budget was written since the order was first sent. */
#include "clock.h"
#include "store.h"
#include "trip.h"

#include <assert.h>
#include <string.h>

/* Sends come sorted by account; one history covers an account from its earliest send on. */
static size_t ask(struct arena *arena, const struct send sends[], size_t count,
                  struct platform_history **ret_histories)
{
    struct platform_history *histories = arena_array(arena, count, sizeof *histories);
    size_t asked = 0;
    for (size_t i = 0; i < count; i++) {
        struct platform_history *last = asked ? &histories[asked - 1] : NULL;
        if (!last || strcmp(last->account, sends[i].account) != 0)
            histories[asked++] = (struct platform_history){
                .account = sends[i].account,
                .since_local = sends[i].since_local,
                .until_local = sends[i].until_local,
            };
        else if (strcmp(sends[i].since_local, last->since_local) < 0)
            last->since_local = sends[i].since_local;
    }
    *ret_histories = histories;
    return asked;
}

static bool written(const struct platform_history *history, const struct send *send,
                    const struct trip *trip)
{
    for (size_t c = 0; c < history->change_count; c++)
        for (size_t n = 0; n < trip->order->effect_count; n++)
            if (strcmp(trip->wants[n].account, history->account) == 0
                && strcmp(history->changes[c].resource, trip->wants[n].resource) == 0
                && strcmp(history->changes[c].local_time, send->since_local) >= 0)
                return true;
    return false;
}

static enum trace trace_of(const struct platform_history *history, const struct send *send,
                           const struct trip *trip)
{
    enum platform_fate fate = history->reply.fate;
    if (fate == PLATFORM_TRANSIENT || fate == PLATFORM_THROTTLED || fate == PLATFORM_AUTH)
        return TRACE_LATER;
    if (fate != PLATFORM_OK || !history->whole)
        return TRACE_UNREADABLE;
    return written(history, send, trip) ? TRACE_WRITTEN : TRACE_NONE;
}

static const struct platform_history *history_of(const struct platform_history histories[],
                                                 size_t count, const char *account)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(histories[i].account, account) == 0)
            return &histories[i];
    return NULL;
}

static struct trip *trip_of(struct trip *const trips[], size_t count, const struct uuid *saga)
{
    for (size_t i = 0; i < count; i++)
        if (uuid_equal(&trips[i]->order->id, saga))
            return trips[i];
    return NULL;
}

/* Of several accounts the worst counts, in this order. */
static void worsen(struct trip *trip, enum trace trace)
{
    static const int rank[] = {[TRACE_NOT_ASKED] = 0,
                               [TRACE_NONE] = 1,
                               [TRACE_LATER] = 2,
                               [TRACE_UNREADABLE] = 3,
                               [TRACE_WRITTEN] = 4};
    if (rank[trace] > rank[trip->trace])
        trip->trace = trace;
}

bool trips_trace(const struct carrier *carrier, struct trip *trips[], size_t count, struct err *err)
{
    struct arena *arena = carrier->work->arena;
    struct uuid *sagas = arena_array(arena, count, sizeof *sagas);
    struct send *sends = NULL;
    struct platform_history *histories = NULL;
    size_t send_count = 0;
    for (size_t i = 0; i < count; i++)
        sagas[i] = trips[i]->order->id;
    if (!store_load_sends(carrier->work->db, arena, sagas, count, carrier->history_lag_s, &sends,
                          &send_count, err))
        return false;

    size_t asked = ask(arena, sends, send_count, &histories);
    platform_read_changes(carrier->platform, arena, histories, asked);
    int64_t now = clock_unix_micros();
    for (size_t i = 0; i < send_count; i++) {
        struct trip *trip = trip_of(trips, count, &sends[i].saga);
        const struct platform_history *history = history_of(histories, asked, sends[i].account);
        assert(trip && history);
        bool early = now < sends[i].shown_at;
        if (early && sends[i].shown_at > trip->later_at)
            trip->later_at = sends[i].shown_at;
        enum trace trace = trace_of(history, &sends[i], trip);
        worsen(trip, early && trace == TRACE_NONE ? TRACE_LATER : trace);
    }
    return true;
}
