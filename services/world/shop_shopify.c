/* Shopify's REST orders: a page at a time, the next one by a Link header whose cursor carries the
 * filters. */
#include "hash.h"
#include "shop_call.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { limit_usual = 50, limit_max = 250 };
static const int64_t order_id_first = 5600000000000, customer_id_first = 7100000000000;

struct filter {
    int64_t next;                     /* place of the first order to look at */
    bool backwards;                   /* newest first */
    int64_t created_min, created_max; /* unix micros */
    int64_t updated_min, updated_max;
    int64_t limit;
};

void shopify_refuse(struct reply *reply, int status, const char *text)
{
    struct json_writer writer = {.out = &reply->body};
    buffer_clear(writer.out);
    reply->status = status;
    writer_open(&writer, '{');
    writer_key(&writer, "errors");
    writer_text(&writer, text);
    writer_close(&writer, '}');
}

static bool read_time(const struct shop_call *call, const char *name, int64_t *value)
{
    const char *text = request_query(call->request, name);
    return !text || zone_parse_iso(text, value);
}

static const char cursor_form[] = "%d.%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64;

/* Hex, so that nobody reads or writes one. */
static const char *write_cursor(struct arena *arena, const struct filter *filter)
{
    const char *plain =
        arena_format(arena, cursor_form, filter->backwards, filter->next, filter->created_min,
                     filter->created_max, filter->updated_min, filter->updated_max);
    size_t length = strlen(plain);
    char *text = arena_new_bytes(arena, 2 * length + 1);
    hex_encode(bytes_of(plain, length), text);
    return text;
}

static bool read_cursor(struct arena *arena, const char *text, struct filter *filter)
{
    size_t length = strlen(text);
    char *plain = arena_new_bytes(arena, length / 2 + 1);
    int backwards;
    if (length % 2 != 0 || length > 300 || !hex_decode(text, (uint8_t *)plain, length / 2)
        || sscanf(plain, "%d.%" SCNd64 ".%" SCNd64 ".%" SCNd64 ".%" SCNd64 ".%" SCNd64, &backwards,
                  &filter->next, &filter->created_min, &filter->created_max, &filter->updated_min,
                  &filter->updated_max)
            != 6)
        return false;
    filter->backwards = backwards != 0;
    return filter->next >= 0;
}

static bool read_filter(struct shop_call *call, int64_t order_count, struct filter *filter)
{
    const char *cursor = request_query(call->request, "page_info");
    const char *since = request_query(call->request, "since_id");
    const char *order = request_query(call->request, "order");
    *filter = (struct filter){
        .created_min = INT64_MIN,
        .created_max = INT64_MAX,
        .updated_min = INT64_MIN,
        .updated_max = INT64_MAX,
        .limit = request_query_number(call->request, "limit", limit_max, limit_usual),
    };
    if (filter->limit < 1)
        filter->limit = limit_usual;
    if (cursor)
        return read_cursor(call->request->arena, cursor, filter) && filter->next <= order_count;
    filter->backwards = !since && (!order || !strstr(order, " asc"));
    filter->next = filter->backwards ? order_count : 0;
    if (since) {
        int64_t id = request_query_number(call->request, "since_id", INT64_MAX / 2, 0);
        filter->next = id < order_id_first ? 0 : id - order_id_first;
        if (filter->next > order_count)
            filter->next = order_count;
    }
    return read_time(call, "created_at_min", &filter->created_min)
        && read_time(call, "created_at_max", &filter->created_max)
        && read_time(call, "updated_at_min", &filter->updated_min)
        && read_time(call, "updated_at_max", &filter->updated_max);
}

static bool passes(const struct filter *filter, const struct shop_state *state)
{
    return state->created_micros >= filter->created_min
        && state->created_micros <= filter->created_max
        && state->updated_micros >= filter->updated_min
        && state->updated_micros <= filter->updated_max;
}

static void write_money(struct json_writer *writer, const char *key, int64_t amount_cents)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64 ".%02d", amount_cents / 100, (int)(amount_cents % 100));
    writer_key(writer, key);
    writer_text(writer, text);
}

static void write_time(struct json_writer *writer, const char *key, enum zone zone, int64_t micros)
{
    char text[ZONE_TEXT];
    writer_key(writer, key);
    if (micros == 0) {
        writer_raw(writer, "null");
        return;
    }
    zone_iso_text(zone, micros, text);
    writer_text(writer, text);
}

