#include "config_fields.h"

#include "mem.h"

static const char *const platforms[] = {"google", "meta", "tiktok", "microsoft", "linkedin", NULL};
static const char *const sources[] = {"audience", "search", "brand_search", "visitors", NULL};
static const char *const auctions[] = {"second_price", "first_price", "gsp3", NULL};
static const char *const pays[] = {"impression", "click", NULL};
static const char *const carries[] = {"geometric", "weibull", NULL};
static const char *const forms[] = {"parametric", "mechanistic", NULL};
static const char *const events[] = {"holiday",  "promo",       "price", "outage",
                                     "tracking", "competition", NULL};

#define FIELD(of, member, type, count, min, max, choices)                    \
    {                                                                        \
#member, type, count, offsetof(struct of, member), min, max, choices \
    }
#define TEXT(of, member) FIELD(of, member, FIELD_TEXT, 1, 0, 0, NULL)
#define REAL(of, member, min, max) FIELD(of, member, FIELD_REAL, 1, min, max, NULL)
#define REALS(of, member, min, max, count) FIELD(of, member, FIELD_REAL, count, min, max, NULL)
#define INT(of, member, min, max) FIELD(of, member, FIELD_INT, 1, min, max, NULL)
#define MICROS(of, member, min, max) FIELD(of, member, FIELD_MICROS, 1, min, max, NULL)
#define FLAG(of, member) FIELD(of, member, FIELD_FLAG, 1, 0, 1, NULL)
#define CHOICE(of, member, choices) FIELD(of, member, FIELD_CHOICE, 1, 0, 0, choices)

const struct config_field config_own_fields[] = {
    TEXT(market_config, name),
    INT(market_config, start_day, 0, 40000),
    CHOICE(market_config, form, forms),
    INT(market_config, geos, 1, MARKET_GEOS_MAX),
    REAL(market_config, trend_year, -2, 2),
    REALS(market_config, yearly_cos, -1, 1, 3),
    REALS(market_config, yearly_sin, -1, 1, 3),
    REALS(market_config, weekday, -2, 2, 7),
    REALS(market_config, hour, 0, 24, 24),
    REAL(market_config, noise_sd, 0, 1),
    REAL(market_config, noise_memory, 0, .999),
    REAL(market_config, organic_orders_day, 0, 1e6),
    REAL(market_config, brand_searches_day, 0, 1e8),
    REAL(market_config, brand_search_order, 0, 1),
    REAL(market_config, returning_orders_day, 0, 1e6),
    REAL(market_config, pool_people, 1, 1e9),
    REAL(market_config, pool_stay_days, .1, 1000),
    MICROS(market_config, order_value_micros, 1, 1e12),
    REAL(market_config, order_value_log_sd, 0, 2),
    REAL(market_config, cancel_share, 0, 1),
    REAL(market_config, refund_share, 0, 1),
    REAL(market_config, consent_loss, 0, 1),
    REAL(market_config, direct_sessions_day, 0, 1e8),
    REAL(market_config, organic_sessions_day, 0, 1e8),
    REAL(market_config, referral_sessions_day, 0, 1e8),
    REAL(market_config, email_sessions_day, 0, 1e8),
    REAL(market_config, claim_delay_hours, 0, 72),
    REAL(market_config, quality_drift_year, 0, 2),
    REAL(market_config, price_drift_year, -2, 2),
};
const size_t config_own_field_count = COUNT(config_own_fields);

