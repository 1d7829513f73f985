/* touches: the ads an order met on its way, and which platform claims it.
 *
 * The channel that caused an order touched it, whether its platform can tell or not. Any other
 * touched it by chance, the likelier the more present it is: that is why claims add up to more than
 * orders. A platform claims an order once, for its last click or else its last view, when it gets
 * to know. Who searches for us and orders clicked a brand ad as often as searchers do. */
#include "draw.h"
#include "market_state.h"
#include "mem.h"

#include <limits.h>

enum { luck_kind, luck_which, luck_lag, luck_ad, luck_report, luck_lost, lucks_each };

static const double view_lag_hours = 14, lookback_hours = 29 * 24, report_hours_max = 72;

/* Chances that an order clicked, or else only saw, the channel. */
struct chance {
    double click, view;
};

static double brand_share(const struct market *market, int geo)
{
    double searched = market->response.brand_searched[geo];
    double share = searched > 0 ? market->response.brand_clicked[geo] / searched : 0;
    return share < 1 ? share : 1;
}

static struct chance chance_of(const struct market *market, const struct market_order *order,
                               int channel)
{
    const struct market_channel_config *config = &market->config.channel[channel];
    bool brand = config->source == MARKET_FROM_BRAND_SEARCH;
    if (order->source == channel)
        return brand ? (struct chance){1, 0} : (struct chance){config->own_click, config->own_view};
    double present = brand ? brand_share(market, order->geo)
                           : market->response.presence[channel * market->geos.count + order->geo];
    if (brand && order->source == source_brand)
        return (struct chance){present, 0};
    return (struct chance){config->touch_click * present, config->touch_view * present};
}

/* A campaign of the channel, as likely as it has lately delivered; -1 when none has. */
static int pick_campaign(const struct market *market, int channel, double unit)
{
    double total = 0;
    int last = -1;
    for (int c = 0; c < market->config.campaigns; c++)
        if (market->config.campaign[c].channel == channel)
            total += market->response.recent[c];
    double upto = unit * total;
    for (int c = 0; c < market->config.campaigns; c++) {
        if (market->config.campaign[c].channel != channel || market->response.recent[c] <= 0)
            continue;
        last = c;
        upto -= market->response.recent[c];
        if (upto < 0)
            break;
    }
    return last;
}

static int pick_ad(const struct market *market, int campaign, double unit)
{
    const struct creatives *creatives = &market->creatives;
    int last = -1;
    for (int i = creatives->first_ad[campaign]; i < creatives->first_ad[campaign + 1]; i++) {
        int ad = creatives->by_campaign[i];
        if (creatives->share[ad] <= 0)
            continue;
        last = ad;
        unit -= creatives->click_share[ad];
        if (unit < 0)
            break;
    }
    return last;
}

/* Hours from the touch to the order. */
static double lag_of(const struct market_channel_config *config, bool click, double unit)
{
    double hours;
    if (!click)
        hours = draw_exponential(unit, view_lag_hours);
    else if (unit < config->same_session)
        return 0;
    else
        hours = draw_exponential((unit - config->same_session) / (1 - config->same_session),
                                 config->lag_half_life_days * 24 / .6931471805599453);
    return hours < lookback_hours ? hours : lookback_hours;
}

static bool draw_touch(const struct market *market, const struct market_order *order, int channel,
                       struct market_touch *touch)
{
    uint64_t key = draw_next(order->luck, 100 + (uint64_t)channel);
    struct chance chance = chance_of(market, order, channel);
    double kind = draw_unit(key, luck_kind);
    if (kind >= chance.click + chance.view)
        return false;
    int campaign = pick_campaign(market, channel, draw_unit(key, luck_which));
    if (campaign < 0)
        return false;
    bool click = kind < chance.click;
    int64_t hour = market->now
        - (int64_t)lag_of(&market->config.channel[channel], click, draw_unit(key, luck_lag));
    const struct response *response = &market->response;
    hour = hour > response->last_hour[campaign] ? response->last_hour[campaign] : hour;
    hour = hour < response->first_hour[campaign] ? response->first_hour[campaign] : hour;
    if (market->now - hour > (int64_t)lookback_hours)
        return false;
    double delay = draw_exponential(draw_unit(key, luck_report), market->config.claim_delay_hours);
    delay = delay < report_hours_max ? delay : report_hours_max;
    bool lost = draw_unit(key, luck_lost) < market->season.tracking_loss;
    *touch = (struct market_touch){
        .hour = (int32_t)hour,
        .report_hour = lost ? INT32_MAX : (int32_t)market->now + 1 + (int32_t)delay,
        .campaign = (int16_t)campaign,
        .ad = (int16_t)pick_ad(market, campaign, draw_unit(key, luck_ad)),
        .click = click,
    };
    return true;
}

static enum market_platform platform_of(const struct market *market,
                                        const struct market_touch *touch)
{
    int channel = market->config.campaign[touch->campaign].channel;
    return market->config.channel[channel].platform;
}

static bool is_stronger(const struct market_touch *a, const struct market_touch *b)
{
    return a->click != b->click ? a->click : a->hour >= b->hour;
}

/* Of two touches of one platform the weaker claims nothing. */
static void claim_once(const struct market *market, struct market_touch *touch, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            if (platform_of(market, &touch[i]) != platform_of(market, &touch[j]))
                continue;
            struct market_touch *weaker = is_stronger(&touch[i], &touch[j]) ? &touch[j] : &touch[i];
            weaker->report_hour = INT32_MAX;
        }
}

static void sort_by_hour(struct market_touch *touch, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct market_touch one = touch[i];
        size_t to = i;
        for (; to > 0 && touch[to - 1].hour > one.hour; to--)
            touch[to] = touch[to - 1];
        touch[to] = one;
    }
}

static void keep(struct market *market, const struct market_touch *touch)
{
    if (market->touches == market->touches_room) {
        market->touches_room *= 2;
        market->touch = mem_grow(market->touch, market->touches_room, sizeof *market->touch);
    }
    struct touch_list *list = &market->touched[touch->campaign];
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 256;
        list->at = mem_grow(list->at, list->room, sizeof *list->at);
    }
    list->at[list->count++] = (uint32_t)market->touches;
    market->touch[market->touches++] = *touch;
    if (touch->click && touch->report_hour != INT32_MAX)
        learning_claim(market, touch->campaign);
}

void touches_draw(struct market *market, uint32_t index)
{
    struct market_order *order = &market->order[index];
    struct market_touch touch[MARKET_CHANNELS_MAX];
    size_t count = 0;
    for (int c = 0; c < market->config.channels; c++)
        if (draw_touch(market, order, c, &touch[count]))
            touch[count++].order = index;
    sort_by_hour(touch, count);
    claim_once(market, touch, count);
    order->first_touch = (uint32_t)market->touches;
    order->touches = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        keep(market, &touch[i]);
}

const struct market_touch *market_order_touches(const struct market *market,
                                                const struct market_order *order)
{
    return order->touches ? market->touch + order->first_touch : NULL;
}
