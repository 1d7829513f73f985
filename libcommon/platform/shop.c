#include "shop.h"

#include "http_backoff.h"
#include "orders.h"
#include "platform_reply.h"
#include "platform_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { name_max = 64, shopify_page = 250, stripe_page = 100 };
static const int64_t day_s = 86400;

static bool is_shopify(const char *account)
{
    return strncmp(account, "shopify/", strlen("shopify/")) == 0;
}

static enum orders_form form_of(const char *account)
{
    return is_shopify(account) ? ORDERS_SHOPIFY : ORDERS_STRIPE;
}

bool shop_account_valid(const char *account)
{
    const char *name = strchr(account, '/') + 1;
    size_t length = strlen(name);
    return length > 0 && length <= name_max
        && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* Oldest first, behind the last id that was seen: new orders move no page. */
void shopify_ask(const struct report_ask *ask, const char *after, struct buffer *path)
{
    char from[REPORT_DATE_TEXT], to[REPORT_DATE_TEXT];
    report_date(ask->from > 0 ? ask->from - 1 : 0, from);
    report_date(ask->to + 1, to);
    buffer_format(path,
                  "/orders.json?status=any&limit=%d&since_id=%s&created_at_min=%sT00:00:00Z"
                  "&created_at_max=%sT23:59:59Z",
                  shopify_page, *after ? after : "0", from, to);
}

/* Newest first, behind the last id that was seen: new payments come before the first page. */
void stripe_ask(const struct report_ask *ask, const char *after, struct buffer *path)
{
    buffer_format(path, "/charges?limit=%d&created[gte]=%" PRId64 "&created[lt]=%" PRId64,
                  stripe_page, (ask->from - 1) * day_s, (ask->to + 2) * day_s);
    if (*after)
        buffer_format(path, "&starting_after=%s", after);
}

struct platform_reply shop_classify(const struct http_result *result)
{
    char code[32];
    (void)snprintf(code, sizeof code, "http_%d", result->status);
    if (result->too_large)
        return platform_reply_of(PLATFORM_PERMANENT, "answer_too_large");
    if (result->outcome != HTTP_ANSWERED)
        return platform_reply_of(PLATFORM_TRANSIENT,
                                 result->outcome == HTTP_NOT_SENT ? "not_sent" : "no_reply");
    if (result->status == 200)
        return platform_reply_of(PLATFORM_OK, "");
    if (result->status == 401 || result->status == 403)
        return platform_reply_of(PLATFORM_AUTH, code);
    if (result->status != 429)
        return platform_reply_of(
            http_status_is_passing(result->status) ? PLATFORM_TRANSIENT : PLATFORM_PERMANENT, code);
    struct platform_reply reply = platform_reply_of(PLATFORM_THROTTLED, code);
    const char *after = http_result_header(result, "retry-after");
    double wait_s = after ? strtod(after, NULL) : 0;
    if (wait_s > 0 && wait_s < 3600)
        reply.wait_ms = (int64_t)(wait_s * 1000);
    return reply;
}

static bool get(const struct shop *shop, const char *base, const char *path,
                const struct http_pair *secret, struct report_page *page)
{
    BUFFER url = {0};
    buffer_format(&url, "%s%s", base, path);
    struct http_call http = {
        .method = "GET",
        .url = (const char *)url.data,
        .headers = secret,
        .header_count = 1,
        .start_boot_ms = page->start_boot_ms,
        .tries_max = 1,
        .timeout_ms = shop->settings.timeout_ms,
        .body_bytes_max = ORDERS_PAGE_BYTES_MAX,
    };
    http_client_run(shop->client, &http, 1);
    page->reply = shop_classify(&http.result);
    if (page->reply.fate == PLATFORM_OK) {
        page->answer = http.result.body;
        http.result.body = (struct buffer){0};
    }
    http_call_done(&http);
    return page->reply.fate == PLATFORM_OK;
}

void shop_ask_page(struct platform *platform, struct arena *arena, struct report_page *page)
{
    const struct shop *shop = &platform->shop;
    bool shopify = is_shopify(page->ask->account);
    const char *base = shopify ? shop->settings.shopify_url : shop->settings.stripe_url;
    const char *token = shopify ? shop->settings.shopify_token : shop->settings.stripe_key;
    BUFFER path = {0}, bearer = {0};
    (void)arena;
    if (!base || !token || !*token) {
        page->reply = platform_reply_of(PLATFORM_PERMANENT, "not_configured");
        return;
    }
    if (shopify) {
        buffer_format(&path, "/admin/api/%s", shop->settings.shopify_version);
        shopify_ask(page->ask, page->cursor->token, &path);
    } else {
        buffer_add_text(&path, "/v1");
        stripe_ask(page->ask, page->cursor->token, &path);
    }
    buffer_format(&bearer, "Bearer %s", token);
    const struct http_pair secret = {shopify ? "X-Shopify-Access-Token" : "Authorization",
                                     shopify ? token : (const char *)bearer.data};
    (void)get(shop, base, (const char *)path.data, &secret, page);
}

static bool move_on(struct report_cursor *cursor, const char *after, bool *ret_more,
                    struct err *err)
{
    *ret_more = after != NULL;
    if (!after)
        return true;
    if (strlen(after) > REPORT_TOKEN_MAX
        || strspn(after, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
            != strlen(after))
        return err_set(err, ERR_REJECT, "an id that no address can hold");
    (void)snprintf(cursor->token, sizeof cursor->token, "%s", after);
    return true;
}

bool shopify_look(struct arena *arena, struct bytes raw, struct report_cursor *cursor,
                  bool *ret_more, struct err *err)
{
    struct orders orders;
    return orders_look(arena, ORDERS_SHOPIFY, raw, &orders, err)
        && move_on(cursor, orders.seen == shopify_page ? orders.after : NULL, ret_more, err);
}

bool stripe_look(struct arena *arena, struct bytes raw, struct report_cursor *cursor,
                 bool *ret_more, struct err *err)
{
    struct orders orders;
    return orders_look(arena, ORDERS_STRIPE, raw, &orders, err)
        && move_on(cursor, orders.after, ret_more, err);
}

bool shop_take(struct arena *arena, const char *account, enum report_level level, struct bytes raw,
               struct report *report, struct err *err)
{
    (void)level;
    return orders_read(arena, form_of(account), raw, &report->orders, err);
}

void shop_read_account(struct platform *platform, struct arena *arena,
                       struct report_account *account)
{
    (void)platform;
    (void)arena;
    account->reply = platform_reply_of(PLATFORM_OK, "");
}
