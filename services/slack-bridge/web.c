#include "web.h"

#include "clock.h"
#include "http_backoff.h"
#include "json.h"
#include "mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { answer_max = 1024 * 1024 };
static const int64_t default_wait_ms = 1000;
static const int64_t breaker_open_ms = 1000; /* the pace has the longer breath */

static struct http_client *client_of(struct web *web)
{
    if (!web->client)
        web->client =
            http_client_new(&(struct http_client_settings){.host_connections_max = WEB_CALLS_MAX,
                                                           .breaker_open_ms = breaker_open_ms,
                                                           .stop = web->stop});
    return web->client;
}

static void read_said(struct web_call *call, struct bytes body)
{
    struct err err = {0};
    OWNED(json_t) *json = NULL;
    if (!json_parse(body, answer_max, &json, &err)) {
        call->fate = WEB_AWAY;
        snprintf(call->error, sizeof call->error, "the answer is not JSON");
        return;
    }
    const char *error = json_string_value(json_object_get(json, "error"));
    const char *ts = json_string_value(json_object_get(json, "ts"));
    call->fate = json_is_true(json_object_get(json, "ok")) ? WEB_DONE : WEB_REFUSED;
    snprintf(call->error, sizeof call->error, "%s", error ? error : "");
    snprintf(call->ts, sizeof call->ts, "%s", ts ? ts : "");
    if (call->fate == WEB_REFUSED && strcmp(call->error, "ratelimited") == 0) {
        call->fate = WEB_WAIT;
        call->wait_ms = default_wait_ms;
    }
}

/* A response_url answers "ok" as text or as JSON. */
static void read_answer(struct web_call *call, const struct http_call *http)
{
    const struct http_result *result = &http->result;
    if (result->outcome != HTTP_ANSWERED || (result->status != 200 && result->status != 429)) {
        call->fate = WEB_AWAY;
        if (result->outcome == HTTP_ANSWERED)
            snprintf(call->error, sizeof call->error, "status %d", result->status);
        else
            snprintf(call->error, sizeof call->error, "%.60s", result->text);
    } else if (result->status == 429) {
        call->fate = WEB_WAIT;
        call->wait_ms = default_wait_ms;
        (void)http_retry_after_ms(http_call_header(http, "retry-after"),
                                  clock_unix_micros() / 1000000,
                                  &call->wait_ms); /* absent: the default */
    } else if (!call->with_token && bytes_equal(buffer_view(&result->body), bytes_of_text("ok"))) {
        call->fate = WEB_DONE;
    } else {
        read_said(call, buffer_view(&result->body));
    }
}

void web_run(struct web *web, struct web_call calls[], size_t count)
{
    assert(count <= WEB_CALLS_MAX);
    struct http_call http[WEB_CALLS_MAX] = {0};
    struct buffer bearer = {0};
    buffer_format(&bearer, "Bearer %s", web->token);
    const struct http_pair headers[] = {
        {"Content-Type",  "application/json; charset=utf-8"},
        {"Authorization", (const char *)bearer.data        },
    };
    for (size_t i = 0; i < count; i++)
        http[i] = (struct http_call){
            .method = "POST",
            .url = calls[i].url,
            .headers = headers,
            .header_count = calls[i].with_token ? 2 : 1,
            .body = calls[i].body,
            .write = true,
            .timeout_ms = WEB_TIMEOUT_MS,
            .body_bytes_max = answer_max,
        };
    http_client_run(client_of(web), http, count);
    for (size_t i = 0; i < count; i++) {
        read_answer(&calls[i], &http[i]);
        http_call_done(&http[i]);
    }
    buffer_done(&bearer);
}

bool web_is_gone(const struct web_call *call)
{
    static const char *const words[] = {"message_not_found", "cant_update_message",
                                        "edit_window_closed"};
    for (size_t i = 0; call->fate == WEB_REFUSED && i < COUNT(words); i++)
        if (strcmp(call->error, words[i]) == 0)
            return true;
    return false;
}
