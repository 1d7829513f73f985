#include "carry.h"

#include "clock.h"

#include <inttypes.h>

static const int64_t retry_micros = 5000000;
static const int64_t retry_steps_max = 12;

static bool is_quiet(const struct saga_order *order)
{
    return order->effect_count == 0 || order->mode == SAGA_SHADOW;
}

static struct trip *open_trips(struct arena *arena, const struct saga_order orders[], size_t count)
{
    struct trip *trips = arena_array(arena, count, sizeof *trips);
    for (size_t i = 0; i < count; i++) {
        const struct saga_order *order = &orders[i];
        struct want *wants = arena_array(arena, order->effect_count, sizeof *wants);
        for (size_t n = 0; n < order->effect_count; n++)
            wants[n] = (struct want){
                .account = order->effects[n].account,
                .resource = order->effects[n].resource,
                .before_micros = order->effects[n].before_micros,
                .after_micros = order->effects[n].after_micros,
            };
        trips[i] = (struct trip){
            .order = order,
            .wants = wants,
            .verdict = is_quiet(order) ? VERDICT_APPLIED : VERDICT_SEND,
        };
    }
    return trips;
}

static size_t choose(struct trip trips[], size_t count, enum verdict verdict, bool live,
                     struct trip *chosen[])
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (trips[i].verdict == verdict && (trips[i].order->mode == SAGA_LIVE) == live)
            chosen[found++] = &trips[i];
    return found;
}

/* The longest wait a reply asks for, or one that grows with the attempts. */
static void postpone(struct trip *trip)
{
    int64_t steps = trip->order->fence < retry_steps_max ? trip->order->fence : retry_steps_max;
    int64_t wait_micros = retry_micros * steps;
    for (size_t i = 0; i < trip->order->effect_count; i++) {
        const struct want *want = &trip->wants[i];
        if (want->looked.wait_ms * 1000 > wait_micros)
            wait_micros = want->looked.wait_ms * 1000;
        if (want->sent.wait_ms * 1000 > wait_micros)
            wait_micros = want->sent.wait_ms * 1000;
    }
    if (trip->later_at < clock_unix_micros() + wait_micros)
        trip->later_at = clock_unix_micros() + wait_micros;
}

static bool looked_well(const struct trip *trip)
{
    for (size_t i = 0; i < trip->order->effect_count; i++)
        if (trip->wants[i].looked.fate != PLATFORM_OK)
            return false;
    return true;
}

/* Reads what the live orders name and judges which of them may be sent. */
static bool judge_all(const struct carrier *carrier, struct trip trips[], size_t count,
                      struct trip *chosen[], struct err *err)
{
    size_t live = choose(trips, count, VERDICT_SEND, true, chosen);
    trips_look(carrier, chosen, live);
    for (size_t i = 0; i < live; i++) {
        struct trip *trip = chosen[i];
        const struct saga_order *order = trip->order;
        trip->verdict = looked_well(trip)
            ? judge_standing(trip->wants, order->effect_count, order->back, order->sent,
                             TRACE_NOT_ASKED)
            : VERDICT_WAIT;
    }
    size_t asking = choose(trips, count, VERDICT_ASK, true, chosen);
    if (asking > 0 && !trips_trace(carrier, chosen, asking, err))
        return false;
    for (size_t i = 0; i < asking; i++)
        chosen[i]->verdict = judge_standing(chosen[i]->wants, chosen[i]->order->effect_count,
                                            chosen[i]->order->back, true, chosen[i]->trace);
    return true;
}

static void send_live(const struct carrier *carrier, struct trip *trips[], size_t count)
{
    service_failpoint("before_post");
    trips_send(carrier, trips, count);
    service_failpoint("after_post");
    service_count("orders_sent_total", (int64_t)count);
    trips_look(carrier, trips, count);
    for (size_t i = 0; i < count; i++)
        trips[i]->verdict = judge_sent(trips[i]->wants, trips[i]->order->effect_count);
}

static void send_trials(const struct carrier *carrier, struct trip *trips[], size_t count)
{
    trips_send(carrier, trips, count);
    for (size_t i = 0; i < count; i++)
        trips[i]->verdict = judge_trial(trips[i]->wants, trips[i]->order->effect_count);
}

