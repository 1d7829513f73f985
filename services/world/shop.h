/* shop: the order system in the shapes shops are read in: Shopify's orders, Stripe's charges and
 * refunds, a CSV export. All three tell of the same orders. */
#pragma once

#include "gate.h"

struct world;

struct shop {
    const char *token;      /* X-Shopify-Access-Token, and the export's; borrowed */
    const char *stripe_key; /* "sk_test_..." */
    struct gate gate;
    double used; /* of the bucket: a request adds one, time takes away */
    int64_t used_micros;
};

bool shop_owns_path(const char *path);
void shop_answer(struct world *world, const struct request *request, struct reply *reply);
