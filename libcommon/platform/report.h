/* report: what a source says happened on an account's days.
 *
 * What arrives is kept as it came before anybody reads it, so there are two steps: fetching hands
 * each page's bytes to whoever keeps them; reading is pure and can be done again from what was
 * kept. Days are the account's own, counted from 1970-01-01. Money is micros of the account's
 * currency, whatever unit the source has. */
#pragma once

#include "bytes.h"
#include "platform.h"

enum report_level {
    REPORT_CAMPAIGNS, /* a row a campaign and day */
    REPORT_ADS,       /* a row an ad and day */
    REPORT_SESSIONS,  /* GA4: a row a day, source, medium and campaign */
};

/* One request for days from..to, both included. */
struct report_ask {
    const char *account; /* "google/1234567890", "ga4/123" */
    enum report_level level;
    int32_t from, to;
    struct platform_reply reply; /* answered */
};

/* Keeps one page; false ends the fetch with the err. */
typedef bool report_keep(void *user, const struct report_ask *ask, int32_t page, struct bytes raw,
                         struct err *err);

/* Page by page until the source has no more; the reply says whether all came. False: keep failed,
 * or the arguments were not understood. */
bool platform_fetch_report(struct platform *platform, struct report_ask *ask, report_keep *keep,
                           void *user, struct err *err) MUST_CHECK;

/* Texts that a level doesn't have are "". */
struct report_row {
    const char *campaign, *campaign_name; /* the source's id; names as people gave them */
    const char *type, *status;            /* the source's words, in lower case */
    const char *ad_group, *ad;
    const char *utm_source, *utm_medium; /* GA4 */
    int32_t day;
    int64_t impressions, clicks, cost_micros;
    int64_t sessions, users;   /* GA4 */
    double conversions;        /* claimed, counted as the report's setting says */
    double conversions_on_day; /* those that happened on this day, where the source tells; or -1 */
    int64_t value_micros;      /* of conversions */
    int64_t view_through;
};

struct report {
    enum report_level level;
    char currency[4];
    const char *zone;    /* "America/New_York" */
    const char *setting; /* how conversions are counted: "click_date", "7d_click_1d_view" */
    struct report_row *rows;
    size_t row_count;
};

/* One kept page. The account's prefix says whose format it is. */
bool report_read(struct arena *arena, const char *account, enum report_level level,
                 struct bytes raw, struct report *ret_report, struct err *err) MUST_CHECK;
