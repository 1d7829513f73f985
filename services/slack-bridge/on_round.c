/* One round of the runner. Only one process talks to Slack at a time; the others take clicks in. */
#include "slack_bridge.h"

#include "clock.h"
#include "log.h"

const char *bridge_method(const struct slack_bridge *bridge, struct arena *arena,
                          const char *method)
{
    return arena_format(arena, "%s/%s", bridge->config.slack_url, method);
}

bool bridge_heed(struct slack_bridge *bridge, const struct web_call *call)
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

static void open_once(struct slack_bridge *bridge, const struct work *work)
{
    if (bridge->web.token)
        return;
    pace_open(&bridge->pace, clock_boot_ms());
    bridge->web = (struct web){.token = bridge->config.bot_token, .stop = work->stop};
}

/* Each part sends at most once, and the lease outlasts that. */
bool on_round(struct work *work, bool *ret_busy, struct err *err)
{
    static run_fn *const parts[] = {on_clicks, on_cards, on_digest, on_notices, on_answers};
    struct slack_bridge *bridge = work->state;
    if (!bridge_is_on(bridge))
        return true;
    open_once(bridge, work);
    for (size_t i = 0; i < COUNT(parts); i++) {
        bool busy = false;
        if (!lease_hold(&bridge->lease, work->db, err))
            return err->kind == ERR_NONE;
        if (!parts[i](work, &busy, err))
            return false;
        *ret_busy |= busy;
    }
    return true;
}

/* So that the next leader need not wait: a dialog must open within 3 s of its click. */
void on_leave(struct work *work)
{
    struct slack_bridge *bridge = work->state;
    lease_drop(&bridge->lease, work->db);
}
