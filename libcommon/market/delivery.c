/* delivery: an hour of all campaigns in all geos: chances, auctions, impressions, clicks, cost.
 *
 *   chances   E_cg  = opportunities / 24 * source(c, g, hour) * setting in the geo * hour's luck
 *   auction   (w, p) = closed form of the bid against the hour's prices, a campaign
 *   throttle  t     = what the budget lets through (pacing.c)
 *   impressions     ~ Poisson(E w t)
 *   clicks          ~ Poisson(impressions * click rate * creatives), at most the impressions
 *   cost            = units paid for * p * price level of the geo * (1 + noise / sqrt(units))
 *   dollars         = units * reference price * persuasion: what response.c works with */
#include "draw.h"
#include "market_state.h"
#include "mem.h"
#include "real.h"

#include <math.h>
#include <string.h>

static const double reserve_share = .05; /* of the median price */
static const double peak_price = .15;    /* d log price / d log traffic over the day */
static const double hour_noise = .08;    /* log sd of a campaign's chances in an hour */
static const double price_noise = .6;    /* sd of one price over its mean */
/* So that a day of an ad in 210 geos stays within 32 bits, and its cost within 64. */
static const double row_impressions_max = 400000, row_cost_max = 1e14;
static const double learning_noise = 1.3, learning_efficiency = .85;
static const double recent_memory = .97; /* of an hour's: who delivered in the last days */

/* What one campaign brings to its hour, before budgets. */
struct plan {
    double eligible[MARKET_GEOS_MAX];
    double eligible_sum;
    double win, price_usd;      /* of an impression, or of a click */
    double click_rate, dollars; /* reference dollars of an impression, or of a click */
    double noise;
    bool per_click;
};

static double source_level(const struct market *market, enum market_source source, int channel,
                           int geo)
{
    switch (source) {
    case MARKET_FROM_SEARCH:
    case MARKET_FROM_BRAND_SEARCH:
        return market->season.demand[geo] * response_halo(market, channel, geo);
    case MARKET_FROM_VISITORS:
        return market->response.visitors[geo];
    case MARKET_FROM_AUDIENCE:
        break;
    }
    return market->geos.share[geo];
}

static double geo_setting(const struct market *market, int campaign, int channel, int geo)
{
    const struct whatif *whatif = &market->whatif;
    double share = market->set.geo_share[campaign * market->geos.count + geo];
    bool tested = whatif->test_channel == channel && whatif->test_geo[geo]
        && market->now >= whatif->from && market->now < whatif->until;
    return tested ? share * whatif->test_share : share;
}

static void plan_chances(const struct market *market, int campaign, struct plan *plan)
{
    const struct market_campaign_config *config = &market->config.campaign[campaign];
    enum market_source source = market->config.channel[config->channel].source;
    uint64_t key = draw_key(market->seed, DRAW_IMPRESSIONS, (uint64_t)campaign, market->now);
    double luck = hour_noise * draw_normal(draw_unit(key, MARKET_GEOS_MAX));
    double hourly = config->opportunities_day / 24 * market->config.hour[hour_of_day(market->now)]
        * real_exp(luck - hour_noise * hour_noise / 2);
    plan->eligible_sum = 0;
    for (int g = 0; g < market->geos.count; g++) {
        plan->eligible[g] = hourly * source_level(market, source, config->channel, g)
            * geo_setting(market, campaign, config->channel, g);
        plan->eligible_sum += plan->eligible[g];
    }
}

static struct auction_result hold_auction(struct market *market, int campaign)
{
    const struct market_campaign_config *config = &market->config.campaign[campaign];
    const struct market_channel_config *channel = &market->config.channel[config->channel];
    int hour = hour_of_day(market->now);
    double traffic = market->config.hour[hour], bid = (double)market->set.bid[campaign] / 1e6;
    struct remembered_auction *last = &market->remembered[campaign][hour];
    struct auction auction = {
        .kind = channel->auction,
        .median_log = real_log(config->price_usd) + market->season.price_log
            + (traffic > 0 ? peak_price * real_log(traffic) : 0),
        .log_sd = channel->price_log_sd,
        .reserve = config->price_usd * reserve_share,
    };
    if (last->bid != bid || last->median_log != auction.median_log)
        *last = (struct remembered_auction){auction.median_log, bid, auction_expect(&auction, bid)};
    return last->result;
}

static void plan_campaign(struct market *market, int campaign, struct plan *plan)
{
    const struct market_campaign_config *config = &market->config.campaign[campaign];
    const struct market_channel_config *channel = &market->config.channel[config->channel];
    *plan = (struct plan){.per_click = channel->pays == MARKET_PER_CLICK, .noise = price_noise};
    if (market->set.paused[campaign] || !market->creatives.any[campaign]
        || is_off(market, config->channel))
        return;
    plan_chances(market, campaign, plan);
    struct auction_result result = hold_auction(market, campaign);
    double thousand = plan->per_click ? 1 : 1000;
    plan->win = result.win;
    plan->price_usd = result.win > 0 ? result.cost / result.win / thousand : 0;
    plan->click_rate = config->click_rate * market->creatives.click[campaign];
    plan->click_rate = plan->click_rate < 1 ? plan->click_rate : 1;
    plan->dollars = channel->reference_usd / thousand * market->creatives.persuasion[campaign];
    if (learning_is(market, campaign)) {
        plan->noise *= learning_noise;
        plan->dollars *= learning_efficiency;
    }
}

