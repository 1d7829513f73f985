/* auction_micro: an hour of auctions as events, and its means in closed form (auction.h). */
#include "auction.h"

#include "draw.h"
#include "mem.h"
#include "real.h"

enum { draws_each = 8 };

/* Poisson whose mean is gamma with mean m and shape `clumping`, a whole number of exponentials. */
static int64_t draw_opportunities(const struct auction_hour *hour, uint64_t key)
{
    int shape = (int)hour->clumping;
    double mean = 0;
    for (int i = 0; i < shape; i++)
        mean += draw_exponential(draw_unit(key, (uint64_t)i), hour->opportunities / shape);
    return draw_poisson(draw_unit(key, (uint64_t)shape), mean);
}

struct auction_events auction_micro(const struct auction *auction, const struct auction_hour *hour,
                                    double bid, uint64_t key)
{
    struct auction_events events = {.opportunities = draw_opportunities(hour, key)};
    bool *seen = mem_array((size_t)hour->pool_people, sizeof *seen);
    for (int64_t i = 0; i < events.opportunities; i++) {
        uint64_t one = draw_next(~key, (uint64_t)i);
        struct auction_outcome outcome = auction_draw(auction, bid, one);
        if (!outcome.shown)
            continue;
        events.impressions++;
        bool *person = &seen[(int64_t)(draw_unit(one, draws_each) * (double)hour->pool_people)];
        events.reached += !*person;
        *person = true;
        bool click = draw_unit(one, draws_each + 1) < hour->click_rate;
        events.clicks += click;
        events.orders += click && draw_unit(one, draws_each + 2) < hour->order_rate;
        if (hour->pays == MARKET_PER_IMPRESSION || click)
            events.cost += outcome.price;
    }
    mem_free(seen);
    return events;
}

/* E[(1 - q)^N] of a negative binomial N with mean m and shape k is (1 + q m / k)^-k; a person is
 * reached by one opportunity with q = win / pool. */
struct auction_means auction_macro(const struct auction *auction, const struct auction_hour *hour,
                                   double bid)
{
    struct auction_result result = auction_expect(auction, bid);
    double shown = hour->opportunities * result.win, pool = (double)hour->pool_people;
    double missed = real_pow(1 + shown / pool / hour->clumping, -hour->clumping);
    double paid = hour->pays == MARKET_PER_CLICK ? hour->click_rate : 1;
    return (struct auction_means){
        .impressions = shown,
        .clicks = shown * hour->click_rate,
        .orders = shown * hour->click_rate * hour->order_rate,
        .cost = hour->opportunities * result.cost * paid,
        .reached = pool * (1 - missed),
    };
}
