/* web: calls of Slack's Web API and of response_urls, and what their answers mean for us.
 *
 * Each call changes something over there, so it goes out at most once; whether it is made again is
 * its caller's decision. */
#pragma once

#include "http_client.h"

enum web_fate {
    WEB_DONE,    /* ok: true */
    WEB_WAIT,    /* 429: not before wait_ms have passed */
    WEB_AWAY,    /* no answer, or not one of Slack's: nobody knows what happened */
    WEB_REFUSED, /* Slack says why in `error` */
};

struct web_call {
    const char *url;   /* whole */
    struct bytes body; /* JSON */
    bool with_token;   /* Web API methods; never for a response_url */
    enum web_fate fate;
    int64_t wait_ms;
    char error[64]; /* Slack's word, or why it is away */
    char ts[40];    /* of the message that was made, where one was */
};

enum { WEB_CALLS_MAX = 32, WEB_TIMEOUT_MS = 2500 };

struct web {
    struct http_client *client; /* made on first use: it belongs to the runner's thread */
    const char *token;
    volatile const bool *stop;
};

/* Side by side. */
void web_run(struct web *web, struct web_call calls[], size_t count);
/* People deleted that message, or nobody may edit it any more. */
bool web_is_gone(const struct web_call *call);
