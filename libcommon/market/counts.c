/* counts: platforms' and the shop's counters, read back as of a moment (market_counts.h). */
#include "market_counts.h"

#include "market_state.h"

#include <assert.h>
#include <string.h>

static const int click_days_max = 30;
static const int64_t changes_within_hours = 720;

struct market_setting market_setting_of(enum market_platform platform)
{
    static const struct market_setting settings[] = {
        [MARKET_GOOGLE] = {30, 0},
          [MARKET_META] = {7,  1},
          [MARKET_TIKTOK] = {7,  1},
        [MARKET_MICROSOFT] = {30, 0},
          [MARKET_LINKEDIN] = {30, 7},
    };
    return settings[platform];
}

/* Which claims are read, and into which cell of the answer each goes. */
struct reading {
    const struct market *market;
    int campaign, ad; /* ad -1: all of the campaign's */
    int from_day, to_day;
    int64_t as_of;
    struct market_setting setting;
    int geos; /* 0: cells are days; otherwise days x geos */
    struct market_counts *counts;
};

static struct market_counts *cell(const struct reading *reading, int64_t day, int geo)
{
    if (day < reading->from_day || day > reading->to_day)
        return NULL;
    int64_t row = day - reading->from_day;
    return &reading->counts[reading->geos ? row * reading->geos + geo : row];
}

static int64_t lag_hours(const struct market *market, const struct market_touch *touch)
{
    return market->order[touch->order].second / 3600 - touch->hour;
}

bool claim_counts(const struct market *market, const struct market_touch *touch,
                  struct market_setting setting)
{
    int days = touch->click ? setting.click_days : setting.view_days;
    return touch->report_hour != INT32_MAX && days > 0
        && lag_hours(market, touch) <= (int64_t)days * 24;
}

static void count_claim(const struct reading *reading, const struct market_touch *touch)
{
    const struct market_order *order = &reading->market->order[touch->order];
    struct market_counts *touched = cell(reading, day_of(touch->hour), order->geo);
    struct market_counts *ordered = cell(reading, order->second / 86400, order->geo);
    bool counts = claim_counts(reading->market, touch, reading->setting);
    if (touched && counts) {
        touched->conversions++;
        touched->value_micros += order->value_micros;
    }
    if (ordered && counts) {
        ordered->conversions_on_day++;
        ordered->value_on_day_micros += order->value_micros;
    }
    if (touched && !touch->click && lag_hours(reading->market, touch) <= 24)
        touched->view_through++;
}

