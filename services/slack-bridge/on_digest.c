/* The runner's third part: one message that stands for the cards the channel has no room for. */
#include "slack_bridge.h"

#include "clock.h"
#include "log.h"
#include "store.h"

static bool record(struct work *work, const struct channel *channel, int64_t count,
                   const struct web_call *call, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    const char *name = bridge->config.channel;
    if (!bridge_heed(bridge, call))
        return true;
    if (web_is_gone(call) || (call->fate == WEB_DONE && count == 0))
        return store_drop_digest(work->db, name, err);
    const char *ts = channel->digest_ts ? channel->digest_ts : call->ts;
    if (call->fate == WEB_DONE && *ts)
        return store_record_digest(work->db, name, ts, count, err);
    log_error("Slack refuses the digest", LOG_TEXT("error", call->error));
    pace_failed(&bridge->pace, clock_boot_ms());
    return true;
}

static bool send(struct work *work, const struct channel *channel, int64_t count, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    if (channel->digest_ts ? count == channel->digest_shown : count == 0)
        return true;
    int64_t now_ms = clock_boot_ms();
    if (!(channel->digest_ts ? pace_take_edit(&bridge->pace, now_ms)
                             : pace_take_post(&bridge->pace, now_ms)))
        return true;
    struct card_place place = {bridge->config.channel, channel->digest_ts,
                               bridge->config.public_url};
    struct buffer body = {0};
    card_write_digest(count, &place, &body);
    struct web_call call = {
        .url = bridge_method(bridge, work->arena,
                             channel->digest_ts ? "chat.update" : "chat.postMessage"),
        .body = buffer_view(&body),
        .with_token = true,
    };
    web_run(&bridge->web, &call, 1);
    buffer_done(&body);
    return record(work, channel, count, &call, err);
}

bool on_digest(struct work *work, bool *ret_busy, struct err *err)
{
    const struct slack_bridge *bridge = work->state;
    struct channel channel;
    int64_t room, over;
    *ret_busy = false;
    if (!store_load_channel(work->db, work->arena, bridge->config.channel, &channel, err))
        return false;
    card_share_room(channel.live, channel.waiting, bridge->config.cards_max, &room, &over);
    return send(work, &channel, over, err);
}
