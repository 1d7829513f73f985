/* truth_oracle: the best split of a budget that hindsight knows. */
#include "market_state.h"
#include "mem.h"

#include <assert.h>

enum { steps_max = 32, dollars_parts = 500 };
static const double scale_max = 2.5;

/* A channel's points by cost, cut down to their upper concave hull. */
struct hull {
    struct market_point point[steps_max + 1];
    int count;
    double spent; /* given so far */
};

static double slope(const struct market_point *a, const struct market_point *b)
{
    return (b->orders - a->orders) / (b->cost_usd - a->cost_usd);
}

static void hull_add(struct hull *hull, struct market_point point)
{
    if (hull->count > 0 && point.cost_usd < hull->point[hull->count - 1].cost_usd + 1)
        return;
    while (hull->count > 1
           && slope(&hull->point[hull->count - 2], &hull->point[hull->count - 1])
               <= slope(&hull->point[hull->count - 1], &point))
        hull->count--;
    hull->point[hull->count++] = point;
}

/* Which piece of the hull the next dollar is on; -1 when there is none to buy. */
static int piece_of(const struct hull *hull)
{
    for (int i = 0; i + 1 < hull->count; i++)
        if (hull->spent < hull->point[i + 1].cost_usd - 1e-6)
            return i;
    return -1;
}

static double gain(const struct hull *hull)
{
    int i = piece_of(hull);
    return i < 0 ? 0 : slope(&hull->point[i], &hull->point[i + 1]);
}

static void give(struct hull *hull, int channels, double cost_usd)
{
    double part = cost_usd / dollars_parts;
    for (int i = 0; i < dollars_parts; i++) {
        int best = 0;
        for (int c = 1; c < channels; c++)
            if (gain(&hull[c]) > gain(&hull[best]))
                best = c;
        if (gain(&hull[best]) <= 0)
            return;
        hull[best].spent += part;
    }
}

static double scale_of(const struct hull *hull)
{
    for (int i = 0; i + 1 < hull->count; i++) {
        const struct market_point *a = &hull->point[i], *b = &hull->point[i + 1];
        if (hull->spent <= b->cost_usd)
            return a->scale
                + (b->scale - a->scale) * (hull->spent - a->cost_usd) / (b->cost_usd - a->cost_usd);
    }
    return hull->point[hull->count - 1].scale;
}

void market_truth_oracle(const struct market *market, double budget_usd, int64_t from, int64_t to,
                         int steps, struct market_oracle *ret_oracle)
{
    assert(steps > 0 && steps <= steps_max);
    int channels = market->config.channels;
    double days = (double)(to - from) / 24, scale[steps_max + 1];
    struct market_point point[steps_max + 1];
    struct hull *hull = mem_array((size_t)channels, sizeof *hull);
    struct whatif whatif = whatif_nothing(from);
    for (int i = 0; i <= steps; i++)
        scale[i] = scale_max * i / steps;
    for (int c = 0; c < channels; c++) {
        market_truth_curve(market, c, from, to, scale, (size_t)steps + 1, point);
        for (int i = 0; i <= steps; i++)
            hull_add(&hull[c], point[i]);
    }
    give(hull, channels, budget_usd * days);
    for (int c = 0; c < channels; c++)
        whatif.budget_scale[c] = scale_of(&hull[c]);
    struct market *best = market_live_again(market, &whatif, to);
    struct market_oracle oracle = {.orders = truth_sums(best, from, to).orders_expected};
    for (int c = 0; c < channels; c++)
        oracle.usd_day[c] = truth_cost(best, c, from, to) / days;
    market_close(best);
    mem_free(hull);
    *ret_oracle = oracle;
}
