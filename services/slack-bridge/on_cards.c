/* The runner's second half: cards and the digest, as far as room and pace allow.
 *
 * Only the leader is here, and it draws the version it has just read: a later state can't lose to
 * an earlier one. What fails stays due. */
#include "slack_bridge.h"

#include "clock.h"
#include "log.h"
#include "store.h"

#include <stdio.h>
#include <string.h>

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

/* What every answer of Slack teaches the pace. False: try later, nothing is to be recorded. */
static bool heed(struct slack_bridge *bridge, const struct web_call *call)
{
    int64_t now_ms = clock_boot_ms();
    switch (call->fate) {
    case WEB_DONE:
    case WEB_REFUSED:
        pace_worked(&bridge->pace);
        return true;
    case WEB_WAIT:
        pace_told_to_wait(&bridge->pace, call->wait_ms, now_ms);
        service_count("slack_told_to_wait_total", 1);
        return false;
    case WEB_AWAY:
        pace_failed(&bridge->pace, now_ms);
        service_count("slack_away_total", 1);
        log_warn("Slack is away", LOG_TEXT("why", call->error));
        return false;
    }
    return false;
}

/* Messages that people deleted, or that nobody may edit any more. */
static bool is_gone(const char *error)
{
    static const char *const words[] = {"message_not_found", "cant_update_message",
                                        "edit_window_closed"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(error, words[i]) == 0)
            return true;
    return false;
}

static bool record(struct work *work, const struct post *post, const struct web_call *call,
                   struct err *err)
{
    if (!heed(work->state, call))
        return true;
    const char *ts = post->ts ? post->ts : call->ts;
    if (call->fate == WEB_DONE && *ts) {
        service_count(post->ts ? "cards_edited_total" : "cards_posted_total", 1);
        return store_record_post(work->db, post, ts, !card_is_final(post->card.state), err);
    }
    if (post->ts && is_gone(call->error))
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

static bool record_digest(struct work *work, const struct channel *channel, int64_t count,
                          const struct web_call *call, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    const char *name = bridge->config.channel;
    if (!heed(bridge, call))
        return true;
    if (call->fate == WEB_REFUSED && !(channel->digest_ts && is_gone(call->error))) {
        log_error("Slack refuses the digest", LOG_TEXT("error", call->error));
        pace_failed(&bridge->pace, clock_boot_ms());
        return true;
    }
    if (call->fate == WEB_REFUSED || count == 0)
        return store_drop_digest(work->db, name, err);
    return store_record_digest(work->db, name, channel->digest_ts ? channel->digest_ts : call->ts,
                               count, err);
}

static bool send_digest(struct work *work, const struct channel *channel, int64_t count,
                        struct err *err)
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
    return record_digest(work, channel, count, &call, err);
}

bool on_cards(struct work *work, bool *ret_busy, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    const char *name = bridge->config.channel;
    struct channel channel;
    struct post *posts = NULL;
    size_t count = 0;
    int64_t room, over;
    *ret_busy = false;
    if (pace_is_paused(&bridge->pace, clock_boot_ms()))
        return true;
    if (!store_load_channel(work->db, work->arena, name, &channel, err))
        return false;
    card_share_room(channel.live, channel.waiting, bridge->config.cards_max, &room, &over);
    if (!store_load_due(work->db, work->arena, name, room < posts_max ? room : posts_max, edits_max,
                        &posts, &count, err))
        return false;
    if (!bridge_leads(work, err))
        return err->kind == ERR_NONE;
    return send_cards(work, posts, count, err)
        && (bridge_leads(work, err) ? send_digest(work, &channel, over, err)
                                    : err->kind == ERR_NONE);
}
