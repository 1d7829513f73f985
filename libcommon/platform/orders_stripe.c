/* Stripe's GET /v1/charges. Amounts are integers of the currency's smallest unit; who paid stands
 * in billing_details. */
#include "minor.h"
#include "orders_form.h"

#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool amount_of(const json_t *json, const char *name, const char *currency,
                      int64_t *ret_micros)
{
    const json_t *amount = json_object_get(json, name);
    return json_is_integer(amount) && json_integer_value(amount) >= 0
        && minor_micros(json_integer_value(amount), currency, ret_micros);
}

/* The wrong member's name, or NULL. */
static const char *read_charge(struct arena *arena, const json_t *json, struct order *order)
{
    const json_t *billing = json_object_get(json, "billing_details");
    const json_t *created = json_object_get(json, "created");
    order->id = orders_keep(arena, text_of(json, "id"));
    if (!orders_id_valid(order->id))
        return "id";
    if (!json_is_integer(created) || json_integer_value(created) < 0
        || json_integer_value(created) > INT64_MAX / 1000000)
        return "created";
    order->at_micros = json_integer_value(created) * 1000000;
    if (!orders_currency(text_of(json, "currency"), order->currency))
        return "currency";
    if (!amount_of(json, "amount", order->currency, &order->value_micros))
        return "amount";
    if (!amount_of(json, "amount_refunded", order->currency, &order->refunded_micros))
        return "amount_refunded";
    order->email = orders_keep(arena, text_of(billing, "email"));
    order->phone = orders_keep(arena, text_of(billing, "phone"));
    order->customer = orders_keep(arena, text_of(json, "customer"));
    return NULL;
}

bool orders_end_stripe(struct arena *arena, const json_t *page, struct orders *orders,
                       struct err *err)
{
    const json_t *list = json_object_get(page, "data");
    if (!json_is_array(list))
        return err_set(err, ERR_REJECT, "data: an array");
    orders->seen = json_array_size(list);
    if (!json_is_true(json_object_get(page, "has_more")))
        return true;
    const char *last = orders->seen ? text_of(json_array_get(list, orders->seen - 1), "id") : NULL;
    if (!last)
        return err_set(err, ERR_REJECT, "has_more: behind nothing");
    orders->after = orders_keep(arena, last);
    return true;
}

bool orders_read_stripe(struct arena *arena, const json_t *page, struct orders *orders,
                        struct err *err)
{
    const json_t *list = json_object_get(page, "data");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *json = json_array_get(list, i);
        const char *status = text_of(json, "status");
        if (!status || strcmp(status, "succeeded") != 0)
            continue;
        const char *wrong = read_charge(arena, json, orders_add(arena, orders));
        if (wrong)
            return err_set(err, ERR_REJECT, "data[%zu].%s", i, wrong);
    }
    return true;
}
