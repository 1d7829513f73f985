/* preset: markets to start from. `demo` is an account of $42,000 a day on five platforms; the
 * others are it with less noise, more drift or more malice, and `tiny` is a small one for tests. */
#include "market_config.h"

#include "auction.h"
#include "draw.h"
#include "mem.h"
#include "real.h"

#include <stdio.h>
#include <string.h>

enum { halo_to_brand = 0 }; /* google_brand is channel 0 in every preset */

/* hand-set: what an hour of the day is of an average one */
static const double day_shape[24] = {.42,  .30,  .24,  .22,  .26,  .40,  .62,  .86,
                                     1.02, 1.12, 1.16, 1.18, 1.24, 1.20, 1.14, 1.12,
                                     1.14, 1.22, 1.36, 1.52, 1.62, 1.56, 1.22, .88};

struct channel_row {
    const char *name;
    enum market_platform platform;
    enum market_source source;
    enum market_auction auction;
    enum market_pays pays;
    double price_log_sd, reference_usd;
    double carry_days; /* half-life; negative: Weibull with shape 2 and this scale */
    double top, half_usd, slope, capture;
    double halo_brand, halo_organic, halo_lag;
    double touch_click, touch_view, own_click, own_view, same_session, lag_days;
};

/* clang-format off */
static const struct channel_row demo_channels[] = {
    {"google_brand", MARKET_GOOGLE, MARKET_FROM_BRAND_SEARCH, MARKET_GSP3, MARKET_PER_CLICK,
     .6, 1.05, .2, 0, 3000, 1, .05, 0, 0, 1, .75, 0, 1, 0, .86, 1},
    {"google_nonbrand", MARKET_GOOGLE, MARKET_FROM_SEARCH, MARKET_GSP3, MARKET_PER_CLICK,
     .55, 2.3, .8, 235, 13500, 1, 0, .05, .01, 2, .34, 0, .97, 0, .55, 2},
    {"google_pmax", MARKET_GOOGLE, MARKET_FROM_AUDIENCE, MARKET_SECOND_PRICE, MARKET_PER_CLICK,
     .55, .95, 1.5, 95, 8500, 1, 0, .04, .01, 3, .56, 0, .9, .04, .5, 2.5},
    {"meta_prospecting", MARKET_META, MARKET_FROM_AUDIENCE, MARKET_SECOND_PRICE,
     MARKET_PER_IMPRESSION, .45, 12, 3, 170, 11000, 1, 0, .12, .03, 3, .25, .55, .62, .2, .35, 3},
    {"meta_retargeting", MARKET_META, MARKET_FROM_VISITORS, MARKET_SECOND_PRICE,
     MARKET_PER_IMPRESSION, .45, 16, 1, 22, 4000, 1, 0, 0, 0, 2, .2, .28, .8, .15, .45, 2},
    {"tiktok_prospecting", MARKET_TIKTOK, MARKET_FROM_AUDIENCE, MARKET_FIRST_PRICE,
     MARKET_PER_IMPRESSION, .6, 6, -5, 520, 19000, 1, 0, .35, .08, 4, .03, .03, .12, .1, .2, 4},
    {"microsoft_search", MARKET_MICROSOFT, MARKET_FROM_SEARCH, MARKET_GSP3, MARKET_PER_CLICK,
     .6, 1.5, .8, 30, 2200, 1, 0, .01, 0, 2, .04, 0, .97, 0, .55, 2},
    {"linkedin_prospecting", MARKET_LINKEDIN, MARKET_FROM_AUDIENCE, MARKET_SECOND_PRICE,
     MARKET_PER_IMPRESSION, .35, 32, 4, 9, 1200, 1, 0, .01, 0, 4, .009, .005, .7, .1, .3, 4},
};
/* clang-format on */

struct campaign_row {
    const char *name, *budget;
    int channel, ads;
    double budget_usd; /* 0: the budget of the row before */
    double bid, price_usd, click_rate;
    double fit; /* cost of all there is to win, over the budget: above 1 the budget binds */
    double audience_people;
};

