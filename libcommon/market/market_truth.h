/* market_truth: what the ads really did, found by running the same history again.
 *
 * Every answer is the difference of two runs over the same code, seed and settings, in which one
 * thing is masked. Draws are keyed, not consumed, so both runs share their luck. A run starts from
 * the last of the states kept every 28 days before its window: O(runs * (window + 28 days)). It has
 * its own memory and gives it back. The market is only read, so nobody may step or set it
 * meanwhile. Windows lie within what was lived: 0 <= from <= to <= market_now, and market_now > 0.
 */
#pragma once

#include "market_counts.h"

/* Sums over a window of hours [from, to). Expected orders are the sums of the rates that the
 * realised orders were drawn with. */
struct market_sums {
    double orders, orders_expected; /* new customers */
    double value_usd;               /* realised, before refunds */
    double cost_usd;
};

/* The channels whose bit is set in `off` take no part from hour `from` on. 1 run. */
struct market_sums market_truth_without(const struct market *market, uint32_t off, int64_t from,
                                        int64_t to);

struct market_contribution {
    struct market_sums base, none;        /* all on; all paid off */
    double orders[MARKET_CHANNELS_MAX];   /* expected: base minus that channel off */
    double cost_usd[MARKET_CHANNELS_MAX]; /* the channel's own */
    double claims[MARKET_CHANNELS_MAX];   /* what its platform claims for the window */
    double interaction; /* base - none - sum of orders[]: halo, visitors and pool shared by two */
};

/* channels + 2 runs. */
void market_truth_contribution(const struct market *market, int64_t from, int64_t to,
                               struct market_contribution *ret_contribution);

/* Shapley: each channel's mean gain over all orders in which channels could have been added, so
 * that the shares sum to base - none, interactions split evenly. 2^channels runs, so at most 10. */
void market_truth_shapley(const struct market *market, int64_t from, int64_t to,
                          double ret_orders[MARKET_CHANNELS_MAX]);

struct market_point {
    double scale;            /* of the channel's budgets, from `from` on */
    double cost_usd, orders; /* the channel's spend; expected orders of the whole market */
};

/* One run a point. */
void market_truth_curve(const struct market *market, int channel, int64_t from, int64_t to,
                        const double *scale, size_t count, struct market_point *ret_point);
/* Expected orders for one more dollar a day, from budgets 5 % down and up; where more budget is not
 * spent, from the way down alone; NAN when even less budget changes no spend. 3 runs. */
double market_truth_marginal(const struct market *market, int channel, int64_t from, int64_t to);

/* What a geo test would find: the channel's participation in the geos of `in` (one bool a geo)
 * times `share` in [from, to), read over [from, read_to). 2 runs. */
struct market_lift {
    double orders_expected, orders, cost_usd; /* test minus business as usual, in these geos */
};

struct market_lift market_truth_lift(const struct market *market, int channel, const bool *in,
                                     double share, int64_t from, int64_t to, int64_t read_to);

/* F(age): of the claims for clicks and views of these days, the share that was reported `age_days`
 * after each day's end. The window should be 35 days old, or the last claims are not in yet. NAN
 * without any. O(claims of the campaign). */
double market_truth_maturity(const struct market *market, int campaign, int from_day, int to_day,
                             struct market_setting setting, int age_days);

/* The split of budget_usd a day over the channels that gives most orders in the window: each next
 * dollar to whoever gains most by it, on the concave hulls of curves of `steps` + 1 runs a channel
 * (budgets from nothing to 2.5 times). Channels hold their bids, so what no budget can buy stays
 * unspent. */
struct market_oracle {
    double usd_day[MARKET_CHANNELS_MAX];
    double orders; /* expected, of a run with that split */
};

void market_truth_oracle(const struct market *market, double budget_usd, int64_t from, int64_t to,
                         int steps, struct market_oracle *ret_oracle);

/* Orders that an impression of an unworn ad persuades to, over those of an ad of quality 0 on the
 * usual page with the usual offer: as it is set now, and as it would be in another cell. The best
 * arm of a cell is the largest. O(1). */
double market_truth_ad(const struct market *market, int ad);
double market_truth_cell(const struct market *market, int ad, int page, int offer);
