/* response: what delivered ads do to people, by channel and geo.
 *
 * Adstock, in dollars a day still at work, from dollars x delivered in an hour:
 *   geometric  A <- d A + (1 - d) 24 x,  d = 2^(-1 / (24 half-life))
 *   Weibull    A = sum over l = 1..28 of k_l (dollars of the day l days ago), k sums to 1
 * Saturation: z = A / (half * share of the geo), hill = z^slope / (1 + z^slope).
 * Halo: felt <- felt + (hill - felt) / (24 lag). Presence: z / (1 + z).
 *
 * Orders an hour in a geo, with D = the season's demand there and hour's share of the day:
 *   channel, parametric   top D hill halo exp(drift)
 *   channel, mechanistic  top D (1 - 2^-z) halo exp(drift) pool: half the people are reached at
 *                         z = 1, and who has bought is gone from the pool until others enter
 *   brand search          q (V (1 - capture) + capture * paid clicks), of which the second part is
 *                         the brand channel's; V = searches with their halo
 *   unpaid                organic D halo; returning customers D */
#include "draw.h"
#include "market_state.h"
#include "mem.h"
#include "real.h"

#include <math.h>
#include <string.h>

static const double visitor_half_life_days = 7;
static const double hours_memory = .97;

static size_t cells(const struct market *market)
{
    return (size_t)market->config.channels * (size_t)market->geos.count;
}

/* Differences of the Weibull cdf 1 - exp(-(t / scale)^shape) at whole days. */
static void open_kernel(const struct market_channel_config *channel, double *kernel)
{
    double before = 0, total = 0;
    for (int l = 0; l < kernel_days; l++) {
        double t = (l + 1) / channel->carry_scale_days;
        double cdf = 1 - real_exp(-real_pow(t, channel->carry_shape));
        kernel[l] = cdf - before;
        total += kernel[l];
        before = cdf;
    }
    for (int l = 0; l < kernel_days; l++)
        kernel[l] /= total;
}

void response_open(struct market *market)
{
    struct response *response = &market->response;
    response->dollars = mem_array(cells(market), sizeof(double));
    response->adstock = mem_array(cells(market), sizeof(double));
    response->ring = mem_array(cells(market) * kernel_days, sizeof(double));
    response->hill = mem_array(cells(market), sizeof(double));
    response->halo = mem_array(cells(market), sizeof(double));
    response->presence = mem_array(cells(market), sizeof(double));
    for (int g = 0; g < market->geos.count; g++) {
        response->visitors[g] = market->geos.share[g];
        response->pool[g] = 1;
    }
    for (int c = 0; c < market->config.channels; c++)
        if (market->config.channel[c].carry == MARKET_WEIBULL)
            open_kernel(&market->config.channel[c], response->kernel[c]);
}

static double *copy(const double *from, size_t count)
{
    double *to = mem_array(count, sizeof *to);
    memcpy(to, from, count * sizeof *to);
    return to;
}

void response_copy(struct market *market)
{
    struct response *response = &market->response;
    size_t count = cells(market);
    response->dollars = copy(response->dollars, count);
    response->adstock = copy(response->adstock, count);
    response->ring = copy(response->ring, count * kernel_days);
    response->hill = copy(response->hill, count);
    response->halo = copy(response->halo, count);
    response->presence = copy(response->presence, count);
}

void response_close(struct market *market)
{
    struct response *response = &market->response;
    mem_free(response->dollars);
    mem_free(response->adstock);
    mem_free(response->ring);
    mem_free(response->hill);
    mem_free(response->halo);
    mem_free(response->presence);
}

static double *ring_of(const struct market *market, int64_t day, int channel)
{
    static const int64_t before_all = 56; /* two burn-ins: the remainder is positive */
    size_t slot = (size_t)((day + before_all) % kernel_days);
    return market->response.ring + slot * cells(market)
        + (size_t)channel * (size_t)market->geos.count;
}

