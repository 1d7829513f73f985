/* google_call: POSTs with their headers, side by side. */
#include "google.h"

#include "mem.h"

#include <stdio.h>

enum { headers_max = 4, url_max = 512 };

/* What one call borrows while it runs. */
struct frame {
    char url[url_max];
    struct http_pair headers[headers_max];
};

static size_t set_headers(const struct google *google, const char *authorization,
                          const struct google_call *call,
                          struct http_pair headers[static headers_max])
{
    const struct platform_settings *settings = &google->settings;
    size_t count = 0;
    headers[count++] = (struct http_pair){"Content-Type", "application/json"};
    headers[count++] = (struct http_pair){"Authorization", authorization};
    if (!call->analytics && settings->google_developer_token[0])
        headers[count++] = (struct http_pair){"developer-token", settings->google_developer_token};
    if (!call->analytics && settings->google_login_customer_id[0])
        headers[count++] =
            (struct http_pair){"login-customer-id", settings->google_login_customer_id};
    return count;
}

/* False: it is too long. */
static bool write_url(const struct google *google, const struct google_call *call,
                      char url[static url_max])
{
    const struct platform_settings *settings = &google->settings;
    if (call->analytics)
        return snprintf(url, url_max, "%s/v1beta/%s", settings->ga4_url, call->analytics) < url_max;
    return snprintf(url, url_max, "%s/%s/customers/%s/%s", settings->google_url,
                    settings->google_version, call->customer, call->method)
        < url_max;
}

static void open_call(const struct google *google, const char *authorization,
                      const struct google_call *call, struct frame *frame, struct http_call *http)
{
    bool complete = write_url(google, call, frame->url);
    *http = (struct http_call){
        .method = "POST",
        .url = complete ? frame->url : "",
        .headers = frame->headers,
        .header_count = set_headers(google, authorization, call, frame->headers),
        .body = call->body,
        .write = call->write,
        .send_before_boot_ms = call->send_before_boot_ms,
        .start_boot_ms = call->start_boot_ms,
        .tries_max = call->tries_max,
        .timeout_ms = google->settings.timeout_ms,
        .body_bytes_max = GOOGLE_ANSWER_BYTES_MAX,
    };
}

static void take_answer(struct google_call *call, struct http_call *http)
{
    const struct http_result *result = &http->result;
    call->reply = google_classify(result, call->write);
    call->cut = !call->write && result->outcome == HTTP_UNKNOWN && result->status == 200;
    if (call->reply.fate == PLATFORM_OK) {
        call->answer = http->result.body;
        http->result.body = (struct buffer){0};
    }
    http_call_done(http);
}

/* Those of `calls` that `chosen` names, once. Returns how many were met with a 401, which are
 * then what `chosen` names. */
static size_t run_once(struct google *google, struct google_call calls[], size_t chosen[],
                       size_t count)
{
    struct frame *frames = mem_array(count, sizeof *frames);
    struct http_call *https = mem_array(count, sizeof *https);
    struct buffer authorization = {0};
    size_t refused = 0;
    buffer_format(&authorization, "Bearer %s", google->token);
    for (size_t i = 0; i < count; i++)
        open_call(google, (const char *)authorization.data, &calls[chosen[i]], &frames[i],
                  &https[i]);
    http_client_run(google->client, https, count);
    for (size_t i = 0; i < count; i++) {
        bool unauthorized =
            https[i].result.outcome == HTTP_ANSWERED && https[i].result.status == 401;
        take_answer(&calls[chosen[i]], &https[i]);
        if (unauthorized)
            chosen[refused++] = chosen[i];
    }
    buffer_done(&authorization);
    mem_free(https);
    mem_free(frames);
    return refused;
}

void google_calls_run(struct google *google, struct google_call calls[], size_t count)
{
    size_t *chosen = mem_array(count, sizeof *chosen);
    size_t left = count;
    struct platform_reply reply = {0};
    for (size_t i = 0; i < count; i++)
        chosen[i] = i;
    for (int tries = 0; tries < 2 && left > 0; tries++) {
        if (tries > 0)
            google_forget_token(google);
        if (!google_authorize(google, &reply)) {
            for (size_t i = 0; i < left; i++)
                calls[chosen[i]].reply = reply;
            break;
        }
        left = run_once(google, calls, chosen, left);
    }
    mem_free(chosen);
}

void google_calls_done(struct google_call calls[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_done(&calls[i].answer);
}
