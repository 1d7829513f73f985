/* payload: what a person did in Slack, read from the raw body of an interactivity request. Pure.
 *
 * Read for greeting and routing only. Who it was and what they decided is read again by the
 * database, from the same bytes and under their signature. */
#pragma once

#include "hash.h"
#include "mem.h"
#include "uuid.h"

enum { PAYLOAD_BYTES_MAX = 256 * 1024 };

enum payload_what {
    PAYLOAD_NOTHING, /* Slack's, but nothing to do: a link opened, a dialog closed */
    PAYLOAD_APPROVE,
    PAYLOAD_ASK_REASON, /* the Reject button, which opens the dialog */
    PAYLOAD_REJECT,     /* the dialog, sent */
    PAYLOAD_DISOWN,     /* "Not me" */
};

/* Texts live in the arena and are "" where a request has none. */
struct payload {
    enum payload_what what;
    struct uuid saga;
    struct hash content; /* but for PAYLOAD_DISOWN, which has: */
    int64_t decision;
    const char *user;         /* "U0ALICE001" */
    const char *channel, *ts; /* the message, for clicks */
    const char *response_url, *trigger_id;
    const char *reason; /* for PAYLOAD_REJECT */
};

/* ERR_REJECT: not an interactivity request, or one whose button is none of ours. */
bool payload_parse(struct bytes body, struct arena *arena, struct payload *ret_payload,
                   struct err *err) MUST_CHECK;

/* Requests go only to Slack: to hooks.slack.com, or to the host the Web API is at. */
bool payload_url_is_slacks(const char *url, const char *api_url);
