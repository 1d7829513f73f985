#include "world_control.h"

#include "click.h"
#include "mutate.h"
#include "seed.h"
#include "wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { page_max = 10000 };

struct control_call {
    struct world *world;
    const struct request *request;
    struct reply *reply;
    json_t *body; /* an object */
};

static void say_problem(struct control_call *call, int status, const char *text)
{
    struct json_writer writer = {.out = &call->reply->body};
    call->reply->status = status;
    buffer_clear(writer.out);
    writer_open(&writer, '{');
    writer_key(&writer, "error");
    writer_text(&writer, text);
    writer_close(&writer, '}');
}

static void write_faults(struct control_call *call)
{
    struct json_writer writer = {.out = &call->reply->body};
    writer_open(&writer, '{');
    writer_key(&writer, "google");
    faults_write(&call->world->google_faults, &writer);
    writer_key(&writer, "slack");
    faults_write(&call->world->slack.faults, &writer);
    writer_close(&writer, '}');
}

static void put_faults(struct control_call *call)
{
    struct faults google = call->world->google_faults, slack = call->world->slack.faults;
    const json_t *google_json = json_object_get(call->body, "google");
    const json_t *slack_json = json_object_get(call->body, "slack");
    struct err err = {0};
    size_t known = google_json ? 1 : 0;
    known += slack_json ? 1 : 0;
    if (known == 0 || known != json_object_size(call->body)) {
        say_problem(call, 400, "faults: {\"google\":{...},\"slack\":{...}}, either or both");
        return;
    }
    if ((google_json && !faults_read(&google, google_json, &err))
        || (slack_json && !faults_read(&slack, slack_json, &err))) {
        say_problem(call, 400, err.text);
        return;
    }
    call->world->google_faults = google;
    call->world->slack.faults = slack;
    write_faults(call);
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

static void get_stats(struct control_call *call)
{
    const struct world *world = call->world;
    buffer_format(&call->reply->body,
                  "{\"requests\":%" PRIu64 ",\"ledger\":%zu,\"changes\":%zu,\"budgets\":%zu,"
                  "\"campaigns\":%zu,\"slack_messages\":%zu,\"slack_clicks\":%zu}",
                  world->requests, world->ledger.count, world->account->change_count,
                  world->account->budget_count, world->account->campaign_count,
                  world->slack.message_count, world->slack.click_count);
}

static void post_reset(struct control_call *call)
{
    int64_t seed = call->world->settings.seed;
    int64_t budgets = call->world->settings.extra_budgets;
    const json_t *seed_json = wire_member(call->body, "seed");
    const json_t *budgets_json = wire_member(call->body, "budgets");
    if ((seed_json && !wire_int64(seed_json, &seed))
        || (budgets_json && !wire_int64(budgets_json, &budgets)) || budgets < 0
        || budgets > SEED_BUDGETS_MAX) {
        say_problem(call, 400, "reset: {\"seed\":integer,\"budgets\":0..100000}");
        return;
    }
    world_reset(call->world, seed, budgets);
    get_stats(call);
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
        say_problem(call, 400, "edits: {\"budget\":9,\"micros\":51000000,\"user_email\":\"...\"}");
        return;
    }
    if (mutate_by_hand(call->world->account, call->request->arena, budget, micros, email,
                       call->request->now_micros, &failure))
        buffer_add_text(&call->reply->body, "{}");
    else
        say_problem(call, 400, failure.message);
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
        say_problem(call, 400, "click: {\"channel\",\"ts\",\"user\",\"action_id\",...}");
    } else if (!click_build(slack, &click, now_micros, &body, &err)) {
        say_problem(call, 404, err.text);
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
    {"GET",  "/_world/faults",         write_faults},
    {"PUT",  "/_world/faults",         put_faults  },
    {"GET",  "/_world/ledger",         get_ledger  },
    {"GET",  "/_world/budgets",        get_budgets },
    {"GET",  "/_world/stats",          get_stats   },
    {"POST", "/_world/reset",          post_reset  },
    {"POST", "/_world/tokens/expire",  post_expire },
    {"POST", "/_world/edits",          post_edit   },
    {"GET",  "/_world/slack/messages", get_messages},
    {"GET",  "/_world/slack/views",    get_views   },
    {"POST", "/_world/slack/click",    post_click  },
};

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
           && (strcmp(controls[i].path, request->path) != 0
               || strcmp(controls[i].method, request->method) != 0))
        i++;
    call.body = request->body.length
        ? json_loadb((const char *)request->body.data, request->body.length, 0, NULL)
        : json_object();
    if (i == COUNT(controls))
        say_problem(&call, 404, "unknown control; services/world/README.md lists them");
    else if (!json_is_object(call.body))
        say_problem(&call, 400, "the body is no JSON object");
    else
        controls[i].run(&call);
    json_decref(call.body);
}
