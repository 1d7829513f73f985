/* The shop's export: a line an order created in the asked days of the account's zone. */
#include "shop_call.h"

#include <inttypes.h>
#include <string.h>

static void add_text(struct buffer *out, const char *text)
{
    buffer_add(out, "\"", 1);
    for (; *text; text++)
        buffer_add(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    buffer_add(out, "\",", 2);
}

static void add_time(struct buffer *out, enum zone zone, int64_t micros)
{
    char text[ZONE_TEXT] = "";
    if (micros)
        zone_iso_text(zone, micros, text);
    buffer_format(out, "%s,", text);
}

static void add_money(struct buffer *out, int64_t cents)
{
    buffer_format(out, "%" PRId64 ".%02d,", cents / 100, (int)(cents % 100));
}

static void add_order(struct shop_call *call, const struct market_order *order)
{
    const struct customer *customer = &call->world->account->customer;
    struct buffer *out = &call->reply->body;
    struct shop_state state = shop_state(call, order);
    struct person person;
    shop_person(order, &person);
    buffer_format(out, "%" PRId64 ",", order->id);
    add_time(out, customer->zone, state.created_micros);
    add_time(out, customer->zone, state.updated_micros);
    add_text(out, person.email);
    add_text(out, person.first_name);
    add_text(out, person.last_name);
    add_text(out, person.phone);
    add_text(out, person.address);
    add_text(out, person.city);
    add_text(out, person.postal_code);
    buffer_format(out, "%s,", customer->currency);
    add_money(out, state.total_cents);
    add_money(out, state.refunded_cents);
    add_time(out, customer->zone, state.refunded_at_micros);
    add_time(out, customer->zone, state.cancelled_at_micros);
    buffer_add_text(out, order->is_new ? "true\n" : "false\n");
}

/* Absent: INT64_MIN. */
static bool read_day(const struct shop_call *call, const char *name, int64_t *ret_micros)
{
    const char *text = request_query(call->request, name);
    *ret_micros = INT64_MIN;
    return !text
        || (strlen(text) == 10
            && zone_parse(call->world->account->customer.zone, text, ret_micros));
}

void shop_csv_answer(struct shop_call *call)
{
    enum zone zone = call->world->account->customer.zone;
    const char *token = request_header(call->request, "x-shopify-access-token");
    struct market_orders orders = shop_orders(call);
    int64_t from, to;
    if (!token || strcmp(token, call->shop->token) != 0) {
        shopify_refuse(call->reply, 401, "Invalid access token.");
        return;
    }
    if (!read_day(call, "from", &from) || !read_day(call, "to", &to)) {
        shopify_refuse(call->reply, 400, "from, to: days as 2026-01-31");
        return;
    }
    int64_t before = to == INT64_MIN ? INT64_MAX : zone_day_start(zone, zone_day(zone, to) + 1);
    call->reply->type = "text/csv; charset=utf-8";
    buffer_add_text(&call->reply->body,
                    "order_id,created_at,updated_at,email,first_name,last_name,phone,address,city,"
                    "postal_code,currency,total,refunded,refunded_at,cancelled_at,new_customer\n");
    for (size_t i = 0; i < orders.count; i++) {
        int64_t created = shop_state(call, &orders.order[i]).created_micros;
        if (created >= from && created < before)
            add_order(call, &orders.order[i]);
    }
}
