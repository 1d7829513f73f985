#include "world_control.h"

#include "click.h"
#include "control.h"
#include "mutate.h"
#include "seed.h"
#include "wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { page_max = 10000 };

void control_problem(struct control_call *call, int status, const char *text)
{
    struct json_writer writer = {.out = &call->reply->body};
    call->reply->status = status;
    buffer_clear(writer.out);
    writer_open(&writer, '{');
    writer_key(&writer, "error");
    writer_text(&writer, text);
    writer_close(&writer, '}');
}

static const struct {
    const char *name;
    size_t offset; /* of its faults in the world */
} platforms[] = {
    {"google", offsetof(struct world, google_faults)   },
    {"ga4",    offsetof(struct world, ga4.gate.faults) },
    {"shop",   offsetof(struct world, shop.gate.faults)},
    {"slack",  offsetof(struct world, slack.faults)    },
};

static struct faults *faults_at(struct world *world, size_t platform)
{
    return (struct faults *)(void *)((char *)world + platforms[platform].offset);
}

static void write_faults(struct control_call *call)
{
    struct json_writer writer = {.out = &call->reply->body};
    writer_open(&writer, '{');
    for (size_t i = 0; i < COUNT(platforms); i++) {
        writer_key(&writer, platforms[i].name);
        faults_write(faults_at(call->world, i), &writer);
    }
    writer_close(&writer, '}');
}

/* All that is named, or nothing. */
static void put_faults(struct control_call *call)
{
    struct faults changed[COUNT(platforms)];
    struct err err = {0};
    size_t known = 0;
    for (size_t i = 0; i < COUNT(platforms); i++) {
        const json_t *json = json_object_get(call->body, platforms[i].name);
        changed[i] = *faults_at(call->world, i);
        known += json != NULL;
        if (json && !faults_read(&changed[i], json, &err)) {
            control_problem(call, 400, err.text);
            return;
        }
    }
    if (known == 0 || known != json_object_size(call->body)) {
        control_problem(call, 400, "faults: {\"google\":{...},\"ga4\",\"shop\",\"slack\"}");
        return;
    }
    for (size_t i = 0; i < COUNT(platforms); i++)
        *faults_at(call->world, i) = changed[i];
    write_faults(call);
}

static void write_clock(struct control_call *call)
{
    const struct world *world = call->world;
    struct json_writer writer = {.out = &call->reply->body};
    int64_t now_micros = world_now(world, call->request->now_micros);
    enum zone zone = world->account->customer.zone;
    char text[ZONE_TEXT];
    writer_open(&writer, '{');
    writer_key(&writer, "now_micros");
    writer_number(&writer, now_micros);
    writer_key(&writer, "now");
    zone_text(zone, now_micros, text);
    writer_text(&writer, text);
    writer_key(&writer, "zone");
    writer_text(&writer, zone_name(zone));
    if (world->staged) {
        writer_key(&writer, "first_day");
        zone_date_text(world->stage.start_day, text);
        writer_text(&writer, text);
        writer_key(&writer, "hours");
        writer_number(&writer, market_now(world->stage.market));
    }
    writer_close(&writer, '}');
}

static void get_ledger(struct control_call *call)
{
    int64_t after = request_query_number(call->request, "after", INT64_MAX / 2, 0);
    int64_t limit = request_query_number(call->request, "limit", page_max, page_max);
    call->reply->type = "application/x-ndjson";
    ledger_write(&call->world->ledger, (size_t)after, (size_t)limit, &call->reply->body);
}

static void write_budget(struct json_writer *writer, const struct budget *budget)
{
    writer_open(writer, '{');
    writer_key(writer, "id");
    writer_number(writer, budget->id);
    writer_key(writer, "name");
    writer_text(writer, budget->name);
    writer_key(writer, "amount_micros");
    writer_number(writer, budget->amount_micros);
    writer_key(writer, "status");
    writer_text(writer, enum_name(&enum_budget_status, budget->status));
    writer_key(writer, "shared");
    writer_bool(writer, budget->explicitly_shared);
    writer_key(writer, "campaigns");
    writer_number(writer, budget->reference_count);
    writer_close(writer, '}');
    buffer_add(writer->out, "\n", 1);
    writer->comma = false;
}

