/* bought: a page of orders without the people: what the archive and the tables may have. Pure. */
#pragma once

#include "hash.h"
#include "orders.h"

struct bought {
    const struct order *orders; /* by id; their people are gone */
    struct hash *people;        /* one an order */
    bool *known;                /* is there one? */
    size_t count;
};

/* Orders of a page, each with its person's key, in the order of ids. REJECT: an id that comes
 * twice. */
bool bought_of(struct arena *arena, struct bytes key, const char *account, struct orders *orders,
               struct bought *ret_bought, struct err *err) MUST_CHECK;
/* The same as CSV that orders_read understands, without people and their keys. */
void bought_write(const struct bought *bought, struct buffer *csv);
