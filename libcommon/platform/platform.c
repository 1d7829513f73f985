/* platform: which platform an account belongs to. A new platform is a row and its files. */
#include "platform_row.h"

#include <assert.h>

static const struct platform_row rows[] = {
    {google_read_budgets, google_set_budgets, google_read_changes},
};

static struct platform_reply no_platform(void)
{
    return google_reply(PLATFORM_PERMANENT, "no_such_platform");
}

struct platform *platform_new(const struct platform_settings *settings)
{
    struct platform *platform = mem_new(sizeof *platform);
    const struct http_client_settings client = {.stop = settings->stop};
    platform->google.settings = *settings;
    platform->google.client = http_client_new(&client);
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
        rows[r].set_budgets(platform, arena, sets, count);
}

void platform_read_changes(struct platform *platform, struct arena *arena,
                           struct platform_history histories[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        histories[i].reply = no_platform();
    for (size_t r = 0; r < COUNT(rows); r++)
        rows[r].read_changes(platform, arena, histories, count);
}
