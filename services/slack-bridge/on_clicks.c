/* The runner's first half: clicks. First the buttons go ("Working…"), then the database decides,
 * then whoever was refused is told why.
 *
 * A click stays stored until the transaction that decides it commits, so a crash anywhere repeats
 * at most the greeting. */
#include "slack_bridge.h"

#include "clock.h"
#include "log.h"
#include "store.h"

#include <stdio.h>
#include <string.h>

enum { clicks_max = WEB_CALLS_MAX, give_up_s = 600 };

struct clicks {
    struct click *click;
    struct payload payload[clicks_max];
    bool readable[clicks_max];
    size_t count;
};

struct greetings {
    struct web_call calls[clicks_max];
    struct buffer bodies[clicks_max];
    size_t click[clicks_max]; /* whose it is */
    size_t count;
};

static void add_greeting(struct greetings *greetings, size_t click, const char *url,
                         bool with_token)
{
    size_t at = greetings->count++;
    greetings->click[at] = click;
    greetings->calls[at] = (struct web_call){
        .url = url, .body = buffer_view(&greetings->bodies[at]), .with_token = with_token};
}

/* Their messages lose the buttons, so they must be drawn again whatever comes. */
static bool mark_posts(struct work *work, const struct clicks *clicks, struct err *err)
{
    const struct payload *marked[clicks_max];
    size_t count = 0;
    for (size_t i = 0; i < clicks->count; i++)
        if (!clicks->click[i].decided && clicks->readable[i]
            && clicks->payload[i].what == PAYLOAD_APPROVE)
            marked[count++] = &clicks->payload[i];
    return count == 0 || store_mark_posts(work->db, marked, count, err);
}

/* Best effort, once a click: approvals take the buttons away, the Reject button opens a dialog. */
static void prepare(struct work *work, const struct clicks *clicks, struct greetings *greetings)
{
    const struct slack_bridge *bridge = work->state;
    for (size_t i = 0; i < clicks->count; i++) {
        const struct payload *payload = &clicks->payload[i];
        struct buffer *body = &greetings->bodies[greetings->count];
        if (clicks->click[i].decided || !clicks->readable[i])
            continue;
        if (payload->what == PAYLOAD_ASK_REASON) {
            card_write_reason_view(payload->trigger_id, &payload->saga, &payload->content, body);
            add_greeting(greetings, i, bridge_method(bridge, work->arena, "views.open"), true);
        } else if (payload->what == PAYLOAD_APPROVE
                   && payload_url_is_slacks(payload->response_url, bridge->config.slack_url)) {
            card_write_working(payload->user, body);
            add_greeting(greetings, i, payload->response_url, false);
        }
    }
}

/* A dialog that did not open is said to the person; it can't be opened later. */
static bool note_dialogs(struct work *work, struct clicks *clicks,
                         const struct greetings *greetings, struct err *err)
{
    for (size_t i = 0; i < greetings->count; i++) {
        struct click *click = &clicks->click[greetings->click[i]];
        const struct web_call *call = &greetings->calls[i];
        if (clicks->payload[greetings->click[i]].what != PAYLOAD_ASK_REASON)
            continue;
        bool opened = call->fate == WEB_DONE;
        if (!opened)
            log_warn("no dialog", LOG_TEXT("why", call->error));
        click->decided = true;
        click->sentence = opened ? NULL : "Slack did not open the dialog in time; press it again";
        if (!store_end_click(work->db, click->id, opened ? "dialog" : "no dialog", click->sentence,
                             err))
            return false;
    }
    return true;
}

static bool greet(struct work *work, struct clicks *clicks, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    struct greetings greetings = {0};
    if (!mark_posts(work, clicks, err))
        return false;
    prepare(work, clicks, &greetings);
    if (greetings.count > 0)
        web_run(&bridge->web, greetings.calls, greetings.count);
    bool ok = note_dialogs(work, clicks, &greetings, err);
    for (size_t i = 0; i < greetings.count; i++)
        buffer_done(&greetings.bodies[i]);
    return ok;
}

