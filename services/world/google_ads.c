#include "google_ads.h"

#include "failure.h"
#include "google_search.h"
#include "mutate.h"
#include "wire.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { version_min = 22, version_max = 26, day_retry_s = 3600 };

/* One call under way. */
struct call {
    struct world *world;
    const struct request *request;
    struct reply *reply;
    const struct endpoint *endpoint;
    char version[8];
    int version_number;
    struct failures failures;
};

struct endpoint {
    const char *method, *name; /* "campaignBudgets:mutate", below the customer if it has one */
    bool customer, write, stream;
    enum resource_kind kind;
    void (*run)(struct call *call, const json_t *body);
};

bool google_owns_path(const char *path)
{
    return path[0] == '/' && path[1] == 'v' && isdigit((unsigned char)path[2]);
}

/* Replaces what failed before. False, so that a caller writes `return fail(...)`. */
static bool fail(struct call *call, const char *category, const char *code, const char *message)
{
    struct failure failure = {0};
    assert(code);                                               /* every refusal has one */
    (void)failure_set(&failure, category, code, "%s", message); /* always false */
    failure.retry_s = strcmp(code, "RESOURCE_EXHAUSTED") == 0
        ? day_retry_s
        : call->world->google_faults.retry_after_s;
    call->failures.count = 0;
    failures_add(&call->failures, call->request->arena, &failure);
    return false;
}

/* {"error":{...}}, in an array when the call streams. */
static void write_failures(struct call *call)
{
    struct json_writer writer = {.out = &call->reply->body};
    bool stream = call->endpoint && call->endpoint->stream;
    struct failure_status status = failure_status(&call->failures.item[0]);
    buffer_clear(writer.out);
    if (stream)
        writer_open(&writer, '[');
    writer_open(&writer, '{');
    writer_key(&writer, "error");
    failure_write_error(&writer, &call->failures, call->version, call->reply->request_id);
    writer_close(&writer, '}');
    if (stream)
        writer_close(&writer, ']');
    call->reply->status = status.http;
    if (status.http == 429)
        call->reply->retry_after_s = call->failures.item[0].retry_s;
}

static void run_list_customers(struct call *call, const json_t *body)
{
    (void)body; /* a GET has none that counts */
    buffer_format(&call->reply->body, "{\"resourceNames\":[\"customers/%" PRId64 "\"]}",
                  call->world->account->customer.id);
}

static void run_search(struct call *call, const json_t *body)
{
    int64_t now_micros = world_now(call->world, call->request->now_micros);
    struct google_search search = {
        .account = call->world->account,
        .stage = call->world->staged ? &call->world->stage : NULL,
        .arena = call->request->arena,
        .faults = &call->world->google_faults,
        .now_micros = now_micros,
        .visible_until_micros =
            now_micros - call->world->google_faults.change_event_delay_ms * 1000,
        .version = call->version_number,
        .request_id = call->reply->request_id,
        .stream = call->endpoint->stream,
    };
    struct failure failure = {0};
    if (!google_search(&search, body, &call->reply->body, &failure))
        failures_add(&call->failures, call->request->arena, &failure);
}

static void run_mutate(struct call *call, const json_t *body)
{
    struct mutation mutation = {
        .account = call->world->account,
        .ledger = &call->world->ledger,
        .faults = &call->world->google_faults,
        .arena = call->request->arena,
        .version = call->version,
        .request_id = call->reply->request_id,
        .request = call->world->requests,
        .body_hash = hash_sha256(call->request->body),
        .now_micros = world_now(call->world, call->request->now_micros),
        .user_email = call->world->oauth.user_email,
        .bulk = call->endpoint->kind == RESOURCE_KINDS,
        .kind = call->endpoint->kind == RESOURCE_KINDS ? RESOURCE_CAMPAIGN : call->endpoint->kind,
    };
    if (!mutate_run(&mutation, body, &call->reply->body, &call->failures))
        buffer_clear(&call->reply->body);
}

