/* report: what a source says happened on an account's days.
 *
 * What arrives is kept as it came before anybody reads it, so there are two steps: fetching hands
 * each page's bytes to whoever keeps them; reading is pure and can be done again from what was
 * kept. Days are the account's own, counted from 1970-01-01. Money is micros of the account's
 * currency, whatever unit the source has. */
#pragma once

#include "bytes.h"
#include "orders.h"
#include "platform.h"

enum {
    REPORT_DAYS_MAX = 1100, /* of one ask */
    REPORT_PAGES_MAX = 1000,
    REPORT_ROWS_MAX = 250000,    /* of one page */
    REPORT_BYTES_MAX = 64 << 20, /* of one page */
    REPORT_TEXT_MAX = 2048,      /* bytes of a name */
};

enum report_level {
    REPORT_CAMPAIGNS, /* a row a campaign and day */
    REPORT_ADS,       /* a row an ad and day */
    REPORT_SESSIONS,  /* GA4: a row a day, source, medium and campaign */
    REPORT_ORDERS,    /* shops: an order each, in `orders`. Its pages hold personal data */
};

/* One request for days from..to, both included; `to` may be a day that is not over. */
struct report_ask {
    const char *account; /* "google/1234567890", "ga4/123", "meta/456" for act_456 */
    enum report_level level;
    int32_t from, to;
    bool on_day; /* also conversions_on_day, where the source tells */
    /* answered: */
    struct platform_reply reply;
    int32_t pages; /* that were kept */
};

/* Keeps one page, counted from 0; false ends the fetch with the err. */
typedef bool report_keep(void *user, const struct report_ask *ask, int32_t page, struct bytes raw,
                         struct err *err);

/* Page by page until the source has no more; the reply says whether all came. A page that fails in
 * passing or arrives broken is asked again, up to six times, with waits of up to 30 s; one that
 * was kept is whole JSON. False: keep failed, or the arguments were not understood. */
bool platform_fetch_report(struct platform *platform, struct report_ask *ask, report_keep *keep,
                           void *user, struct err *err) MUST_CHECK;

/* Texts that a level doesn't have are "". Counts are as the source tells them, also below zero. */
struct report_row {
    const char *campaign, *campaign_name; /* the source's id (GA4: the name); as people named it */
    const char *type, *status;            /* the source's words, in lower case */
    const char *ad_group, *ad;
    const char *utm_source, *utm_medium; /* GA4; "(not set)" and the like as they come */
    int32_t day;
    int64_t impressions, clicks, cost_micros;
    int64_t sessions, users;   /* GA4 */
    double conversions;        /* claimed, counted as the report's setting says; GA4: key events */
    double conversions_on_day; /* those that happened on this day, where the source tells; or -1 */
    int64_t value_micros;      /* of conversions; GA4: revenue */
    int64_t view_through;
};

struct report {
    enum report_level level;
    char currency[4];    /* "" when the page doesn't say */
    const char *zone;    /* "America/New_York", or "" */
    const char *setting; /* how conversions are counted: "click_date", "7d_click_1d_view" */
    /* GA4: what the numbers lack. */
    bool sampled;     /* extrapolated from some of the sessions */
    bool thresholded; /* rows with few users may be held back */
    bool lumped;      /* rows were put together as "(other)" */
    struct report_row *rows;
    size_t row_count;
    struct orders orders; /* of shops */
};

/* One kept page. The account's prefix says whose format it is. */
bool report_read(struct arena *arena, const char *account, enum report_level level,
                 struct bytes raw, struct report *ret_report, struct err *err) MUST_CHECK;

/* What an account keeps its books in, asked for at the source. */
struct report_account {
    const char *account;
    /* answered: */
    struct platform_reply reply;
    char currency[4];
    const char *zone; /* in the arena */
};

void platform_read_account(struct platform *platform, struct arena *arena,
                           struct report_account *account);
