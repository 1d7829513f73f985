/* The runner's first part: clicks. First the buttons go ("Working…"), then the database decides.
 *
 * A click stays stored until the transaction that decides it commits, so a crash anywhere repeats
 * at most the greeting. */
#include "slack_bridge.h"

#include "log.h"
#include "store.h"

enum { clicks_max = WEB_CALLS_MAX };

struct greetings {
    struct web_call calls[clicks_max];
    struct buffer bodies[clicks_max];
    const struct click *clicks[clicks_max]; /* whose it is */
    size_t count;
};

bool load_clicks(struct work *work, const char *stage, struct click **ret_clicks, size_t *ret_count,
                 struct err *err)
{
    struct click *clicks = NULL;
    size_t count = 0, readable = 0;
    if (!store_due_clicks(work->db, work->arena, stage, clicks_max, &clicks, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct err why = {0};
        struct click click = clicks[i];
        if (payload_parse(bytes_of_text(click.said.body), work->arena, &click.payload, &why)) {
            clicks[readable++] = click;
            continue;
        }
        log_error("a stored click is unreadable", LOG_TEXT("why", why.text));
        if (!store_end_click(work->db, click.id, "unreadable", NULL, err))
            return false;
    }
    *ret_clicks = clicks;
    *ret_count = readable;
    return true;
}

/* Their messages lose the buttons, so they must be drawn again whatever comes. */
static bool mark_posts(struct work *work, const struct click clicks[], size_t count,
                       struct err *err)
{
    const struct payload *marked[clicks_max];
    size_t marked_count = 0;
    for (size_t i = 0; i < count; i++)
        if (clicks[i].payload.what == PAYLOAD_APPROVE)
            marked[marked_count++] = &clicks[i].payload;
    return marked_count == 0 || store_mark_posts(work->db, marked, marked_count, err);
}

/* Approvals take the buttons away, the Reject button opens a dialog. */
static void prepare(struct work *work, const struct click clicks[], size_t count,
                    struct greetings *greetings)
{
    const struct slack_bridge *bridge = work->state;
    for (size_t i = 0; i < count; i++) {
        const struct payload *payload = &clicks[i].payload;
        struct buffer *body = &greetings->bodies[greetings->count];
        struct web_call call = {.url = payload->response_url};
        if (payload->what == PAYLOAD_ASK_REASON) {
            card_write_reason_view(payload->trigger_id, &payload->saga, &payload->content, body);
            call.url = bridge_method(bridge, work->arena, "views.open");
            call.with_token = true;
        } else if (payload->what == PAYLOAD_APPROVE
                   && payload_url_is_slacks(payload->response_url, bridge->config.slack_url)) {
            card_write_working(payload->user, body);
        } else {
            continue;
        }
        call.body = buffer_view(body);
        greetings->clicks[greetings->count] = &clicks[i];
        greetings->calls[greetings->count++] = call;
    }
}

/* A dialog that did not open is said to the person; it can't be opened later. */
static bool note_dialogs(struct work *work, const struct greetings *greetings, struct err *err)
{
    for (size_t i = 0; i < greetings->count; i++) {
        const struct click *click = greetings->clicks[i];
        const struct web_call *call = &greetings->calls[i];
        if (click->payload.what != PAYLOAD_ASK_REASON)
            continue;
        bool opened = call->fate == WEB_DONE;
        if (!opened)
            log_warn("no dialog", LOG_TEXT("why", call->error));
        if (!store_end_click(
                work->db, click->id, opened ? "dialog" : "no dialog",
                opened ? NULL : "Slack did not open the dialog in time; press it again", err))
            return false;
    }
    return true;
}

/* Best effort, once a click. */
static bool greet(struct work *work, const struct click clicks[], size_t count, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    struct greetings greetings = {0};
    if (!mark_posts(work, clicks, count, err))
        return false;
    prepare(work, clicks, count, &greetings);
    if (greetings.count > 0)
        web_run(&bridge->web, greetings.calls, greetings.count);
    bool ok = note_dialogs(work, &greetings, err);
    for (size_t i = 0; i < greetings.count; i++)
        buffer_done(&greetings.bodies[i]);
    return ok;
}

/* What the database can't read is the click's own fault; it must not stop the others. */
static bool decide(struct work *work, const struct click *click, struct err *err)
{
    bool refused = false;
    service_failpoint("before_decide");
    if (!store_decide(work->db, click, &refused, err)) {
        if (err->kind != ERR_REJECT)
            return false;
        db_rollback(work->db);
        log_error("a click could not be decided", LOG_TEXT("why", err->text));
        *err = (struct err){0};
        return store_end_click(work->db, click->id, "unreadable", NULL, err);
    }
    service_failpoint("after_decide");
    service_count(refused ? "clicks_refused_total" : "clicks_decided_total", 1);
    work->said = true;
    return true;
}

bool on_clicks(struct work *work, bool *ret_busy, struct err *err)
{
    struct click *clicks = NULL;
    size_t count = 0;
    if (!load_clicks(work, "stored", &clicks, &count, err))
        return false;
    *ret_busy = count == clicks_max;
    if (count > 0 && !greet(work, clicks, count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (clicks[i].payload.what != PAYLOAD_ASK_REASON && !decide(work, &clicks[i], err))
            return false;
    return true;
}
