#include "market.h"

#include "draw.h"
#include "market_state.h"
#include "mem.h"

#include <assert.h>
#include <string.h>

static size_t cells(const struct market *market)
{
    return (size_t)market->config.campaigns * (size_t)market->geos.count;
}

static struct market *open_cold(const struct market_config *config, uint64_t seed)
{
    struct market *market = mem_new(sizeof *market);
    market->config = *config;
    market->seed = seed;
    market->now = -burn_in_hours;
    market->whatif = (struct whatif){.test_channel = -1};
    geos_draw(&market->geos, config->geos, seed);
    for (int c = 0; c < MARKET_CHANNELS_MAX; c++)
        market->whatif.budget_scale[c] = 1;
    for (int b = 0; b < config->budgets; b++)
        market->set.budget[b] = config->budget[b].micros_day;
    for (int c = 0; c < config->campaigns; c++) {
        market->set.bid[c] = config->campaign[c].bid_micros;
        market->set.paused[c] = config->campaign[c].paused;
        market->learning[c].until = INT64_MIN;
        market->response.first_hour[c] = INT64_MAX;
        for (int d = 0; d < 7; d++)
            market->learning[c].budget_on[d] = market->set.budget[config->campaign[c].budget];
    }
    for (int a = 0; a < config->ads; a++) {
        market->set.page[a] = config->ad[a].page;
        market->set.offer[a] = config->ad[a].offer;
    }
    market->set.geo_share = mem_array(cells(market), sizeof *market->set.geo_share);
    for (size_t i = 0; i < cells(market); i++)
        market->set.geo_share[i] = 1;
    market->row = mem_array(cells(market), sizeof *market->row);
    creatives_open(market);
    delivery_open(market);
    response_open(market);
    orders_open(market);
    return market;
}

void market_close(struct market *market)
{
    if (!market)
        return;
    response_close(market);
    for (size_t i = 0; i < market->checkpoints; i++)
        market_close(market->checkpoint[i]);
    mem_free(market->checkpoint);
    for (int c = 0; c < market->config.campaigns; c++)
        mem_free(market->touched[c].at);
    mem_free(market->set.geo_share);
    mem_free(market->action);
    mem_free(market->plan);
    mem_free(market->row);
    mem_free(market->geo_day);
    mem_free(market->ad_day);
    mem_free(market->hour_fact);
    mem_free(market->sessions);
    mem_free(market->expected);
    mem_free(market->expected_geo);
    mem_free(market->order);
    mem_free(market->touch);
    mem_free(market);
}

/* A longer array whose new part is zero. */
static void *longer(void *block, size_t from, size_t to, size_t size)
{
    char *grown = mem_grow(block, to, size);
    memset(grown + from * size, 0, (to - from) * size);
    return grown;
}

void market_make_room(struct market *market, int64_t days)
{
    if (days <= market->days_room)
        return;
    size_t from = (size_t)market->days_room;
    size_t to = from * 2 > (size_t)days ? from * 2 : (size_t)days;
    size_t campaigns = (size_t)market->config.campaigns, ads = (size_t)market->config.ads;
    size_t sources = (size_t)market_ga4_sources(market), each = cells(market);
    market->geo_day = longer(market->geo_day, from * each, to * each, sizeof *market->geo_day);
    market->ad_day = longer(market->ad_day, from * ads, to * ads + 1, sizeof *market->ad_day);
    market->hour_fact = longer(market->hour_fact, from * 24 * campaigns, to * 24 * campaigns,
                               sizeof *market->hour_fact);
    market->sessions =
        longer(market->sessions, from * 24 * sources, to * 24 * sources, sizeof *market->sessions);
    market->expected = longer(market->expected, from * 24, to * 24, sizeof *market->expected);
    size_t geos = (size_t)market->geos.count;
    market->expected_geo = longer(market->expected_geo, from * 24 * geos, to * 24 * geos,
                                  sizeof *market->expected_geo);
    market->days_room = (int64_t)to;
}

void market_live_hour(struct market *market)
{
    if (market->now % checkpoint_hours == 0 && market->now >= 0 && !market->is_copy)
        checkpoint_keep(market);
    if (hour_of_day(market->now) == 0) {
        season_day(&market->season, &market->config, &market->geos, market->seed,
                   day_of(market->now));
        learning_day(market);
        creatives_day(market);
        pacing_day(market);
        response_day(market);
        market_make_room(market, day_of(market->now) + 1);
    }
    delivery_hour(market);
    response_hour(market);
    orders_hour(market);
    ga4_hour(market);
    market->now++;
}

struct market *market_open(const struct market_config *config, uint64_t seed)
{
    struct market *market = open_cold(config, seed);
    while (market->now < 0)
        market_live_hour(market);
    return market;
}

void market_step(struct market *market, int64_t hours)
{
    market_make_room(market, day_of(market->now + hours - 1) + 1);
    for (int64_t i = 0; i < hours; i++)
        market_live_hour(market);
}

