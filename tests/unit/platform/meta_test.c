/* meta: insights asked for, paged and read, and what each error means. */
#include "meta.h"

#include "http/loopback.h"

#include <stdatomic.h>

#define ROW(members)                                                                   \
    "{\"account_id\":\"456\",\"account_currency\":\"USD\",\"campaign_id\":\"120\","    \
    "\"campaign_name\":\"Brand\",\"objective\":\"OUTCOME_SALES\",\"spend\":\"12.34\"," \
    "\"impressions\":\"1000\",\"clicks\":\"50\"," members "}"
#define DAY "\"date_start\":\"2026-11-20\",\"date_stop\":\"2026-11-20\""
#define PAGE(rows) \
    "{\"data\":[" rows "],\"paging\":{\"cursors\":{\"before\":\"a\",\"after\":\"b\"}}}"

static const char token[] = "EAAB|s3cret";

static struct side {
    struct loopback loopback;
    char url[64], queries[4][1024], proof[128];
    const char *const *bodies;
    int status;
    atomic_int asked;
} side;

static void on_get(struct http_exchange *exchange, void *state)
{
    static const char *const names[] = {
        "level", "time_increment", "time_range", "fields", "action_attribution_windows",
        "limit", "after"};
    int at = side.asked++;
    const char *given = http_header(exchange, "authorization");
    const char *proof = http_query(exchange, "appsecret_proof");
    struct buffer query = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        buffer_format(&query, "%s ",
                      http_query(exchange, names[i]) ? http_query(exchange, names[i]) : "-");
    snprintf(side.queries[at % 4], sizeof side.queries[0], "%s", (const char *)query.data);
    snprintf(side.proof, sizeof side.proof, "%s", proof ? proof : "-");
    buffer_done(&query);
    bool good = given && strcmp(given, "Bearer EAAB|s3cret") == 0;
    http_answer_json(exchange, good ? side.status : 401,
                     bytes_of_text(good ? side.bodies[at] : ""));
}

static const struct http_route routes[] = {
    {"GET", "/v24.0/act_456/insights", on_get, 0},
    {"GET", "/v24.0/act_456",          on_get, 0},
};

static struct platform *platform;
static struct arena *arena;
static struct buffer kept;

static int open_all(void **state)
{
    const struct http_settings settings = {.routes = routes, .route_count = COUNT(routes)};
    (void)state;
    loopback_open(&side.loopback, &settings);
    snprintf(side.url, sizeof side.url, "http://127.0.0.1:%d", side.loopback.port);
    const struct platform_settings own = {
        .meta_url = side.url,
        .meta_version = "v24.0",
        .meta_access_token = token,
        .meta_app_secret = "app",
        .timeout_ms = 5000,
        .report_wait_base_ms = 1,
    };
    platform = platform_new(&own);
    arena = arena_new();
    side.asked = 0;
    side.status = 200;
    buffer_add_text(&kept, "");
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    platform_free(platform);
    arena_free(arena);
    buffer_done(&kept);
    loopback_close(&side.loopback);
    return 0;
}

static bool keep(void *user, const struct report_ask *ask, int32_t page, struct bytes raw,
                 struct err *err)
{
    (void)user, (void)ask, (void)err;
    buffer_format(&kept, "%d:%.*s\n", (int)page, (int)raw.length, (const char *)raw.data);
    return true;
}

static bool take(const char *page, enum report_level level, struct report *ret_report,
                 struct err *err)
{
    return report_read(arena, "meta/456", level, bytes_of_text(page), ret_report, err);
}

static struct report taken(const char *page, enum report_level level)
{
    struct report report = {0};
    struct err err = {0};
    if (!take(page, level, &report, &err))
        fail_msg("%s", err.text);
    return report;
}

static void pages_follow_by_cursor_and_never_by_link(void **state)
{
    static const char *const bodies[] = {
        "{\"data\":[],\"paging\":{\"cursors\":{\"after\":\"Mj Q&\"},\"next\":"
        "\"http://elsewhere/?access_token=EAAB%7Cs3cret&after=x\",\"t\":\"EAAB|s3cret\"}}",
        "{\"data\":[],\"paging\":{\"cursors\":{\"after\":\"end\"}}}",
    };
    struct report_ask ask = {
        .account = "meta/456", .level = REPORT_ADS, .from = 20770, .to = 20777};
    struct err err = {0};
    (void)state;
    side.bodies = bodies;
    assert_true(platform_fetch_report(platform, &ask, keep, NULL, &err));
    assert_int_equal(ask.reply.fate, PLATFORM_OK);
    assert_int_equal(ask.pages, 2);
    assert_string_equal(
        side.queries[0],
        "ad 1 {\"since\":\"2026-11-13\",\"until\":\"2026-11-20\"} account_id,account_currency,"
        "campaign_id,campaign_name,objective,spend,impressions,clicks,actions,action_values,"
        "date_start,date_stop,adset_id,ad_id [\"7d_click\",\"1d_view\"] 500 - ");
    assert_non_null(strstr(side.queries[1], " 500 Mj Q& "));
    assert_null(strstr((const char *)kept.data, "s3cret"));
    assert_non_null(strstr((const char *)kept.data, "access_token=xxxxxxxxxxxxx&after"));
    /* HMAC-SHA256 of the token under "app". */
    assert_string_equal(side.proof,
                        "791cd74483e040cbf05731533bbcdce1ca4b5245597676f57cd80fbf09e919d4");
}

