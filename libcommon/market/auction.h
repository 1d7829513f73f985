/* auction: what a bid wins and pays, in closed form and one opportunity at a time.
 *
 * Competing prices are log-normal: X = exp(median_log + log_sd * N(0,1)). Bids, prices and the
 * reserve are in one unit, of a thousand impressions or of a click. */
#pragma once

#include "market_config.h"

struct auction {
    enum market_auction kind;
    double median_log, log_sd; /* mu and s */
    double reserve;            /* no bid below it takes part, no price is below it */
};

struct auction_result {
    double win; /* expected share of opportunities shown */
    double
        cost; /* expected price paid, an opportunity: win times the mean price of what was shown */
};

/* Second price: win = Phi((ln b - mu) / s), cost = exp(mu + s^2/2) Phi((ln b - mu - s^2) / s).
 * First price: cost = b win. GSP-3: three competing bids, three slots seen by 1, .8 and .48; a slot
 * costs the highest bid below one's own. O(1); GSP-3 some 70 normal cdfs. */
struct auction_result auction_expect(const struct auction *auction, double bid);

/* One opportunity decided by draws keyed by (key, which): shown or not, and the price. */
struct auction_outcome {
    bool shown;
    double price;
};

struct auction_outcome auction_draw(const struct auction *auction, double bid, uint64_t key);

/* An hour as events: people of a finite pool, an auction each, clicks, orders. It is what the
 * closed form stands for, and is used to prove it. O(opportunities). */
struct auction_hour {
    double
        opportunities; /* mean; negative binomial with `clumping` (variance m + m^2 / clumping) */
    double clumping;
    int64_t pool_people;
    double click_rate, order_rate; /* of impressions, of clicks */
    enum market_pays pays;
};

struct auction_events {
    int64_t opportunities, impressions, clicks, orders, reached;
    double cost; /* price units: of one click, or of one impression (a thousandth) */
};

struct auction_events auction_micro(const struct auction *auction, const struct auction_hour *hour,
                                    double bid, uint64_t key);
/* The means of the same in closed form. */
struct auction_means {
    double impressions, clicks, orders, cost, reached;
};

struct auction_means auction_macro(const struct auction *auction, const struct auction_hour *hour,
                                   double bid);