static const struct campaign_row demo_campaigns[] = {
    {"US | Search | Brand | Exact",         "brand",            0, 4,  3000, 3.2,  .6,   .52,   1.04, 2e5  },
    {"US | Search | Non-brand | Sleep",     "nonbrand shared",  1, 8,  7000, 3.4,  2.3,  .068,  1.1,  6e6  },
    {"US | Search | Non-brand | Focus",     "nonbrand shared",  1, 8,  0,    3.2,  2.2,  .061,  .5,   6e6  },
    {"US | Search | Competitor",            "competitor",       1, 6,  4000, 3.9,  2.6,  .05,   1.3,  4e6  },
    {"US | PMax | All products",            "pmax",             2, 10, 4500, 1.6,  1.0,  .019,  1.5,  5e7  },
    {"US | PMax | Bundles",                 "pmax bundles",     2, 10, 1500, 1.5,  1.0,  .017,  1.4,  3e7  },
    {"US | Meta | Prospecting | Broad",     "meta broad",       3, 14, 6000, 15,   12,   .011,  1.6,  3.5e7},
    {"US | Meta | Prospecting | Lookalike", "meta lookalike",   3, 12, 3500, 15.5, 12.5, .0125, 1.4,
     9e6                                                                                                   },
    {"US | Meta | Prospecting | Reels",     "meta reels",       3, 10, 2500, 12,   9.5,  .009,  1.5,  2.5e7},
    {"US | Meta | Retargeting | 30d",       "meta retargeting", 4, 10, 3000, 20,   16,   .018,  1.15, 6e5  },
    {"US | TikTok | Prospecting | Spark",   "tiktok spark",     5, 12, 3000, 6.6,  6.2,  .008,  1.9,  4e7  },
    {"US | TikTok | Prospecting | Broad",   "tiktok broad",     5, 12, 2000, 6.2,  6,    .007,  1.8,  4e7  },
    {"US | Microsoft | Search | Non-brand", "microsoft",        6, 6,  1500, 2.2,  1.5,  .045,  1.2,  2e6  },
    {"US | LinkedIn | Prospecting | HR",    "linkedin",         7, 6,  500,  40,   32,   .006,  1.7,  1e6  },
};

static void fill_channel(struct market_channel_config *channel, const struct channel_row *row)
{
    *channel = (struct market_channel_config){
        .platform = row->platform,
        .source = row->source,
        .auction = row->auction,
        .pays = row->pays,
        .price_log_sd = row->price_log_sd,
        .reference_usd = row->reference_usd,
        .carry = row->carry_days < 0 ? MARKET_WEIBULL : MARKET_GEOMETRIC,
        .carry_half_life_days = row->carry_days < 0 ? 1 : row->carry_days,
        .carry_shape = 2,
        .carry_scale_days = row->carry_days < 0 ? -row->carry_days : 5,
        .top_orders_day = row->top,
        .half_usd_day = row->half_usd,
        .slope = row->slope,
        .capture = row->capture,
        .halo_organic = row->halo_organic,
        .halo_lag_days = row->halo_lag,
        .touch_click = row->touch_click,
        .touch_view = row->touch_view,
        .own_click = row->own_click,
        .own_view = row->own_view,
        .same_session = row->same_session,
        .lag_half_life_days = row->lag_days,
    };
    channel->halo[halo_to_brand] = row->halo_brand;
    snprintf(channel->name, sizeof channel->name, "%s", row->name);
}

static void add_ads(struct market_config *config, int campaign, int count)
{
    uint64_t key = draw_key(730000000, DRAW_ADS, (uint64_t)campaign, 0);
    for (int i = 0; i < count; i++) {
        struct market_ad_config *ad = &config->ad[config->ads++];
        uint64_t at = (uint64_t)i;
        int angle = i % 4;
        ad->campaign = campaign;
        ad->angle = .2 * draw_normal(draw_unit(key, 100 + (uint64_t)angle));
        ad->craft = .18 * draw_normal(draw_unit(key, at));
        ad->clickbait = i % 7 == 5 ? .6 : 0;
        snprintf(ad->name, sizeof ad->name, "%c%d %s", 'a' + angle, i + 1,
                 ad->clickbait > 0 ? "shock" : "plain");
    }
}

