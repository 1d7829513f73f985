/* again: a stretch of a market's life lived a second time, with a mask.
 *
 * There is no second model: the copy runs through the same hours by the same code, and is given the
 * same settings at the same hours. */
#include "market_state.h"
#include "mem.h"

#include <assert.h>
#include <string.h>

/* All that the next hour depends on; of facts, orders and touches nothing. */
static struct market *copy_state(const struct market *market)
{
    struct market *copy = mem_new(sizeof *copy);
    size_t cells = (size_t)market->config.campaigns * (size_t)market->geos.count;
    *copy = *market;
    copy->is_copy = true;
    copy->action = NULL;
    copy->checkpoint = NULL;
    copy->geo_day = copy->ad_day = NULL;
    copy->hour_fact = NULL;
    copy->sessions = NULL;
    copy->expected = NULL;
    copy->expected_geo = NULL;
    copy->actions = copy->checkpoints = 0;
    copy->days_room = 0;
    memset(copy->touched, 0, sizeof copy->touched);
    copy->row = mem_array(cells, sizeof *copy->row);
    copy->set.geo_share = mem_array(cells, sizeof *copy->set.geo_share);
    memcpy(copy->set.geo_share, market->set.geo_share, cells * sizeof *copy->set.geo_share);
    delivery_open(copy);
    response_copy(copy);
    orders_open(copy);
    return copy;
}

void checkpoint_keep(struct market *market)
{
    size_t count = market->checkpoints;
    market->checkpoint = mem_grow(market->checkpoint, count + 1, sizeof(struct market *));
    market->checkpoint[count] = copy_state(market);
    market->checkpoints++;
}

struct market *market_live_again(const struct market *market, const struct whatif *whatif,
                                 int64_t until)
{
    assert(market->checkpoints > 0 && whatif->from >= 0 && until <= market->now);
    size_t from = market->checkpoints - 1, next = 0;
    while (market->checkpoint[from]->now > whatif->from)
        from--;
    struct market *other = copy_state(market->checkpoint[from]);
    other->whatif = *whatif;
    while (next < market->actions && market->action[next].hour <= other->now)
        next++;
    market_make_room(other, day_of(until) + 1);
    while (other->now < until) {
        for (; next < market->actions && market->action[next].hour <= other->now; next++)
            market_apply(other, &market->action[next]);
        market_live_hour(other);
    }
    return other;
}