/* What the database can't even read is the click's own fault; it must not stop the others. */
static bool decide_one(struct work *work, struct click *click, const struct payload *payload,
                       struct err *err)
{
    const char *sentence = NULL;
    service_failpoint("before_decide");
    if (!store_decide(work->db, work->arena, click, payload, &sentence, err)) {
        if (err->kind != ERR_REJECT)
            return false;
        db_rollback(work->db);
        log_error("a click could not be decided", LOG_TEXT("why", err->text));
        *err = (struct err){0};
        return store_end_click(work->db, click->id, "unreadable", NULL, err);
    }
    service_failpoint("after_decide");
    service_count(sentence ? "clicks_refused_total" : "clicks_decided_total", 1);
    work->said = true;
    click->decided = true;
    click->sentence = sentence;
    return true;
}

static bool decide_all(struct work *work, struct clicks *clicks, struct err *err)
{
    for (size_t i = 0; i < clicks->count; i++) {
        if (clicks->click[i].decided)
            continue;
        if (!clicks->readable[i]) {
            if (!store_end_click(work->db, clicks->click[i].id, "unreadable", NULL, err))
                return false;
        } else if (!decide_one(work, &clicks->click[i], &clicks->payload[i], err)) {
            return false;
        }
    }
    return true;
}

/* Only to whom it concerns: through the click's response_url, or in the channel of the card. */
static bool add_whisper(struct work *work, const struct click *click, const struct payload *payload,
                        size_t at, struct greetings *whispers, struct err *err)
{
    const struct slack_bridge *bridge = work->state;
    bool by_url = payload_url_is_slacks(payload->response_url, bridge->config.slack_url);
    const char *channel = NULL;
    if (!by_url && !store_channel_of(work->db, work->arena, &payload->saga, &channel, err))
        return false;
    struct buffer text = {0};
    card_refusal(click->sentence, bridge->config.public_url, &text);
    card_write_whisper((const char *)text.data,
                       by_url        ? NULL
                           : channel ? channel
                                     : bridge->config.channel,
                       payload->user, &whispers->bodies[whispers->count]);
    buffer_done(&text);
    add_greeting(whispers, at,
                 by_url ? payload->response_url
                        : bridge_method(bridge, work->arena, "chat.postEphemeral"),
                 !by_url);
    return true;
}

static bool record_whispers(struct work *work, const struct clicks *clicks,
                            const struct greetings *whispers, struct err *err)
{
    for (size_t i = 0; i < whispers->count; i++) {
        int64_t id = clicks->click[whispers->click[i]].id;
        const struct web_call *call = &whispers->calls[i];
        if (call->fate == WEB_REFUSED)
            log_warn("an answer was refused", LOG_TEXT("error", call->error));
        bool over = call->fate == WEB_DONE || call->fate == WEB_REFUSED;
        if (!(over ? store_end_click(work->db, id, NULL, NULL, err)
                   : store_defer_click(work->db, id, give_up_s, err)))
            return false;
    }
    return true;
}

static bool answer(struct work *work, const struct clicks *clicks, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    struct greetings whispers = {0};
    bool ok = true;
    for (size_t i = 0; i < clicks->count; i++)
        if (clicks->click[i].decided && clicks->click[i].sentence && clicks->readable[i])
            ok = ok && add_whisper(work, &clicks->click[i], &clicks->payload[i], i, &whispers, err);
    if (ok && whispers.count > 0) {
        web_run(&bridge->web, whispers.calls, whispers.count);
        ok = record_whispers(work, clicks, &whispers, err);
    }
    for (size_t i = 0; i < whispers.count; i++)
        buffer_done(&whispers.bodies[i]);
    return ok;
}

static bool load(struct work *work, struct clicks *clicks, struct err *err)
{
    if (!store_due_clicks(work->db, work->arena, clicks_max, &clicks->click, &clicks->count, err))
        return false;
    for (size_t i = 0; i < clicks->count; i++) {
        struct err why = {0};
        clicks->readable[i] = payload_parse(bytes_of_text(clicks->click[i].said.body), work->arena,
                                            &clicks->payload[i], &why);
        if (!clicks->readable[i])
            log_error("a stored click is unreadable", LOG_TEXT("why", why.text));
    }
    return true;
}

bool on_clicks(struct work *work, bool *ret_busy, struct err *err)
{
    struct clicks *clicks = arena_new_bytes(work->arena, sizeof *clicks);
    if (!load(work, clicks, err))
        return false;
    *ret_busy = clicks->count == clicks_max;
    if (clicks->count == 0)
        return true;
    return greet(work, clicks, err) && decide_all(work, clicks, err)
        && (bridge_leads(work, err) ? answer(work, clicks, err) : err->kind == ERR_NONE);
}
