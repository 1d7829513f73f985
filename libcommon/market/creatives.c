/* creatives: which ad of a campaign is shown, how well it works, and how it wears out.
 *
 * latent quality q = angle + craft. An ad's clicks are exp(q + clickbait / 2), its persuasion
 * exp(q - clickbait + page + offer + taste of the page * taste of the offer), both times its
 * freshness 2 / (1 + exp(rate * weariness)), where weariness remembers 95 % of yesterday's and
 * gains today's frequency, the more the more it baits. The platform shows what is clicked: shares
 * go with clicks^1.5. */
#include "draw.h"
#include "market_state.h"
#include "real.h"

static const double memory = .95, wear_rate = .05, greed = 1.5;

void creatives_open(struct market *market)
{
    struct creatives *creatives = &market->creatives;
    int at = 0;
    for (int c = 0; c < market->config.campaigns; c++) {
        creatives->first_ad[c] = at;
        for (int a = 0; a < market->config.ads; a++)
            if (market->config.ad[a].campaign == c)
                creatives->by_campaign[at++] = a;
    }
    creatives->first_ad[market->config.campaigns] = at;
}

double market_truth_cell(const struct market *market, int ad, int page, int offer)
{
    static const struct market_site_config usual = {0};
    const struct market_ad_config *config = &market->config.ad[ad];
    const struct market_site_config *to = page ? &market->config.page[page - 1] : &usual;
    const struct market_site_config *with = offer ? &market->config.offer[offer - 1] : &usual;
    return real_exp(config->angle + config->craft - config->clickbait + to->effect + with->effect
                    + to->taste * with->taste);
}

double market_truth_ad(const struct market *market, int ad)
{
    return market_truth_cell(market, ad, market->set.page[ad], market->set.offer[ad]);
}

static double clicks_of(const struct market_ad_config *ad)
{
    return real_exp(ad->angle + ad->craft + ad->clickbait / 2);
}

static double freshness(const struct market *market, int ad)
{
    return 2 / (1 + real_exp(wear_rate * market->creatives.weariness[ad]));
}

static void share_campaign(struct market *market, int campaign)
{
    struct creatives *creatives = &market->creatives;
    const struct market_ad_config *config = market->config.ad;
    int first = creatives->first_ad[campaign], after = creatives->first_ad[campaign + 1];
    double total = 0, click = 0, persuasion = 0;
    for (int i = first; i < after; i++) {
        int ad = creatives->by_campaign[i];
        double fresh = freshness(market, ad), clicks = clicks_of(&config[ad]) * fresh;
        creatives->share[ad] = market->set.ad_paused[ad] ? 0 : real_pow(clicks, greed);
        creatives->click_share[ad] = creatives->share[ad] * clicks;
        total += creatives->share[ad];
        click += creatives->click_share[ad];
        persuasion += creatives->share[ad] * market_truth_ad(market, ad) * fresh;
    }
    creatives->any[campaign] = first == after || total > 0;
    creatives->click[campaign] = total > 0 ? click / total : 1;
    creatives->persuasion[campaign] = total > 0 ? persuasion / total : 1;
    for (int i = first; i < after && total > 0; i++) {
        int ad = creatives->by_campaign[i];
        creatives->share[ad] /= total;
        creatives->click_share[ad] /= click;
    }
}

void creatives_share(struct market *market)
{
    for (int c = 0; c < market->config.campaigns; c++)
        share_campaign(market, c);
}

void creatives_day(struct market *market)
{
    struct creatives *creatives = &market->creatives;
    for (int a = 0; a < market->config.ads; a++) {
        const struct market_ad_config *ad = &market->config.ad[a];
        double people = market->config.campaign[ad->campaign].audience_people;
        creatives->weariness[a] =
            memory * creatives->weariness[a] + (1 + ad->clickbait) * creatives->today[a] / people;
        creatives->today[a] = 0;
    }
    creatives_share(market);
}

/* n * cumulative share, rounded down from a common offset: parts that sum to n exactly, for the
 * shares sum to 1 but for their last bits, and the last ad that is shown takes what these leave. */
static void give_impressions(struct creatives *creatives, int first, int after, int64_t n,
                             double offset)
{
    double share = 0;
    int64_t given = 0, last = first;
    for (int i = first; i < after; i++) {
        int ad = creatives->by_campaign[i];
        share += creatives->share[ad];
        int64_t upto = (int64_t)(share * (double)n + offset);
        upto = upto > n ? n : upto;
        creatives->hour_shown[ad] = (int32_t)(upto - given);
        given = upto;
        if (creatives->share[ad] > 0)
            last = i;
    }
    creatives->hour_shown[creatives->by_campaign[last]] += (int32_t)(n - given);
}

/* The same for clicks; an ad can't have more than impressions, so what is over goes to the next
 * with room. */
static void give_clicks(struct creatives *creatives, int first, int after, int64_t n, double offset)
{
    double share = 0;
    int64_t given = 0, over = 0;
    for (int i = first; i < 2 * after - first; i++) {
        int ad = creatives->by_campaign[i < after ? i : i - after + first];
        if (i < after) {
            share += creatives->click_share[ad];
            int64_t upto = (int64_t)(share * (double)n + offset);
            upto = upto > n || i == after - 1 ? n : upto;
            over += upto - given;
            given = upto;
            creatives->hour_clicked[ad] = 0;
        }
        int64_t room = creatives->hour_shown[ad] - creatives->hour_clicked[ad];
        int64_t taken = over < room ? over : room;
        creatives->hour_clicked[ad] += (int32_t)taken;
        over -= taken;
    }
}

/* What was paid goes with what was paid for. */
void creatives_split(struct market *market, int campaign, const struct day_fact *sum,
                     struct day_fact *ad_day)
{
    struct creatives *creatives = &market->creatives;
    int first = creatives->first_ad[campaign], after = creatives->first_ad[campaign + 1];
    if (first == after || sum->impressions == 0)
        return;
    int channel = market->config.campaign[campaign].channel;
    bool by_click = market->config.channel[channel].pays == MARKET_PER_CLICK;
    uint64_t key = draw_key(market->seed, DRAW_ADS, (uint64_t)campaign, market->now);
    give_impressions(creatives, first, after, sum->impressions, draw_unit(key, 0));
    give_clicks(creatives, first, after, sum->clicks, draw_unit(key, 1));
    int64_t units = by_click ? sum->clicks : sum->impressions, upto = 0, paid = 0;
    for (int i = first; i < after; i++) {
        int ad = creatives->by_campaign[i];
        creatives->today[ad] += creatives->hour_shown[ad];
        if (!ad_day)
            continue;
        upto += by_click ? creatives->hour_clicked[ad] : creatives->hour_shown[ad];
        int64_t cost =
            units ? (int64_t)((double)sum->cost_micros * ((double)upto / (double)units)) : 0;
        ad_day[ad].impressions += creatives->hour_shown[ad];
        ad_day[ad].clicks += creatives->hour_clicked[ad];
        ad_day[ad].cost_micros += cost - paid;
        paid = cost;
    }
}
