/* Stripe's charges and refunds: newest first, the next page behind the last one's id. */
#include "shop_call.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { limit_usual = 10, limit_max = 100 };

void stripe_refuse(struct reply *reply, int status, const char *text)
{
    struct json_writer writer = {.out = &reply->body};
    buffer_clear(writer.out);
    reply->status = status;
    writer_open(&writer, '{');
    writer_key(&writer, "error");
    writer_open(&writer, '{');
    writer_key(&writer, "type");
    writer_text(&writer, status >= 500 ? "api_error" : "invalid_request_error");
    if (status == 429) {
        writer_key(&writer, "code");
        writer_text(&writer, "rate_limit");
    }
    writer_key(&writer, "message");
    writer_text(&writer, text);
    writer_close(&writer, '}');
    writer_close(&writer, '}');
}

/* Seconds; both included. */
struct page {
    int64_t created_min, created_max, limit;
    int64_t below; /* ids from here on are on earlier pages */
    char below_kind;
};

static void narrow(const struct shop_call *call, struct page *page)
{
    static const struct {
        const char *name;
        bool min;
        int64_t beyond;
    } bounds[] = {
        {"created[gte]", true,  0 },
        {"created[gt]",  true,  1 },
        {"created[lte]", false, 0 },
        {"created[lt]",  false, -1},
    };
    for (size_t i = 0; i < COUNT(bounds); i++) {
        int64_t second =
            request_query_number(call->request, bounds[i].name, INT64_MAX / 2000000, -1);
        if (second < 0)
            continue;
        if (bounds[i].min)
            page->created_min = second + bounds[i].beyond;
        else
            page->created_max = second + bounds[i].beyond;
    }
}

/* "ch_0000000012"; refunds end in what they are of. False: no such form. */
static bool read_id(const char *text, const char *prefix, struct page *page)
{
    char *end;
    if (strncmp(text, prefix, strlen(prefix)) != 0)
        return false;
    page->below = strtoll(text + strlen(prefix), &end, 10);
    page->below_kind = *end;
    return end != text + strlen(prefix) && page->below > 0;
}

static bool read_page(const struct shop_call *call, const char *prefix, struct page *page)
{
    const char *after = request_query(call->request, "starting_after");
    *page = (struct page){
        .created_min = INT64_MIN,
        .created_max = INT64_MAX,
        .limit = request_query_number(call->request, "limit", limit_max, limit_usual),
        .below = INT64_MAX,
    };
    if (page->limit < 1)
        page->limit = limit_usual;
    narrow(call, page);
    return !after || read_id(after, prefix, page);
}

static void write_pair(struct json_writer *writer, const char *key, const char *text)
{
    writer_key(writer, key);
    writer_text(writer, text);
}

static void write_number(struct json_writer *writer, const char *key, int64_t number)
{
    writer_key(writer, key);
    writer_number(writer, number);
}

static void write_flag(struct json_writer *writer, const char *key, bool flag)
{
    writer_key(writer, key);
    writer_bool(writer, flag);
}

static void write_id(struct json_writer *writer, const char *key, const char *prefix, int64_t id,
                     const char *tail)
{
    char text[48];
    snprintf(text, sizeof text, "%s%010" PRId64 "%s", prefix, id, tail);
    write_pair(writer, key, text);
}

static void write_billing(struct json_writer *writer, const struct person *person)
{
    char name[PERSON_TEXT];
    snprintf(name, sizeof name, "%s %s", person->first_name, person->last_name);
    writer_key(writer, "billing_details");
    writer_open(writer, '{');
    writer_key(writer, "address");
    writer_open(writer, '{');
    write_pair(writer, "city", person->city);
    write_pair(writer, "country", "US");
    write_pair(writer, "line1", person->address);
    write_pair(writer, "postal_code", person->postal_code);
    write_pair(writer, "state", person->region);
    writer_close(writer, '}');
    write_pair(writer, "email", person->email);
    write_pair(writer, "name", name);
    write_pair(writer, "phone", person->phone);
    writer_close(writer, '}');
}

/* What was cancelled was given back whole. */
static int64_t given_back(const struct shop_state *state)
{
    return state->cancelled_at_micros ? state->total_cents : state->refunded_cents;
}

static void write_charge(struct shop_call *call, struct json_writer *writer,
                         const struct market_order *order)
{
    struct shop_state state = shop_state(call, order);
    struct person person;
    shop_person(order, &person);
    writer_open(writer, '{');
    write_id(writer, "id", "ch_", order->id, "");
    write_pair(writer, "object", "charge");
    write_number(writer, "amount", state.total_cents);
    write_number(writer, "amount_captured", state.total_cents);
    write_number(writer, "amount_refunded", given_back(&state));
    write_billing(writer, &person);
    write_flag(writer, "captured", true);
    write_number(writer, "created", state.created_micros / 1000000);
    write_pair(writer, "currency", "usd");
    write_id(writer, "customer", "cus_", person.number, "");
    write_flag(writer, "disputed", false);
    write_flag(writer, "livemode", false);
    writer_key(writer, "metadata");
    writer_open(writer, '{');
    write_id(writer, "order_id", "", order->id, "");
    writer_close(writer, '}');
    write_flag(writer, "paid", true);
    write_id(writer, "payment_intent", "pi_", order->id, "");
    write_pair(writer, "receipt_email", person.email);
    write_flag(writer, "refunded", given_back(&state) == state.total_cents);
    write_pair(writer, "status", "succeeded");
    writer_close(writer, '}');
}

