/* orders: what a shop or a payment provider says was bought. Pure.
 *
 * Whom an order is from stands in the row only as long as the arena: whoever reads makes a keyed
 * hash of it at once (services/ingestor/person.h), and nothing else may keep it. */
#pragma once

#include "bytes.h"
#include "mem.h"

enum orders_form {
    ORDERS_SHOPIFY, /* {"orders":[…]} of the Admin API */
    ORDERS_STRIPE,  /* {"object":"list","data":[charges…],"has_more":…} */
    ORDERS_CSV,     /* a header line names the columns, see orders_csv.c */
};

struct order {
    const char *id;
    int64_t at_micros; /* unix time */
    char currency[4];
    int64_t value_micros, refunded_micros;
    bool cancelled;
    const char *email, *phone, *customer; /* "" where unknown */
};

struct orders {
    struct order *rows;
    size_t count, capacity;
    size_t seen;       /* also those that are left out */
    const char *after; /* the id that more may stand behind; NULL: nothing does */
};

enum { ORDERS_PAGE_BYTES_MAX = 64 << 20, ORDERS_CSV_FIELD_BYTES_MAX = 4096 };

/* One page. Test orders and payments that did not succeed are left out. What is wrong is named by
 * its place, never by what stands there. */
bool orders_read(struct arena *arena, enum orders_form form, struct bytes raw,
                 struct orders *ret_orders, struct err *err) MUST_CHECK;
/* What a page of an API says of those behind it: sets `seen` and `after` alone. */
bool orders_look(struct arena *arena, enum orders_form form, struct bytes raw,
                 struct orders *ret_orders, struct err *err) MUST_CHECK;