static const struct endpoint endpoints[] = {
    {"GET",  "customers:listAccessibleCustomers", false, false, false, 0,                        run_list_customers},
    {"POST", "googleAds:searchStream",            true,  false, true,  0,                        run_search        },
    {"POST", "googleAds:search",                  true,  false, false, 0,                        run_search        },
    {"POST", "googleAds:mutate",                  true,  true,  false, RESOURCE_KINDS,           run_mutate        },
    {"POST", "campaignBudgets:mutate",            true,  true,  false, RESOURCE_CAMPAIGN_BUDGET, run_mutate        },
    {"POST", "campaigns:mutate",                  true,  true,  false, RESOURCE_CAMPAIGN,        run_mutate        },
};

/* Checks "/v25"; what is behind it is *ret_rest. */
static bool check_version(struct call *call, const char **ret_rest)
{
    const char *digits = call->request->path + 2;
    size_t length = strspn(digits, "0123456789");
    long number = length <= 3 ? strtol(digits, NULL, 10) : 0;
    bool known = number >= version_min && number <= version_max
        && number > call->world->google_faults.version_sunset;
    call->version_number = (int)(known ? number : version_max);
    snprintf(call->version, sizeof call->version, "v%d", call->version_number);
    *ret_rest = digits + length;
    return known
        || fail(call, "requestError", "UNSUPPORTED_VERSION",
                "This version of the API has been deprecated or does not exist.");
}

/* Finds the endpoint and, where the path names one, the customer's digits. */
static bool find_endpoint(struct call *call, const char *rest, const char **ret_customer)
{
    *ret_customer = NULL;
    if (strncmp(rest, "/customers/", 11) == 0) {
        *ret_customer = rest + 11;
        rest = strchr(rest + 11, '/');
    }
    for (size_t i = 0; rest && i < COUNT(endpoints); i++) {
        if (strcmp(endpoints[i].name, rest + 1) != 0
            || strcmp(endpoints[i].method, call->request->method) != 0
            || endpoints[i].customer != (*ret_customer != NULL))
            continue;
        call->endpoint = &endpoints[i];
        return true;
    }
    return false;
}

static bool check_token(struct call *call)
{
    static const struct {
        const char *code, *message;
    } refusals[] = {
        [OAUTH_MISSING] = {"AUTHENTICATION_ERROR", "Authentication of the request failed."      },
        [OAUTH_INVALID] = {"OAUTH_TOKEN_INVALID",  "The OAuth token in the header is not valid."},
        [OAUTH_EXPIRED] = {"OAUTH_TOKEN_EXPIRED",  "The OAuth token in the header has expired." },
    };
    if (faults_strike(&call->world->google_faults, FAULT_EXPIRE, call->endpoint->write))
        call->world->oauth.valid_from_micros = call->request->now_micros + 1;
    enum oauth_verdict verdict =
        oauth_check(&call->world->oauth, request_header(call->request, "authorization"),
                    call->request->now_micros);
    return verdict == OAUTH_VALID
        || fail(call, "authenticationError", refusals[verdict].code, refusals[verdict].message);
}

static bool check_customer(struct call *call, const char *customer)
{
    const char *manager = request_header(call->request, "login-customer-id");
    if (manager && manager[strspn(manager, "0123456789")])
        return fail(call, "headerError", "INVALID_LOGIN_CUSTOMER_ID",
                    "The login customer ID could not be validated.");
    if (!customer)
        return true;
    char *end;
    long long id = strtoll(customer, &end, 10);
    if (end == customer || *end != '/')
        return fail(call, "requestError", "INVALID_CUSTOMER_ID",
                    "The customer ID must be digits only.");
    return id == call->world->account->customer.id
        || fail(call, "authorizationError", "USER_PERMISSION_DENIED",
                "User doesn't have permission to access customer.");
}

