/* Shopify's Admin API, GET /admin/api/<version>/orders.json?status=any. An order's amounts are the
 * shop's currency, decimal texts; refunds are their successful transactions. */
#include "orders_form.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* A number, or a text. */
static const char *id_of(struct arena *arena, const json_t *object)
{
    const json_t *id = json_object_get(object, "id");
    if (json_is_integer(id))
        return arena_format(arena, "%" PRId64, (int64_t)json_integer_value(id));
    return json_is_string(id) ? orders_keep(arena, json_string_value(id)) : "";
}

/* What a total is in the currency that the customer paid in, or NULL. */
static const json_t *presented(const json_t *json)
{
    return json_object_get(json_object_get(json, "total_price_set"), "presentment_money");
}

/* A refund's amount in the order's currency: it may stand in the customer's. */
static bool refund_micros(const json_t *json, const json_t *transaction, const struct order *order,
                          int64_t *ret_micros)
{
    const char *amount = text_of(transaction, "amount");
    const char *said = text_of(transaction, "currency"), *paid = text_of(presented(json), "amount");
    char currency[4];
    int64_t total;
    if (!amount || !orders_money(amount, ret_micros) || (said && !orders_currency(said, currency)))
        return false;
    if (!said || strcmp(currency, order->currency) == 0)
        return true;
    if (!paid || !orders_money(paid, &total) || total == 0)
        return false;
    *ret_micros = llround((double)*ret_micros / (double)total * (double)order->value_micros);
    return true;
}

static bool add_refunds(const json_t *json, struct order *order)
{
    const json_t *refunds = json_object_get(json, "refunds");
    for (size_t r = 0; r < json_array_size(refunds); r++) {
        const json_t *transactions = json_object_get(json_array_get(refunds, r), "transactions");
        for (size_t t = 0; t < json_array_size(transactions); t++) {
            const json_t *one = json_array_get(transactions, t);
            const char *kind = text_of(one, "kind"), *status = text_of(one, "status");
            int64_t micros;
            if (!kind || strcmp(kind, "refund") != 0 || !status || strcmp(status, "success") != 0)
                continue;
            if (!refund_micros(json, one, order, &micros)
                || __builtin_add_overflow(order->refunded_micros, micros, &order->refunded_micros))
                return false;
        }
    }
    return true;
}

/* The wrong member's name, or NULL. */
static const char *read_order(struct arena *arena, const json_t *json, struct order *order)
{
    const json_t *customer = json_object_get(json, "customer");
    const char *price = text_of(json, "total_price");
    order->id = id_of(arena, json);
    if (!orders_id_valid(order->id))
        return "id";
    if (!orders_time(text_of(json, "created_at"), &order->at_micros))
        return "created_at";
    if (!orders_currency(text_of(json, "currency"), order->currency))
        return "currency";
    if (!price || !orders_money(price, &order->value_micros))
        return "total_price";
    if (!add_refunds(json, order))
        return "refunds";
    order->cancelled = json_is_string(json_object_get(json, "cancelled_at"));
    order->email = orders_keep(arena, text_of(json, "email"));
    order->phone = orders_keep(arena, text_of(json, "phone"));
    order->customer = json_is_object(customer) ? id_of(arena, customer) : "";
    return NULL;
}

bool orders_end_shopify(struct arena *arena, const json_t *page, struct orders *orders,
                        struct err *err)
{
    const json_t *list = json_object_get(page, "orders");
    if (!json_is_array(list))
        return err_set(err, ERR_REJECT, "orders: an array");
    orders->seen = json_array_size(list);
    if (orders->seen)
        orders->after = id_of(arena, json_array_get(list, orders->seen - 1));
    return true;
}

bool orders_read_shopify(struct arena *arena, const json_t *page, struct orders *orders,
                         struct err *err)
{
    const json_t *list = json_object_get(page, "orders");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *json = json_array_get(list, i);
        if (json_is_true(json_object_get(json, "test")))
            continue;
        const char *wrong = read_order(arena, json, orders_add(arena, orders));
        if (wrong)
            return err_set(err, ERR_REJECT, "orders[%zu].%s", i, wrong);
    }
    return true;
}
