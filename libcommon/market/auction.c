#include "auction.h"

#include "draw.h"
#include "real.h"

enum { rivals = 3, quadrature_steps = 24 };

/* Slot 3 needs that slot 2 was seen too: .8 * .6. */
static const double slot_seen[rivals] = {1, .8, .48};

/* E[max(m rivals, reserve); all m < b] = b F(b)^m - integral over (reserve, b) of F(x)^m dx, for
 * m = 1, 2, 3 at once, by Simpson in z = (ln x - mu) / s. */
static void mean_highest_below(const struct auction *auction, double bid, double high, double below,
                               double *mean)
{
    double low = -6, sum[rivals] = {0},
           power[rivals] = {below, below * below, below * below * below};
    if (auction->reserve > 0) {
        double reserve = (real_log(auction->reserve) - auction->median_log) / auction->log_sd;
        low = reserve > low ? reserve : low;
    }
    double step = high > low ? (high - low) / quadrature_steps : 0;
    double price = real_exp(auction->median_log + auction->log_sd * low);
    double growth = real_exp(auction->log_sd * step);
    for (int i = 0; step > 0 && i <= quadrature_steps; i++) {
        double cdf = real_normal_cdf(low + step * i);
        double value = price * cdf * (i == 0 || i == quadrature_steps ? 1 : i % 2 ? 4 : 2);
        for (int m = 0; m < rivals; m++, value *= cdf)
            sum[m] += value;
        price *= growth;
    }
    for (int m = 0; m < rivals; m++)
        mean[m] = bid * power[m] - sum[m] * auction->log_sd * step / 3;
}

/* In slot j + 1 when j of the three rivals bid more: C(3, j) (1 - F)^j times the rest below. */
static struct auction_result expect_gsp(const struct auction *auction, double bid, double z,
                                        double below)
{
    static const double choose[rivals] = {1, 3, 3};
    struct auction_result result = {0};
    double above = 1, price[rivals];
    mean_highest_below(auction, bid, z, below, price);
    for (int j = 0; j < rivals; j++) {
        double rest = 1;
        for (int i = j; i < rivals; i++)
            rest *= below;
        result.win += slot_seen[j] * choose[j] * above * rest;
        result.cost += slot_seen[j] * choose[j] * above * price[rivals - j - 1];
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
        return expect_gsp(auction, bid, z, win);
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
