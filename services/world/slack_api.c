/* The Web API's methods, and what is posted to response_urls. Refusals are 200 with ok:false and
 * Slack's own error word. */
#include "slack.h"
#include "slack_blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { text_max = 40000, response_max = 5 };
static const int64_t response_micros = 30LL * 60 * 1000000;
static const int64_t trigger_micros = 3LL * 1000000;

struct slack_call {
    struct slack *slack;
    const struct request *request;
    struct reply *reply;
    json_t *args;   /* owned */
    json_t *result; /* owned */
    char why[SLACK_WHY_TEXT];
};

static const char *text_arg(const struct slack_call *call, const char *name)
{
    return json_string_value(json_object_get(call->args, name));
}

/* Members that are JSON inside a form field. */
static json_t *form_value(const char *name, const char *value)
{
    static const char *const structured[] = {"blocks", "attachments", "view", "metadata"};
    for (size_t i = 0; i < COUNT(structured); i++)
        if (strcmp(name, structured[i]) == 0)
            return json_loads(value, 0, NULL);
    return json_string(value);
}

static json_t *read_args(const struct request *request)
{
    const char *type = request_header(request, "content-type");
    struct form form;
    if (type && strncmp(type, "application/json", 16) == 0)
        return json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    json_t *args = json_object();
    static const char *const queries[] = {"user", "channel"};
    for (size_t i = 0; i < COUNT(queries); i++)
        if (request_query(request, queries[i]))
            json_object_set_new(args, queries[i], json_string(request_query(request, queries[i])));
    if (!request_form(request, &form)) {
        json_decref(args);
        return NULL;
    }
    for (size_t i = 0; i < form.count; i++) {
        json_t *value = form_value(form.pairs[i].name, form.pairs[i].value);
        if (value)
            json_object_set_new(args, form.pairs[i].name, value);
        else /* not JSON: as text it fails its own check */
            json_object_set_new(args, form.pairs[i].name, json_string(form.pairs[i].value));
    }
    return args;
}

/* Slack's word for what is wrong with a message, or NULL. */
static const char *check_message(struct slack_call *call)
{
    const json_t *blocks = json_object_get(call->args, "blocks");
    const char *text = text_arg(call, "text");
    if (blocks && !slack_blocks_check(blocks, SLACK_MESSAGE_BLOCKS_MAX, call->why))
        return "invalid_blocks";
    if (!blocks && !json_object_get(call->args, "attachments") && (!text || !*text))
        return "no_text";
    if (text && slack_text_length(text) > text_max)
        return "msg_too_long";
    return NULL;
}

/* The stored message: what was given, by the bot. */
static json_t *message_body(const struct slack_call *call)
{
    static const char *const kept[] = {"text", "blocks", "attachments", "thread_ts", "metadata"};
    json_t *body = json_pack("{s:s,s:s,s:s,s:s}", "type", "message", "user", "U0AELPBOT1", "bot_id",
                             "B0AELP0001", "app_id", "A0AELP0001");
    for (size_t i = 0; i < COUNT(kept); i++) {
        json_t *value = json_object_get(call->args, kept[i]);
        if (value)
            json_object_set(body, kept[i], value);
    }
    if (!json_object_get(body, "text"))
        json_object_set_new(body, "text", json_string(""));
    return body;
}

/* About one message a second and channel, with a burst. False: too many. */
static bool take_post(struct slack_call *call, const char *channel)
{
    struct slack *slack = call->slack;
    const struct faults *faults = &slack->faults;
    int64_t now = call->request->now_micros;
    int64_t *full_at = slack_channel_bucket(slack, channel);
    if (faults->posts_per_s == 0 || !full_at)
        return true;
    int64_t each = 1000000 / faults->posts_per_s;
    int64_t from = *full_at > now ? *full_at : now;
    int64_t wait = from + each - each * faults->posts_burst - now;
    if (wait > 0) {
        call->reply->status = 429;
        call->reply->retry_after_s = (wait + 999999) / 1000000;
        return false;
    }
    *full_at = from + each;
    return true;
}

static const char *post(struct slack_call *call, const char *only_for)
{
    const char *name = text_arg(call, "channel");
    const char *channel = name ? slack_channel_id(name) : NULL;
    if (!channel)
        return "channel_not_found";
    const char *wrong = check_message(call);
    if (wrong)
        return wrong;
    if (!take_post(call, channel))
        return "ratelimited";
    const struct slack_message *message = slack_add_message(
        call->slack, channel, only_for, message_body(call), call->request->now_micros);
    const json_t *ts = json_object_get(message->body, "ts");
    json_object_set_new(call->result, "channel", json_string(channel));
    json_object_set_new(call->result, only_for[0] ? "message_ts" : "ts", json_deep_copy(ts));
    if (!only_for[0])
        json_object_set(call->result, "message", message->body);
    return NULL;
}

