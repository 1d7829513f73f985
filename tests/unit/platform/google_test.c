/* google: tokens, headers and pages, against a server that answers as told. */
#include "platform.h"

#include "http/loopback.h"

#include <stdatomic.h>

static struct google_side {
    struct loopback loopback;
    char url[64];
    atomic_int tokens, streams, pages, mutates;
    atomic_int refused; /* so many calls meet a 401 first */
    _Atomic(const char *) token_answer;
    _Atomic(const char *) stream_answer;
} side;

static const char secret[] = "s3cr&t/+ value";
static const char good_token[] = "{\"access_token\":\"ya29.first\",\"expires_in\":3599}";
static const char empty_stream[] = "[{\"fieldMask\":\"x\"}]";

static void on_token(struct http_exchange *exchange, void *state)
{
    struct bytes body = http_body(exchange);
    const char *answer = side.token_answer;
    (void)state;
    side.tokens++;
    bool asked_well = memmem(body.data, body.length, "grant_type=refresh_token", 24)
        && memmem(body.data, body.length, "client_secret=s3cr%26t%2F%2B%20value", 36);
    http_answer_json(exchange, asked_well && answer == good_token ? 200 : 400,
                     bytes_of_text(asked_well ? answer : "{\"error\":\"invalid_request\"}"));
}

static bool refuses(struct http_exchange *exchange)
{
    const char *given = http_header(exchange, "authorization");
    bool good = given && strcmp(given, "Bearer ya29.first") == 0
        && !http_header(exchange, "developer-token")
        && strcmp(http_header(exchange, "login-customer-id"), "42") == 0;
    if (good && side.refused == 0)
        return false;
    side.refused--;
    http_answer_json(exchange, 401,
                     bytes_of_text("{\"error\":{\"code\":401,\"status\":\"UNAUTHENTICATED\"}}"));
    return true;
}

static void on_stream(struct http_exchange *exchange, void *state)
{
    (void)state;
    side.streams++;
    if (!refuses(exchange))
        http_answer_json(exchange, 200, bytes_of_text(side.stream_answer));
}

#define ROW(id)                                                                      \
    "{\"customer\":{\"currencyCode\":\"USD\"},\"campaignBudget\":{\"resourceName\":" \
    "\"customers/7/campaignBudgets/" id "\",\"amountMicros\":\"50000000\"}}"

static void on_page(struct http_exchange *exchange, void *state)
{
    struct bytes body = http_body(exchange);
    bool second = memmem(body.data, body.length, "\"pageToken\":\"two\"", 17);
    (void)state;
    side.pages++;
    http_answer_json(exchange, 200,
                     bytes_of_text(second ? "{\"results\":[" ROW("10") "]}"
                                          : "{\"results\":[" ROW("9") "],\"nextPageToken\":"
                                                                      "\"two\"}"));
}

static void on_mutate(struct http_exchange *exchange, void *state)
{
    (void)state;
    side.mutates++;
    if (!refuses(exchange))
        http_answer_json(exchange, 200,
                         bytes_of_text("{\"results\":[{\"resourceName\":"
                                       "\"customers/7/campaignBudgets/9\"}]}"));
}

static const struct http_route routes[] = {
    {"POST", "/token",                                  on_token,  0},
    {"POST", "/v25/customers/7/googleAds:searchStream", on_stream, 0},
    {"POST", "/v25/customers/7/googleAds:search",       on_page,   0},
    {"POST", "/v25/customers/7/campaignBudgets:mutate", on_mutate, 0},
};

static struct platform *platform;
static struct arena *arena;

static int open_side(void **state)
{
    const struct http_settings settings = {.routes = routes, .route_count = COUNT(routes)};
    (void)state;
    loopback_open(&side.loopback, &settings);
    snprintf(side.url, sizeof side.url, "http://127.0.0.1:%d", side.loopback.port);
    return 0;
}

static int close_side(void **state)
{
    (void)state;
    loopback_close(&side.loopback);
    return 0;
}