static void an_account_tells_its_books(void **state)
{
    static const char *const bodies[] = {
        "{\"currency\":\"EUR\",\"timezone_name\":\"Europe/Berlin\",\"id\":\"act_456\"}"};
    struct report_account account = {.account = "meta/456"};
    (void)state;
    side.bodies = bodies;
    platform_read_account(platform, arena, &account);
    assert_int_equal(account.reply.fate, PLATFORM_OK);
    assert_string_equal(account.currency, "EUR");
    assert_string_equal(account.zone, "Europe/Berlin");
}

static void purchases_are_counted_once_in_both_windows(void **state)
{
    (void)state;
    struct report report = taken(
        PAGE(ROW("\"actions\":[{\"action_type\":\"omni_purchase\",\"value\":\"9\",\"7d_click\":"
                 "\"9\"},{\"action_type\":\"purchase\",\"value\":\"99\",\"7d_click\":\"2.5\","
                 "\"1d_view\":\"1\"}],\"action_values\":[{\"action_type\":\"purchase\",\"value\":"
                 "\"1\",\"7d_click\":\"120.25\",\"1d_view\":\"0.1\"},{\"action_type\":\"x\","
                 "\"7d_click\":\"7\"}]," DAY)),
        REPORT_CAMPAIGNS);
    const struct report_row *row = &report.rows[0];
    assert_string_equal(report.setting, "7d_click_1d_view");
    assert_string_equal(report.currency, "USD");
    assert_string_equal(report.zone, "");
    assert_string_equal(row->campaign, "120");
    assert_string_equal(row->campaign_name, "Brand");
    assert_string_equal(row->type, "outcome_sales");
    assert_string_equal(row->status, "");
    assert_int_equal(row->day, 20777);
    assert_int_equal(row->cost_micros, 12340000);
    assert_int_equal(row->impressions, 1000);
    assert_int_equal(row->clicks, 50);
    assert_true(row->conversions == 3.5 && row->conversions_on_day == -1);
    assert_int_equal(row->view_through, 1);
    assert_int_equal(row->value_micros, 120350000);
}

static void a_row_without_purchases_has_none(void **state)
{
    (void)state;
    struct report report = taken(PAGE(ROW(DAY) "," ROW("\"actions\":[]," DAY)), REPORT_CAMPAIGNS);
    assert_int_equal(report.row_count, 2);
    assert_true(report.rows[0].conversions == 0 && report.rows[1].conversions == 0);
    assert_int_equal(report.rows[0].value_micros + report.rows[0].view_through, 0);
}

static void ads_have_their_group(void **state)
{
    struct report report = taken(PAGE(ROW("\"adset_id\":\"3\",\"ad_id\":\"44\"," DAY)), REPORT_ADS);
    struct err err = {0};
    (void)state;
    assert_string_equal(report.rows[0].ad_group, "3");
    assert_string_equal(report.rows[0].ad, "44");
    assert_false(take(PAGE(ROW(DAY)), REPORT_ADS, &report, &err));
}

static void what_cannot_be_understood_is_refused_whole(void **state)
{
    static const char *const pages[] = {
        "[]",
        "{\"data\":{}}",
        "{\"data\":[],\"data\":[]}",
        "{\"data\":[1]}",
        PAGE("{}"),
        PAGE("{\"campaign_id\":\"120\"}"),
        PAGE("{\"campaign_id\":\"120\",\"date_start\":\"2026-11-20\"}"),
        PAGE(ROW("\"date_start\":\"2026-11-20\",\"date_stop\":\"2026-11-21\"")),
        PAGE("{\"campaign_id\":\"120\",\"account_id\":\"457\"," DAY "}"),
        PAGE("{\"campaign_id\":\"120\",\"spend\":\"12,34\"," DAY "}"),
        PAGE("{\"campaign_id\":\"120\",\"spend\":\"1e30\"," DAY "}"),
        PAGE("{\"campaign_id\":\"120\",\"clicks\":\"-\"," DAY "}"),
        PAGE(ROW(DAY) ",{\"campaign_id\":\"120\",\"account_currency\":\"EUR\"," DAY "}"),
        PAGE(ROW("\"actions\":{}," DAY)),
        PAGE(ROW("\"actions\":[{\"action_type\":\"purchase\",\"7d_click\":\"many\"}]," DAY)),
        PAGE(ROW("\"actions\":[{\"action_type\":\"purchase\",\"1d_view\":\"1e300\"}]," DAY)),
        PAGE(ROW(
            "\"actions\":[{\"action_type\":\"purchase\"},{\"action_type\":\"purchase\"}]," DAY)),
        PAGE(ROW("\"action_values\":[{\"action_type\":\"purchase\",\"1d_view\":\"1e13\"}]," DAY)),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct report report = {.row_count = 99};
        struct err err = {0};
        if (take(pages[i], REPORT_CAMPAIGNS, &report, &err))
            fail_msg("taken: %s", pages[i]);
        assert_int_equal(err.kind, ERR_REJECT);
        assert_int_equal(report.row_count, 99);
    }
}

