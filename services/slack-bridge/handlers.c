/* What the bus says only tells which cards to look at again; the runner draws them. */
#include "slack_bridge.h"

#include "look.h"
#include "store.h"

#include <string.h>

static const int32_t click_days = 30;

bool bridge_is_on(const struct slack_bridge *bridge)
{
    return bridge->config.bot_token[0] && bridge->config.channel[0];
}

/* Nothing is drawn of a saga before it waits for people. */
static bool is_of_interest(const struct message *message)
{
    static const char too_early[] = "saga.proposed.";
    return strncmp(message->subject, too_early, sizeof too_early - 1) != 0;
}

bool on_saga(struct work *work, const struct batch *batch, struct err *err)
{
    const struct slack_bridge *bridge = work->state;
    if (!bridge_is_on(bridge))
        return true;
    struct uuid *sagas = arena_array(work->arena, batch->count, sizeof *sagas);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (is_of_interest(&batch->message[i])
            && !saga_look(batch->message[i].body, &sagas[count++], err))
            return false;
    return count == 0 || store_add_wants(work->db, sagas, count, bridge->config.channel, err);
}

bool on_reconcile(struct work *work, struct err *err)
{
    const struct slack_bridge *bridge = work->state;
    return !bridge_is_on(bridge) || store_reconcile(work->db, bridge->config.channel, err);
}

bool on_clean(struct work *work, struct err *err)
{
    return store_drop_clicks(work->db, click_days, err);
}
