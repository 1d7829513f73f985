#include "click.h"

#include "hash.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char signature_version[] = "v0=";

void click_sign(const char *secret, int64_t timestamp_s, struct bytes body,
                char ret_signature[static CLICK_SIGNATURE_TEXT])
{
    struct buffer base = {0};
    buffer_format(&base, "v0:%" PRId64 ":", timestamp_s);
    buffer_add(&base, body.data, body.length);
    struct hash mac = hash_hmac_sha256(bytes_of_text(secret), buffer_view(&base));
    buffer_done(&base);
    memcpy(ret_signature, signature_version, sizeof signature_version);
    hex_encode(hash_view(&mac), ret_signature + sizeof signature_version - 1);
}

/* The button in one list of elements. */
static const json_t *button_among(const json_t *elements, const char *action_id)
{
    for (size_t i = 0; i < json_array_size(elements); i++) {
        const json_t *element = json_array_get(elements, i);
        const char *id = json_string_value(json_object_get(element, "action_id"));
        if (id && strcmp(id, action_id) == 0)
            return element;
    }
    return NULL;
}

static const json_t *find_button(const json_t *message, const char *action_id,
                                 const json_t **ret_block)
{
    const json_t *blocks = json_object_get(message, "blocks");
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const json_t *block = json_array_get(blocks, i);
        const json_t *accessory = json_object_get(block, "accessory");
        const char *id = json_string_value(json_object_get(accessory, "action_id"));
        const json_t *button = button_among(json_object_get(block, "elements"), action_id);
        if (!button && id && strcmp(id, action_id) == 0)
            button = accessory;
        *ret_block = block;
        if (button)
            return button;
    }
    return NULL;
}

static json_t *action_of(const struct click *click, const json_t *button, const json_t *block,
                         int64_t now_micros)
{
    char at[32];
    snprintf(at, sizeof at, "%" PRId64 ".%06" PRId64, now_micros / 1000000, now_micros % 1000000);
    json_t *action = json_deep_copy(button);
    json_object_del(action, "confirm");
    json_object_set_new(action, "action_ts", json_string(at));
    const json_t *block_id = json_object_get(block, "block_id");
    json_object_set_new(action, "block_id",
                        block_id ? json_deep_copy(block_id) : json_string("b0"));
    if (click->value)
        json_object_set_new(action, "value", json_string(click->value));
    return action;
}

static json_t *payload_of(struct slack *slack, const struct click *click,
                          const struct slack_message *message, json_t *action, size_t number)
{
    char response_url[160], trigger[64];
    snprintf(response_url, sizeof response_url, "%.100s/slack/response/%zu", slack->public_url,
             number);
    snprintf(trigger, sizeof trigger, "%zu.T0DEMO0001.0123456789abcdef", number);
    const char *team = click->team ? click->team : "T0DEMO0001";
    return json_pack(
        "{s:s, s:{s:s,s:s,s:s,s:s}, s:s, s:s, s:{s:s,s:s,s:s,s:b}, s:s, s:{s:s,s:s}, s:n, s:b,"
        " s:{s:s,s:s}, s:O, s:{s:{}}, s:s, s:[o]}",
        "type", "block_actions", "user", "id", click->user, "username", click->user, "name",
        click->user, "team_id", team, "api_app_id", "A0AELP0001", "token", "deprecated",
        "container", "type", "message", "message_ts", click->ts, "channel_id", message->channel,
        "is_ephemeral", message->only_for[0] != '\0', "trigger_id", trigger, "team", "id", team,
        "domain", "demo", "enterprise", "is_enterprise_install", 0, "channel", "id",
        message->channel, "name", "growth-approvals", "message", message->body, "state", "values",
        "response_url", response_url, "actions", action);
}

static void form_encode(const char *text, struct buffer *out)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (isalnum(c) || strchr("-_.~", c))
            buffer_add(out, text, 1);
        else
            buffer_format(out, "%%%02X", c);
    }
}

bool click_build(struct slack *slack, const struct click *click, int64_t now_micros,
                 struct buffer *ret_body, struct err *err)
{
    const struct slack_message *message = slack_find_message(slack, click->channel, click->ts);
    const json_t *block = NULL;
    if (!message || !message->body)
        return err_set(err, ERR_REJECT, "no message %.40s in %.40s", click->ts, click->channel);
    const json_t *button = find_button(message->body, click->action_id, &block);
    if (!button)
        return err_set(err, ERR_REJECT, "the message has no button %.80s", click->action_id);
    size_t number;
    slack_add_click(slack, message->ts_micros, click->user, now_micros, &number);
    json_t *payload =
        payload_of(slack, click, message, action_of(click, button, block, now_micros), number);
    char *text = json_dumps(payload, JSON_COMPACT);
    json_decref(payload);
    if (!text)
        return err_set(err, ERR_REJECT, "a text of the click is not UTF-8");
    buffer_add_text(ret_body, "payload=");
    form_encode(text, ret_body);
    mem_free(text);
    return true;
}
