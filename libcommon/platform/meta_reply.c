/* meta_reply: Meta says why in a number of its own; the HTTP status says little. */
#include "meta.h"

#include "http_backoff.h"
#include "json.h"

#include <stdio.h>
#include <string.h>

enum { error_bytes_max = 1 << 20, regain_minutes_max = 24 * 60 };
static const int64_t wait_default_ms = 60000;

static const struct {
    int64_t first, last;
    enum platform_fate fate;
} fates[] = {
    {1,     2,     PLATFORM_TRANSIENT},
    {4,     4,     PLATFORM_THROTTLED},
    {10,    10,    PLATFORM_AUTH     },
    {17,    17,    PLATFORM_THROTTLED},
    {32,    32,    PLATFORM_THROTTLED},
    {102,   102,   PLATFORM_AUTH     },
    {190,   190,   PLATFORM_AUTH     },
    {200,   299,   PLATFORM_AUTH     },
    {613,   613,   PLATFORM_THROTTLED},
    {80000, 80014, PLATFORM_THROTTLED},
};

static enum platform_fate fate_of(int64_t code, bool passing, int status)
{
    for (size_t i = 0; i < COUNT(fates); i++)
        if (code >= fates[i].first && code <= fates[i].last)
            return fates[i].fate;
    return passing || status >= 500 ? PLATFORM_TRANSIENT : PLATFORM_PERMANENT;
}

/* {"<business>":[{"estimated_time_to_regain_access":5}]}, in minutes; 0: it doesn't say. */
static int64_t regain_minutes(const struct http_result *result)
{
    OWNED(json_t) *json = NULL;
    struct err err = {0};
    const char *text = http_result_header(result, "x-business-use-case-usage");
    int64_t longest = 0;
    const char *business;
    json_t *usages;
    if (!text || !json_parse(bytes_of_text(text), error_bytes_max, &json, &err))
        return 0;
    json_object_foreach(json, business, usages) for (size_t i = 0; i < json_array_size(usages); i++)
    {
        int64_t minutes = 0;
        if (json_need_int(json_array_get(usages, i), "estimated_time_to_regain_access", 0,
                          regain_minutes_max, &minutes, &err)
            && minutes > longest)
            longest = minutes;
    }
    return longest;
}

static struct platform_reply refusal_of(const struct http_result *result)
{
    OWNED(json_t) *json = NULL;
    struct err err = {0};
    int64_t code = 0, subcode = 0;
    char word[48];
    (void)snprintf(word, sizeof word, "http_%d", result->status);
    if (!json_parse(buffer_view(&result->body), error_bytes_max, &json, &err)
        || !json_need_int(json_object_get(json, "error"), "code", 0, INT32_MAX, &code, &err))
        return platform_reply_of(result->status == 429                        ? PLATFORM_THROTTLED
                                     : http_status_is_passing(result->status) ? PLATFORM_TRANSIENT
                                                                              : PLATFORM_PERMANENT,
                                 word);
    const json_t *error = json_object_get(json, "error");
    if (!json_need_int(error, "error_subcode", 0, INT32_MAX, &subcode, &err))
        subcode = 0;
    (void)snprintf(word, sizeof word, subcode ? "code_%d_%d" : "code_%d", (int)code, (int)subcode);
    struct platform_reply reply = platform_reply_of(
        fate_of(code, json_is_true(json_object_get(error, "is_transient")), result->status), word);
    if (reply.fate == PLATFORM_THROTTLED) {
        int64_t minutes = regain_minutes(result);
        reply.wait_ms = minutes > 0 ? minutes * 60000 : wait_default_ms;
    }
    return reply;
}

struct platform_reply meta_classify(const struct http_result *result)
{
    if (result->too_large)
        return platform_reply_of(PLATFORM_PERMANENT, "answer_too_large");
    if (result->outcome == HTTP_NOT_SENT)
        return platform_reply_not_sent(result);
    if (result->outcome == HTTP_UNKNOWN)
        return platform_reply_of(PLATFORM_TRANSIENT, "no_reply");
    return result->status == 200 ? platform_reply_of(PLATFORM_OK, "") : refusal_of(result);
}
