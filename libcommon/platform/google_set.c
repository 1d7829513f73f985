/* google_set: campaignBudgets:mutate, and which operation came to what. */
#include "google.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { answer_bytes_max = 8 << 20, name_max = GOOGLE_RESOURCE_BYTES_MAX + 64 };

static void name_of(const struct platform_set *set, size_t i, char name[static name_max])
{
    (void)snprintf(name, name_max, "customers/%s/%s", google_customer(set->account),
                   set->items[i].resource);
}

void google_ask_set(const struct platform_set *set, struct buffer *body)
{
    char name[name_max];
    buffer_add_text(body, "{\"operations\":[");
    for (size_t i = 0; i < set->item_count; i++) {
        name_of(set, i, name);
        buffer_format(body,
                      "%s{\"update\":{\"resourceName\":\"%s\",\"amountMicros\":\"%" PRId64
                      "\"},\"updateMask\":\"amountMicros\"}",
                      i ? "," : "", name, set->items[i].micros);
    }
    buffer_format(body, "],\"partialFailure\":%s,\"validateOnly\":%s}",
                  set->atomic ? "false" : "true", set->validate_only ? "true" : "false");
}

static void give_all(struct platform_set *set, struct platform_reply reply)
{
    for (size_t i = 0; i < set->item_count; i++)
        set->items[i].reply = reply;
}

/* The operation an error is about; false: it does not say. */
static bool index_of(const json_t *error, size_t count, size_t *ret_index)
{
    const json_t *path = google_member(google_member(error, "location"), "fieldPathElements");
    const json_t *first = json_array_get(path, 0);
    const char *name = json_string_value(google_member(first, "fieldName"));
    int64_t index = 0;
    struct err err = {0};
    if (!name || strcmp(name, "operations") != 0
        || !json_need_int(first, "index", 0, (int64_t)count - 1, &index, &err))
        return false;
    *ret_index = (size_t)index;
    return true;
}

/* Errors of single operations. False: one can't be laid at an operation's door. */
static bool take_errors(const json_t *status, struct platform_set *set)
{
    const json_t *details = google_member(status, "details");
    bool any = false;
    for (size_t i = 0; i < json_array_size(details); i++) {
        const json_t *errors = google_member(json_array_get(details, i), "errors");
        for (size_t n = 0; n < json_array_size(errors); n++) {
            const json_t *error = json_array_get(errors, n);
            size_t index = 0;
            if (!index_of(error, set->item_count, &index))
                return false;
            set->items[index].reply = google_error_reply(error, true);
            any = true;
        }
    }
    return any;
}

/* An operation is done when its result names its budget; one with neither result nor error stays
 * unknown. */
static void take_results(const json_t *results, struct platform_set *set)
{
    char name[name_max];
    if (json_array_size(results) != set->item_count)
        return;
    for (size_t i = 0; i < set->item_count; i++) {
        const json_t *result = json_array_get(results, i);
        const char *said = json_string_value(google_member(result, "resourceName"));
        struct platform_reply *reply = &set->items[i].reply;
        name_of(set, i, name);
        if (said && strcmp(said, name) == 0)
            *reply = platform_reply_of(PLATFORM_OK, "");
    }
}

void google_take_set(struct bytes answer, struct platform_set *set)
{
    OWNED(json_t) *json = NULL;
    struct err err = {0};
    give_all(set, platform_reply_of(PLATFORM_UNKNOWN, "unreadable_answer"));
    if (!json_parse(answer, answer_bytes_max, &json, &err) || !json_is_object(json))
        return;
    const json_t *partial = google_member(json, "partialFailureError");
    if (set->validate_only)
        give_all(set, platform_reply_of(PLATFORM_OK, ""));
    else
        take_results(google_member(json, "results"), set);
    if (partial && !take_errors(partial, set))
        give_all(set, platform_reply_of(PLATFORM_UNKNOWN, "unreadable_answer"));
}
