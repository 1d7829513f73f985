#include "auction.h"

#include "draw.h"
#include "real.h"

enum { rivals = 3, quadrature_steps = 32 };

/* Slot 3 needs that slot 2 was seen too: .8 * .6. */
static const double slot_seen[rivals] = {1, .8, .48};

/* E[max(m rivals, reserve); all m < b] = b F(b)^m - integral over (reserve, b) of F(x)^m dx, by
 * Simpson in z = (ln x - mu) / s. */
static double mean_highest_below(const struct auction *auction, double bid, int m, double below)
{
    double power = 1;
    for (int i = 0; i < m; i++)
        power *= below;
    if (m == 0)
        return auction->reserve;
    double high = (real_log(bid) - auction->median_log) / auction->log_sd;
    double low = -6;
    if (auction->reserve > 0) {
        double reserve = (real_log(auction->reserve) - auction->median_log) / auction->log_sd;
        low = reserve > low ? reserve : low;
    }
    if (high <= low)
        return bid * power;
    double step = (high - low) / quadrature_steps, sum = 0;
    for (int i = 0; i <= quadrature_steps; i++) {
        double z = low + step * i, cdf = real_normal_cdf(z), value = 1;
        for (int j = 0; j < m; j++)
            value *= cdf;
        value *= auction->log_sd * real_exp(auction->median_log + auction->log_sd * z);
        sum += value * (i == 0 || i == quadrature_steps ? 1 : i % 2 ? 4 : 2);
    }
    return bid * power - sum * step / 3;
}

/* In slot j + 1 when j of the three rivals bid more: C(3, j) (1 - F)^j times the rest below. */
static struct auction_result expect_gsp(const struct auction *auction, double bid, double below)
{
    static const double choose[rivals] = {1, 3, 3};
    struct auction_result result = {0};
    double above = 1;
    for (int j = 0; j < rivals; j++) {
        double rest = 1;
        for (int i = j; i < rivals; i++)
            rest *= below;
        result.win += slot_seen[j] * choose[j] * above * rest;
        result.cost +=
            slot_seen[j] * choose[j] * above * mean_highest_below(auction, bid, rivals - j, below);
        above *= 1 - below;
    }
    return result;
}

struct auction_result auction_expect(const struct auction *auction, double bid)
{
    double mu = auction->median_log, s = auction->log_sd;
    if (bid <= 0 || bid < auction->reserve)
        return (struct auction_result){0};
    double z = (real_log(bid) - mu) / s, win = real_normal_cdf(z);
    if (auction->kind == MARKET_GSP3)
        return expect_gsp(auction, bid, win);
    if (auction->kind == MARKET_FIRST_PRICE)
        return (struct auction_result){win, bid * win};
    double mean = real_exp(mu + s * s / 2), cost = mean * real_normal_cdf(z - s);
    if (auction->reserve > 0) {
        double floor = (real_log(auction->reserve) - mu) / s;
        cost += auction->reserve * real_normal_cdf(floor) - mean * real_normal_cdf(floor - s);
    }
    return (struct auction_result){win, cost};
}

static double rival_price(const struct auction *auction, uint64_t key, uint64_t which)
{
    return real_exp(auction->median_log
                    + auction->log_sd * real_normal_inverse(draw_unit(key, which)));
}

static struct auction_outcome draw_gsp(const struct auction *auction, double bid, uint64_t key)
{
    int above = 0;
    double price = auction->reserve;
    for (uint64_t i = 0; i < rivals; i++) {
        double rival = rival_price(auction, key, i);
        if (rival >= bid)
            above++;
        else if (rival > price)
            price = rival;
    }
    bool shown = above < rivals && draw_unit(key, rivals) < slot_seen[above];
    return (struct auction_outcome){shown, price};
}

struct auction_outcome auction_draw(const struct auction *auction, double bid, uint64_t key)
{
    if (bid <= 0 || bid < auction->reserve)
        return (struct auction_outcome){0};
    if (auction->kind == MARKET_GSP3)
        return draw_gsp(auction, bid, key);
    double rival = rival_price(auction, key, 0);
    double price = rival > auction->reserve ? rival : auction->reserve;
    return (struct auction_outcome){rival < bid, auction->kind == MARKET_FIRST_PRICE ? bid : price};
}
