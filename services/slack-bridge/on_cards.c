/* The runner's second part: cards, as far as room and pace allow.
 *
 * Only the leader is here, and it draws the version it has just read: a later state can't lose to
 * an earlier one. What fails stays due. */
#include "slack_bridge.h"

#include "clock.h"
#include "log.h"
#include "store.h"

enum { edits_max = 16, posts_max = 4 };

struct outgoing {
    struct web_call calls[WEB_CALLS_MAX];
    struct buffer bodies[WEB_CALLS_MAX];
    const struct post *posts[WEB_CALLS_MAX];
    size_t count;
};

static void outgoing_done(struct outgoing *outgoing)
{
    for (size_t i = 0; i < outgoing->count; i++)
        buffer_done(&outgoing->bodies[i]);
}

static bool record(struct work *work, const struct post *post, const struct web_call *call,
                   struct err *err)
{
    if (!bridge_heed(work->state, call))
        return true;
    const char *ts = post->ts ? post->ts : call->ts;
    if (call->fate == WEB_DONE && *ts) {
        service_count(post->ts ? "cards_edited_total" : "cards_posted_total", 1);
        return store_record_post(work->db, post, ts, !card_is_final(post->card.state), err);
    }
    if (post->ts && web_is_gone(call))
        return store_record_post(work->db, post, post->ts, false, err);
    log_error("Slack refuses a card", LOG_TEXT("error", call->error));
    return store_defer_post(work->db, post->id, err);
}

static void prepare(struct slack_bridge *bridge, struct work *work, const struct post posts[],
                    size_t count, struct outgoing *outgoing)
{
    int64_t now_ms = clock_boot_ms();
    for (size_t i = 0; i < count && outgoing->count < WEB_CALLS_MAX; i++) {
        const struct post *post = &posts[i];
        if (!(post->ts ? pace_take_edit(&bridge->pace, now_ms)
                       : pace_take_post(&bridge->pace, now_ms)))
            continue;
        size_t at = outgoing->count++;
        struct card_place place = {post->channel, post->ts, bridge->config.public_url};
        card_write(&post->card, &place, &outgoing->bodies[at]);
        outgoing->posts[at] = post;
        outgoing->calls[at] = (struct web_call){
            .url =
                bridge_method(bridge, work->arena, post->ts ? "chat.update" : "chat.postMessage"),
            .body = buffer_view(&outgoing->bodies[at]),
            .with_token = true,
        };
    }
}

static bool send_cards(struct work *work, const struct post posts[], size_t count, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    struct outgoing outgoing = {0};
    prepare(bridge, work, posts, count, &outgoing);
    bool ok = true;
    if (outgoing.count > 0) {
        service_failpoint("before_cards_sent");
        web_run(&bridge->web, outgoing.calls, outgoing.count);
        service_failpoint("after_cards_sent");
    }
    for (size_t i = 0; i < outgoing.count; i++)
        ok = ok && record(work, outgoing.posts[i], &outgoing.calls[i], err);
    outgoing_done(&outgoing);
    return ok;
}

bool on_cards(struct work *work, bool *ret_busy, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    const char *name = bridge->config.channel;
    struct channel channel;
    struct post *posts = NULL;
    size_t count = 0;
    int64_t room, over;
    *ret_busy = false; /* the pace says when more can go */
    if (pace_is_paused(&bridge->pace, clock_boot_ms()))
        return true;
    if (!store_load_channel(work->db, work->arena, name, &channel, err))
        return false;
    card_share_room(channel.live, channel.waiting, bridge->config.cards_max, &room, &over);
    if (!store_load_due(work->db, work->arena, name, room < posts_max ? room : posts_max, edits_max,
                        &posts, &count, err))
        return false;
    return send_cards(work, posts, count, err);
}
