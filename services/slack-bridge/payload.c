#include "payload.h"

#include "http_form.h"
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { id_max = 64, url_max = 500, value_max = 2000, reason_max = 4000 };

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* Ids of users, channels and messages come back in our own messages and rows. */
static bool is_id(const char *text, const char *extra)
{
    size_t length = strlen(text);
    if (length == 0 || length > id_max)
        return false;
    for (; *text; text++) {
        bool plain = (*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9');
        if (!plain && !strchr(extra, *text))
            return false;
    }
    return true;
}

/* What stands behind "<saga uuid> "; NULL: it begins otherwise. */
static const char *read_saga(const char *value, struct payload *payload)
{
    char saga[UUID_TEXT];
    if (strlen(value) < UUID_TEXT || value[UUID_TEXT - 1] != ' ')
        return NULL;
    snprintf(saga, sizeof saga, "%.*s", UUID_TEXT - 1, value);
    return uuid_parse(saga, &payload->saga) ? value + UUID_TEXT : NULL;
}

/* "<saga uuid> <content hash hex>", exactly. */
static bool read_value(const char *value, struct payload *payload, struct err *err)
{
    const char *hash = read_saga(value, payload);
    if (!hash || strlen(hash) != 2 * sizeof payload->content.bytes
        || !hex_decode(hash, payload->content.bytes, HASH_BYTES))
        return err_set(err, ERR_REJECT, "value: must be a proposal and its hash");
    return true;
}

/* "<saga uuid> <decision>", exactly as it was written. */
static bool read_decision(const char *value, struct payload *payload, struct err *err)
{
    const char *number = read_saga(value, payload);
    size_t length = number ? strlen(number) : 0;
    if (length < 1 || length > 18 || strspn(number, "0123456789") != length || *number == '0')
        return err_set(err, ERR_REJECT, "value: must be a proposal and a decision");
    payload->decision = strtoll(number, NULL, 10);
    return true;
}

static bool keep(struct arena *arena, const char *text, size_t max, const char *name,
                 const char **ret_text, struct err *err)
{
    size_t length = strlen(text);
    if (length > max)
        return err_set(err, ERR_REJECT, "%s: at most %zu bytes", name, max);
    *ret_text = arena_text(arena, text, length);
    return true;
}

static bool read_click(const json_t *json, struct arena *arena, struct payload *payload,
                       struct err *err)
{
    const json_t *action = json_array_get(json_object_get(json, "actions"), 0);
    const json_t *container = json_object_get(json, "container");
    const char *id = text_at(action, "action_id");
    const char *channel = text_at(container, "channel_id");
    const char *ts = text_at(container, "message_ts");

    if (strcmp(id, "approve") == 0)
        payload->what = PAYLOAD_APPROVE;
    else if (strcmp(id, "reject") == 0)
        payload->what = PAYLOAD_ASK_REASON;
    else if (strcmp(id, "disown") == 0)
        payload->what = PAYLOAD_DISOWN;
    else
        return true; /* Open leads to the dashboard; Slack tells us all the same */
    if (!is_id(channel, "") || !is_id(ts, "."))
        return err_set(err, ERR_REJECT, "container: must name a message");
    const char *value = text_at(action, "value");
    return (payload->what == PAYLOAD_DISOWN ? read_decision(value, payload, err)
                                            : read_value(value, payload, err))
        && keep(arena, channel, id_max, "channel", &payload->channel, err)
        && keep(arena, ts, id_max, "message_ts", &payload->ts, err)
        && keep(arena, text_at(json, "response_url"), url_max, "response_url",
                &payload->response_url, err)
        && keep(arena, text_at(json, "trigger_id"), url_max, "trigger_id", &payload->trigger_id,
                err);
}

static bool read_submission(const json_t *json, struct arena *arena, struct payload *payload,
                            struct err *err)
{
    const json_t *view = json_object_get(json, "view");
    const json_t *values = json_object_get(json_object_get(view, "state"), "values");
    const json_t *input = json_object_get(json_object_get(values, "reason"), "reason");
    if (strcmp(text_at(view, "callback_id"), "reject") != 0)
        return true;
    payload->what = PAYLOAD_REJECT;
    return read_value(text_at(view, "private_metadata"), payload, err)
        && keep(arena, text_at(input, "value"), reason_max, "reason", &payload->reason, err);
}

static bool read_json(const json_t *json, struct arena *arena, struct payload *payload,
                      struct err *err)
{
    const char *type = text_at(json, "type");
    const char *user = text_at(json_object_get(json, "user"), "id");
    if (!is_id(user, ""))
        return err_set(err, ERR_REJECT, "user: must have an id");
    if (!keep(arena, user, id_max, "user", &payload->user, err))
        return false;
    if (strcmp(type, "block_actions") == 0)
        return read_click(json, arena, payload, err);
    if (strcmp(type, "view_submission") == 0)
        return read_submission(json, arena, payload, err);
    return true;
}

/* The database reads the body as text, and the payload from its start. */
static bool is_printable(struct bytes body)
{
    for (size_t i = 0; i < body.length; i++)
        if (body.data[i] < 0x20 || body.data[i] > 0x7e)
            return false;
    return true;
}

bool payload_parse(struct bytes body, struct arena *arena, struct payload *ret_payload,
                   struct err *err)
{
    OWNED(json_t) *json = NULL;
    struct payload payload = {
        .user = "", .channel = "", .ts = "", .response_url = "", .trigger_id = "", .reason = ""};
    struct http_pair pair;
    size_t count = 0;
    if (body.length > PAYLOAD_BYTES_MAX || !is_printable(body))
        return err_set(err, ERR_REJECT, "body: must be a form of at most %d bytes",
                       PAYLOAD_BYTES_MAX);
    char *text = arena_text(arena, (const char *)body.data, body.length);
    if (!http_form_parse(text, &pair, 1, &count) || count != 1 || strcmp(pair.name, "payload") != 0)
        return err_set(err, ERR_REJECT, "body: must be a form with the one field payload");
    if (!json_parse(bytes_of_text(pair.value), PAYLOAD_BYTES_MAX, &json, err)
        || !read_json(json, arena, &payload, err))
        return err_context(err, "payload");
    *ret_payload = payload;
    return true;
}

/* Up to and without the path. */
static size_t origin_length(const char *url)
{
    const char *host = strstr(url, "://");
    return host ? (size_t)(host + 3 - url) + strcspn(host + 3, "/?#") : 0;
}

bool payload_url_is_slacks(const char *url, const char *api_url)
{
    static const char hooks[] = "https://hooks.slack.com/";
    size_t length = origin_length(api_url);
    return strncmp(url, hooks, sizeof hooks - 1) == 0
        || (length > 0 && origin_length(url) == length && url[length] == '/'
            && strncmp(url, api_url, length) == 0);
}