/* The first of a campaign's touches whose order is at or after `second`. */
static size_t first_touch(const struct market *market, const struct touch_list *list,
                          int64_t second)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (market->order[market->touch[list->at[middle]].order].second < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void count_claims(const struct reading *reading)
{
    const struct market *market = reading->market;
    const struct touch_list *list = &market->touched[reading->campaign];
    int64_t until = ((int64_t)reading->to_day + 1 + click_days_max) * 86400;
    for (size_t i = first_touch(market, list, (int64_t)reading->from_day * 86400); i < list->count;
         i++) {
        const struct market_touch *touch = &market->touch[list->at[i]];
        if (market->order[touch->order].second >= until)
            break;
        if (touch->report_hour <= reading->as_of && (reading->ad < 0 || touch->ad == reading->ad))
            count_claim(reading, touch);
    }
}

static size_t days(int from_day, int to_day)
{
    return (size_t)to_day - (size_t)from_day + 1;
}

static void start(const struct reading *reading, size_t cells)
{
    assert(reading->from_day >= 0 && reading->to_day >= reading->from_day);
    assert(reading->as_of <= reading->market->now);
    memset(reading->counts, 0, cells * sizeof *reading->counts);
}

static void add_hour(struct market_counts *counts, const struct hour_fact *fact)
{
    counts->impressions += fact->sum.impressions;
    counts->clicks += fact->sum.clicks;
    counts->cost_micros += fact->sum.cost_micros;
    counts->eligible += (int64_t)(fact->eligible + .5f);
    counts->lost_budget += (int64_t)(fact->lost_budget + .5f);
    counts->lost_rank += (int64_t)(fact->lost_rank + .5f);
}

/* What a campaign delivered on a day before as_of. */
static struct market_counts day_until(const struct market *market, int campaign, int64_t day,
                                      int64_t as_of)
{
    struct market_counts counts = {0};
    for (int64_t hour = day * 24; hour < (day + 1) * 24 && hour < as_of; hour++)
        add_hour(&counts, &market->hour_fact[hour * market->config.campaigns + campaign]);
    return counts;
}

void market_campaign_days(const struct market *market, int campaign, int from_day, int to_day,
                          int64_t as_of, struct market_setting setting,
                          struct market_counts *ret_counts)
{
    struct reading reading = {market, campaign, -1, from_day,  to_day,
                              as_of,  setting,  0,  ret_counts};
    start(&reading, days(from_day, to_day));
    for (int day = from_day; day <= to_day; day++)
        ret_counts[day - from_day] = day_until(market, campaign, day, as_of);
    count_claims(&reading);
}

/* Ads and geos keep days, not hours: of a day that was not over at as_of they show what share of
 * its numbers their campaign had by then. It is all of them when as_of is now. */
struct share {
    double impressions, clicks, cost;
};

static double ratio(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static struct share share_until(const struct market *market, int campaign, int64_t day,
                                int64_t as_of)
{
    if (day >= (market->now + 23) / 24 || day * 24 >= as_of)
        return (struct share){0};
    if ((day + 1) * 24 <= as_of || as_of == market->now)
        return (struct share){1, 1, 1};
    struct market_counts part = day_until(market, campaign, day, as_of);
    struct market_counts whole = day_until(market, campaign, day, market->now);
    return (struct share){ratio(part.impressions, whole.impressions),
                          ratio(part.clicks, whole.clicks),
                          ratio(part.cost_micros, whole.cost_micros)};
}

static void add_day(struct market_counts *counts, const struct day_fact *fact, struct share share)
{
    int64_t impressions = (int64_t)(fact->impressions * share.impressions);
    int64_t clicks = (int64_t)(fact->clicks * share.clicks);
    counts->impressions += impressions;
    counts->clicks += clicks < impressions ? clicks : impressions;
    counts->cost_micros += (int64_t)((double)fact->cost_micros * share.cost);
}

void market_ad_days(const struct market *market, int ad, int from_day, int to_day, int64_t as_of,
                    struct market_setting setting, struct market_counts *ret_counts)
{
    int campaign = market->config.ad[ad].campaign;
    struct reading reading = {market, campaign, ad, from_day,  to_day,
                              as_of,  setting,  0,  ret_counts};
    start(&reading, days(from_day, to_day));
    for (int64_t day = from_day; day <= to_day; day++) {
        struct share share = share_until(market, campaign, day, as_of);
        if (share.impressions > 0)
            add_day(&ret_counts[day - from_day], &market->ad_day[day * market->config.ads + ad],
                    share);
    }
    count_claims(&reading);
}

void market_geo_days(const struct market *market, int campaign, int from_day, int to_day,
                     int64_t as_of, struct market_setting setting, struct market_counts *ret_counts)
{
    int geos = market->geos.count;
    struct reading reading = {market, campaign, -1,   from_day,  to_day,
                              as_of,  setting,  geos, ret_counts};
    start(&reading, days(from_day, to_day) * (size_t)geos);
    for (int64_t day = from_day; day <= to_day; day++) {
        struct share share = share_until(market, campaign, day, as_of);
        if (share.impressions <= 0)
            continue;
        const struct day_fact *fact =
            market->geo_day + (day * market->config.campaigns + campaign) * geos;
        for (int g = 0; g < geos; g++)
            add_day(&ret_counts[(day - from_day) * geos + g], &fact[g], share);
    }
    count_claims(&reading);
}

static size_t first_order(const struct market *market, int64_t second)
{
    size_t low = 0, high = market->orders;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (market->order[middle].second < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct market_orders market_orders(const struct market *market, int64_t from_hour, int64_t to_hour)
{
    size_t from = first_order(market, from_hour * 3600), to = first_order(market, to_hour * 3600);
    return (struct market_orders){market->order + from, to > from ? to - from : 0};
}

size_t market_orders_changed(const struct market *market, int64_t from_hour, int64_t to_hour,
                             const struct market_order **ret_order, size_t most)
{
    size_t count = 0;
    struct market_orders orders = market_orders(market, from_hour - changes_within_hours, to_hour);
    for (size_t i = 0; i < orders.count && count < most; i++) {
        const struct market_order *order = &orders.order[i];
        if ((order->refund_hour >= from_hour && order->refund_hour < to_hour)
            || (order->cancel_hour >= from_hour && order->cancel_hour < to_hour))
            ret_order[count++] = order;
    }
    return count;
}
