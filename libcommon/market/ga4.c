/* ga4: what a tag on the site makes of it: the last click that wasn't direct, without those who
 * refused consent, and a day or two late.
 *
 * Sessions come in as much as 8 hours late for three in five hours of a source, 24 to 48 for the
 * others; so do orders. A tenth of those without consent block the tag and are never seen. */
#include "draw.h"
#include "market_state.h"

#include <string.h>

enum { luck_consent = 200, luck_blocked, luck_unpaid, luck_late, luck_late_by, luck_lost };
enum { ga4_direct, ga4_organic, ga4_referral, ga4_email };

static const double lands = .92, blocks_tag = .1, users_per_session = .86, soon = .6;

static const struct market_ga4_source unpaid[unpaid_sources] = {
    {"(direct)",   "(none)",   "(direct)"  },
    {"google",     "organic",  "(organic)" },
    {"partner",    "referral", "(referral)"},
    {"newsletter", "email",    "newsletter"},
};

int market_ga4_sources(const struct market *market)
{
    return market->config.campaigns + unpaid_sources;
}

struct market_ga4_source market_ga4_source(const struct market *market, int source)
{
    static const struct {
        const char *source, *medium;
    } paid[] = {
        [MARKET_GOOGLE] = {"google",   "cpc"        },
        [MARKET_META] = {"facebook", "paid_social"},
        [MARKET_TIKTOK] = {"tiktok",   "paid_social"},
        [MARKET_MICROSOFT] = {"bing",     "cpc"        },
        [MARKET_LINKEDIN] = {"linkedin", "paid_social"},
    };
    int campaigns = market->config.campaigns;
    if (source >= campaigns)
        return unpaid[source - campaigns];
    const struct market_campaign_config *campaign = &market->config.campaign[source];
    enum market_platform platform = market->config.channel[campaign->channel].platform;
    return (struct market_ga4_source){paid[platform].source, paid[platform].medium, campaign->name};
}

static void unpaid_levels(const struct market *market, double *level)
{
    level[ga4_direct] = market->config.direct_sessions_day;
    level[ga4_organic] = market->config.organic_sessions_day;
    level[ga4_referral] = market->config.referral_sessions_day;
    level[ga4_email] = market->config.email_sessions_day;
}

static int32_t draw_sessions(const struct market *market, int source, double mean)
{
    uint64_t key = draw_key(market->seed, DRAW_SESSIONS, (uint64_t)source, market->now);
    return draw_poisson(draw_unit(key, 0), mean * (1 - market->season.tracking_loss));
}

/* Paid clicks whose id is lost come in as direct. */
void ga4_hour(struct market *market)
{
    const struct market_config *config = &market->config;
    double level[unpaid_sources], nameless = 0;
    if (market->now < 0)
        return;
    int32_t *sessions = market->sessions + market->now * market_ga4_sources(market);
    const struct hour_fact *fact = market->hour_fact + market->now * config->campaigns;
    for (int c = 0; c < config->campaigns; c++) {
        double landed = lands * fact[c].sum.clicks;
        sessions[c] = draw_sessions(market, c, landed * (1 - config->consent_loss));
        nameless += landed * config->consent_loss * (1 - blocks_tag);
    }
    unpaid_levels(market, level);
    double demand = market->season.level * config->hour[hour_of_day(market->now)] / 24;
    for (int s = 0; s < unpaid_sources; s++)
        sessions[config->campaigns + s] = draw_sessions(
            market, config->campaigns + s, level[s] * demand + (s == ga4_direct ? nameless : 0));
}

static int64_t late_by(uint64_t luck, uint64_t which)
{
    double unit = draw_unit(luck, which + 1);
    return (int64_t)(draw_unit(luck, which) < soon ? 4 + 5 * unit : 24 + 25 * unit);
}

/* Who came unpaid: by search if they searched for us, otherwise as unpaid sessions come. */
static int unpaid_source(const struct market *market, const struct market_order *order)
{
    double level[unpaid_sources], total = 0;
    if (order->source == source_brand)
        return ga4_organic;
    unpaid_levels(market, level);
    for (int s = 0; s < unpaid_sources; s++)
        total += level[s];
    double upto = draw_unit(order->luck, luck_unpaid) * total;
    for (int s = 0; s < unpaid_sources - 1; s++) {
        upto -= level[s];
        if (upto < 0)
            return s;
    }
    return unpaid_sources - 1;
}

void ga4_attribute(const struct market *market, struct market_order *order)
{
    const struct market_touch *touch = market_order_touches(market, order);
    bool consent = draw_unit(order->luck, luck_consent) >= market->config.consent_loss;
    int last = -1;
    for (uint32_t i = 0; i < order->touches; i++)
        if (touch[i].click)
            last = touch[i].campaign;
    order->ga4_hour = market->now + late_by(order->luck, luck_late);
    order->ga4_source = market->config.campaigns + ga4_direct;
    if (consent || last < 0)
        order->ga4_source =
            last >= 0 ? last : market->config.campaigns + unpaid_source(market, order);
    if (draw_unit(order->luck, luck_lost) < market->season.tracking_loss
        || (!consent && draw_unit(order->luck, luck_blocked) < blocks_tag))
        order->ga4_source = -1;
}

static void add_sessions(const struct market *market, int64_t day, int64_t as_of,
                         struct market_ga4_counts *counts)
{
    int sources = market_ga4_sources(market);
    for (int64_t hour = day * 24; hour < (day + 1) * 24 && hour < as_of; hour++)
        for (int s = 0; s < sources; s++) {
            uint64_t key = draw_key(market->seed, DRAW_SESSIONS, (uint64_t)s, hour);
            if (hour + late_by(key, 1) <= as_of)
                counts[s].sessions += market->sessions[hour * sources + s];
        }
    for (int s = 0; s < sources; s++)
        counts[s].users = (int64_t)((double)counts[s].sessions * users_per_session + .5);
}

void market_ga4_days(const struct market *market, int from_day, int to_day, int64_t as_of,
                     struct market_ga4_counts *ret_counts)
{
    int sources = market_ga4_sources(market);
    size_t rows = (size_t)(to_day - from_day + 1) * (size_t)sources;
    memset(ret_counts, 0, rows * sizeof *ret_counts);
    as_of = as_of < market->now ? as_of : market->now;
    for (int day = from_day; day <= to_day; day++)
        add_sessions(market, day, as_of, ret_counts + (ptrdiff_t)(day - from_day) * sources);
    struct market_orders orders =
        market_orders(market, (int64_t)from_day * 24, ((int64_t)to_day + 1) * 24);
    for (size_t i = 0; i < orders.count; i++) {
        const struct market_order *order = &orders.order[i];
        if (order->ga4_source < 0 || order->ga4_hour > as_of)
            continue;
        int64_t day = order->second / 86400 - from_day;
        struct market_ga4_counts *counts = &ret_counts[day * sources + order->ga4_source];
        counts->key_events++;
        counts->value_micros += order->value_micros;
    }
}
