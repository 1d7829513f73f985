/* One round of the runner. Only one process talks to Slack at a time; the others take clicks in. */
#include "slack_bridge.h"

#include "clock.h"

const char *bridge_method(const struct slack_bridge *bridge, struct arena *arena,
                          const char *method)
{
    return arena_format(arena, "%s/%s", bridge->config.slack_url, method);
}

bool bridge_leads(struct work *work, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    return lease_hold(&bridge->lease, work->db, err);
}

bool on_round(struct work *work, bool *ret_busy, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    bool more_clicks = false, more_cards = false;
    *ret_busy = false;
    if (!bridge_is_on(bridge))
        return true;
    if (!bridge->paced) {
        pace_open(&bridge->pace, clock_boot_ms());
        bridge->web = (struct web){.token = bridge->config.bot_token, .stop = work->stop};
        bridge->paced = true;
    }
    if (!bridge_leads(work, err))
        return err->kind == ERR_NONE;
    if (!on_clicks(work, &more_clicks, err) || !on_cards(work, &more_cards, err))
        return false;
    *ret_busy = more_clicks || more_cards;
    return true;
}

/* So that the next leader need not wait: a dialog must open within 3 s of its click. */
void on_leave(struct work *work)
{
    struct slack_bridge *bridge = work->state;
    lease_drop(&bridge->lease, work->db);
}