static const char *chat_post_message(struct slack_call *call)
{
    return post(call, "");
}

static const char *chat_post_ephemeral(struct slack_call *call)
{
    const char *user = text_arg(call, "user");
    json_t *known = user ? slack_user_json(user) : NULL;
    if (!known)
        return "user_not_in_channel";
    json_decref(known);
    return post(call, user);
}

/* Text and blocks are replaced; what is not given goes. */
static void replace_message(struct slack_call *call, struct slack_message *message)
{
    char ts[32];
    snprintf(ts, sizeof ts, "%lld.%06lld", (long long)(call->request->now_micros / 1000000),
             (long long)(call->request->now_micros % 1000000));
    json_t *body = message_body(call);
    json_object_set(body, "ts", json_object_get(message->body, "ts"));
    json_object_set_new(body, "edited", json_pack("{s:s,s:s}", "user", "U0AELPBOT1", "ts", ts));
    json_decref(message->body);
    message->body = body;
}

static const char *chat_update(struct slack_call *call)
{
    struct slack_message *message =
        slack_find_message(call->slack, text_arg(call, "channel"), text_arg(call, "ts"));
    if (!message || !message->body)
        return "message_not_found";
    if (message->only_for[0])
        return "cant_update_message";
    const char *wrong = check_message(call);
    if (wrong)
        return wrong;
    replace_message(call, message);
    json_object_set_new(call->result, "channel", json_string(message->channel));
    json_object_set(call->result, "ts", json_object_get(message->body, "ts"));
    json_object_set(call->result, "text", json_object_get(message->body, "text"));
    json_object_set(call->result, "message", message->body);
    return NULL;
}

static const char *views_open(struct slack_call *call)
{
    const char *trigger = text_arg(call, "trigger_id");
    json_t *view = json_object_get(call->args, "view");
    size_t number = trigger ? strtoul(trigger, NULL, 10) : 0;
    if (number == 0 || number > call->slack->click_count)
        return "invalid_trigger_id";
    struct slack_click *click = &call->slack->clicks[number - 1];
    if (call->request->now_micros - click->at_micros > trigger_micros)
        return "expired_trigger_id";
    if (click->trigger_used)
        return "exchanged_trigger_id";
    if (!slack_blocks_check(json_object_get(view, "blocks"), SLACK_VIEW_BLOCKS_MAX, call->why))
        return "invalid_arguments";
    click->trigger_used = true;
    char id[32];
    snprintf(id, sizeof id, "V%09zu", json_array_size(call->slack->views) + 1);
    json_t *opened = json_deep_copy(view);
    json_object_set_new(opened, "id", json_string(id));
    json_object_set_new(opened, "opened_for", json_string(click->user));
    json_array_append(call->slack->views, opened);
    json_object_set_new(call->result, "view", opened);
    return NULL;
}

static const char *auth_test(struct slack_call *call)
{
    json_object_update_new(call->result,
                           json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "url",
                                     "https://demo.slack.example/", "team", "demo", "user", "aelp2",
                                     "team_id", "T0DEMO0001", "user_id", "U0AELPBOT1", "bot_id",
                                     "B0AELP0001", "is_enterprise_install", 0));
    return NULL;
}

static const char *users_info(struct slack_call *call)
{
    const char *id = text_arg(call, "user");
    json_t *user = id ? slack_user_json(id) : NULL;
    if (!user)
        return "user_not_found";
    json_object_set_new(call->result, "user", user);
    return NULL;
}

static const char *conversations_info(struct slack_call *call)
{
    const char *name = text_arg(call, "channel");
    const char *id = name ? slack_channel_id(name) : NULL;
    if (!id)
        return "channel_not_found";
    json_object_set_new(call->result, "channel",
                        json_pack("{s:s,s:b,s:b,s:b,s:b}", "id", id, "is_channel", id[0] == 'C',
                                  "is_im", id[0] == 'U', "is_archived", 0, "is_member", 1));
    return NULL;
}

/* With the ephemeral's rights: five posts in half an hour. */
static const char *respond(struct slack_call *call, const char *number_text)
{
    size_t number = strtoul(number_text, NULL, 10);
    if (number == 0 || number > call->slack->click_count)
        return "invalid_url";
    struct slack_click *click = &call->slack->clicks[number - 1];
    if (call->request->now_micros - click->at_micros > response_micros)
        return "expired_url";
    if (click->responses == response_max)
        return "used_url";
    struct slack_message *message = slack_message_at(call->slack, click->ts_micros);
    if (json_is_true(json_object_get(call->args, "delete_original"))) {
        json_decref(message->body);
        message->body = NULL;
    } else {
        const char *wrong = check_message(call);
        if (wrong)
            return wrong;
        const char *type = text_arg(call, "response_type");
        bool public = type && strcmp(type, "in_channel") == 0;
        if (json_is_true(json_object_get(call->args, "replace_original")) && message->body)
            replace_message(call, message);
        else
            slack_add_message(call->slack, message->channel, public ? "" : click->user,
                              message_body(call), call->request->now_micros);
    }
    click->responses++;
    return NULL;
}

