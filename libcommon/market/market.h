/* market: a simulated market, stepped by hours, whose causes are known.
 *
 * Pure: no I/O, no clock, no globals. A market is a function of (config, seed, what was set when):
 * the same three give the same bytes. It owns its memory (16 bytes a campaign-geo-day, 32 a
 * campaign-hour, some 200 an order, half a megabyte every 28 days); a config is copied. What is set
 * between two steps is kept, with its hour, so that truth (market_truth.h) can run the same history
 * again with something left out.
 *
 * Campaigns, budgets, ads, channels and geos are numbers 0.. in the order of the config; they are
 * asserted, not refused: who has outside ids maps them first. */
#pragma once

#include "market_config.h"

struct market;

/* Lives 28 days unrecorded first, so that nothing starts cold. */
struct market *market_open(const struct market_config *config, uint64_t seed);
void market_close(struct market *market); /* NULL is fine */

/* O(hours * campaigns * geos). Days are where hour % 24 == 0. */
void market_step(struct market *market, int64_t hours);
/* Hours that have happened; the next hour to happen has this number. */
int64_t market_now(const struct market *market);
/* As opened. Borrowed for the market's life. What was set since is in market_state below. */
const struct market_config *market_config(const struct market *market);
const char *market_geo_name(const struct market *market, int geo); /* "geo-07"; borrowed */
double market_geo_share(const struct market *market, int geo);     /* of the people; sums to 1 */

/* The same life up to hour `at` (<= market_now), to go on otherwise: nothing set at or after `at`
 * is in it. Two branches with the same seed share their luck. O(a whole history); the caller closes
 * it. */
struct market *market_branch(const struct market *market, int64_t at);

/* From the next hour on. Setting what already is changes nothing and starts no learning. */
void market_set_budget(struct market *market, int budget, int64_t micros_day);
void market_set_bid(struct market *market, int campaign, int64_t bid_micros);
void market_set_campaign_paused(struct market *market, int campaign, bool paused);
void market_set_ad_paused(struct market *market, int ad, bool paused);
void market_set_ad_page(struct market *market, int ad, int page); /* from 1; 0: the usual */
void market_set_ad_offer(struct market *market, int ad, int offer);
/* How much of its usual participation a campaign has in a geo: 1 usual, 0 none, 1.2 a fifth more.
 */
void market_set_geo(struct market *market, int campaign, int geo, double share);

/* What a campaign is set to and how it fares now. */
struct market_campaign_state {
    int64_t budget_micros, bid_micros;
    bool paused, learning;
    int64_t learning_until; /* hour; meaningless unless learning */
    double throttle;        /* share of its chances the budget let it take in the last hour */
};

struct market_campaign_state market_campaign_state(const struct market *market, int campaign);
bool market_ad_paused(const struct market *market, int ad);
int market_ad_page(const struct market *market, int ad);
int market_ad_offer(const struct market *market, int ad);

/* The hour that was stepped last, a row each (campaign, geo), campaign-major. */
struct market_row {
    int32_t impressions, clicks;
    int64_t cost_micros;
};

const struct market_row *market_last_rows(const struct market *market); /* borrowed until a step */
