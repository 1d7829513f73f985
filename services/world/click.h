/* click: what Slack would send when a person presses a button: a signed block_actions payload. */
#pragma once

#include "slack.h"

enum { CLICK_SIGNATURE_TEXT = 3 + 64 + 1 };

/* v0=<hex HMAC-SHA256 over "v0:<timestamp>:<body>">. */
void click_sign(const char *secret, int64_t timestamp_s, struct bytes body,
                char ret_signature[static CLICK_SIGNATURE_TEXT]);

struct click {
    const char *channel, *ts, *user, *action_id;
    const char *value; /* instead of the button's own, or NULL */
    const char *team;  /* the clicker's, or NULL: the workspace's */
};

/* The form body, "payload=..."; refused when there is no such message or button. */
bool click_build(struct slack *slack, const struct click *click, int64_t now_micros,
                 struct buffer *ret_body, struct err *err) MUST_CHECK;