static void a_link_without_a_new_cursor_is_broken(void **state)
{
    static const char *const pages[] = {
        "{\"paging\":{\"next\":\"x\"}}",
        "{\"paging\":{\"next\":\"x\",\"cursors\":{\"after\":\"\"}}}",
        "{\"paging\":{\"next\":\"x\",\"cursors\":{\"after\":\"asked\"}}}",
        "{\"paging\":[]}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct report_cursor cursor = {.token = "asked"};
        struct err err = {0};
        bool more = false;
        assert_false(meta_look(arena, bytes_of_text(pages[i]), &cursor, &more, &err));
    }
}

static void each_error_has_its_fate(void **state)
{
    static const struct {
        int status;
        const char *body, *usage;
        enum platform_fate fate;
        const char *code;
        int64_t wait_ms;
    } cases[] = {
        {400, "{\"error\":{\"code\":1}}",                                "", PLATFORM_TRANSIENT, "code_1",       0     },
        {400, "{\"error\":{\"code\":100,\"is_transient\":true}}",        "", PLATFORM_TRANSIENT,
         "code_100",                                                                                             0     },
        {400, "{\"error\":{\"code\":100,\"error_subcode\":1504018}}",    "", PLATFORM_PERMANENT,
         "code_100_1504018",                                                                                     0     },
        {400, "{\"error\":{\"code\":17,\"error_subcode\":2446079}}",     "", PLATFORM_THROTTLED,
         "code_17_2446079",                                                                                      60000 },
        {400, "{\"error\":{\"code\":80000}}",
         "{\"9\":[{\"estimated_time_to_regain_access\":2},{\"estimated_time_to_regain_access\":7}]"
         "}",                                                                PLATFORM_THROTTLED, "code_80000",   420000},
        {400, "{\"error\":{\"code\":190,\"error_subcode\":463}}",        "", PLATFORM_AUTH,      "code_190_463",
         0                                                                                                             },
        {403, "{\"error\":{\"code\":200}}",                              "", PLATFORM_AUTH,      "code_200",     0     },
        {400, "{\"error\":{\"code\":2635,\"message\":\"EAAB|s3cret\"}}", "", PLATFORM_PERMANENT,
         "code_2635",                                                                                            0     },
        {500, "{\"error\":{\"code\":999}}",                              "", PLATFORM_TRANSIENT, "code_999",     0     },
        {400, "<html>",                                                  "", PLATFORM_PERMANENT, "http_400",     0     },
        {503, "<html>",                                                  "", PLATFORM_TRANSIENT, "http_503",     0     },
        {429, "",                                                        "", PLATFORM_THROTTLED, "http_429",     30000 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_result result = {.outcome = HTTP_ANSWERED, .status = cases[i].status};
        buffer_add_text(&result.body, cases[i].body);
        buffer_add(&result.headers, "X-Business-Use-Case-Usage",
                   sizeof "X-Business-Use-Case-Usage");
        buffer_add(&result.headers, cases[i].usage, strlen(cases[i].usage) + 1);
        struct platform_reply reply = meta_classify(&result);
        buffer_done(&result.body);
        buffer_done(&result.headers);
        if (reply.fate != cases[i].fate || strcmp(reply.code, cases[i].code) != 0)
            fail_msg("%zu: %d %s", i, (int)reply.fate, reply.code);
        assert_int_equal(reply.wait_ms, cases[i].wait_ms);
    }
}

static void without_a_token_nothing_is_sent(void **state)
{
    const struct platform_settings settings = {.meta_url = side.url, .meta_version = "v24.0"};
    struct platform *bare = platform_new(&settings);
    struct report_ask asks[] = {
        {.account = "meta/456",     .from = 1, .to = 2},
        { .account = "ga4/123", .level = REPORT_SESSIONS, .from = 1, .to = 2},
    };
    struct err err = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(asks); i++) {
        assert_true(platform_fetch_report(bare, &asks[i], keep, NULL, &err));
        assert_int_equal(asks[i].reply.fate, PLATFORM_PERMANENT);
        assert_string_equal(asks[i].reply.code, "not_configured");
    }
    assert_int_equal(side.asked, 0);
    platform_free(bare);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_all, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(pages_follow_by_cursor_and_never_by_link),
        CASE(an_account_tells_its_books),
        CASE(purchases_are_counted_once_in_both_windows),
        CASE(a_row_without_purchases_has_none),
        CASE(ads_have_their_group),
        CASE(what_cannot_be_understood_is_refused_whole),
        CASE(a_link_without_a_new_cursor_is_broken),
        CASE(each_error_has_its_fate),
        CASE(without_a_token_nothing_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
