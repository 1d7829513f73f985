/* market_state: what a market remembers. Private to the archive.
 *
 * An hour goes: season (at midnight) -> creatives (at midnight) -> pacing -> delivery -> response
 * -> orders -> their touches -> GA4. Each is a file, and each reads only what stands before it.
 * Arrays of (channel, geo) and (campaign, geo) have the geo run fastest. */
#pragma once

#include "auction.h"
#include "market_truth.h"
#include "season.h"

enum {
    burn_in_days = 28, /* lived unrecorded before hour 0, so that nothing starts cold */
    burn_in_hours = burn_in_days * 24,
    kernel_days = 28,
    checkpoint_hours = 28 * 24,
    source_organic = MARKET_CHANNELS_MAX, /* of orders; below it, the channel */
    source_brand,
    source_returning,
    order_sources,
    unpaid_sources = 4, /* of GA4: direct, organic, referral, email */
};

struct day_fact {
    int32_t impressions, clicks;
    int64_t cost_micros;
};

struct hour_fact {
    struct day_fact sum;
    float eligible, lost_budget, lost_rank;
};

/* What was set, and when: enough to live the same history again. */
enum action_kind {
    SET_BUDGET,
    SET_BID,
    SET_CAMPAIGN_PAUSED,
    SET_AD_PAUSED,
    SET_AD_PAGE,
    SET_AD_OFFER,
    SET_GEO,
};
struct action {
    enum action_kind kind;
    int what, geo;
    int64_t hour, number;
    double share;
};

/* What a truth run leaves out or turns up, from hour `from` on. */
struct whatif {
    uint32_t off;
    int64_t from, until; /* until: of the geo test alone */
    double budget_scale[MARKET_CHANNELS_MAX];
    int test_channel; /* -1: none */
    double test_share;
    bool test_geo[MARKET_GEOS_MAX];
};

struct market {
    struct market_config config;
    uint64_t seed;
    int64_t now; /* negative while burning in */
    struct geos geos;
    struct season season;
    struct whatif whatif;

    struct controls {
        int64_t budget[MARKET_BUDGETS_MAX], bid[MARKET_CAMPAIGNS_MAX];
        bool paused[MARKET_CAMPAIGNS_MAX], ad_paused[MARKET_ADS_MAX];
        int page[MARKET_ADS_MAX], offer[MARKET_ADS_MAX];
        float *geo_share;
    } set;
    struct action *action;
    size_t actions;
    struct market **checkpoint; /* its state every checkpoint_hours, without facts */
    size_t checkpoints;
    bool is_copy; /* keeps none itself */

    /* The last auction of a campaign at an hour of the day: mostly the next one's too. */
    struct remembered_auction {
        double median_log, bid;
        struct auction_result result;
    } remembered[MARKET_CAMPAIGNS_MAX][24];
    struct learning {
        int64_t until;
        int64_t budget_on[7]; /* by day % 7, at its midnight */
        int32_t claims_on[7];
    } learning[MARKET_CAMPAIGNS_MAX];
    struct pacing {
        double spent_today_usd, spent_month_usd, month_budget_usd;
        double throttle;
    } pacing[MARKET_BUDGETS_MAX];
    int month_days, month_days_left; /* after today */
    struct creatives {
        double weariness[MARKET_ADS_MAX], share[MARKET_ADS_MAX], click_share[MARKET_ADS_MAX];
        int32_t today[MARKET_ADS_MAX]; /* impressions */
        int32_t hour_shown[MARKET_ADS_MAX], hour_clicked[MARKET_ADS_MAX];
        double click[MARKET_CAMPAIGNS_MAX], persuasion[MARKET_CAMPAIGNS_MAX];
        bool any[MARKET_CAMPAIGNS_MAX];
        int first_ad[MARKET_CAMPAIGNS_MAX + 1], by_campaign[MARKET_ADS_MAX];
    } creatives;

