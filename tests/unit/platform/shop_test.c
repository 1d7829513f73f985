/* shop: orders and payments page by page, asked with each shop's own secret, and what its refusals
 * mean. */
#include "shop.h"

#include "http/loopback.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static struct side {
    struct loopback loopback;
    char url[64], queries[4][256];
    const char *const *bodies;
    atomic_int asked;
} side;

static void answer(struct http_exchange *exchange, bool good, const char *const names[],
                   size_t count)
{
    int at = side.asked++;
    struct buffer query = {0};
    for (size_t i = 0; i < count; i++) {
        const char *value = http_query(exchange, names[i]);
        buffer_format(&query, "%s ", value ? value : "-");
    }
    snprintf(side.queries[at % 4], sizeof side.queries[0], "%s", (const char *)query.data);
    buffer_done(&query);
    http_answer_json(exchange, good ? 200 : 401, bytes_of_text(good ? side.bodies[at] : ""));
}

static void on_orders(struct http_exchange *exchange, void *state)
{
    static const char *const names[] = {"status", "limit", "since_id", "created_at_min",
                                        "created_at_max"};
    const char *token = http_header(exchange, "x-shopify-access-token");
    (void)state;
    answer(exchange, token && strcmp(token, "shpat_1") == 0, names, COUNT(names));
}

static void on_charges(struct http_exchange *exchange, void *state)
{
    static const char *const names[] = {"limit", "created[gte]", "created[lt]", "starting_after"};
    const char *key = http_header(exchange, "authorization");
    (void)state;
    answer(exchange, key && strcmp(key, "Bearer sk_1") == 0, names, COUNT(names));
}

static const struct http_route routes[] = {
    {"GET", "/admin/api/2026-10/orders.json", on_orders,  0},
    {"GET", "/v1/charges",                    on_charges, 0},
};

static struct platform *platform;
static struct arena *arena;
static int32_t kept;

static int open_all(void **state)
{
    const struct http_settings settings = {.routes = routes, .route_count = COUNT(routes)};
    (void)state;
    loopback_open(&side.loopback, &settings);
    snprintf(side.url, sizeof side.url, "http://127.0.0.1:%d", side.loopback.port);
    const struct platform_settings own = {
        .shopify_url = side.url,
        .shopify_version = "2026-10",
        .shopify_token = "shpat_1",
        .stripe_url = side.url,
        .stripe_key = "sk_1",
        .timeout_ms = 5000,
        .report_wait_base_ms = 1,
    };
    platform = platform_new(&own);
    arena = arena_new();
    side.asked = kept = 0;
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    platform_free(platform);
    arena_free(arena);
    loopback_close(&side.loopback);
    return 0;
}

static bool keep(void *user, const struct report_ask *ask, int32_t page, struct bytes raw,
                 struct err *err)
{
    struct report report;
    (void)user;
    assert_int_equal(page, kept);
    kept++;
    return report_read(arena, ask->account, ask->level, raw, &report, err);
}

static struct report_ask fetched(const char *account)
{
    struct report_ask ask = {
        .account = account, .level = REPORT_ORDERS, .from = 20770, .to = 20777};
    struct err err = {0};
    if (!platform_fetch_report(platform, &ask, keep, NULL, &err))
        fail_msg("%s", err.text);
    return ask;
}

/* As many orders as a page has; the last one's id is the next page's beginning. */
static const char *full_page(void)
{
    static struct buffer page;
    buffer_clear(&page);
    buffer_add_text(&page, "{\"orders\":[");
    for (int i = 1; i <= 250; i++)
        buffer_format(&page,
                      "%s{\"id\":%d,\"created_at\":\"2026-11-20T10:00:00Z\",\"currency\":\"USD\","
                      "\"total_price\":\"1.00\"}",
                      i > 1 ? "," : "", i);
    buffer_add_text(&page, "]}");
    return (const char *)page.data;
}

static void orders_follow_the_last_id_until_a_page_is_not_full(void **state)
{
    const char *bodies[] = {full_page(), "{\"orders\":[]}"};
    (void)state;
    side.bodies = bodies;
    struct report_ask ask = fetched("shopify/demo");
    assert_int_equal(ask.reply.fate, PLATFORM_OK);
    assert_int_equal(kept, 2);
    assert_string_equal(side.queries[0], "any 250 0 2026-11-12T00:00:00Z 2026-11-21T23:59:59Z ");
    assert_string_equal(side.queries[1], "any 250 250 2026-11-12T00:00:00Z 2026-11-21T23:59:59Z ");
}

static void payments_follow_while_there_are_more(void **state)
{
    static const char *const bodies[] = {
        "{\"data\":[{\"id\":\"ch_9\",\"status\":\"failed\"}],\"has_more\":true}",
        "{\"data\":[],\"has_more\":false}"};
    (void)state;
    side.bodies = bodies;
    struct report_ask ask = fetched("stripe/demo");
    assert_int_equal(ask.reply.fate, PLATFORM_OK);
    assert_string_equal(side.queries[0], "100 1794441600 1795305600 - ");
    assert_string_equal(side.queries[1], "100 1794441600 1795305600 ch_9 ");
}

static void an_id_that_fits_no_address_is_asked_for_never(void **state)
{
    static const char page[] =
        "{\"data\":[{\"id\":\"x&limit=1\",\"status\":\"failed\"}],\"has_more\":true}";
    struct report_cursor cursor = {0};
    struct err err = {0};
    bool more;
    (void)state;
    assert_false(stripe_look(arena, bytes_of_text(page), &cursor, &more, &err));
    assert_int_equal(err.kind, ERR_REJECT);
}

static void what_a_refusal_means_is_known(void **state)
{
    static const struct {
        int status;
        enum platform_fate fate;
    } cases[] = {
        {401, PLATFORM_AUTH     },
        {403, PLATFORM_AUTH     },
        {404, PLATFORM_PERMANENT},
        {429, PLATFORM_THROTTLED},
        {500, PLATFORM_TRANSIENT},
        {503, PLATFORM_TRANSIENT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_result result = {.outcome = HTTP_ANSWERED, .status = cases[i].status};
        assert_int_equal(shop_classify(&result).fate, cases[i].fate);
    }
    struct http_result lost = {.outcome = HTTP_UNKNOWN};
    assert_int_equal(shop_classify(&lost).fate, PLATFORM_TRANSIENT);
}

static void a_shop_that_is_not_set_up_says_so(void **state)
{
    struct platform *bare = platform_new(&(struct platform_settings){.timeout_ms = 1000});
    struct report_ask ask = {.account = "shopify/x", .level = REPORT_ORDERS};
    struct err err = {0};
    (void)state;
    assert_true(platform_fetch_report(bare, &ask, keep, NULL, &err));
    assert_int_equal(ask.reply.fate, PLATFORM_PERMANENT);
    assert_string_equal(ask.reply.code, "not_configured");
    ask.account = "shopify/UP CASE";
    assert_false(platform_fetch_report(bare, &ask, keep, NULL, &err));
    platform_free(bare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(orders_follow_the_last_id_until_a_page_is_not_full,
                                        open_all, close_all),
        cmocka_unit_test_setup_teardown(payments_follow_while_there_are_more, open_all, close_all),
        cmocka_unit_test_setup_teardown(an_id_that_fits_no_address_is_asked_for_never, open_all,
                                        close_all),
        cmocka_unit_test(what_a_refusal_means_is_known),
        cmocka_unit_test(a_shop_that_is_not_set_up_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
