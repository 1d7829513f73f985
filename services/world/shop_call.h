/* shop_call: what shop.c and the three shapes share. */
#pragma once

#include "person.h"
#include "world.h"

#include "json_writer.h"
#include "market_counts.h"

struct shop_call {
    struct world *world;
    struct shop *shop;
    const struct request *request;
    struct reply *reply;
    const char *rest; /* of the path, behind the shape's prefix */
};

void shopify_answer(struct shop_call *call);
void shopify_refuse(struct reply *reply, int status, const char *text);
void stripe_answer(struct shop_call *call);
void stripe_refuse(struct reply *reply, int status, const char *text);
void shop_csv_answer(struct shop_call *call);

/* All orders so far; none without a market. An order's place is its id less one. */
struct market_orders shop_orders(const struct shop_call *call);
/* As an order stands now. Times are unix micros; 0: never, or not yet. */
struct shop_state {
    int64_t created_micros, updated_micros, refunded_at_micros, cancelled_at_micros;
    int64_t total_cents, refunded_cents;
};

struct shop_state shop_state(const struct shop_call *call, const struct market_order *order);
void shop_person(const struct market_order *order, struct person *ret_person);