    struct response {
        double *dollars;  /* this hour's reference dollars, then what is left of them in */
        double *adstock;  /* dollars a day still at work */
        double *ring;     /* Weibull: the last kernel_days' dollars, by day % kernel_days */
        double *hill;     /* 0..1 */
        double *halo;     /* hill, as it is felt after its lag */
        double *presence; /* 0..1: how many meet the channel at all */
        double kernel[MARKET_CHANNELS_MAX][kernel_days];
        double drift[MARKET_CHANNELS_MAX];   /* log */
        double recent[MARKET_CAMPAIGNS_MAX]; /* dollars, fading over days: whose touch it was */
        int64_t first_hour[MARKET_CAMPAIGNS_MAX], last_hour[MARKET_CAMPAIGNS_MAX]; /* delivered */
        double brand_searches[MARKET_GEOS_MAX], brand_clicks[MARKET_GEOS_MAX];     /* this hour */
        double brand_searched[MARKET_GEOS_MAX], brand_clicked[MARKET_GEOS_MAX];    /* fading */
        double visitors[MARKET_GEOS_MAX], visitors_new[MARKET_GEOS_MAX];
        double pool[MARKET_GEOS_MAX]; /* share of pool_people that is still undecided */
    } response;

    struct plan *plan;           /* a campaign; see delivery.c */
    struct market_row *row;      /* campaigns x geos, last hour */
    struct day_fact *geo_day;    /* days x campaigns x geos */
    struct day_fact *ad_day;     /* days x ads */
    struct hour_fact *hour_fact; /* hours x campaigns */
    int32_t *sessions;           /* hours x ga4 sources */
    double *expected;            /* hours: the rate of new customers' orders */
    float *expected_geo;         /* the same, hours x geos */
    int64_t days_room;

    struct market_order *order;
    size_t orders, orders_room;
    struct market_touch *touch;
    size_t touches, touches_room;
    struct touch_list {
        uint32_t *at;
        size_t count, room;
    } touched[MARKET_CAMPAIGNS_MAX]; /* each campaign's touches, in order of their orders */
    int64_t persons;
};

static inline int64_t day_of(int64_t hour)
{
    return (hour + burn_in_hours) / 24 - burn_in_days;
}

static inline int hour_of_day(int64_t hour)
{
    return (int)((hour + burn_in_hours) % 24);
}

static inline bool is_off(const struct market *market, int channel)
{
    return market->whatif.off >> channel & 1 && market->now >= market->whatif.from;
}

/* Whether a touch is ever a claim under a setting. */
bool claim_counts(const struct market *market, const struct market_touch *touch,
                  struct market_setting setting);

struct whatif whatif_nothing(int64_t from);
struct market_sums truth_sums(const struct market *market, int64_t from, int64_t to);
double truth_cost(const struct market *market, int channel, int64_t from, int64_t to);
/* The same history from whatif.from on, with something left out, up to hour `until`. What it holds
 * of earlier hours is nothing. The caller closes it. */
struct market *market_live_again(const struct market *market, const struct whatif *whatif,
                                 int64_t until);
void checkpoint_keep(struct market *market);
void market_live_hour(struct market *market);
void market_apply(struct market *market, const struct action *action);
void market_make_room(struct market *market, int64_t days); /* of facts */

void learning_day(struct market *market);
void learning_on_budget(struct market *market, int budget); /* after the change */
void learning_on_bid(struct market *market, int campaign, int64_t bid_micros); /* before it */
void learning_claim(struct market *market, int campaign);
bool learning_is(const struct market *market, int campaign);

void creatives_open(struct market *market);
void creatives_day(struct market *market);
void creatives_share(struct market *market);
/* Gives the hour's deliveries of a campaign to its ads. */
void creatives_split(struct market *market, int campaign, const struct day_fact *sum,
                     struct day_fact *ad_day);

void pacing_day(struct market *market);
/* expected: what each budget's campaigns would cost this hour if nothing held them back. */
void pacing_hour(struct market *market, const double *expected_usd);

void delivery_open(struct market *market);
void delivery_hour(struct market *market);

void response_open(struct market *market);
void response_copy(struct market *market); /* what it borrows becomes its own */
void response_close(struct market *market);
void response_day(struct market *market);
void response_hour(struct market *market);
/* Orders an hour in each geo from a source, into rate[geos]. */
void response_rates(const struct market *market, int source, double *rate);
/* What other channels' halo makes of the demand for channel q in a geo: 1 + sum of H(p, q) halo_p.
 */
double response_halo(const struct market *market, int channel, int geo);
double response_halo_organic(const struct market *market, int geo);

void orders_open(struct market *market); /* with none */
void orders_hour(struct market *market);
/* Draws the touches of order number `index`, appends them and enters them in their campaigns'
 * lists. */
void touches_draw(struct market *market, uint32_t index);

void ga4_hour(struct market *market);
/* Where GA4 sees an order with these touches come from, and when; -1: it never does. */
void ga4_attribute(const struct market *market, struct market_order *order);
