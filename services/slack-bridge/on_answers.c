/* The runner's last part: whoever was refused is told why, whoever disowned what came of it, and
 * nobody else.
 *
 * It comes after the cards, so that someone who clicks without end holds nothing up. */
#include "slack_bridge.h"

#include "clock.h"
#include "log.h"
#include "store.h"

#include <string.h>

enum { give_up_s = 600 }; /* later the answer would only confuse */

struct whispers {
    struct web_call calls[WEB_CALLS_MAX];
    struct buffer bodies[WEB_CALLS_MAX];
    const struct click *clicks[WEB_CALLS_MAX];
    size_t count;
};

/* channel NULL: it goes to the click's response_url. */
static void write_answer(const struct slack_bridge *bridge, const struct click *click,
                         const char *channel, struct buffer *ret_body)
{
    BUFFER text = {0};
    bool disowned = click->payload.what == PAYLOAD_DISOWN && strcmp(click->outcome, "refused") != 0;
    if (disowned && !channel) {
        card_write_outcome(click->sentence, ret_body);
        return;
    }
    if (disowned)
        buffer_add_text(&text, click->sentence);
    else
        card_refusal(click->sentence, bridge->config.public_url, &text);
    card_write_whisper((const char *)text.data, channel, click->payload.user, ret_body);
}

/* Through the click's response_url, or in the channel of the card, where it counts as a message.
 * What can't go now is tried later. */
static bool add_whisper(struct work *work, const struct click *click, struct whispers *whispers,
                        struct err *err)
{
    struct slack_bridge *bridge = work->state;
    const struct payload *payload = &click->payload;
    bool by_url = payload_url_is_slacks(payload->response_url, bridge->config.slack_url);
    int64_t now_ms = clock_boot_ms();
    const char *channel = NULL;
    if (by_url ? pace_is_paused(&bridge->pace, now_ms) : !pace_take_edit(&bridge->pace, now_ms))
        return store_defer_click(work->db, click->id, give_up_s, err);
    if (!by_url && !store_channel_of(work->db, work->arena, &payload->saga, &channel, err))
        return false;
    if (!by_url && !channel)
        channel = bridge->config.channel;
    struct buffer *body = &whispers->bodies[whispers->count];
    write_answer(bridge, click, channel, body);
    whispers->clicks[whispers->count] = click;
    whispers->calls[whispers->count++] = (struct web_call){
        .url = by_url ? payload->response_url
                      : bridge_method(bridge, work->arena, "chat.postEphemeral"),
        .body = buffer_view(body),
        .with_token = !by_url,
    };
    return true;
}

static bool record(struct work *work, const struct click *click, const struct web_call *call,
                   struct err *err)
{
    struct slack_bridge *bridge = work->state;
    switch (call->fate) {
    case WEB_REFUSED:
        log_warn("an answer was refused", LOG_TEXT("error", call->error));
        return store_end_click(work->db, click->id, NULL, NULL, err);
    case WEB_DONE:
        return store_end_click(work->db, click->id, NULL, NULL, err);
    case WEB_WAIT:
        pace_told_to_wait(&bridge->pace, call->wait_ms, clock_boot_ms());
        return store_defer_click(work->db, click->id, give_up_s, err);
    case WEB_AWAY:
        return store_defer_click(work->db, click->id, give_up_s, err);
    }
    return true;
}

bool on_answers(struct work *work, bool *ret_busy, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    struct whispers whispers = {0};
    struct click *clicks = NULL;
    size_t count = 0;
    if (!load_clicks(work, "decided", &clicks, &count, err))
        return false;
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++)
        ok = add_whisper(work, &clicks[i], &whispers, err);
    if (ok && whispers.count > 0)
        web_run(&bridge->web, whispers.calls, whispers.count);
    for (size_t i = 0; i < whispers.count && ok; i++)
        ok = record(work, whispers.clicks[i], &whispers.calls[i], err);
    for (size_t i = 0; i < whispers.count; i++)
        buffer_done(&whispers.bodies[i]);
    *ret_busy = count == WEB_CALLS_MAX;
    return ok;
}