static int open_platform(void **state)
{
    const struct platform_settings settings = {
        .google_url = side.url,
        .google_token_url = side.url,
        .google_version = "v25",
        .google_client_id = "demo",
        .google_client_secret = secret,
        .google_refresh_token = secret,
        .google_developer_token = "",
        .google_login_customer_id = "42",
        .timeout_ms = 5000,
    };
    (void)state;
    side.tokens = side.streams = side.pages = side.mutates = side.refused = 0;
    side.token_answer = good_token;
    side.stream_answer = empty_stream;
    platform = platform_new(&settings);
    arena = arena_new();
    return 0;
}

static int close_platform(void **state)
{
    (void)state;
    platform_free(platform);
    arena_free(arena);
    return 0;
}

static struct platform_read read_all(const char *account)
{
    struct platform_read read = {.account = account};
    platform_read_budgets(platform, arena, &read, 1);
    return read;
}

static struct platform_reply set_one(const char *resource)
{
    struct platform_item item = {.resource = resource, .micros = 52500000};
    struct platform_set set = {.account = "google/7", .items = &item, .item_count = 1};
    platform_set_budgets(platform, arena, &set, 1);
    return item.reply;
}

static void one_token_serves_many_calls(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(read_all("google/7").reply.fate, PLATFORM_OK);
    assert_int_equal(set_one("campaignBudgets/9").fate, PLATFORM_OK);
    assert_int_equal(side.tokens, 1);
    assert_int_equal(side.mutates, 1);
}

static void a_401_is_met_once_with_a_new_token(void **state)
{
    (void)state;
    side.refused = 1;
    assert_int_equal(set_one("campaignBudgets/9").fate, PLATFORM_OK);
    assert_int_equal(side.tokens, 2);
    assert_int_equal(side.mutates, 2);
}

static void a_second_401_stands(void **state)
{
    (void)state;
    side.refused = 5;
    struct platform_reply reply = set_one("campaignBudgets/9");
    assert_int_equal(reply.fate, PLATFORM_AUTH);
    assert_string_equal(reply.code, "UNAUTHENTICATED");
    assert_int_equal(side.mutates, 2);
}

static void a_refused_refresh_token_says_so_and_nothing_is_sent(void **state)
{
    (void)state;
    side.token_answer = "{\"error\":\"invalid_grant\",\"error_description\":\"s3cr&t\"}";
    struct platform_reply reply = set_one("campaignBudgets/9");
    assert_int_equal(reply.fate, PLATFORM_AUTH);
    assert_string_equal(reply.code, "invalid_grant");
    assert_int_equal(side.mutates, 0);
}

static void an_unreadable_stream_is_read_page_by_page(void **state)
{
    (void)state;
    side.stream_answer = "[{\"results\":[" ROW("9") ",";
    struct platform_read read = read_all("google/7");
    assert_int_equal(read.reply.fate, PLATFORM_OK);
    assert_int_equal(side.pages, 2);
    assert_int_equal(read.budget_count, 2);
    assert_string_equal(read.budgets[0].resource, "campaignBudgets/9");
    assert_string_equal(read.budgets[1].resource, "campaignBudgets/10");
}

static void names_that_could_break_out_of_a_query_go_nowhere(void **state)
{
    static const char *const names[] = {"campaignBudgets/9' OR '1", "", "a b",
                                        "campaignBudgets/9\""};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct platform_read read = {
            .account = "google/7", .resources = &names[i], .resource_count = 1};
        platform_read_budgets(platform, arena, &read, 1);
        assert_int_equal(read.reply.fate, PLATFORM_PERMANENT);
        assert_int_equal(set_one(names[i]).fate, PLATFORM_PERMANENT);
    }
    assert_int_equal(read_all("google/7/../8").reply.fate, PLATFORM_PERMANENT);
    assert_string_equal(read_all("meta/7").reply.code, "no_such_platform");
    assert_int_equal(side.tokens + side.streams + side.mutates, 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_platform, close_platform)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(one_token_serves_many_calls),
        CASE(a_401_is_met_once_with_a_new_token),
        CASE(a_second_401_stands),
        CASE(a_refused_refresh_token_says_so_and_nothing_is_sent),
        CASE(an_unreadable_stream_is_read_page_by_page),
        CASE(names_that_could_break_out_of_a_query_go_nowhere),
    };
    return cmocka_run_group_tests(tests, open_side, close_side);
}
