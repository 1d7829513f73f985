/* trip_send: permits, and the one request that may follow them. */
#include "clock.h"
#include "store.h"
#include "trip.h"

#include <stdlib.h>
#include <string.h>

/* The permit is in the server's time. The boot clock is read before the server's, so that what we
 * make of it is never later than it. */
bool trips_permit(const struct carrier *carrier, struct trip *trips[], size_t count,
                  size_t *ret_count, struct err *err)
{
    struct arena *arena = carrier->work->arena;
    struct saga_order *orders = arena_array(arena, count, sizeof *orders);
    int64_t *send_by = arena_array(arena, count, sizeof *send_by);
    int64_t boot_ms = clock_boot_ms(), now = 0;
    for (size_t i = 0; i < count; i++)
        orders[i] = *trips[i]->order;
    if (!store_now(carrier->work->db, &now, err)
        || !saga_permit(carrier->work->db, orders, count, send_by, err))
        return err_context(err, "permit");

    size_t permitted = 0;
    for (size_t i = 0; i < count; i++) {
        if (send_by[i] <= now) {
            trips[i]->verdict = VERDICT_WAIT;
            continue;
        }
        trips[i]->send_before_boot_ms = boot_ms + (send_by[i] - now) / 1000;
        trips[permitted++] = trips[i];
    }
    *ret_count = permitted;
    return true;
}

struct parcel {
    struct want *want;
    const struct trip *trip;
    bool alone; /* one of several budgets of an order: only with its own kind */
};

/* What may share a request stands together. */
static int by_request(const void *a, const void *b)
{
    const struct parcel *x = a, *y = b;
    int order = strcmp(x->want->account, y->want->account);
    if (order == 0)
        order = (x->trip->order->mode > y->trip->order->mode)
            - (x->trip->order->mode < y->trip->order->mode);
    if (order == 0)
        order = x->alone - y->alone;
    if (order == 0 && x->alone)
        order = memcmp(&x->trip->order->id, &y->trip->order->id, sizeof(struct uuid));
    return order;
}

static size_t run_length(const struct parcel parcels[], size_t count)
{
    size_t length = 1;
    while (length < count && length < PLATFORM_ITEMS_MAX
           && by_request(&parcels[0], &parcels[length]) == 0)
        length++;
    return length;
}

static struct platform_set set_of(struct arena *arena, const struct parcel parcels[], size_t count)
{
    struct platform_item *items = arena_array(arena, count, sizeof *items);
    struct platform_set set = {
        .account = parcels[0].want->account,
        .items = items,
        .item_count = count,
        .atomic = parcels[0].alone,
        .validate_only = parcels[0].trip->order->mode == SAGA_DRY_RUN,
        .send_before_boot_ms = parcels[0].trip->send_before_boot_ms,
    };
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct platform_item){.resource = parcels[i].want->resource,
                                          .micros = parcels[i].want->after_micros};
        if (parcels[i].trip->send_before_boot_ms < set.send_before_boot_ms)
            set.send_before_boot_ms = parcels[i].trip->send_before_boot_ms;
    }
    return set;
}

static size_t pack(struct arena *arena, struct trip *const trips[], size_t count,
                   struct parcel **ret_parcels)
{
    size_t total = 0, filled = 0;
    for (size_t i = 0; i < count; i++)
        total += trips[i]->order->effect_count;
    struct parcel *parcels = arena_array(arena, total, sizeof *parcels);
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < trips[i]->order->effect_count; n++)
            parcels[filled++] =
                (struct parcel){&trips[i]->wants[n], trips[i], trips[i]->order->effect_count > 1};
    qsort(parcels, total, sizeof *parcels, by_request);
    *ret_parcels = parcels;
    return total;
}

void trips_send(const struct carrier *carrier, struct trip *trips[], size_t count)
{
    struct arena *arena = carrier->work->arena;
    struct parcel *parcels = NULL;
    size_t parcel_count = pack(arena, trips, count, &parcels);
    struct platform_set *sets = arena_array(arena, parcel_count, sizeof *sets);
    size_t set_count = 0;
    for (size_t at = 0; at < parcel_count; at += sets[set_count++].item_count)
        sets[set_count] = set_of(arena, parcels + at, run_length(parcels + at, parcel_count - at));

    platform_set_budgets(carrier->platform, arena, sets, set_count);
    for (size_t s = 0, at = 0; s < set_count; s++)
        for (size_t i = 0; i < sets[s].item_count; i++)
            parcels[at++].want->sent = sets[s].items[i].reply;
}
