/* orders: what people bought, drawn from the hour's rates by source and geo.
 *
 * One draw a (source, geo, hour): a channel that is off takes its own orders with it and leaves all
 * others as they were, with their values, refunds and journeys. */
#include "draw.h"
#include "market_state.h"
#include "mem.h"
#include "real.h"

#include <assert.h>

enum {
    luck_second,
    luck_value,
    luck_cancel,
    luck_cancel_when,
    luck_refund,
    luck_refund_when,
    luck_refund_part,
    luck_person
};

enum { room_first = 64 };
static const double value_micros_max = 1e15;
static const double cancel_days_min = 3, cancel_days_max = 20;
static const double refund_days_max = 25, refund_part_min = .2;

static void fill_money(const struct market *market, struct market_order *order)
{
    const struct market_config *config = &market->config;
    double sd = config->order_value_log_sd, z = draw_normal(draw_unit(order->luck, luck_value));
    double value =
        (double)config->order_value_micros * market->season.value * real_exp(sd * z - sd * sd / 2);
    value = value < value_micros_max ? value : value_micros_max;
    order->value_micros = (int64_t)(value / 1e4 + .5) * 10000; /* whole cents */
    order->refund_hour = order->cancel_hour = INT64_MAX;
    if (draw_unit(order->luck, luck_cancel) < config->cancel_share) {
        double days = cancel_days_min
            + (cancel_days_max - cancel_days_min) * draw_unit(order->luck, luck_cancel_when);
        order->cancel_hour = market->now + (int64_t)(days * 24);
    } else if (draw_unit(order->luck, luck_refund) < config->refund_share) {
        double days = 1 + (refund_days_max - 1) * draw_unit(order->luck, luck_refund_when);
        double part = draw_unit(order->luck, luck_refund_part);
        part = part < .5 ? 1 : refund_part_min + (1 - refund_part_min) * (2 * part - 1);
        order->refund_hour = market->now + (int64_t)(days * 24);
        order->refunded_micros = (int64_t)((double)order->value_micros * part / 1e4) * 10000;
    }
}

void orders_open(struct market *market)
{
    market->orders = market->touches = 0;
    market->orders_room = market->touches_room = room_first;
    market->order = mem_array(room_first, sizeof *market->order);
    market->touch = mem_array(room_first, sizeof *market->touch);
}

static void add_order(struct market *market, int source, int geo, int64_t which)
{
    uint64_t entity = (uint64_t)source * MARKET_GEOS_MAX + (uint64_t)geo;
    if (market->orders == market->orders_room) {
        market->orders_room *= 2;
        market->order = mem_grow(market->order, market->orders_room, sizeof *market->order);
    }
    struct market_order *order = &market->order[market->orders++];
    *order = (struct market_order){
        .geo = geo,
        .source = source,
        .cause = source < MARKET_CHANNELS_MAX ? source : -1,
        .is_new = source != source_returning,
        .luck = draw_next(draw_key(market->seed, DRAW_ORDER, entity, market->now), (uint64_t)which),
    };
    order->second = market->now * 3600 + (int64_t)(3600 * draw_unit(order->luck, luck_second));
    fill_money(market, order);
}

static void sort_by_second(struct market_order *order, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct market_order one = order[i];
        size_t to = i;
        for (; to > 0 && order[to - 1].second > one.second; to--)
            order[to] = order[to - 1];
        order[to] = one;
    }
}

/* Before anybody has bought, a returning customer is a new person. */
static int64_t person_of(struct market *market, const struct market_order *order)
{
    if (order->is_new || market->persons == 0)
        return ++market->persons;
    return 1 + (int64_t)(draw_unit(order->luck, luck_person) * (double)market->persons);
}

static void finish(struct market *market, size_t from)
{
    if (from == market->orders) /* there may be no memory yet */
        return;
    sort_by_second(market->order + from, market->orders - from);
    for (size_t i = from; i < market->orders; i++) {
        struct market_order *order = &market->order[i];
        order->id = (int64_t)i + 1;
        order->person = person_of(market, order);
        touches_draw(market, (uint32_t)i);
        ga4_attribute(market, order);
    }
}

void orders_hour(struct market *market)
{
    double rate[MARKET_GEOS_MAX], expected = 0;
    int32_t count[MARKET_GEOS_MAX];
    size_t from = market->orders;
    if (market->now < 0)
        return;
    assert(market->orders < UINT32_MAX / 2);
    for (int s = 0; s < order_sources; s++) {
        if (s >= market->config.channels && s < source_organic)
            continue;
        response_rates(market, s, rate);
        uint64_t key = draw_key(market->seed, DRAW_ORDERS, (uint64_t)s, market->now);
        draw_poissons(key, rate, market->geos.count, count);
        for (int g = 0; g < market->geos.count; g++) {
            for (int32_t i = 0; i < count[g]; i++)
                add_order(market, s, g, i);
            if (s == source_returning)
                continue;
            expected += rate[g];
            market->expected_geo[market->now * market->geos.count + g] += (float)rate[g];
        }
    }
    market->expected[market->now] = expected;
    finish(market, from);
}