static void write_pair(struct json_writer *writer, const char *key, const char *text)
{
    writer_key(writer, key);
    writer_text(writer, text);
}

static void write_id(struct json_writer *writer, const char *key, int64_t id)
{
    writer_key(writer, key);
    writer_number(writer, id);
}

static void write_address(struct json_writer *writer, const char *key, const struct person *person)
{
    writer_key(writer, key);
    writer_open(writer, '{');
    write_pair(writer, "first_name", person->first_name);
    write_pair(writer, "last_name", person->last_name);
    write_pair(writer, "address1", person->address);
    write_pair(writer, "city", person->city);
    write_pair(writer, "province_code", person->region);
    write_pair(writer, "zip", person->postal_code);
    write_pair(writer, "country_code", "US");
    write_pair(writer, "phone", person->phone);
    writer_close(writer, '}');
}

static void write_customer(struct json_writer *writer, const struct person *person)
{
    writer_key(writer, "customer");
    writer_open(writer, '{');
    write_id(writer, "id", customer_id_first + person->number);
    write_pair(writer, "email", person->email);
    write_pair(writer, "first_name", person->first_name);
    write_pair(writer, "last_name", person->last_name);
    write_pair(writer, "phone", person->phone);
    writer_close(writer, '}');
}

static void write_line_items(struct json_writer *writer, int64_t id, const struct shop_state *state)
{
    writer_key(writer, "line_items");
    writer_open(writer, '[');
    writer_open(writer, '{');
    write_id(writer, "id", order_id_first * 2 + id);
    write_pair(writer, "title", "Trail shoes");
    write_pair(writer, "sku", "TRAIL-1");
    write_id(writer, "quantity", 1);
    write_money(writer, "price", state->total_cents);
    writer_close(writer, '}');
    writer_close(writer, ']');
}

