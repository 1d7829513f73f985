/* person: whom an order is from, as a keyed hash. What people are called is never kept. Pure.
 *
 * The same person has the same key in every shop: the mail address counts first, then the phone,
 * then the shop's own number for them. Without the key file nobody can tell whose a hash is, or
 * make one for a known address. */
#pragma once

#include "hash.h"

struct person {
    const char *shop;                     /* "shopify/demo" */
    const char *email, *phone, *customer; /* "" where unknown */
};

/* False: nothing is known of them. key: at least 32 secret bytes. */
bool person_key(struct bytes key, const struct person *person, struct hash *ret_hash) MUST_CHECK;
