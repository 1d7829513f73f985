/* truth: one question of market_truth.h after another, each answered by lives compared. */
#include "market_truth.h"

#include "market_state.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct whatif whatif_nothing(int64_t from)
{
    struct whatif whatif = {.from = from, .until = INT64_MAX, .test_channel = -1};
    for (int c = 0; c < MARKET_CHANNELS_MAX; c++)
        whatif.budget_scale[c] = 1;
    return whatif;
}

double truth_cost(const struct market *market, int channel, int64_t from, int64_t to)
{
    int64_t micros = 0;
    int campaigns = market->config.campaigns;
    for (int c = 0; c < campaigns; c++)
        for (int64_t h = from; market->config.campaign[c].channel == channel && h < to; h++)
            micros += market->hour_fact[h * campaigns + c].sum.cost_micros;
    return (double)micros / 1e6;
}

struct market_sums truth_sums(const struct market *market, int64_t from, int64_t to)
{
    struct market_sums sums = {0};
    for (int64_t h = from; h < to; h++)
        sums.orders_expected += market->expected[h];
    for (int c = 0; c < market->config.channels; c++)
        sums.cost_usd += truth_cost(market, c, from, to);
    struct market_orders orders = market_orders(market, from, to);
    for (size_t i = 0; i < orders.count; i++)
        if (orders.order[i].is_new) {
            sums.orders++;
            sums.value_usd += (double)orders.order[i].value_micros / 1e6;
        }
    return sums;
}

struct market_sums market_truth_without(const struct market *market, uint32_t off, int64_t from,
                                        int64_t to)
{
    assert(from >= 0 && to <= market->now && from <= to);
    struct whatif whatif = whatif_nothing(from);
    whatif.off = off;
    struct market *other = market_live_again(market, &whatif, to);
    struct market_sums sums = truth_sums(other, from, to);
    market_close(other);
    return sums;
}

double market_truth_maturity(const struct market *market, int campaign, int from_day, int to_day,
                             struct market_setting setting, int age_days)
{
    const struct touch_list *list = &market->touched[campaign];
    int64_t all = 0, known = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct market_touch *touch = &market->touch[list->at[i]];
        int64_t day = day_of(touch->hour);
        if (day < from_day || day > to_day || !claim_counts(market, touch, setting))
            continue;
        all++;
        known += touch->report_hour <= (day + 1 + age_days) * 24;
    }
    return all ? (double)known / (double)all : (double)NAN;
}

static double claims_of(const struct market *market, int channel, int64_t from, int64_t to)
{
    double claims = 0;
    struct market_orders orders = market_orders(market, from, to);
    struct market_setting setting = market_setting_of(market->config.channel[channel].platform);
    for (size_t i = 0; i < orders.count; i++) {
        const struct market_touch *touch = market_order_touches(market, &orders.order[i]);
        for (uint32_t t = 0; t < orders.order[i].touches; t++, touch++)
            claims += market->config.campaign[touch->campaign].channel == channel
                && claim_counts(market, touch, setting);
    }
    return claims;
}

void market_truth_contribution(const struct market *market, int64_t from, int64_t to,
                               struct market_contribution *ret_contribution)
{
    struct market_contribution truth = {.base = market_truth_without(market, 0, from, to),
                                        .none = market_truth_without(market, UINT32_MAX, from, to)};
    truth.interaction = truth.base.orders_expected - truth.none.orders_expected;
    for (int c = 0; c < market->config.channels; c++) {
        struct market_sums without = market_truth_without(market, UINT32_C(1) << c, from, to);
        truth.orders[c] = truth.base.orders_expected - without.orders_expected;
        truth.cost_usd[c] = truth_cost(market, c, from, to);
        truth.claims[c] = claims_of(market, c, from, to);
        truth.interaction -= truth.orders[c];
    }
    *ret_contribution = truth;
}

static struct market_point point_at(const struct market *market, int channel, int64_t from,
                                    int64_t to, double scale)
{
    struct whatif whatif = whatif_nothing(from);
    whatif.budget_scale[channel] = scale;
    struct market *other = market_live_again(market, &whatif, to);
    struct market_point point = {scale, truth_cost(other, channel, from, to),
                                 truth_sums(other, from, to).orders_expected};
    market_close(other);
    return point;
}

void market_truth_curve(const struct market *market, int channel, int64_t from, int64_t to,
                        const double *scale, size_t count, struct market_point *ret_point)
{
    assert(from >= 0 && to <= market->now);
    for (size_t i = 0; i < count; i++)
        ret_point[i] = point_at(market, channel, from, to, scale[i]);
}

double market_truth_marginal(const struct market *market, int channel, int64_t from, int64_t to)
{
    static const double scale[] = {.95, 1, 1.05};
    struct market_point point[3];
    market_truth_curve(market, channel, from, to, scale, 3, point);
    double least = .01 * point[1].cost_usd; /* a fifth of what was asked for */
    int low = point[1].cost_usd - point[0].cost_usd > least ? 0 : 1;
    int high = point[2].cost_usd - point[1].cost_usd > least ? 2 : 1;
    if (low == high)
        return (double)NAN;
    return (point[high].orders - point[low].orders) / (point[high].cost_usd - point[low].cost_usd);
}

static struct market_lift in_geos(const struct market *market, int channel, const bool *in,
                                  int64_t from, int64_t to)
{
    struct market_lift lift = {0};
    int geos = market->geos.count, campaigns = market->config.campaigns;
    for (int64_t h = from; h < to; h++)
        for (int g = 0; g < geos; g++)
            lift.orders_expected += in[g] ? market->expected_geo[h * geos + g] : 0;
    struct market_orders orders = market_orders(market, from, to);
    for (size_t i = 0; i < orders.count; i++)
        lift.orders += orders.order[i].is_new && in[orders.order[i].geo];
    for (int64_t day = from / 24; day < to / 24; day++)
        for (int c = 0; c < campaigns; c++)
            for (int g = 0; market->config.campaign[c].channel == channel && g < geos; g++)
                lift.cost_usd += in[g]
                    ? (double)market->geo_day[(day * campaigns + c) * geos + g].cost_micros / 1e6
                    : 0;
    return lift;
}

struct market_lift market_truth_lift(const struct market *market, int channel, const bool *in,
                                     double share, int64_t from, int64_t to, int64_t read_to)
{
    assert(from % 24 == 0 && read_to % 24 == 0 && from <= to && to <= read_to);
    assert(read_to <= market->now);
    struct whatif whatif = whatif_nothing(from);
    struct market *usual = market_live_again(market, &whatif, read_to);
    whatif.test_channel = channel;
    whatif.test_share = share;
    whatif.until = to;
    memcpy(whatif.test_geo, in, (size_t)market->geos.count * sizeof *in);
    struct market *tested = market_live_again(market, &whatif, read_to);
    struct market_lift with = in_geos(tested, channel, in, from, read_to);
    struct market_lift without = in_geos(usual, channel, in, from, read_to);
    market_close(tested);
    market_close(usual);
    return (struct market_lift){with.orders_expected - without.orders_expected,
                                with.orders - without.orders, with.cost_usd - without.cost_usd};
}