static void open_list(struct json_writer *writer, const char *url)
{
    writer_open(writer, '{');
    write_pair(writer, "object", "list");
    write_pair(writer, "url", url);
    writer_key(writer, "data");
    writer_open(writer, '[');
}

static void close_list(struct json_writer *writer, bool more)
{
    writer_close(writer, ']');
    write_flag(writer, "has_more", more);
    writer_close(writer, '}');
}

static void list_charges(struct shop_call *call)
{
    struct market_orders orders = shop_orders(call);
    struct json_writer writer = {.out = &call->reply->body};
    struct page page;
    int64_t written = 0;
    if (!read_page(call, "ch_", &page)) {
        stripe_refuse(call->reply, 400, "No such charge.");
        return;
    }
    int64_t next = (int64_t)orders.count < page.below ? (int64_t)orders.count : page.below - 1;
    open_list(&writer, "/v1/charges");
    for (; next > 0 && written <= page.limit; next--) {
        struct shop_state state = shop_state(call, &orders.order[next - 1]);
        int64_t created = state.created_micros / 1000000;
        if (created < page.created_min || created > page.created_max)
            continue;
        if (written++ < page.limit)
            write_charge(call, &writer, &orders.order[next - 1]);
    }
    close_list(&writer, written > page.limit);
}

static void get_charge(struct shop_call *call)
{
    struct market_orders orders = shop_orders(call);
    struct json_writer writer = {.out = &call->reply->body};
    struct page page;
    if (read_id(call->rest + 1, "ch_", &page) && page.below_kind == '\0'
        && page.below <= (int64_t)orders.count)
        write_charge(call, &writer, &orders.order[page.below - 1]);
    else
        stripe_refuse(call->reply, 404, "No such charge.");
}

struct refund {
    const struct market_order *order;
    int64_t at_micros, amount_cents;
    char kind; /* 'r': some was given back, 'c': all of it, cancelled */
};

static int newest_first(const void *a, const void *b)
{
    const struct refund *x = a, *y = b;
    if (x->at_micros != y->at_micros)
        return x->at_micros < y->at_micros ? 1 : -1;
    if (x->order->id != y->order->id)
        return x->order->id < y->order->id ? 1 : -1;
    return x->kind - y->kind;
}

/* All refunds so far, newest first; in the request's arena. */
static struct refund *make_refunds(struct shop_call *call, size_t *ret_count)
{
    struct market_orders orders = shop_orders(call);
    struct refund *refunds =
        arena_array(call->request->arena, 2 * orders.count + 1, sizeof *refunds);
    size_t count = 0;
    for (size_t i = 0; i < orders.count; i++) {
        const struct market_order *order = &orders.order[i];
        struct shop_state state = shop_state(call, order);
        if (state.refunded_at_micros)
            refunds[count++] =
                (struct refund){order, state.refunded_at_micros, state.refunded_cents, 'r'};
        if (state.cancelled_at_micros)
            refunds[count++] = (struct refund){order, state.cancelled_at_micros,
                                               state.total_cents - state.refunded_cents, 'c'};
    }
    if (count > 1)
        qsort(refunds, count, sizeof *refunds, newest_first);
    *ret_count = count;
    return refunds;
}

static void write_refund(struct json_writer *writer, const struct refund *refund)
{
    const char tail[2] = {refund->kind, '\0'};
    writer_open(writer, '{');
    write_id(writer, "id", "re_", refund->order->id, tail);
    write_pair(writer, "object", "refund");
    write_number(writer, "amount", refund->amount_cents);
    write_id(writer, "charge", "ch_", refund->order->id, "");
    write_number(writer, "created", refund->at_micros / 1000000);
    write_pair(writer, "currency", "usd");
    write_id(writer, "payment_intent", "pi_", refund->order->id, "");
    write_pair(writer, "reason", "requested_by_customer");
    write_pair(writer, "status", "succeeded");
    writer_close(writer, '}');
}

static void list_refunds(struct shop_call *call)
{
    struct json_writer writer = {.out = &call->reply->body};
    struct page page;
    size_t count, i = 0;
    int64_t written = 0;
    if (!read_page(call, "re_", &page)) {
        stripe_refuse(call->reply, 400, "No such refund.");
        return;
    }
    const struct refund *refunds = make_refunds(call, &count);
    bool skips = page.below != INT64_MAX;
    while (skips && i < count
           && (refunds[i].order->id != page.below || refunds[i].kind != page.below_kind))
        i++;
    open_list(&writer, "/v1/refunds");
    for (i += skips; i < count && written <= page.limit; i++) {
        int64_t created = refunds[i].at_micros / 1000000;
        if (created < page.created_min || created > page.created_max)
            continue;
        if (written++ < page.limit)
            write_refund(&writer, &refunds[i]);
    }
    close_list(&writer, written > page.limit);
}

void stripe_answer(struct shop_call *call)
{
    const char *key = request_header(call->request, "authorization");
    bool charges = strncmp(call->request->path, "/v1/charges", 11) == 0;
    if (!key || strncmp(key, "Bearer ", 7) != 0 || strcmp(key + 7, call->shop->stripe_key) != 0)
        stripe_refuse(call->reply, 401, "Invalid API Key provided.");
    else if (strcmp(call->request->method, "GET") != 0)
        stripe_refuse(call->reply, 405, "The shop is only read.");
    else if (*call->rest == '\0')
        (charges ? list_charges : list_refunds)(call);
    else if (charges && *call->rest == '/')
        get_charge(call);
    else
        stripe_refuse(call->reply, 404, "Unrecognized request URL.");
}
