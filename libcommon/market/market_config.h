/* market_config: everything a market is made of, as one plain struct with a JSON form.
 *
 * A market is market_open(config, seed). Times are hours since its start, which is midnight of
 * `start_day` in the account's zone (no daylight saving; who needs UTC converts at the edge).
 * Money is int64 micros of one currency. "A day" in a parameter means a day of average demand. */
#pragma once

#include "json.h"

enum {
    MARKET_CHANNELS_MAX = 16,
    MARKET_BUDGETS_MAX = 256,
    MARKET_CAMPAIGNS_MAX = 256,
    MARKET_ADS_MAX = 1024,
    MARKET_GEOS_MAX = 210,
    MARKET_EVENTS_MAX = 64,
    MARKET_PAGES_MAX = 32,
    MARKET_OFFERS_MAX = 32,
    MARKET_NAME_MAX = 48,
};

enum market_platform {
    MARKET_GOOGLE,
    MARKET_META,
    MARKET_TIKTOK,
    MARKET_MICROSOFT,
    MARKET_LINKEDIN
};
enum market_auction { MARKET_SECOND_PRICE, MARKET_FIRST_PRICE, MARKET_GSP3 };
enum market_pays { MARKET_PER_IMPRESSION, MARKET_PER_CLICK };
enum market_carry { MARKET_GEOMETRIC, MARKET_WEIBULL };
enum market_form { MARKET_PARAMETRIC, MARKET_MECHANISTIC };
/* Where a channel's opportunities come from: people at large (steady), people who search for what
 * we sell (moves with demand) or for us (with demand and halo), people who were on our site. */
enum market_source {
    MARKET_FROM_AUDIENCE,
    MARKET_FROM_SEARCH,
    MARKET_FROM_BRAND_SEARCH,
    MARKET_FROM_VISITORS,
};

/* What ads do: the unit of truth. Its campaigns deliver; it is the channel that persuades. */
struct market_channel_config {
    char name[MARKET_NAME_MAX]; /* "tiktok_prospecting" */
    enum market_platform platform;
    enum market_source source;
    enum market_auction auction;
    enum market_pays pays;
    double price_log_sd;  /* s of the competing price's log-normal */
    double reference_usd; /* of 1000 impressions, or of a click, as it pays: what turns
                             delivery into reference dollars, whatever was paid for it */
    /* adstock: of 1 reference dollar, how it is spread over the days after; sums to 1 */
    enum market_carry carry;
    double carry_half_life_days;          /* geometric */
    double carry_shape, carry_scale_days; /* Weibull */
    /* Hill: orders a day = top * z^slope / (1 + z^slope), z = adstocked dollars a day / half */
    double top_orders_day, half_usd_day, slope;
    double capture; /* brand search: share of those who search that only a paid click brings here */
    /* halo: at full saturation it raises channel q's demand, and the unpaid orders, by this share
     */
    double halo[MARKET_CHANNELS_MAX];
    double halo_organic;
    double halo_lag_days;
    /* journeys: of the orders it did not cause, how many it touched when fully present */
    double touch_click, touch_view;
    double own_click, own_view; /* of the orders it caused, how many the platform can tell by a
                                   click, by a view; of the others it never knows */
    double same_session, lag_half_life_days; /* click to order: a mass at 0, then exponential */
};

struct market_budget_config {
    char name[MARKET_NAME_MAX];
    int64_t micros_day;
};

struct market_campaign_config {
    char name[MARKET_NAME_MAX];
    int channel, budget; /* several campaigns on one budget share it */
    int64_t bid_micros;  /* for 1000 impressions, or for a click */
    double price_usd;    /* median competing price, same unit */
    double opportunities_day, click_rate;
    double audience_people; /* who can see it: frequency, and so fatigue, is by them */
    bool paused;
};

struct market_ad_config {
    char name[MARKET_NAME_MAX];
    int campaign;
    double angle, craft; /* log effects on clicks and on persuasion: latent quality = their sum */
    double clickbait;    /* 0..1: more clicks now, less persuasion and faster fatigue */
    int page, offer;     /* where it leads and what it promises, counted from 1; 0: the usual */
};

/* A landing page or an offer. What both do to persuasion is the sum of their log effects and the
 * product of their tastes: a good page with the wrong offer can be worse than the usual. */
struct market_site_config {
    char name[MARKET_NAME_MAX];
    double effect, taste;
};

enum market_event_kind {
    MARKET_HOLIDAY,     /* demand times size */
    MARKET_PROMO,       /* demand times size, order values times (1 - depth) */
    MARKET_PRICE,       /* order values times size from here on */
    MARKET_OUTAGE,      /* the shop is down: no orders */
    MARKET_TRACKING,    /* GA4 and platform claims lose `depth` of what happens */
    MARKET_COMPETITION, /* competing prices times size */
};

struct market_event {
    char name[MARKET_NAME_MAX];
    enum market_event_kind kind;
    int32_t first_day, last_day; /* days since the start, both included */
    double size, depth;
};

struct market_config {
    char name[MARKET_NAME_MAX];
    int32_t start_day; /* days since 1970-01-01 */
    enum market_form form;
    int geos, channels, budgets, campaigns, ads, events, pages, offers;

    double trend_year;                   /* log growth of demand a year */
    double yearly_cos[3], yearly_sin[3]; /* log demand, Fourier pairs of the year */
    double weekday[7];                   /* log demand, Monday first */
    double hour[24];                     /* demand of the hour over the day's mean; sums to 24 */
    double noise_sd, noise_memory;       /* AR(1) of log demand by geo and day */

    double organic_orders_day; /* new customers who come unpaid, without brand search */
    double brand_searches_day; /* people who search for us before any halo */
    double brand_search_order; /* share of them who order when they reach the site */
    double returning_orders_day;
    double pool_people; /* mechanistic: in the market at once */
    double pool_stay_days;
    int64_t order_value_micros; /* mean; log-normal with order_value_log_sd */
    double order_value_log_sd;
    double cancel_share, refund_share;

    double consent_loss; /* share of click ids that GA4 never sees */
    double direct_sessions_day, organic_sessions_day, referral_sessions_day, email_sessions_day;
    double claim_delay_hours;  /* order to platform report, mean */
    double quality_drift_year; /* sd of the channels' log effect, a year of random walk */
    double price_drift_year;   /* log growth of competing prices a year */

    struct market_channel_config channel[MARKET_CHANNELS_MAX];
    struct market_budget_config budget[MARKET_BUDGETS_MAX];
    struct market_campaign_config campaign[MARKET_CAMPAIGNS_MAX];
    struct market_ad_config ad[MARKET_ADS_MAX];
    struct market_event event[MARKET_EVENTS_MAX];
    struct market_site_config page[MARKET_PAGES_MAX], offer[MARKET_OFFERS_MAX];
};

/* "tiny", "quiet", "demo", "drift" or "adversarial". */
bool market_preset(const char *name, struct market_config *ret_config, struct err *err) MUST_CHECK;
/* A document {"preset": "quiet", ...} changes what it names in that preset; arrays are replaced
 * whole. Unknown members and values out of their range are refused by name. */
bool market_config_read(const json_t *document, struct market_config *ret_config,
                        struct err *err) MUST_CHECK;
/* Everything, so that reading it back gives an equal config. Owned by the caller. */
json_t *market_config_write(const struct market_config *config);
/* What a market needs to hold; read already asks this. */
bool market_config_check(const struct market_config *config, struct err *err) MUST_CHECK;
