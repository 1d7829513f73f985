/* The runner's fourth part: people are told, alone, what was decided in their name elsewhere.
 *
 * A notice is due until Slack has taken it, so a crash between repeats it at most; a second copy is
 * harmless, as a decision is taken back once. */
#include "slack_bridge.h"

#include "clock.h"
#include "log.h"
#include "store.h"

enum { notices_max = 4 };

struct outgoing {
    struct web_call calls[notices_max];
    struct buffer bodies[notices_max];
    size_t count;
};

/* As many of the first as may go now. */
static void prepare(struct work *work, const struct notice notices[], size_t count,
                    struct outgoing *outgoing)
{
    struct slack_bridge *bridge = work->state;
    while (outgoing->count < count && pace_take_notice(&bridge->pace, clock_boot_ms())) {
        size_t at = outgoing->count++;
        card_write_notice(&notices[at], &outgoing->bodies[at]);
        outgoing->calls[at] = (struct web_call){
            .url = bridge_method(bridge, work->arena, "chat.postMessage"),
            .body = buffer_view(&outgoing->bodies[at]),
            .with_token = true,
        };
    }
}

/* Those that Slack heard: told, or to be tried again later. The rest are as due as before. */
static bool record(struct work *work, const struct notice notices[],
                   const struct outgoing *outgoing, struct err *err)
{
    struct notice heard[notices_max];
    bool told[notices_max];
    size_t count = 0;
    for (size_t i = 0; i < outgoing->count; i++) {
        const struct web_call *call = &outgoing->calls[i];
        if (!bridge_heed(work->state, call))
            continue;
        if (call->fate == WEB_REFUSED)
            log_error("Slack refuses a direct message", LOG_TEXT("error", call->error));
        heard[count] = notices[i];
        told[count++] = call->fate == WEB_DONE;
    }
    service_count("notices_heard_total", (int64_t)count);
    return count == 0 || store_end_notices(work->db, heard, told, count, err);
}

bool on_notices(struct work *work, bool *ret_busy, struct err *err)
{
    struct slack_bridge *bridge = work->state;
    struct notice *notices = NULL;
    struct outgoing outgoing = {0};
    size_t count = 0;
    *ret_busy = false; /* the pace says when more can go */
    if (pace_is_paused(&bridge->pace, clock_boot_ms()))
        return true;
    if (!store_due_notices(work->db, work->arena, notices_max, &notices, &count, err))
        return false;
    prepare(work, notices, count, &outgoing);
    if (outgoing.count > 0) {
        service_failpoint("before_notices_sent");
        web_run(&bridge->web, outgoing.calls, outgoing.count);
        service_failpoint("after_notices_sent");
    }
    bool ok = record(work, notices, &outgoing, err);
    for (size_t i = 0; i < outgoing.count; i++)
        buffer_done(&outgoing.bodies[i]);
    return ok;
}
