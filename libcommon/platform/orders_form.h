/* orders_form: what the forms of orders.h share. Inside this archive only. */
#pragma once

#include "json.h"
#include "orders.h"

/* Sets `seen` and `after`; the page is of that form then. */
bool orders_end_shopify(struct arena *arena, const json_t *page, struct orders *orders,
                        struct err *err) MUST_CHECK;
bool orders_end_stripe(struct arena *arena, const json_t *page, struct orders *orders,
                       struct err *err) MUST_CHECK;
bool orders_read_shopify(struct arena *arena, const json_t *page, struct orders *orders,
                         struct err *err) MUST_CHECK;
bool orders_read_stripe(struct arena *arena, const json_t *page, struct orders *orders,
                        struct err *err) MUST_CHECK;
bool orders_read_csv(struct arena *arena, struct bytes raw, struct orders *orders,
                     struct err *err) MUST_CHECK;

/* A row more, zeroed, its texts "". */
struct order *orders_add(struct arena *arena, struct orders *orders);
const char *orders_keep(struct arena *arena, const char *text); /* NULL gives "" */
/* "usd" or "USD". */
bool orders_currency(const char *text, char ret_currency[static 4]) MUST_CHECK;
/* "2026-11-20T10:00:00-05:00" */
bool orders_time(const char *text, int64_t *ret_micros) MUST_CHECK;
/* 1 to 128 bytes */
bool orders_id_valid(const char *id);
/* "119.90", zero or more */
bool orders_money(const char *text, int64_t *ret_micros) MUST_CHECK;