/* The inner loops: plain arrays over the geos of one campaign. */
static void draw_rows(const struct market *market, int campaign, const struct plan *plan,
                      double throttle, struct market_row *row)
{
    uint64_t entity = (uint64_t)campaign;
    uint64_t priced = draw_key(market->seed, DRAW_PRICE, entity, market->now);
    double through = plan->win * throttle, price_micros = plan->price_usd * 1e6;
    double mean[MARKET_GEOS_MAX];
    int32_t shown[MARKET_GEOS_MAX], clicked[MARKET_GEOS_MAX];
    int geos = market->geos.count;
    for (int g = 0; g < geos; g++) {
        mean[g] = plan->eligible[g] * through;
        mean[g] = mean[g] < row_impressions_max ? mean[g] : row_impressions_max;
    }
    draw_poissons(draw_key(market->seed, DRAW_IMPRESSIONS, entity, market->now), mean, geos, shown);
    for (int g = 0; g < geos; g++)
        mean[g] = shown[g] * plan->click_rate;
    draw_poissons(draw_key(market->seed, DRAW_CLICKS, entity, market->now), mean, geos, clicked);
    for (int g = 0; g < geos; g++) {
        int32_t clicks = clicked[g] < shown[g] ? clicked[g] : shown[g];
        double units = plan->per_click ? clicks : shown[g], cost = 0;
        if (units > 0) {
            double noise = plan->noise / sqrt(units) * draw_normal(draw_unit(priced, (uint64_t)g));
            noise = noise > -.9 ? noise : -.9;
            cost = units * price_micros * market->geos.price[g] * (1 + noise);
            cost = cost < row_cost_max ? cost : row_cost_max;
        }
        row[g] = (struct market_row){shown[g], clicks, (int64_t)(cost + .5)};
    }
}

static struct day_fact sum_rows(struct market *market, int campaign, const struct plan *plan,
                                const struct market_row *row)
{
    struct day_fact sum = {0};
    int channel = market->config.campaign[campaign].channel, geos = market->geos.count;
    double *dollars = market->response.dollars + (ptrdiff_t)channel * geos;
    bool brand = market->config.channel[channel].source == MARKET_FROM_BRAND_SEARCH;
    double all = 0;
    for (int g = 0; g < geos; g++) {
        double worth = plan->dollars * (plan->per_click ? row[g].clicks : row[g].impressions);
        sum.impressions += row[g].impressions;
        sum.clicks += row[g].clicks;
        sum.cost_micros += row[g].cost_micros;
        dollars[g] += worth;
        all += worth;
        market->response.visitors_new[g] += row[g].clicks;
        if (brand)
            market->response.brand_clicks[g] += row[g].clicks;
    }
    struct response *response = &market->response;
    response->recent[campaign] = recent_memory * response->recent[campaign] + all;
    if (sum.impressions > 0) {
        response->last_hour[campaign] = market->now;
        if (response->first_hour[campaign] == INT64_MAX)
            response->first_hour[campaign] = market->now;
    }
    return sum;
}

static void record(struct market *market, int campaign, const struct plan *plan, double throttle,
                   const struct day_fact *sum)
{
    int64_t day = day_of(market->now);
    struct day_fact *ad_day = market->now < 0 ? NULL : market->ad_day + day * market->config.ads;
    creatives_split(market, campaign, sum, ad_day);
    if (market->now < 0)
        return;
    int geos = market->geos.count, campaigns = market->config.campaigns;
    const struct market_row *row = market->row + (ptrdiff_t)campaign * geos;
    struct day_fact *geo_day = market->geo_day + (day * campaigns + campaign) * geos;
    for (int g = 0; g < geos; g++) {
        geo_day[g].impressions += row[g].impressions;
        geo_day[g].clicks += row[g].clicks;
        geo_day[g].cost_micros += row[g].cost_micros;
    }
    market->hour_fact[market->now * campaigns + campaign] = (struct hour_fact){
        .sum = *sum,
        .eligible = (float)plan->eligible_sum,
        .lost_budget = (float)(plan->eligible_sum * (1 - throttle)),
        .lost_rank = (float)(plan->eligible_sum * throttle * (1 - plan->win)),
    };
}

void delivery_open(struct market *market)
{
    market->plan = mem_array((size_t)market->config.campaigns, sizeof *market->plan);
}

void delivery_hour(struct market *market)
{
    struct plan *plan = market->plan;
    double expected_usd[MARKET_BUDGETS_MAX] = {0};
    int geos = market->geos.count;
    for (int c = 0; c < market->config.campaigns; c++) {
        plan_campaign(market, c, &plan[c]);
        double paid = plan[c].per_click ? plan[c].click_rate : 1;
        expected_usd[market->config.campaign[c].budget] +=
            plan[c].eligible_sum * plan[c].win * plan[c].price_usd * paid;
    }
    pacing_hour(market, expected_usd);
    memset(market->response.brand_clicks, 0, sizeof market->response.brand_clicks);
    for (int c = 0; c < market->config.campaigns; c++) {
        struct pacing *pacing = &market->pacing[market->config.campaign[c].budget];
        struct market_row *row = market->row + (ptrdiff_t)c * geos;
        draw_rows(market, c, &plan[c], pacing->throttle, row);
        struct day_fact sum = sum_rows(market, c, &plan[c], row);
        pacing->spent_today_usd += (double)sum.cost_micros / 1e6;
        pacing->spent_month_usd += (double)sum.cost_micros / 1e6;
        record(market, c, &plan[c], pacing->throttle, &sum);
    }
}
