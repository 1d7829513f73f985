/* platform: which platform an account belongs to. A new platform is a row and its files. */
#include "platform_row.h"

#include "ga4.h"

#include <assert.h>
#include <string.h>

static const struct platform_row rows[] = {
    {
     .prefix = "google/",
     .account_valid = google_account_valid,
     .levels = 1U << REPORT_CAMPAIGNS | 1U << REPORT_ADS,
     .ask_page = google_ask_report_page,
     .look = google_look,
     .take = google_take_report,
     .read_account = google_read_account,
     .read_budgets = google_read_budgets,
     .set_budgets = google_set_budgets,
     .read_changes = google_read_changes,
     },
    {
     .prefix = "ga4/",
     .account_valid = ga4_account_valid,
     .levels = 1U << REPORT_SESSIONS,
     .ask_page = ga4_ask_report_page,
     .look = ga4_look,
     .take = ga4_take_report,
     .read_account = ga4_read_account,
     },
    {
     .prefix = "meta/",
     .account_valid = meta_account_valid,
     .levels = 1U << REPORT_CAMPAIGNS | 1U << REPORT_ADS,
     .ask_page = meta_ask_report_page,
     .look = meta_look,
     .take = meta_take_report,
     .read_account = meta_read_account,
     },
    {
     .prefix = "shopify/",
     .account_valid = shop_account_valid,
     .levels = 1U << REPORT_ORDERS,
     .ask_page = shop_ask_page,
     .look = shopify_look,
     .take = shop_take,
     .read_account = shop_read_account,
     },
    {
     .prefix = "stripe/",
     .account_valid = shop_account_valid,
     .levels = 1U << REPORT_ORDERS,
     .ask_page = shop_ask_page,
     .look = stripe_look,
     .take = shop_take,
     .read_account = shop_read_account,
     },
};

const struct platform_row *platform_row_of(const char *account)
{
    for (size_t r = 0; r < COUNT(rows); r++)
        if (strncmp(account, rows[r].prefix, strlen(rows[r].prefix)) == 0)
            return &rows[r];
    return NULL;
}

static const int64_t report_wait_base_ms = 1000;

static struct platform_reply no_platform(void)
{
    return platform_reply_of(PLATFORM_PERMANENT, "no_such_platform");
}

struct platform *platform_new(const struct platform_settings *settings)
{
    struct platform *platform = mem_new(sizeof *platform);
    const struct http_client_settings client = {.stop = settings->stop};
    platform->google.settings = *settings;
    platform->google.client = http_client_new(&client);
    platform->report_wait_base_ms =
        settings->report_wait_base_ms ? settings->report_wait_base_ms : report_wait_base_ms;
    platform->meta = (struct meta){.settings = *settings, .client = platform->google.client};
    platform->shop = (struct shop){.settings = *settings, .client = platform->google.client};
    return platform;
}

void platform_free(struct platform *platform)
{
    if (!platform)
        return;
    google_forget_token(&platform->google);
    http_client_free(platform->google.client);
    mem_free(platform);
}

void platform_read_budgets(struct platform *platform, struct arena *arena,
                           struct platform_read reads[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        reads[i].reply = no_platform();
    for (size_t r = 0; r < COUNT(rows); r++)
        if (rows[r].read_budgets)
            rows[r].read_budgets(platform, arena, reads, count);
}

void platform_set_budgets(struct platform *platform, struct arena *arena,
                          struct platform_set sets[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert(sets[i].item_count >= 1 && sets[i].item_count <= PLATFORM_ITEMS_MAX);
        for (size_t n = 0; n < sets[i].item_count; n++)
            sets[i].items[n].reply = no_platform();
    }
    for (size_t r = 0; r < COUNT(rows); r++)
        if (rows[r].set_budgets)
            rows[r].set_budgets(platform, arena, sets, count);
}

void platform_read_changes(struct platform *platform, struct arena *arena,
                           struct platform_history histories[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        histories[i].reply = no_platform();
    for (size_t r = 0; r < COUNT(rows); r++)
        if (rows[r].read_changes)
            rows[r].read_changes(platform, arena, histories, count);
}