static const struct config_field channel_fields[] = {
    TEXT(market_channel_config, name),
    CHOICE(market_channel_config, platform, platforms),
    CHOICE(market_channel_config, source, sources),
    CHOICE(market_channel_config, auction, auctions),
    CHOICE(market_channel_config, pays, pays),
    REAL(market_channel_config, price_log_sd, .01, 2),
    REAL(market_channel_config, reference_usd, .001, 1000),
    CHOICE(market_channel_config, carry, carries),
    REAL(market_channel_config, carry_half_life_days, .01, 60),
    REAL(market_channel_config, carry_shape, .2, 10),
    REAL(market_channel_config, carry_scale_days, .1, 28),
    REAL(market_channel_config, top_orders_day, 0, 1e6),
    REAL(market_channel_config, half_usd_day, 1, 1e9),
    REAL(market_channel_config, slope, .2, 5),
    REAL(market_channel_config, capture, 0, 1),
    REALS(market_channel_config, halo, 0, 10, MARKET_CHANNELS_MAX),
    REAL(market_channel_config, halo_organic, 0, 10),
    REAL(market_channel_config, halo_lag_days, .05, 60),
    REAL(market_channel_config, touch_click, 0, 1),
    REAL(market_channel_config, touch_view, 0, 1),
    REAL(market_channel_config, own_click, 0, 1),
    REAL(market_channel_config, own_view, 0, 1),
    REAL(market_channel_config, same_session, 0, 1),
    REAL(market_channel_config, lag_half_life_days, .01, 20),
};

static const struct config_field budget_fields[] = {
    TEXT(market_budget_config, name),
    MICROS(market_budget_config, micros_day, 0, 1e15),
};

static const struct config_field campaign_fields[] = {
    TEXT(market_campaign_config, name),
    INT(market_campaign_config, channel, 0, MARKET_CHANNELS_MAX - 1),
    INT(market_campaign_config, budget, 0, MARKET_BUDGETS_MAX - 1),
    MICROS(market_campaign_config, bid_micros, 0, 1e12),
    REAL(market_campaign_config, price_usd, .001, 10000),
    REAL(market_campaign_config, opportunities_day, 0, 1e10),
    REAL(market_campaign_config, click_rate, 0, 1),
    REAL(market_campaign_config, audience_people, 1, 1e10),
    FLAG(market_campaign_config, paused),
};

static const struct config_field ad_fields[] = {
    TEXT(market_ad_config, name),
    INT(market_ad_config, campaign, 0, MARKET_CAMPAIGNS_MAX - 1),
    REAL(market_ad_config, angle, -3, 3),
    REAL(market_ad_config, craft, -3, 3),
    REAL(market_ad_config, clickbait, 0, 1),
    INT(market_ad_config, page, 0, MARKET_PAGES_MAX),
    INT(market_ad_config, offer, 0, MARKET_OFFERS_MAX),
};

static const struct config_field site_fields[] = {
    TEXT(market_site_config, name),
    REAL(market_site_config, effect, -3, 3),
    REAL(market_site_config, taste, -2, 2),
};

static const struct config_field event_fields[] = {
    TEXT(market_event, name),
    CHOICE(market_event, kind, events),
    INT(market_event, first_day, -40000, 40000),
    INT(market_event, last_day, -40000, 40000),
    REAL(market_event, size, 0, 100),
    REAL(market_event, depth, 0, 1),
};

#define LIST(one, many, least, most, fields)                                                \
    {                                                                                       \
#one, offsetof(struct market_config, many), offsetof(struct market_config, one),    \
            sizeof(((struct market_config *)0)->one[0]), most, least, fields, COUNT(fields) \
    }

const struct config_list config_lists[] = {
    LIST(channel, channels, 1, MARKET_CHANNELS_MAX, channel_fields),
    LIST(budget, budgets, 1, MARKET_BUDGETS_MAX, budget_fields),
    LIST(campaign, campaigns, 1, MARKET_CAMPAIGNS_MAX, campaign_fields),
    LIST(ad, ads, 0, MARKET_ADS_MAX, ad_fields),
    LIST(event, events, 0, MARKET_EVENTS_MAX, event_fields),
    LIST(page, pages, 0, MARKET_PAGES_MAX, site_fields),
    LIST(offer, offers, 0, MARKET_OFFERS_MAX, site_fields),
};
const size_t config_list_count = COUNT(config_lists);