static void get_budgets(struct control_call *call)
{
    const struct account *account = call->world->account;
    int64_t after = request_query_number(call->request, "after", ACCOUNT_BUDGETS_MAX, 0);
    int64_t limit = request_query_number(call->request, "limit", page_max, page_max);
    struct json_writer writer = {.out = &call->reply->body};
    call->reply->type = "application/x-ndjson";
    for (int64_t id = after + 1; id <= after + limit && account_budget(account, id); id++)
        write_budget(&writer, account_budget(account, id));
}

static void write_count(struct json_writer *writer, const char *key, int64_t count)
{
    writer_key(writer, key);
    writer_number(writer, count);
}

/* What was used of the platforms' quotas; a limit of 0 is none. */
static void write_quotas(const struct world *world, struct json_writer *writer)
{
    writer_key(writer, "google");
    writer_open(writer, '{');
    write_count(writer, "operations_today", world->google_quota.operations);
    write_count(writer, "operations_a_day", world->google_faults.operations_a_day);
    write_count(writer, "refused", world->google_quota.refused);
    writer_close(writer, '}');
    writer_key(writer, "ga4");
    writer_open(writer, '{');
    write_count(writer, "requests", (int64_t)world->ga4.gate.requests);
    write_count(writer, "tokens_today", world->ga4.tokens_day);
    write_count(writer, "tokens_this_hour", world->ga4.tokens_hour);
    write_count(writer, "refused", (int64_t)world->ga4.gate.refused);
    writer_close(writer, '}');
    writer_key(writer, "shop");
    writer_open(writer, '{');
    write_count(writer, "requests", (int64_t)world->shop.gate.requests);
    write_count(writer, "refused", (int64_t)world->shop.gate.refused);
    writer_close(writer, '}');
}

static void get_stats(struct control_call *call)
{
    const struct world *world = call->world;
    struct json_writer writer = {.out = &call->reply->body};
    writer_open(&writer, '{');
    write_count(&writer, "requests", (int64_t)world->requests);
    write_count(&writer, "ledger", (int64_t)world->ledger.count);
    write_count(&writer, "changes", (int64_t)world->account->change_count);
    write_count(&writer, "budgets", (int64_t)world->account->budget_count);
    write_count(&writer, "campaigns", (int64_t)world->account->campaign_count);
    write_count(&writer, "ads", (int64_t)world->account->ad_count);
    write_count(&writer, "slack_messages", (int64_t)world->slack.message_count);
    write_count(&writer, "slack_clicks", (int64_t)world->slack.click_count);
    write_quotas(world, &writer);
    writer_close(&writer, '}');
}

/* What the body names, else as it is. */
static bool read_settings(const json_t *body, struct world_settings *settings)
{
    const json_t *seed = wire_member(body, "seed"), *budgets = wire_member(body, "budgets");
    const json_t *days = wire_member(body, "history_days");
    const char *preset = json_string_value(wire_member(body, "preset"));
    const char *start = json_string_value(wire_member(body, "start_date"));
    if ((seed && !wire_int64(seed, &settings->seed))
        || (budgets && !wire_int64(budgets, &settings->extra_budgets))
        || (days && !wire_int64(days, &settings->history_days)))
        return false;
    settings->preset = preset ? preset : settings->preset;
    settings->start_date = start ? start : settings->start_date;
    return settings->extra_budgets >= 0 && settings->extra_budgets <= SEED_BUDGETS_MAX
        && settings->history_days >= 0 && settings->history_days <= STAGE_HISTORY_MAX;
}

