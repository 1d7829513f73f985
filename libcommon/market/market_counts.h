/* market_counts: what each counter shows as of a moment.
 *
 * Three counters see the same orders and disagree by construction: the shop's orders, GA4 and the
 * platforms' claims. `as_of` is an hour <= market_now: what had reached that counter by then, so a
 * later as_of restates an earlier one. Days are numbers since the start; [from_day, to_day], both
 * included. The caller owns every array that is filled; nothing is allocated here. */
#pragma once

#include "market.h"

/* How a platform is asked to count: a claim needs a click at most click_days before the order, or
 * else a view at most view_days before it. view_days 0: views are shown in view_through only. */
struct market_setting {
    int click_days, view_days;
};

struct market_counts {
    int64_t impressions, clicks, cost_micros;
    int64_t conversions, value_micros; /* under the setting, by day of the click or view */
    int64_t conversions_on_day, value_on_day_micros; /* the same by day of the order */
    int64_t view_through;                            /* viewed within a day, not clicked */
    /* chances: eligible, not taken because of the budget, not won in the auction */
    int64_t eligible, lost_budget, lost_rank;
};

/* The platform's own default setting. */
struct market_setting market_setting_of(enum market_platform platform);

/* ret_counts: one a day. O(days * 24 + claims of the campaign in and 30 days after the window). */
void market_campaign_days(const struct market *market, int campaign, int from_day, int to_day,
                          int64_t as_of, struct market_setting setting,
                          struct market_counts *ret_counts);
/* The same for one ad (without eligible and lost_*). */
void market_ad_days(const struct market *market, int ad, int from_day, int to_day, int64_t as_of,
                    struct market_setting setting, struct market_counts *ret_counts);
/* days x geos, day-major (without eligible and lost_*). */
void market_geo_days(const struct market *market, int campaign, int from_day, int to_day,
                     int64_t as_of, struct market_setting setting,
                     struct market_counts *ret_counts);

/* GA4's rows: one a campaign, then the unpaid sources. */
struct market_ga4_source {
    const char *source, *medium, *campaign; /* borrowed for the market's life */
};

struct market_ga4_counts {
    int64_t sessions, users, key_events, value_micros;
};

int market_ga4_sources(const struct market *market);
struct market_ga4_source market_ga4_source(const struct market *market, int source);
/* days x sources, day-major. Last non-direct click, consent loss, 24 to 48 h late.
 * O(days * sources * + orders in the window). */
void market_ga4_days(const struct market *market, int from_day, int to_day, int64_t as_of,
                     struct market_ga4_counts *ret_counts);

/* An order as the shop's books have it. */
struct market_order {
    int64_t id;     /* 1, 2, ... in order of time */
    int64_t second; /* since the start */
    int64_t person; /* a customer keeps the number */
    int64_t value_micros;
    int64_t refunded_micros;
    int64_t refund_hour, cancel_hour; /* INT64_MAX: never. They count once as_of has passed them */
    int32_t geo;
    int32_t cause;      /* truth: the channel without which it would not be, -1 none */
    int32_t ga4_source; /* -1: GA4 never sees it */
    int64_t ga4_hour;   /* from when on it does */
    bool is_new;
    uint32_t first_touch, touches; /* see market_order_touches */
    int32_t source;                /* inside: what it was drawn for, and its luck */
    uint64_t luck;
};

/* An ad's click or view on the way to an order. A platform claims orders by these. */
struct market_touch {
    uint32_t order;       /* counted from 0, in order of time */
    int32_t hour;         /* when it was seen or clicked, at most 29 days before the order */
    int32_t report_hour;  /* when the platform shows a claim by it; INT32_MAX: it lost it */
    int16_t campaign, ad; /* ad -1: the campaign has none */
    bool click;
};

/* An order's order.touches touches, by time; borrowed until the next step. */
const struct market_touch *market_order_touches(const struct market *market,
                                                const struct market_order *order);

/* Orders with from_hour <= time < to_hour, in order of time; borrowed until the next step.
 * O(log orders). */
struct market_orders {
    const struct market_order *order;
    size_t count;
};

struct market_orders market_orders(const struct market *market, int64_t from_hour, int64_t to_hour);
/* Orders refunded or cancelled in [from_hour, to_hour), at most `most` of them, oldest order first;
 * returns how many. O(orders of the 30 days before). */
size_t market_orders_changed(const struct market *market, int64_t from_hour, int64_t to_hour,
                             const struct market_order **ret_order, size_t most);