static bool send_all(const struct carrier *carrier, struct trip trips[], size_t count,
                     struct trip *chosen[], struct err *err)
{
    size_t trials = choose(trips, count, VERDICT_SEND, false, chosen);
    if (trials > 0 && carrier->may_send)
        send_trials(carrier, chosen, trials);
    size_t live = choose(trips, count, VERDICT_SEND, true, chosen);
    if (live == 0 || !carrier->may_send)
        return true;
    if (!trips_permit(carrier, chosen, live, &live, err))
        return false;
    service_failpoint("after_permit");
    if (live > 0)
        send_live(carrier, chosen, live);
    return true;
}

static const char *refusal_of(struct arena *arena, const struct trip *trip)
{
    for (size_t i = 0; i < trip->order->effect_count; i++)
        if (trip->wants[i].sent.fate != PLATFORM_OK)
            return arena_format(arena, "answered: %s", trip->wants[i].sent.code);
    return "the platform no longer knows the budget";
}

static const char *difference_of(struct arena *arena, const struct trip *trip)
{
    for (size_t i = 0; i < trip->order->effect_count; i++) {
        const struct want *want = &trip->wants[i];
        if (want->seen && want->live_micros != want->before_micros
            && want->live_micros != want->after_micros)
            return arena_format(arena, "%s is %" PRId64 ", neither %" PRId64 " nor %" PRId64,
                                want->resource, want->live_micros, want->before_micros,
                                want->after_micros);
    }
    return "some budgets read as before, some as wanted";
}

static const char *doubt_of(const struct trip *trip)
{
    if (trip->trace == TRACE_WRITTEN)
        return "reads as before, but was written since the send";
    if (trip->trace == TRACE_UNREADABLE)
        return "reads as before, and the change history can't tell";
    return "some budgets read as before, some as wanted";
}

static struct saga_outcome outcome_of(struct arena *arena, const struct trip *trip)
{
    static const enum saga_outcome_kind kinds[] = {
        [VERDICT_APPLIED] = SAGA_APPLIED,
        [VERDICT_NOT_APPLIED] = SAGA_NOT_APPLIED,
        [VERDICT_CONFLICT] = SAGA_CONFLICT,
        [VERDICT_UNKNOWN] = SAGA_UNKNOWN,
    };
    const struct saga_order *order = trip->order;
    struct saga_outcome outcome = {
        .id = order->id, .fence = order->fence, .kind = kinds[trip->verdict], .evidence = ""};
    if (trip->verdict == VERDICT_NOT_APPLIED)
        outcome.evidence = refusal_of(arena, trip);
    else if (trip->verdict == VERDICT_CONFLICT)
        outcome.evidence = difference_of(arena, trip);
    else if (trip->verdict == VERDICT_UNKNOWN)
        outcome.evidence = doubt_of(trip);

    int64_t *readbacks = arena_array(arena, order->effect_count, sizeof *readbacks);
    size_t seen = 0;
    while (seen < order->effect_count && trip->wants[seen].seen) {
        readbacks[seen] = trip->wants[seen].live_micros;
        seen++;
    }
    if (seen == order->effect_count && order->mode == SAGA_LIVE) {
        outcome.readbacks = readbacks;
        outcome.readback_count = seen;
    }
    return outcome;
}

static const char *delay_of(struct arena *arena, const struct trip *trip)
{
    for (size_t i = 0; i < trip->order->effect_count; i++) {
        const struct want *want = &trip->wants[i];
        if (want->sent.fate != PLATFORM_OK)
            return arena_format(arena, "sending %s: %s", want->resource, want->sent.code);
        if (want->looked.fate != PLATFORM_OK)
            return arena_format(arena, "reading %s: %s", want->resource, want->looked.code);
    }
    if (trip->trace == TRACE_LATER)
        return "the change history can't show the last send yet";
    if (trip->send_before_boot_ms > 0)
        return "answered, but it does not read so";
    return "not permitted now";
}

bool carry_out(const struct carrier *carrier, const struct saga_order orders[], size_t count,
               struct carried carried[], struct err *err)
{
    struct arena *arena = carrier->work->arena;
    struct trip *trips = open_trips(arena, orders, count);
    struct trip **chosen = arena_array(arena, count, sizeof(struct trip *));
    if (!judge_all(carrier, trips, count, chosen, err)
        || !send_all(carrier, trips, count, chosen, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        carried[i] = (struct carried){.settled = trips[i].verdict >= VERDICT_APPLIED};
        if (carried[i].settled) {
            carried[i].outcome = outcome_of(arena, &trips[i]);
        } else {
            postpone(&trips[i]);
            carried[i].outcome.id = orders[i].id;
            carried[i].later_at = trips[i].later_at;
            carried[i].why = delay_of(arena, &trips[i]);
        }
    }
    return true;
}