static void post_reset(struct control_call *call)
{
    struct world_settings settings = call->world->settings;
    struct err err = {0};
    if (!read_settings(call->body, &settings))
        control_problem(call, 400,
                        "reset: {\"seed\":integer,\"budgets\":0..100000,\"preset\":\"demo\","
                        "\"history_days\":0..1500,\"start_date\":\"2026-01-31\"}");
    else if (call->world->stage.pins)
        control_problem(call, 409, "a truth is being found: later");
    else if (!world_reset(call->world, &settings, call->request->now_micros, &err))
        control_problem(call, 400, err.text);
    else
        get_stats(call);
}

/* {"hours":24} or {"days":1}: the market's time, and with it the platforms'. */
static void post_advance(struct control_call *call)
{
    enum { advance_hours_max = 24 * 400 };
    const json_t *hours_json = wire_member(call->body, "hours");
    const json_t *days_json = wire_member(call->body, "days");
    struct world *world = call->world;
    int64_t hours = 0;
    if (!world->staged || world->stage.pins) {
        control_problem(call, 409,
                        world->staged ? "a truth is being found: later"
                                      : "there is no market: WORLD_PRESET, or reset with a preset");
        return;
    }
    if (!wire_int64(hours_json ? hours_json : days_json, &hours) || hours < 1
        || hours > advance_hours_max / (hours_json ? 1 : 24)) {
        control_problem(call, 400, "advance: {\"hours\":1..9600} or {\"days\":1..400}");
        return;
    }
    stage_advance(&world->stage, world->account, hours_json ? hours : hours * 24,
                  call->request->now_micros);
    write_clock(call);
}

static void post_expire(struct control_call *call)
{
    call->world->oauth.valid_from_micros = call->request->now_micros + 1;
    buffer_add_text(&call->reply->body, "{}");
}

static void post_edit(struct control_call *call)
{
    int64_t budget, micros;
    const char *email = json_string_value(wire_member(call->body, "user_email"));
    struct failure failure = {0};
    if (!wire_int64(wire_member(call->body, "budget"), &budget)
        || !wire_int64(wire_member(call->body, "micros"), &micros) || !email) {
        control_problem(call, 400,
                        "edits: {\"budget\":9,\"micros\":51000000,\"user_email\":\"...\"}");
        return;
    }
    if (mutate_by_hand(call->world->account, call->request->arena, budget, micros, email,
                       world_now(call->world, call->request->now_micros), &failure))
        buffer_add_text(&call->reply->body, "{}");
    else
        control_problem(call, 400, failure.message);
}

static void get_messages(struct control_call *call)
{
    int64_t after = request_query_number(call->request, "after", INT64_MAX / 2, 0);
    int64_t limit = request_query_number(call->request, "limit", page_max, page_max);
    call->reply->type = "application/x-ndjson";
    slack_write_messages(&call->world->slack, (size_t)after, (size_t)limit, &call->reply->body);
}

static void get_views(struct control_call *call)
{
    char *text = json_dumps(call->world->slack.views, JSON_COMPACT);
    buffer_add_text(&call->reply->body, text);
    mem_free(text);
}

/* Signs the body, with another secret or time when a test wants to forge or replay. */
static void set_delivery(struct control_call *call, struct bytes body, int64_t timestamp_s)
{
    struct arena *arena = call->request->arena;
    struct delivery *delivery = &call->reply->delivery;
    const char *secret = json_string_value(wire_member(call->body, "secret"));
    const char *url = json_string_value(wire_member(call->body, "url"));
    char signature[CLICK_SIGNATURE_TEXT];
    click_sign(secret ? secret : call->world->slack.signing_secret, timestamp_s, body, signature);
    *delivery = (struct delivery){
        .url = url ? arena_text(arena, url, strlen(url)) : NULL,
        .timestamp = arena_format(arena, "%" PRId64, timestamp_s),
        .signature = arena_text(arena, signature, strlen(signature)),
        .body = bytes_of(arena_text(arena, (const char *)body.data, body.length), body.length),
    };
}