static const struct slack_method {
    const char *name;
    bool write;
    const char *(*run)(struct slack_call *call);
} methods[] = {
    {"chat.postMessage",   true,  chat_post_message  },
    {"chat.update",        true,  chat_update        },
    {"chat.postEphemeral", true,  chat_post_ephemeral},
    {"views.open",         true,  views_open         },
    {"auth.test",          false, auth_test          },
    {"users.info",         false, users_info         },
    {"conversations.info", false, conversations_info },
};

static const char *check_token(const struct slack_call *call)
{
    const char *header = request_header(call->request, "authorization");
    const char *token =
        header && strncmp(header, "Bearer ", 7) == 0 ? header + 7 : text_arg(call, "token");
    if (!token)
        return "not_authed";
    return strcmp(token, call->slack->token) == 0 ? NULL : "invalid_auth";
}

static const char *run_method(struct slack_call *call, const struct slack_method *method)
{
    const char *wrong = !json_is_object(call->args) ? "invalid_json" : check_token(call);
    if (wrong)
        return wrong;
    return method ? method->run(call) : "unknown_method";
}

/* True: the request goes on. */
static bool pass_faults_before(struct slack_call *call, bool write)
{
    struct faults *faults = &call->slack->faults;
    call->reply->delay_ms = faults_latency_ms(faults);
    if (faults_strike(faults, FAULT_HANG, write)) {
        call->reply->fate = REPLY_HELD;
    } else if (faults_strike(faults, FAULT_TOO_MANY, write)) {
        call->reply->status = 429;
        call->reply->retry_after_s = faults->retry_after_s;
        buffer_add_text(&call->reply->body, "{\"ok\":false,\"error\":\"ratelimited\"}");
    } else if (faults_strike(faults, FAULT_ERROR_BEFORE, write)) {
        call->reply->status = 503;
        buffer_add_text(&call->reply->body, "{\"ok\":false,\"error\":\"service_unavailable\"}");
    } else {
        return true;
    }
    return false;
}

static void pass_faults_after(struct slack_call *call, bool write)
{
    struct faults *faults = &call->slack->faults;
    if (faults_strike(faults, FAULT_LOSE_REPLY, write))
        call->reply->fate = REPLY_DROPPED;
    else if (faults_strike(faults, FAULT_HANG_AFTER, write))
        call->reply->fate = REPLY_HELD;
    else if (faults_strike(faults, FAULT_ERROR_AFTER, write))
        call->reply->status = 500;
    else if (faults_strike(faults, FAULT_TRUNCATE, write))
        call->reply->fate = REPLY_CUT;
}

static void write_result(struct slack_call *call, const char *wrong)
{
    json_object_set_new(call->result, "ok", json_boolean(!wrong));
    if (wrong)
        json_object_set_new(call->result, "error", json_string(wrong));
    if (call->why[0])
        json_object_set_new(call->result, "response_metadata",
                            json_pack("{s:[s]}", "messages", call->why));
    char *text = json_dumps(call->result, JSON_COMPACT);
    buffer_add_text(&call->reply->body, text);
    mem_free(text);
}

bool slack_owns_path(const char *path)
{
    return strncmp(path, "/api/", 5) == 0 || strncmp(path, "/slack/response/", 16) == 0;
}

void slack_answer(struct slack *slack, const struct request *request, struct reply *reply)
{
    struct slack_call call = {.slack = slack, .request = request, .reply = reply};
    const struct slack_method *method = NULL;
    bool response = strncmp(request->path, "/slack/response/", 16) == 0;
    for (size_t i = 0; i < COUNT(methods); i++)
        if (!response && strcmp(methods[i].name, request->path + 5) == 0)
            method = &methods[i];
    bool write = response || (method && method->write);
    reply->status = 200;
    reply->type = "application/json; charset=utf-8";
    if (!pass_faults_before(&call, write))
        return;
    call.args = read_args(request);
    call.result = json_object();
    const char *wrong;
    if (!response)
        wrong = run_method(&call, method);
    else
        wrong = json_is_object(call.args) ? respond(&call, request->path + 16) : "invalid_json";
    write_result(&call, wrong);
    pass_faults_after(&call, write);
    json_decref(call.args);
    json_decref(call.result);
}