void market_apply(struct market *market, const struct action *action)
{
    int what = action->what;
    switch (action->kind) {
    case SET_BUDGET:
        market->set.budget[what] = action->number;
        learning_on_budget(market, what);
        break;
    case SET_BID:
        learning_on_bid(market, what, action->number);
        market->set.bid[what] = action->number;
        break;
    case SET_CAMPAIGN_PAUSED:
        market->set.paused[what] = action->number;
        break;
    case SET_AD_PAUSED:
        market->set.ad_paused[what] = action->number;
        creatives_share(market);
        break;
    case SET_AD_PAGE:
        market->set.page[what] = (int)action->number;
        creatives_share(market);
        break;
    case SET_AD_OFFER:
        market->set.offer[what] = (int)action->number;
        creatives_share(market);
        break;
    case SET_GEO:
        market->set.geo_share[what * market->geos.count + action->geo] = (float)action->share;
        break;
    }
}

static void act(struct market *market, struct action action)
{
    size_t count = market->actions;
    if ((count & (count + 1)) == 0) /* full at 0, 1, 3, 7, ... */
        market->action = mem_grow(market->action, 2 * count + 1, sizeof *market->action);
    action.hour = market->now;
    market->action[market->actions++] = action;
    market_apply(market, &action);
}

void market_set_budget(struct market *market, int budget, int64_t micros_day)
{
    assert(budget >= 0 && budget < market->config.budgets && micros_day >= 0);
    if (market->set.budget[budget] != micros_day)
        act(market, (struct action){.kind = SET_BUDGET, .what = budget, .number = micros_day});
}

void market_set_bid(struct market *market, int campaign, int64_t bid_micros)
{
    assert(campaign >= 0 && campaign < market->config.campaigns && bid_micros >= 0);
    if (market->set.bid[campaign] != bid_micros)
        act(market, (struct action){.kind = SET_BID, .what = campaign, .number = bid_micros});
}

void market_set_campaign_paused(struct market *market, int campaign, bool paused)
{
    assert(campaign >= 0 && campaign < market->config.campaigns);
    if (market->set.paused[campaign] != paused)
        act(market,
            (struct action){.kind = SET_CAMPAIGN_PAUSED, .what = campaign, .number = paused});
}

void market_set_ad_paused(struct market *market, int ad, bool paused)
{
    assert(ad >= 0 && ad < market->config.ads);
    if (market->set.ad_paused[ad] != paused)
        act(market, (struct action){.kind = SET_AD_PAUSED, .what = ad, .number = paused});
}

void market_set_ad_page(struct market *market, int ad, int page)
{
    assert(ad >= 0 && ad < market->config.ads && page >= 0 && page <= market->config.pages);
    if (market->set.page[ad] != page)
        act(market, (struct action){.kind = SET_AD_PAGE, .what = ad, .number = page});
}

void market_set_ad_offer(struct market *market, int ad, int offer)
{
    assert(ad >= 0 && ad < market->config.ads && offer >= 0 && offer <= market->config.offers);
    if (market->set.offer[ad] != offer)
        act(market, (struct action){.kind = SET_AD_OFFER, .what = ad, .number = offer});
}

void market_set_geo(struct market *market, int campaign, int geo, double share)
{
    assert(campaign >= 0 && campaign < market->config.campaigns);
    assert(geo >= 0 && geo < market->geos.count && share >= 0);
    act(market, (struct action){.kind = SET_GEO, .what = campaign, .geo = geo, .share = share});
}

struct market *market_branch(const struct market *market, int64_t at)
{
    assert(at >= 0 && at <= market->now);
    struct market *other = market_open(&market->config, market->seed);
    for (size_t i = 0; i < market->actions && market->action[i].hour < at; i++) {
        market_step(other, market->action[i].hour - other->now);
        act(other, market->action[i]);
    }
    market_step(other, at - other->now);
    return other;
}

int64_t market_now(const struct market *market)
{
    return market->now;
}

const struct market_config *market_config(const struct market *market)
{
    return &market->config;
}

const char *market_geo_name(const struct market *market, int geo)
{
    return market->geos.name[geo];
}

double market_geo_share(const struct market *market, int geo)
{
    return market->geos.share[geo];
}

struct market_campaign_state market_campaign_state(const struct market *market, int campaign)
{
    int budget = market->config.campaign[campaign].budget;
    return (struct market_campaign_state){
        .budget_micros = market->set.budget[budget],
        .bid_micros = market->set.bid[campaign],
        .paused = market->set.paused[campaign],
        .learning = learning_is(market, campaign),
        .learning_until = market->learning[campaign].until,
        .throttle = market->pacing[budget].throttle,
    };
}

bool market_ad_paused(const struct market *market, int ad)
{
    return market->set.ad_paused[ad];
}

int market_ad_page(const struct market *market, int ad)
{
    return market->set.page[ad];
}

int market_ad_offer(const struct market *market, int ad)
{
    return market->set.offer[ad];
}

const struct market_row *market_last_rows(const struct market *market)
{
    return market->row;
}
