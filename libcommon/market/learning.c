/* learning: what a platform does after a large change: for 3 to 7 days a campaign persuades less
 * and its prices scatter more (delivery.c reads learning_is).
 *
 * It starts when a budget stands more than a fifth off where it stood on any midnight of the last 7
 * days, or a bid moves by more than a fifth at once. With under 50 claims in the week before, it
 * takes the whole 7 days. */
#include "draw.h"
#include "market_state.h"

static const double large_move = .2;
static const int claims_enough = 50, days_min = 3, days_max = 7;

static int slot_of(int64_t day)
{
    return (int)((day + burn_in_days) % 7);
}

static bool is_large(double before, double after)
{
    return after > before * (1 + large_move) || after < before * (1 - large_move);
}

static void start(struct market *market, int campaign)
{
    struct learning *learning = &market->learning[campaign];
    int32_t claims = 0;
    for (int d = 0; d < 7; d++)
        claims += learning->claims_on[d];
    uint64_t key = draw_key(market->seed, DRAW_LEARNING, (uint64_t)campaign, market->now);
    double days = days_min + (days_max - days_min) * draw_unit(key, 0);
    if (claims < claims_enough)
        days = days_max;
    learning->until = market->now + (int64_t)(days * 24);
}

void learning_on_budget(struct market *market, int budget)
{
    double after = (double)market->set.budget[budget];
    for (int c = 0; c < market->config.campaigns; c++) {
        bool large = false;
        for (int d = 0; d < 7; d++)
            large |= is_large((double)market->learning[c].budget_on[d], after);
        if (market->config.campaign[c].budget == budget && large)
            start(market, c);
    }
}

void learning_on_bid(struct market *market, int campaign, int64_t bid_micros)
{
    if (is_large((double)market->set.bid[campaign], (double)bid_micros))
        start(market, campaign);
}

bool learning_is(const struct market *market, int campaign)
{
    return market->now < market->learning[campaign].until;
}

void learning_day(struct market *market)
{
    int slot = slot_of(day_of(market->now));
    for (int c = 0; c < market->config.campaigns; c++) {
        market->learning[c].budget_on[slot] = market->set.budget[market->config.campaign[c].budget];
        market->learning[c].claims_on[slot] = 0;
    }
}

void learning_claim(struct market *market, int campaign)
{
    market->learning[campaign].claims_on[slot_of(day_of(market->now))]++;
}
