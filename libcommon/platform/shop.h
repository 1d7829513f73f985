/* shop: orders of Shopify and payments of Stripe behind report.h. Inside this archive only.
 *
 * "shopify/demo", "stripe/demo": one of each, whatever its name; the settings say where it is. Days
 * are asked for in UTC with one more at each end, so that no zone's day is cut. */
#pragma once

#include "http_client.h"
#include "report_page.h"

struct shop {
    struct platform_settings settings;
    struct http_client *client; /* borrowed */
};

bool shop_account_valid(const char *account);
void shopify_ask(const struct report_ask *ask, const char *after, struct buffer *path);
void stripe_ask(const struct report_ask *ask, const char *after, struct buffer *path);
/* What an answer to a read means. Pure. */
struct platform_reply shop_classify(const struct http_result *result);

report_ask_page shop_ask_page;
report_look shopify_look, stripe_look;
report_take shop_take;
/* Neither tells its books here: the currency stands with each order, the zone is the account's. */
void shop_read_account(struct platform *platform, struct arena *arena,
                       struct report_account *account);
