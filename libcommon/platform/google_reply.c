/* google_reply: what an HTTP answer of Google's means for what was asked.
 *
 * A write is only taken for refused when the refusal is in Google's own form: what a proxy answers
 * proves nothing. */
#include "google.h"

#include "clock.h"
#include "http_backoff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { error_bytes_max = 1 << 20, errors_max = 10000 };
static const int64_t wait_max_ms = 24L * 3600 * 1000;
static const char retry_info[] = "type.googleapis.com/google.rpc.RetryInfo";

const json_t *google_member(const json_t *object, const char *name)
{
    return json_is_object(object) ? json_object_get(object, name) : NULL;
}

/* A constant of the API, safe to show; NULL: it is none. */
static const char *constant(const json_t *json)
{
    const char *text = json_string_value(json);
    bool good = text && text[0] && strlen(text) < sizeof((struct platform_reply *)0)->code
        && text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")] == '\0';
    return good ? text : NULL;
}

/* "30s" or "1.5s"; -1: neither. */
static int64_t duration_ms(const json_t *json)
{
    const char *text = json_string_value(json);
    char *end = NULL;
    double seconds = text && *text >= '0' && *text <= '9' ? strtod(text, &end) : 0;
    bool good = end && strcmp(end, "s") == 0 && seconds * 1000 <= (double)wait_max_ms;
    return good ? (int64_t)(seconds * 1000) : -1;
}

/* -1: the error doesn't say. */
static int64_t quota_wait_ms(const json_t *error)
{
    const json_t *quota = google_member(google_member(error, "details"), "quotaErrorDetails");
    return duration_ms(google_member(quota, "retryDelay"));
}

struct platform_reply google_error_reply(const json_t *error, bool write)
{
    static const struct {
        const char *category, *code; /* NULL: all of the category */
        enum platform_fate fate;
    } fates[] = {
        {"authenticationError", NULL,                      PLATFORM_AUTH     },
        {"authorizationError",  NULL,                      PLATFORM_AUTH     },
        {"quotaError",          NULL,                      PLATFORM_THROTTLED},
        {"internalError",       NULL,                      PLATFORM_UNKNOWN  },
        {"databaseError",       "CONCURRENT_MODIFICATION", PLATFORM_TRANSIENT},
    };
    const json_t *codes = google_member(error, "errorCode");
    void *first = json_object_iter((json_t *)codes);
    const char *code = first ? constant(json_object_iter_value(first)) : NULL;
    if (!code)
        return platform_reply_of(write ? PLATFORM_UNKNOWN : PLATFORM_TRANSIENT, "unreadable_error");

    struct platform_reply reply = platform_reply_of(PLATFORM_PERMANENT, code);
    for (size_t i = 0; i < COUNT(fates); i++)
        if (strcmp(fates[i].category, json_object_iter_key(first)) == 0
            && (!fates[i].code || strcmp(fates[i].code, code) == 0))
            reply = platform_reply_of(fates[i].fate, code);
    if (reply.fate == PLATFORM_UNKNOWN && !write)
        reply.fate = PLATFORM_TRANSIENT;
    int64_t wait_ms = quota_wait_ms(error);
    if (reply.fate == PLATFORM_THROTTLED && wait_ms >= 0)
        reply.wait_ms = wait_ms;
    return reply;
}

/* The first error of a failure's details, or NULL. */
static const json_t *first_error(const json_t *status)
{
    const json_t *details = google_member(status, "details");
    for (size_t i = 0; i < json_array_size(details) && i < errors_max; i++) {
        const json_t *errors = google_member(json_array_get(details, i), "errors");
        if (json_array_size(errors) > 0)
            return json_array_get(errors, 0);
    }
    return NULL;
}

static enum platform_fate fate_of_status(int status, bool write)
{
    if (status == 429)
        return PLATFORM_THROTTLED;
    if (status == 401 || status == 403)
        return PLATFORM_AUTH;
    if (status == 409)
        return PLATFORM_TRANSIENT;
    if (status >= 400 && status < 500 && status != 408)
        return PLATFORM_PERMANENT;
    return write ? PLATFORM_UNKNOWN : PLATFORM_TRANSIENT;
}

/* The longest wait that an error's details name; -1: they don't. */
static int64_t details_wait_ms(const json_t *status, const json_t *error)
{
    int64_t longest_ms = quota_wait_ms(error);
    const json_t *details = google_member(status, "details");
    for (size_t i = 0; i < json_array_size(details) && i < errors_max; i++) {
        const json_t *detail = json_array_get(details, i);
        const char *type = json_string_value(google_member(detail, "@type"));
        int64_t delay_ms = type && strcmp(type, retry_info) == 0
            ? duration_ms(google_member(detail, "retryDelay"))
            : -1;
        longest_ms = delay_ms > longest_ms ? delay_ms : longest_ms;
    }
    return longest_ms;
}

/* What the answer asks us to wait; -1: it doesn't say. Retry-After is of this very answer and goes
 * before the details, which may be a text that always says the same. */
static int64_t told_wait_ms(const struct http_result *result, const json_t *status,
                            const json_t *error)
{
    int64_t header_ms = 0;
    if (!http_retry_after_ms(http_result_header(result, "retry-after"),
                             clock_unix_micros() / 1000000, &header_ms))
        return details_wait_ms(status, error);
    return header_ms < wait_max_ms ? header_ms : wait_max_ms;
}

/* {"error":{...}}, or the same in an array, as searchStream has it. */
static struct platform_reply refusal_of(const struct http_result *result, bool write)
{
    OWNED(json_t) *json = NULL;
    struct err err = {0};
    enum platform_fate fate = fate_of_status(result->status, write);
    bool parsed = json_parse(buffer_view(&result->body), error_bytes_max, &json, &err);
    const json_t *root = json_is_array(json) ? json_array_get(json, 0) : json;
    const json_t *status = google_member(root, "error");
    const char *word = constant(google_member(status, "status"));
    const json_t *error = first_error(status);
    struct platform_reply reply = platform_reply_of(fate, word ? word : "");
    if (!parsed || !word) {
        char code[32];
        (void)snprintf(code, sizeof code, "http_%d", result->status);
        reply = platform_reply_of(write ? PLATFORM_UNKNOWN : fate, code);
    } else if (error) {
        struct platform_reply said = google_error_reply(error, write);
        memcpy(reply.code, said.code, sizeof reply.code);
    }
    int64_t wait_ms = told_wait_ms(result, status, error);
    if (reply.fate == PLATFORM_THROTTLED && wait_ms >= 0)
        reply.wait_ms = wait_ms;
    return reply;
}

struct platform_reply google_classify(const struct http_result *result, bool write)
{
    if (result->outcome == HTTP_NOT_SENT)
        return platform_reply_not_sent(result);
    if (result->too_large && !write)
        return platform_reply_of(PLATFORM_PERMANENT, "answer_too_large");
    if (result->outcome == HTTP_UNKNOWN)
        return platform_reply_of(write ? PLATFORM_UNKNOWN : PLATFORM_TRANSIENT, "no_reply");
    if (result->status == 200)
        return platform_reply_of(PLATFORM_OK, "");
    return refusal_of(result, write);
}
