#include "ga4.h"

#include "ga4_report.h"
#include "rpc_error.h"
#include "wire.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char prefix[] = "/v1beta/properties/";
enum { batch_max = 5 };
static const int64_t hour_micros = INT64_C(3600) * 1000000;

struct ga4_call {
    struct world *world;
    struct ga4 *ga4;
    const struct request *request;
    struct reply *reply;
    const json_t *body;
};

bool ga4_owns_path(const char *path)
{
    return strncmp(path, "/v1beta/", 8) == 0;
}

static const struct stage *stage_of(const struct ga4_call *call)
{
    return call->world->staged ? &call->world->stage : NULL;
}

static int64_t tokens_a_day(const struct ga4 *ga4)
{
    int64_t set = ga4->gate.faults.operations_a_day;
    return set ? set : GA4_TOKENS_A_DAY;
}

/* Days and hours are the property's, as the platform's own quotas are. */
static bool check_quota(struct ga4_call *call)
{
    struct ga4 *ga4 = call->ga4;
    int64_t now_micros = world_now(call->world, call->request->now_micros);
    int64_t day = zone_day(call->world->account->customer.zone, now_micros);
    if (day != ga4->day)
        ga4->tokens_day = 0;
    if (now_micros / hour_micros != ga4->hour)
        ga4->tokens_hour = 0;
    ga4->day = day;
    ga4->hour = now_micros / hour_micros;
    if (ga4->tokens_day < tokens_a_day(ga4) && ga4->tokens_hour < GA4_TOKENS_AN_HOUR)
        return true;
    ga4->gate.refused++;
    rpc_error(call->reply, 429,
              "Exhausted property tokens per %s. These quota tokens will return in under %s.",
              ga4->tokens_day < tokens_a_day(ga4) ? "hour" : "day",
              ga4->tokens_day < tokens_a_day(ga4) ? "one hour" : "24 hours");
    return false;
}

static void write_status(struct json_writer *writer, const char *name, int64_t used, int64_t of)
{
    writer_key(writer, name);
    writer_open(writer, '{');
    writer_key(writer, "consumed");
    writer_number(writer, used);
    writer_key(writer, "remaining");
    writer_number(writer, of > used ? of - used : 0);
    writer_close(writer, '}');
}

static void write_quota(const struct ga4 *ga4, struct json_writer *writer)
{
    writer_key(writer, "propertyQuota");
    writer_open(writer, '{');
    write_status(writer, "tokensPerDay", ga4->tokens_day, tokens_a_day(ga4));
    write_status(writer, "tokensPerHour", ga4->tokens_hour, GA4_TOKENS_AN_HOUR);
    write_status(writer, "concurrentRequests", 0, 10);
    write_status(writer, "serverErrorsPerProjectPerHour", 0, 10);
    write_status(writer, "potentiallyThresholdedRequestsPerHour", 0, 120);
    write_status(writer, "tokensPerProjectPerHour", ga4->tokens_hour, 14000);
    writer_close(writer, '}');
}

static void write_metadata(const struct ga4_call *call, struct json_writer *writer)
{
    const struct customer *customer = &call->world->account->customer;
    writer_key(writer, "metadata");
    writer_open(writer, '{');
    writer_key(writer, "currencyCode");
    writer_text(writer, customer->currency);
    writer_key(writer, "timeZone");
    writer_text(writer, zone_name(customer->zone));
    writer_close(writer, '}');
}

/* One report as a JSON object; false: the reply is the error. */
static bool write_report(struct ga4_call *call, const json_t *body, struct json_writer *writer)
{
    int64_t now_micros = world_now(call->world, call->request->now_micros);
    int64_t today = zone_day(call->world->account->customer.zone, now_micros);
    struct ga4_report report;
    struct err err = {0};
    bool ok = ga4_report_read(body, today, call->request->arena, &report, &err);
    if (ok) {
        writer_open(writer, '{');
        size_t rows = ga4_report_run(&report, stage_of(call), call->request->arena, writer);
        int64_t cost = 1 + (int64_t)rows / 1000;
        call->ga4->tokens_day += cost;
        call->ga4->tokens_hour += cost;
        write_metadata(call, writer);
        if (report.quota)
            write_quota(call->ga4, writer);
        writer_key(writer, "kind");
        writer_text(writer, "analyticsData#runReport");
        writer_close(writer, '}');
    }
    ga4_report_done(&report);
    if (!ok)
        rpc_error(call->reply, 400, "%s", err.text);
    return ok;
}

static void run_report(struct ga4_call *call)
{
    struct json_writer writer = {.out = &call->reply->body};
    (void)write_report(call, call->body, &writer); /* else the reply is the error */
}