static void write_delivery(struct control_call *call)
{
    const struct delivery *delivery = &call->reply->delivery;
    struct json_writer writer = {.out = &call->reply->body};
    writer_open(&writer, '{');
    writer_key(&writer, "body");
    writer_text(&writer, (const char *)delivery->body.data);
    writer_key(&writer, "headers");
    writer_open(&writer, '{');
    writer_key(&writer, "Content-Type");
    writer_text(&writer, "application/x-www-form-urlencoded");
    writer_key(&writer, "X-Slack-Request-Timestamp");
    writer_text(&writer, delivery->timestamp);
    writer_key(&writer, "X-Slack-Signature");
    writer_text(&writer, delivery->signature);
    writer_close(&writer, '}');
    writer_close(&writer, '}');
}

/* {"channel","ts","user","action_id","value"?,"team"?,"skew_s"?,"secret"?,"url"?}: the signed
 * request, and with a url also its outcome there. */
static void post_click(struct control_call *call)
{
    struct slack *slack = &call->world->slack;
    struct click click = {
        .channel = json_string_value(wire_member(call->body, "channel")),
        .ts = json_string_value(wire_member(call->body, "ts")),
        .user = json_string_value(wire_member(call->body, "user")),
        .action_id = json_string_value(wire_member(call->body, "action_id")),
        .value = json_string_value(wire_member(call->body, "value")),
        .team = json_string_value(wire_member(call->body, "team")),
    };
    int64_t now_micros = call->request->now_micros;
    struct buffer body = {0};
    struct err err = {0};
    if (!click.channel || !click.ts || !click.user || !click.action_id) {
        control_problem(call, 400, "click: {\"channel\",\"ts\",\"user\",\"action_id\",...}");
    } else if (!click_build(slack, &click, now_micros, &body, &err)) {
        control_problem(call, 404, err.text);
    } else {
        int64_t timestamp_s =
            now_micros / 1000000 + json_integer_value(wire_member(call->body, "skew_s"));
        set_delivery(call, buffer_view(&body), timestamp_s);
        write_delivery(call);
    }
    buffer_done(&body);
}

static const struct {
    const char *method, *path;
    void (*run)(struct control_call *call);
} controls[] = {
    {"GET",  "/_world/faults",         write_faults },
    {"PUT",  "/_world/faults",         put_faults   },
    {"GET",  "/_world/ledger",         get_ledger   },
    {"GET",  "/_world/budgets",        get_budgets  },
    {"GET",  "/_world/stats",          get_stats    },
    {"POST", "/_world/reset",          post_reset   },
    {"GET",  "/_world/clock",          write_clock  },
    {"POST", "/_world/advance",        post_advance },
    {"GET",  "/_world/truth/",         control_truth},
    {"POST", "/_world/tokens/expire",  post_expire  },
    {"POST", "/_world/edits",          post_edit    },
    {"GET",  "/_world/slack/messages", get_messages },
    {"GET",  "/_world/slack/views",    get_views    },
    {"POST", "/_world/slack/click",    post_click   },
};

/* A row that ends in / has all below it. */
static bool fits(const char *row, const char *path)
{
    size_t length = strlen(row);
    return row[length - 1] == '/' ? strncmp(row, path, length) == 0 : strcmp(row, path) == 0;
}

bool control_owns_path(const char *path)
{
    return strncmp(path, "/_world/", 8) == 0;
}

void control_answer(struct world *world, const struct request *request, struct reply *reply)
{
    struct control_call call = {.world = world, .request = request, .reply = reply};
    size_t i = 0;
    reply->status = 200;
    reply->type = "application/json";
    while (i < COUNT(controls)
           && (!fits(controls[i].path, request->path)
               || strcmp(controls[i].method, request->method) != 0))
        i++;
    call.body = request->body.length
        ? json_loadb((const char *)request->body.data, request->body.length, 0, NULL)
        : json_object();
    if (i == COUNT(controls))
        control_problem(&call, 404, "unknown control; services/world/README.md lists them");
    else if (!json_is_object(call.body))
        control_problem(&call, 400, "the body is no JSON object");
    else
        controls[i].run(&call);
    json_decref(call.body);
}
