/* platform_row: what a platform must be able to do to stand behind platform.h. */
#pragma once

#include "google.h"
#include "meta.h"
#include "report_page.h"
#include "shop.h"

struct platform {
    struct google google;
    struct meta meta;
    struct shop shop;
    int64_t report_wait_base_ms;
};

struct platform_row {
    const char *prefix; /* of its accounts, "google/" */
    bool (*account_valid)(const char *account);

    unsigned levels; /* a bit each enum report_level it has */
    report_ask_page *ask_page;
    report_look *look;
    report_take *take;
    void (*read_account)(struct platform *platform, struct arena *arena,
                         struct report_account *account);

    /* NULL: it has no budgets. Each answers for its own accounts and leaves the others. */
    void (*read_budgets)(struct platform *platform, struct arena *arena,
                         struct platform_read reads[], size_t count);
    void (*set_budgets)(struct platform *platform, struct arena *arena, struct platform_set sets[],
                        size_t count);
    void (*read_changes)(struct platform *platform, struct arena *arena,
                         struct platform_history histories[], size_t count);
};

/* Whose account it is; NULL: nobody's. */
const struct platform_row *platform_row_of(const char *account);