/* Before anything is looked at; true: the call goes on. */
static bool pass_faults_before(struct call *call)
{
    struct faults *faults = &call->world->google_faults;
    bool write = call->endpoint->write;
    if (faults_strike(faults, FAULT_HANG, write)) {
        call->reply->fate = REPLY_HELD;
        return false;
    }
    if (faults_strike(faults, FAULT_TOO_MANY, write))
        return fail(call, "quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", "Too many requests.");
    return !faults_strike(faults, FAULT_ERROR_BEFORE, write)
        || fail(call, "internalError", "TRANSIENT_ERROR",
                "A transient internal error has occurred.");
}

/* What happens to an answer that is due, and the ledger's note of it. */
static void pass_faults_after(struct call *call)
{
    struct faults *faults = &call->world->google_faults;
    bool write = call->endpoint->write;
    enum ledger_reply noted = LEDGER_REPLIED;
    if (faults_strike(faults, FAULT_LOSE_REPLY, write)) {
        call->reply->fate = REPLY_DROPPED;
        noted = LEDGER_REPLY_LOST;
    } else if (faults_strike(faults, FAULT_HANG_AFTER, write)) {
        call->reply->fate = REPLY_HELD;
        noted = LEDGER_HANGING;
    } else if (faults_strike(faults, FAULT_ERROR_AFTER, write)) {
        (void)fail(call, "internalError", "INTERNAL_ERROR", "An internal error has occurred.");
        noted = LEDGER_ERROR_AFTER;
    } else if (faults_strike(faults, FAULT_TRUNCATE, write)) {
        call->reply->fate = REPLY_CUT;
        noted = LEDGER_REPLY_CUT;
    }
    if (write)
        ledger_set_reply(&call->world->ledger, call->world->requests, noted);
}

/* What a call costs of the day's operations: one a query, one each item of a mutate request; a
 * page that goes on costs none. */
static int64_t cost_of(const struct call *call, const json_t *body)
{
    if (call->endpoint->write) {
        const json_t *one = wire_member(body, "operations");
        return (int64_t)json_array_size(one ? one : wire_member(body, "mutate_operations"));
    }
    return call->endpoint->customer && !google_search_continues(body);
}

static bool pay(struct call *call, const json_t *body)
{
    struct google_quota *quota = &call->world->google_quota;
    int64_t limit = call->world->google_faults.operations_a_day, cost = cost_of(call, body);
    int64_t day = zone_day(call->world->account->customer.zone,
                           world_now(call->world, call->request->now_micros));
    if (day != quota->day)
        *quota = (struct google_quota){.day = day, .refused = quota->refused};
    if (limit && cost && quota->operations + cost > limit) {
        quota->refused++;
        return fail(call, "quotaError", "RESOURCE_EXHAUSTED",
                    "Too many operations today for this access level.");
    }
    quota->operations += cost;
    return true;
}

static void run_endpoint(struct call *call)
{
    json_error_t error;
    json_t *body = call->request->body.length
        ? json_loadb((const char *)call->request->body.data, call->request->body.length, 0, &error)
        : json_object();
    call->reply->status = 200;
    if (!json_is_object(body))
        (void)fail(call, "requestError", "UNKNOWN", "Invalid JSON payload received.");
    else if (pay(call, body))
        call->endpoint->run(call, body);
    json_decref(body);
}

void google_answer(struct world *world, const struct request *request, struct reply *reply)
{
    struct call call = {.world = world, .request = request, .reply = reply};
    const char *rest, *customer;
    reply->type = "application/json; charset=UTF-8";
    reply->delay_ms = faults_latency_ms(&world->google_faults);
    snprintf(reply->request_id, sizeof reply->request_id, "w%015" PRIx64, world->requests);
    if (check_version(&call, &rest)) {
        if (!find_endpoint(&call, rest, &customer)) {
            reply->status = 404;
            buffer_add_text(&reply->body,
                            "{\"error\":{\"code\":404,\"message\":\"Method not found."
                            "\",\"status\":\"NOT_FOUND\"}}");
            return;
        }
        if (pass_faults_before(&call) && check_token(&call) && check_customer(&call, customer)) {
            run_endpoint(&call);
            pass_faults_after(&call);
        }
    }
    if (call.failures.count)
        write_failures(&call);
}
