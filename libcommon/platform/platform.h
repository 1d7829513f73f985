/* platform: budgets at the ad platforms, read and set in groups, one account a request.
 *
 * An account is named as in the ledger, "google/1234567890"; a resource below it as the platform
 * does, "campaignBudgets/9". Money is micros of the account's currency.
 * Requests of one call go out side by side. Reads are tried again inside; a set goes out at most
 * once (http_client's writes) and its reply says what is known of it. No reply or error text ever
 * holds a token, a URL or a body. A platform belongs to one thread. */
#pragma once

#include "mem.h"

#include <stdint.h>

struct platform;

struct platform_settings {
    const char *google_url, *google_token_url; /* bases, without the last slash */
    const char *google_version;                /* "v25" */
    const char *google_client_id, *google_client_secret, *google_refresh_token;
    const char *google_developer_token;   /* "": not sent */
    const char *google_login_customer_id; /* "": not sent */
    const char *ga4_url;                  /* Google's tokens; NULL: there is no GA4 */
    const char *meta_url;                 /* NULL: there is no Meta */
    const char *meta_version;             /* "v24.0" */
    const char *meta_access_token;
    const char *meta_app_secret;          /* "": requests carry no proof of it */
    const char *shopify_url, *stripe_url; /* NULL: there is no such shop */
    const char *shopify_version;          /* "2026-10" */
    const char *shopify_token, *stripe_key;
    int64_t timeout_ms;          /* of one request, whole */
    int64_t report_wait_base_ms; /* 0: 1000; a page's waits double from here */
    volatile const bool *stop;   /* or NULL; see http_client */
};

enum platform_fate {
    PLATFORM_OK,
    PLATFORM_PERMANENT, /* refused, and would be again */
    PLATFORM_AUTH,      /* we may not, or no longer */
    PLATFORM_THROTTLED, /* not done; try after wait_ms */
    PLATFORM_TRANSIENT, /* not done; try later */
    PLATFORM_UNKNOWN,   /* of a set only: it may have been done */
};

struct platform_reply {
    enum platform_fate fate;
    int64_t wait_ms; /* of THROTTLED; of TRANSIENT what is known to be in vain, mostly 0 */
    char code[64];   /* the platform's word for it, or ours in lower case */
};

struct platform_budget {
    const char *resource, *name;
    int64_t micros; /* a day; without meaning unless daily */
    int64_t members;
    bool shared, enabled, daily;
};

struct platform_read {
    const char *account;
    const char *const *resources; /* NULL: all there are */
    size_t resource_count;
    /* answered, in the arena: */
    struct platform_reply reply;
    char currency[4]; /* "" when there is no budget */
    struct platform_budget *budgets;
    size_t budget_count;
};

struct platform_item {
    const char *resource;
    int64_t micros;
    struct platform_reply reply; /* answered */
};

enum { PLATFORM_ITEMS_MAX = 200 };

struct platform_set {
    const char *account;
    struct platform_item *items;
    size_t item_count;           /* 1..PLATFORM_ITEMS_MAX */
    bool atomic;                 /* all or none; else each item for itself */
    bool validate_only;          /* judge it and change nothing */
    int64_t send_before_boot_ms; /* not sent from this boot time on; 0: any time */
};

struct platform_change {
    const char *resource;
    const char *local_time; /* "2026-11-20 10:00:00.000000" in the account's zone */
    bool has_amounts;       /* the amount is what changed */
    int64_t old_micros, new_micros;
};

struct platform_history {
    const char *account;
    const char *since_local, *until_local; /* in the account's zone, as local_time */
    /* answered, in the arena, oldest first: */
    struct platform_reply reply;
    struct platform_change *changes;
    size_t change_count;
    bool whole; /* false: there were more than one answer holds */
};

struct platform *platform_new(const struct platform_settings *settings); /* texts are borrowed */
void platform_free(struct platform *platform);

void platform_read_budgets(struct platform *platform, struct arena *arena,
                           struct platform_read reads[], size_t count);
void platform_set_budgets(struct platform *platform, struct arena *arena,
                          struct platform_set sets[], size_t count);
void platform_read_changes(struct platform *platform, struct arena *arena,
                           struct platform_history histories[], size_t count);