void response_day(struct market *market)
{
    int64_t day = day_of(market->now);
    int geos = market->geos.count;
    for (int c = 0; c < market->config.channels; c++) {
        uint64_t key = draw_key(market->seed, DRAW_DRIFT, (uint64_t)c, day);
        market->response.drift[c] +=
            market->config.quality_drift_year / sqrt(365.) * draw_normal(draw_unit(key, 0));
        if (market->config.channel[c].carry != MARKET_WEIBULL)
            continue;
        double *adstock = market->response.adstock + (ptrdiff_t)c * geos;
        memset(adstock, 0, (size_t)geos * sizeof *adstock);
        for (int l = 0; l < kernel_days; l++) {
            const double *past = ring_of(market, day - 1 - l, c);
            for (int g = 0; g < geos; g++)
                adstock[g] += market->response.kernel[c][l] * past[g];
        }
        memset(ring_of(market, day, c), 0, (size_t)geos * sizeof(double));
    }
}

static void carry_over(struct market *market, int channel, double *dollars, double *adstock)
{
    const struct market_channel_config *config = &market->config.channel[channel];
    int geos = market->geos.count;
    if (config->carry == MARKET_WEIBULL) {
        double *today = ring_of(market, day_of(market->now), channel);
        for (int g = 0; g < geos; g++)
            today[g] += dollars[g];
    } else {
        double keep = real_exp(-REAL_LN2 / (24 * config->carry_half_life_days));
        for (int g = 0; g < geos; g++)
            adstock[g] = keep * adstock[g] + (1 - keep) * 24 * dollars[g];
    }
    memset(dollars, 0, (size_t)geos * sizeof *dollars);
}

/* Parametric: Hill. Mechanistic: the share of people reached. */
static double saturate(const struct market *market, const struct market_channel_config *config,
                       double z)
{
    if (market->config.form == MARKET_MECHANISTIC)
        return 1 - real_exp(-REAL_LN2 * z);
    double power = real_pow(z, config->slope);
    return power / (1 + power);
}

static void respond(struct market *market, int channel)
{
    struct response *response = &market->response;
    const struct market_channel_config *config = &market->config.channel[channel];
    int geos = market->geos.count;
    ptrdiff_t at = (ptrdiff_t)channel * geos;
    carry_over(market, channel, response->dollars + at, response->adstock + at);
    double felt = 1 / (24 * config->halo_lag_days);
    felt = felt < 1 ? felt : 1;
    for (int g = 0; g < geos; g++) {
        double z = response->adstock[at + g] / (config->half_usd_day * market->geos.share[g]);
        response->hill[at + g] = saturate(market, config, z);
        response->halo[at + g] += (response->hill[at + g] - response->halo[at + g]) * felt;
        response->presence[at + g] = z / (1 + z);
    }
}

double response_halo(const struct market *market, int channel, int geo)
{
    double halo = 1;
    for (int p = 0; p < market->config.channels; p++)
        if (market->config.channel[p].halo[channel] > 0)
            halo += market->config.channel[p].halo[channel]
                * market->response.halo[p * market->geos.count + geo];
    return halo;
}

double response_halo_organic(const struct market *market, int geo)
{
    double halo = 1;
    for (int p = 0; p < market->config.channels; p++)
        halo += market->config.channel[p].halo_organic
            * market->response.halo[p * market->geos.count + geo];
    return halo;
}

static int brand_channel(const struct market *market)
{
    for (int c = 0; c < market->config.channels; c++)
        if (market->config.channel[c].source == MARKET_FROM_BRAND_SEARCH)
            return c;
    return -1;
}

static double hour_share(const struct market *market)
{
    return market->config.hour[hour_of_day(market->now)] / 24;
}

/* A geo's hour may have more clicks than searches, for both are small; their memories of a day or
 * two say what share of searchers clicks. */