/* Chances a day: as many as make all there is to win cost `fit` times the budget. */
static void add_campaign(struct market_config *config, const struct campaign_row *row)
{
    struct market_campaign_config *campaign = &config->campaign[config->campaigns];
    const struct market_channel_config *channel = &config->channel[row->channel];
    if (row->budget_usd > 0) {
        struct market_budget_config *budget = &config->budget[config->budgets++];
        budget->micros_day = (int64_t)(row->budget_usd * 1e6);
        snprintf(budget->name, sizeof budget->name, "%s", row->budget);
    }
    double budget_usd = (double)config->budget[config->budgets - 1].micros_day / 1e6;
    struct auction auction = {channel->auction, real_log(row->price_usd), channel->price_log_sd,
                              row->price_usd / 20};
    struct auction_result result = auction_expect(&auction, row->bid);
    double cost = result.cost * (channel->pays == MARKET_PER_CLICK ? row->click_rate : .001);
    *campaign = (struct market_campaign_config){
        .channel = row->channel,
        .budget = config->budgets - 1,
        .bid_micros = (int64_t)(row->bid * 1e6),
        .price_usd = row->price_usd,
        .opportunities_day = row->fit * budget_usd / cost,
        .click_rate = row->click_rate,
        .audience_people = row->audience_people,
    };
    snprintf(campaign->name, sizeof campaign->name, "%s", row->name);
    add_ads(config, config->campaigns++, row->ads);
}

static void add_sites(struct market_config *config)
{
    static const struct market_site_config pages[] = {
        {"Quiz",      .06,  .5 },
        {"Long read", -.04, -.4},
        {"Product",   .02,  0  },
    };
    static const struct market_site_config offers[] = {
        {"First month free", .05,  .35},
        {"Bundle",           -.02, -.3},
    };
    config->pages = COUNT(pages);
    config->offers = COUNT(offers);
    memcpy(config->page, pages, sizeof pages);
    memcpy(config->offer, offers, sizeof offers);
    for (int a = 0; a < config->ads; a++) {
        config->ad[a].page = a % 4; /* a quarter leads to the usual page */
        config->ad[a].offer = a / 4 % 3;
    }
}

static void add_event(struct market_config *config, const char *name, enum market_event_kind kind,
                      int first_day, int last_day, double size, double depth)
{
    struct market_event *event = &config->event[config->events++];
    *event = (struct market_event){
        .kind = kind, .first_day = first_day, .last_day = last_day, .size = size, .depth = depth};
    snprintf(event->name, sizeof event->name, "%s", name);
}

static void fill_shop(struct market_config *config)
{
    static const double weekday[7] = {.05, .02, 0, -.01, -.05, -.03, .02};
    double hours = 0;
    for (int h = 0; h < 24; h++)
        hours += day_shape[h];
    for (int h = 0; h < 24; h++)
        config->hour[h] = day_shape[h] * 24 / hours;
    memcpy(config->weekday, weekday, sizeof weekday);
    config->start_day = 20148; /* 2025-03-01 */
    config->geos = 40;
    config->noise_sd = .06;
    config->noise_memory = .6;
    config->organic_orders_day = 22;
    config->brand_searches_day = 5400;
    config->brand_search_order = .0185;
    config->returning_orders_day = 90;
    config->pool_people = 60000;
    config->pool_stay_days = 21;
    config->order_value_micros = 96500000;
    config->order_value_log_sd = .45;
    config->cancel_share = .025;
    config->refund_share = .06;
    config->consent_loss = .25;
    config->direct_sessions_day = 6500;
    config->organic_sessions_day = 9200;
    config->referral_sessions_day = 1100;
    config->email_sessions_day = 2300;
    config->claim_delay_hours = 6;
}

static void fill_demo(struct market_config *config)
{
    fill_shop(config);
    config->trend_year = .06;
    config->yearly_cos[0] = .05;
    config->yearly_sin[0] = -.03;
    config->yearly_cos[1] = .02;
    for (size_t i = 0; i < COUNT(demo_channels); i++)
        fill_channel(&config->channel[config->channels++], &demo_channels[i]);
    for (size_t i = 0; i < COUNT(demo_campaigns); i++)
        add_campaign(config, &demo_campaigns[i]);
    add_sites(config);
    config->campaign[0].opportunities_day = config->brand_searches_day;
}

