#include "shop_call.h"

#include <stdio.h>
#include <string.h>

enum { bucket_seconds = 20 }; /* what may come at once, as a share of what may come for long */

static const struct {
    const char *prefix;
    void (*answer)(struct shop_call *call);
    void (*refuse)(struct reply *reply, int status, const char *text);
} shapes[] = {
    {"/admin/api/",      shopify_answer,  shopify_refuse},
    {"/v1/charges",      stripe_answer,   stripe_refuse },
    {"/v1/refunds",      stripe_answer,   stripe_refuse },
    {"/shop/orders.csv", shop_csv_answer, shopify_refuse},
};

static size_t shape_of(const char *path)
{
    size_t i = 0;
    while (i < COUNT(shapes) && strncmp(path, shapes[i].prefix, strlen(shapes[i].prefix)) != 0)
        i++;
    return i;
}

bool shop_owns_path(const char *path)
{
    return shape_of(path) < COUNT(shapes);
}

struct market_orders shop_orders(const struct shop_call *call)
{
    if (!call->world->staged)
        return (struct market_orders){0};
    const struct market *market = call->world->stage.market;
    return market_orders(market, 0, market_now(market));
}

static int64_t cents(int64_t micros)
{
    return (micros + 5000) / 10000;
}

struct shop_state shop_state(const struct shop_call *call, const struct market_order *order)
{
    const struct stage *stage = &call->world->stage;
    int64_t now = market_now(stage->market);
    struct shop_state state = {
        .created_micros =
            stage_micros_of_hour(stage, order->second / 3600) + order->second % 3600 * 1000000,
        .total_cents = cents(order->value_micros),
    };
    state.updated_micros = state.created_micros;
    if (order->refunded_micros > 0 && order->refund_hour < now) {
        state.refunded_at_micros = stage_micros_of_hour(stage, order->refund_hour);
        state.refunded_cents = cents(order->refunded_micros);
        state.updated_micros = state.refunded_at_micros;
    }
    if (order->cancel_hour < now) {
        state.cancelled_at_micros = stage_micros_of_hour(stage, order->cancel_hour);
        if (state.cancelled_at_micros > state.updated_micros)
            state.updated_micros = state.cancelled_at_micros;
    }
    return state;
}

void shop_person(const struct market_order *order, struct person *ret_person)
{
    person_make(order->person, order->id % 7 == 0, ret_person);
}

/* A leaking bucket, as shops have; false: full. */
static bool take_room(struct shop_call *call)
{
    struct shop *shop = call->shop;
    int64_t rate = shop->gate.faults.reads_per_s, now = call->request->now_micros;
    double size = (double)(rate * bucket_seconds);
    if (rate == 0)
        return true;
    shop->used -= (double)(now - shop->used_micros) * (double)rate / 1e6;
    shop->used_micros = now;
    if (shop->used < 0)
        shop->used = 0;
    if (shop->used + 1 > size) {
        shop->gate.refused++;
        return false;
    }
    shop->used++;
    return true;
}

void shop_answer(struct world *world, const struct request *request, struct reply *reply)
{
    size_t shape = shape_of(request->path);
    struct shop_call call = {
        .world = world,
        .shop = &world->shop,
        .request = request,
        .reply = reply,
        .rest = request->path + strlen(shapes[shape].prefix),
    };
    enum gate_verdict verdict = gate_enter(&call.shop->gate, reply);
    reply->status = 200;
    reply->type = "application/json; charset=utf-8";
    if (verdict == GATE_HELD)
        return;
    if (verdict == GATE_TOO_MANY || (verdict == GATE_OPEN && !take_room(&call))) {
        shapes[shape].refuse(reply, 429, "Exceeded the calls per second. Slow down.");
        reply->retry_after_s = call.shop->gate.faults.retry_after_s;
    } else if (verdict == GATE_ERROR) {
        shapes[shape].refuse(reply, 503, "Service unavailable.");
    } else {
        shapes[shape].answer(&call);
        if (gate_leave(&call.shop->gate, reply))
            shapes[shape].refuse(reply, 500, "Internal error.");
    }
}