static void brand_hour(struct market *market)
{
    struct response *response = &market->response;
    int brand = brand_channel(market);
    for (int g = 0; g < market->geos.count; g++) {
        double halo = brand < 0 ? 1 : response_halo(market, brand, g);
        response->brand_searches[g] = market->config.brand_searches_day * market->season.demand[g]
            * hour_share(market) * halo;
        double *searched = &response->brand_searched[g], *clicked = &response->brand_clicked[g];
        *searched = hours_memory * *searched + response->brand_searches[g];
        *clicked = hours_memory * *clicked + response->brand_clicks[g];
    }
}

/* Visitors over what unpaid sessions alone would keep: unpaid ones come as the geo's share of
 * people (a day's 1 / mean stay of the level), paid clicks by what they are to those. */
static void visitors_hour(struct market *market)
{
    const struct market_config *config = &market->config;
    double unpaid = config->direct_sessions_day + config->organic_sessions_day
        + config->referral_sessions_day + config->email_sessions_day;
    double leave = 1 - real_exp(-REAL_LN2 / (24 * visitor_half_life_days));
    for (int g = 0; g < market->geos.count; g++) {
        double *visitors = &market->response.visitors[g];
        double paid = unpaid > 0 ? market->response.visitors_new[g] * 24 / unpaid : 0;
        *visitors += leave * (market->geos.share[g] + paid - *visitors);
        market->response.visitors_new[g] = 0;
    }
}

static void channel_rates(const struct market *market, int channel, double *rate)
{
    const struct market_channel_config *config = &market->config.channel[channel];
    const struct response *response = &market->response;
    int geos = market->geos.count;
    double top = config->top_orders_day * hour_share(market) * real_exp(response->drift[channel]);
    bool captures = config->source == MARKET_FROM_BRAND_SEARCH;
    for (int g = 0; g < geos; g++) {
        rate[g] = top * market->season.demand[g] * response->hill[channel * geos + g]
            * response_halo(market, channel, g);
        if (captures)
            rate[g] +=
                market->config.brand_search_order * config->capture * response->brand_clicks[g];
    }
}

void response_rates(const struct market *market, int source, double *rate)
{
    const struct market_config *config = &market->config;
    int geos = market->geos.count, brand = brand_channel(market);
    double unpaid_reach = brand < 0 ? 1 : 1 - config->channel[brand].capture;
    if (source < MARKET_CHANNELS_MAX)
        channel_rates(market, source, rate);
    for (int g = 0; g < geos; g++) {
        double demand = market->season.demand[g] * hour_share(market);
        if (source == source_organic)
            rate[g] = config->organic_orders_day * demand * response_halo_organic(market, g);
        else if (source == source_brand)
            rate[g] =
                config->brand_search_order * unpaid_reach * market->response.brand_searches[g];
        else if (source == source_returning)
            rate[g] = config->returning_orders_day * demand;
        if (config->form == MARKET_MECHANISTIC && source != source_returning)
            rate[g] *= market->response.pool[g];
        if (!market->season.open)
            rate[g] = 0;
    }
}

/* dP/dt = (1 - P) / stay - orders / people, P the undecided share; entry keeps up with the stay. */
static void pool_hour(struct market *market, const double *orders)
{
    const struct market_config *config = &market->config;
    for (int g = 0; g < market->geos.count; g++) {
        double *pool = &market->response.pool[g];
        double people = config->pool_people * market->geos.share[g];
        *pool += (1 - *pool) / (24 * config->pool_stay_days) - orders[g] / people;
        *pool = *pool > 0 ? *pool : 0;
    }
}

void response_hour(struct market *market)
{
    for (int c = 0; c < market->config.channels; c++)
        respond(market, c);
    brand_hour(market);
    visitors_hour(market);
    if (market->config.form != MARKET_MECHANISTIC)
        return;
    double orders[MARKET_GEOS_MAX] = {0}, rate[MARKET_GEOS_MAX];
    for (int s = 0; s < source_returning; s++) {
        if (s >= market->config.channels && s < source_organic)
            continue;
        response_rates(market, s, rate);
        for (int g = 0; g < market->geos.count; g++)
            orders[g] += rate[g];
    }
    pool_hour(market, orders);
}