static void add_demo_events(struct market_config *config)
{
    add_event(config, "Memorial Day", MARKET_HOLIDAY, 84, 86, 1.12, 0);
    add_event(config, "Spring sale", MARKET_PROMO, 54, 57, 1.25, .15);
    add_event(config, "Summer sale", MARKET_PROMO, 130, 134, 1.3, .15);
    add_event(config, "Price list 2025-09", MARKET_PRICE, 184, 184, 1.04, 0);
    add_event(config, "Black Friday", MARKET_PROMO, 271, 275, 1.6, .2);
    add_event(config, "Christmas", MARKET_HOLIDAY, 297, 300, .75, 0);
    add_event(config, "GA4 tag lost", MARKET_TRACKING, 163, 163, 1, .5);
    add_event(config, "Checkout down", MARKET_OUTAGE, 205, 205, 1, 0);
}

static void fill_drift(struct market_config *config)
{
    add_demo_events(config);
    config->quality_drift_year = .5;
    config->price_drift_year = .2;
    add_event(config, "A rival enters", MARKET_COMPETITION, 60, 40000, 1.15, 0);
}

/* Where counters mislead most: halo that claims don't show, touches that caused nothing, little
 * consent, spend that moves with demand. */
static void fill_adversarial(struct market_config *config)
{
    fill_drift(config);
    config->noise_sd = .15;
    config->noise_memory = .9;
    config->consent_loss = .45;
    config->claim_delay_hours = 20;
    for (int c = 0; c < config->channels; c++) {
        struct market_channel_config *channel = &config->channel[c];
        channel->halo[halo_to_brand] *= 2;
        channel->touch_click *= channel->touch_click < .6 ? 1.5 : 1;
        channel->touch_view *= 1.5;
    }
    add_event(config, "Pixel half dead", MARKET_TRACKING, 40, 52, 1, .5);
    add_event(config, "Viral month", MARKET_HOLIDAY, 95, 120, 1.4, 0);
}

static void fill_tiny(struct market_config *config)
{
    static const struct campaign_row campaigns[] = {
        {"Brand",    "brand",    0, 2, 60,  3.2, 1.35, .5,   1.2, 2e4},
        {"Social A", "social a", 1, 3, 300, 15,  12,   .012, 1.5, 4e5},
        {"Social B", "social b", 1, 3, 200, 15,  12,   .011, 1.5, 4e5},
    };
    fill_shop(config);
    config->geos = 4;
    config->organic_orders_day = 4;
    config->brand_searches_day = 100;
    config->returning_orders_day = 2;
    config->pool_people = 1500;
    fill_channel(&config->channel[config->channels++], &demo_channels[0]);
    fill_channel(&config->channel[config->channels++], &demo_channels[3]);
    config->channel[1].top_orders_day = 20;
    config->channel[1].half_usd_day = 700;
    for (size_t i = 0; i < COUNT(campaigns); i++)
        add_campaign(config, &campaigns[i]);
    config->campaign[0].opportunities_day = config->brand_searches_day;
}

bool market_preset(const char *name, struct market_config *ret_config, struct err *err)
{
    static const char *const names[] = {"tiny", "quiet", "demo", "drift", "adversarial"};
    size_t which = 0;
    while (which < COUNT(names) && strcmp(names[which], name) != 0)
        which++;
    if (which == COUNT(names))
        return err_set(err, ERR_REJECT, "market: there is no preset %.40s", name);
    memset(ret_config, 0, sizeof *ret_config);
    snprintf(ret_config->name, sizeof ret_config->name, "%s", names[which]);
    if (which == 0) {
        fill_tiny(ret_config);
        return true;
    }
    fill_demo(ret_config);
    if (which == 1)
        ret_config->noise_sd = .02;
    else if (which == 2)
        add_demo_events(ret_config);
    else if (which == 3)
        fill_drift(ret_config);
    else
        fill_adversarial(ret_config);
    return true;
}