static void write_refunds(struct json_writer *writer, int64_t id, enum zone zone,
                          const struct shop_state *state)
{
    writer_key(writer, "refunds");
    writer_open(writer, '[');
    if (state->refunded_at_micros) {
        writer_open(writer, '{');
        write_id(writer, "id", order_id_first * 3 + id);
        write_id(writer, "order_id", order_id_first + id);
        write_time(writer, "created_at", zone, state->refunded_at_micros);
        writer_key(writer, "transactions");
        writer_open(writer, '[');
        writer_open(writer, '{');
        write_id(writer, "id", order_id_first * 4 + id);
        write_pair(writer, "kind", "refund");
        write_pair(writer, "status", "success");
        write_money(writer, "amount", state->refunded_cents);
        write_pair(writer, "currency", "USD");
        writer_close(writer, '}');
        writer_close(writer, ']');
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static const char *financial_status(const struct shop_state *state)
{
    if (state->cancelled_at_micros)
        return "voided";
    if (state->refunded_cents == 0)
        return "paid";
    return state->refunded_cents < state->total_cents ? "partially_refunded" : "refunded";
}

static void write_amounts(struct json_writer *writer, const char *currency,
                          const struct shop_state *state)
{
    int64_t kept = state->cancelled_at_micros ? 0 : state->total_cents - state->refunded_cents;
    write_pair(writer, "currency", currency);
    write_money(writer, "subtotal_price", state->total_cents);
    write_money(writer, "total_price", state->total_cents);
    write_money(writer, "total_tax", 0);
    write_money(writer, "total_discounts", 0);
    write_money(writer, "current_total_price", kept);
}

static void write_order(struct shop_call *call, struct json_writer *writer,
                        const struct market_order *order, const struct shop_state *state)
{
    const struct customer *customer = &call->world->account->customer;
    char name[32];
    struct person person;
    shop_person(order, &person);
    snprintf(name, sizeof name, "#%" PRId64, 1000 + order->id);
    writer_open(writer, '{');
    write_id(writer, "id", order_id_first + order->id);
    write_pair(writer, "name", name);
    write_id(writer, "order_number", 1000 + order->id);
    write_pair(writer, "email", person.email);
    write_pair(writer, "phone", person.phone);
    write_time(writer, "created_at", customer->zone, state->created_micros);
    write_time(writer, "processed_at", customer->zone, state->created_micros);
    write_time(writer, "updated_at", customer->zone, state->updated_micros);
    write_time(writer, "cancelled_at", customer->zone, state->cancelled_at_micros);
    writer_key(writer, "cancel_reason");
    writer_raw(writer, state->cancelled_at_micros ? "\"customer\"" : "null");
    write_pair(writer, "financial_status", financial_status(state));
    write_amounts(writer, customer->currency, state);
    write_pair(writer, "source_name", "web");
    writer_key(writer, "test");
    writer_bool(writer, false);
    write_customer(writer, &person);
    write_address(writer, "billing_address", &person);
    write_address(writer, "shipping_address", &person);
    write_line_items(writer, order->id, state);
    write_refunds(writer, order->id, customer->zone, state);
    writer_close(writer, '}');
}

/* Behind the last order of the page; moves the filter there. False: there is no more. */
static bool write_page(struct shop_call *call, struct filter *filter, struct json_writer *writer)
{
    struct market_orders orders = shop_orders(call);
    int64_t written = 0;
    while (filter->backwards ? filter->next > 0 : filter->next < (int64_t)orders.count) {
        const struct market_order *order =
            &orders.order[filter->backwards ? filter->next - 1 : filter->next];
        struct shop_state state = shop_state(call, order);
        if (passes(filter, &state)) {
            if (written == filter->limit)
                return true;
            write_order(call, writer, order, &state);
            written++;
        }
        filter->next += filter->backwards ? -1 : 1;
    }
    return false;
}

static void set_link(struct shop_call *call, const struct filter *filter)
{
    struct arena *arena = call->request->arena;
    const char *host = request_header(call->request, "host");
    reply_add_field(call->reply, "Link",
                    arena_format(arena,
                                 "<http://%s%s?limit=%" PRId64 "&page_info=%s>; rel=\"next\"",
                                 host ? host : "localhost", call->request->path, filter->limit,
                                 write_cursor(arena, filter)));
}

static void list_orders(struct shop_call *call)
{
    struct json_writer writer = {.out = &call->reply->body};
    struct filter filter;
    if (!read_filter(call, (int64_t)shop_orders(call).count, &filter)) {
        shopify_refuse(call->reply, 400, "Invalid value for page_info, or for a time.");
        return;
    }
    writer_open(&writer, '{');
    writer_key(&writer, "orders");
    writer_open(&writer, '[');
    if (faults_strike(&call->shop->gate.faults, FAULT_EMPTY_PAGE, false)
        || write_page(call, &filter, &writer))
        set_link(call, &filter);
    writer_close(&writer, ']');
    writer_close(&writer, '}');
}

static void count_orders(struct shop_call *call)
{
    struct market_orders orders = shop_orders(call);
    struct filter filter;
    int64_t count = 0;
    if (!read_filter(call, (int64_t)orders.count, &filter)) {
        shopify_refuse(call->reply, 400, "Invalid value for a time.");
        return;
    }
    for (size_t i = 0; i < orders.count; i++) {
        struct shop_state state = shop_state(call, &orders.order[i]);
        count += passes(&filter, &state);
    }
    buffer_format(&call->reply->body, "{\"count\":%" PRId64 "}", count);
}

static void set_call_limit(struct shop_call *call)
{
    int64_t rate = call->shop->gate.faults.reads_per_s;
    if (rate)
        reply_add_field(
            call->reply, "X-Shopify-Shop-Api-Call-Limit",
            arena_format(call->request->arena, "%d/%" PRId64, (int)call->shop->used, rate * 20));
}

void shopify_answer(struct shop_call *call)
{
    const char *token = request_header(call->request, "x-shopify-access-token");
    const char *resource = strchr(call->rest, '/'); /* behind "2026-10" */
    set_call_limit(call);
    if (!token || strcmp(token, call->shop->token) != 0)
        shopify_refuse(call->reply, 401,
                       "[API] Invalid API key or access token (unrecognized login or wrong "
                       "password)");
    else if (resource && strcmp(resource, "/orders.json") == 0)
        list_orders(call);
    else if (resource && strcmp(resource, "/orders/count.json") == 0)
        count_orders(call);
    else
        shopify_refuse(call->reply, 404, "Not Found");
}