static void run_batch(struct ga4_call *call)
{
    const json_t *requests = wire_member(call->body, "requests");
    struct json_writer writer = {.out = &call->reply->body};
    if (json_array_size(requests) == 0 || json_array_size(requests) > batch_max) {
        rpc_error(call->reply, 400, "A batch has 1 to %d requests.", batch_max);
        return;
    }
    writer_open(&writer, '{');
    writer_key(&writer, "reports");
    writer_open(&writer, '[');
    for (size_t i = 0; i < json_array_size(requests); i++)
        if (!write_report(call, json_array_get(requests, i), &writer))
            return;
    writer_close(&writer, ']');
    writer_key(&writer, "kind");
    writer_text(&writer, "analyticsData#batchRunReports");
    writer_close(&writer, '}');
}

static void write_name(struct json_writer *writer, const char *name, const char *type)
{
    writer_open(writer, '{');
    writer_key(writer, "apiName");
    writer_text(writer, name);
    writer_key(writer, "uiName");
    writer_text(writer, name);
    if (type) {
        writer_key(writer, "type");
        writer_text(writer, type);
    }
    writer_close(writer, '}');
}

static void get_metadata(struct ga4_call *call)
{
    struct json_writer writer = {.out = &call->reply->body};
    writer_open(&writer, '{');
    writer_key(&writer, "name");
    buffer_format(writer.out, "\"properties/%s/metadata\"", call->ga4->property);
    writer.comma = true;
    writer_key(&writer, "dimensions");
    writer_open(&writer, '[');
    for (const struct ga4_dimension *row = ga4_dimensions; row->name; row++)
        write_name(&writer, row->name, NULL);
    writer_close(&writer, ']');
    writer_key(&writer, "metrics");
    writer_open(&writer, '[');
    for (const struct ga4_metric *row = ga4_metrics; row->name; row++)
        write_name(&writer, row->name, ga4_type_name(row->type));
    writer_close(&writer, ']');
    writer_close(&writer, '}');
}

static const struct {
    const char *method, *tail; /* behind the property's number */
    void (*run)(struct ga4_call *call);
} routes[] = {
    {"POST", ":runReport",       run_report  },
    {"POST", ":batchRunReports", run_batch   },
    {"GET",  "/metadata",        get_metadata},
};

static bool check_token(struct ga4_call *call)
{
    struct oauth *oauth = &call->world->oauth;
    int64_t now_micros = call->request->now_micros;
    if (faults_strike(&call->ga4->gate.faults, FAULT_EXPIRE, false))
        oauth->valid_from_micros = now_micros + 1;
    if (oauth_check(oauth, request_header(call->request, "authorization"), now_micros)
        == OAUTH_VALID)
        return true;
    rpc_error(call->reply, 401,
              "Request had invalid authentication credentials. Expected OAuth 2 access token, "
              "login cookie or other valid authentication credential.");
    return false;
}

static bool check_property(struct ga4_call *call, const char *property, size_t length)
{
    if (length == strlen(call->ga4->property)
        && strncmp(property, call->ga4->property, length) == 0)
        return true;
    rpc_error(call->reply, 403,
              "User does not have sufficient permissions for this property. To learn more about "
              "Property ID, see the API's documentation.");
    return false;
}

static void run_route(struct ga4_call *call)
{
    const char *property = call->request->path + sizeof prefix - 1;
    bool ours = strncmp(call->request->path, prefix, sizeof prefix - 1) == 0;
    size_t length = ours ? strspn(property, "0123456789") : 0;
    size_t i = 0;
    while (i < COUNT(routes)
           && (length == 0 || strcmp(routes[i].tail, property + length) != 0
               || strcmp(routes[i].method, call->request->method) != 0))
        i++;
    if (i == COUNT(routes))
        rpc_error(call->reply, 404, "Method not found.");
    else if (check_token(call) && check_property(call, property, length) && check_quota(call))
        routes[i].run(call);
}

void ga4_answer(struct world *world, const struct request *request, struct reply *reply)
{
    struct ga4_call call = {.world = world, .ga4 = &world->ga4, .request = request, .reply = reply};
    json_t *body = request->body.length
        ? json_loadb((const char *)request->body.data, request->body.length, 0, NULL)
        : json_object();
    call.body = body;
    reply->status = 200;
    reply->type = "application/json; charset=UTF-8";
    switch (gate_enter(&world->ga4.gate, reply)) {
    case GATE_HELD:
        break;
    case GATE_TOO_MANY:
        rpc_error(reply, 429, "Quota exceeded for quota metric 'Requests'.");
        reply->retry_after_s = world->ga4.gate.faults.retry_after_s;
        break;
    case GATE_ERROR:
        rpc_error(reply, 503, "The service is currently unavailable.");
        break;
    case GATE_OPEN:
        if (json_is_object(body))
            run_route(&call);
        else
            rpc_error(reply, 400, "Invalid JSON payload received.");
        if (gate_leave(&world->ga4.gate, reply))
            rpc_error(reply, 500, "An internal error has occurred.");
    }
    json_decref(body);
}
