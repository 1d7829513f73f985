/* report: the walk over pages, with what goes wrong on the way, against a server that answers from
 * a script. */
#include "report_page.h"

#include "http/loopback.h"

#include "clock.h"

#include <stdatomic.h>

struct answer {
    int status;
    const char *body;
    const char *retry_after; /* or NULL */
    bool drop;               /* the connection instead */
};

/* What is answered to the requests for pages, in order. */
static struct side {
    struct loopback loopback;
    char url[64];
    const struct answer *script;
    size_t length;
    atomic_size_t asked;
    atomic_int tokens;
    char bodies[8][1024];
} side;

static void on_token(struct http_exchange *exchange, void *state)
{
    (void)state;
    side.tokens++;
    http_answer_json(exchange, 200,
                     bytes_of_text("{\"access_token\":\"ya29.x\",\"expires_in\":3599}"));
}

static void on_page(struct http_exchange *exchange, void *state)
{
    static const struct answer none = {.status = 400, .body = "{}"};
    struct bytes body = http_body(exchange);
    size_t at = side.asked++;
    const struct answer *answer = at < side.length ? &side.script[at] : &none;
    const struct http_pair retry = {"Retry-After", answer->retry_after};
    (void)state;
    if (at < COUNT(side.bodies))
        snprintf(side.bodies[at], sizeof side.bodies[at], "%.*s", (int)body.length,
                 (const char *)body.data);
    if (answer->drop) {
        http_drop(exchange);
        return;
    }
    http_answer(exchange,
                &(struct http_answer){.status = answer->status,
                                      .type = "application/json",
                                      .body = bytes_of_text(answer->body),
                                      .fields = &retry,
                                      .field_count = answer->retry_after != NULL});
}

static const struct http_route routes[] = {
    {"POST", "/token",                            on_token, 0},
    {"POST", "/v25/customers/7/googleAds:search", on_page,  0},
    {"POST", "/v1beta/properties/123:runReport",  on_page,  0},
};

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

static struct platform *platform;
static struct arena *arena;
static struct buffer kept;
static int keeps_until; /* this page is not kept */

static int open_platform(void **state)
{
    const struct platform_settings settings = {
        .google_url = side.url,
        .google_token_url = side.url,
        .google_version = "v25",
        .google_client_id = "demo",
        .google_client_secret = "s3cret",
        .google_refresh_token = "s3cret",
        .google_developer_token = "",
        .google_login_customer_id = "",
        .ga4_url = side.url,
        .timeout_ms = 5000,
        .report_wait_base_ms = 1,
    };
    (void)state;
    platform = platform_new(&settings);
    arena = arena_new();
    side.tokens = 0;
    keeps_until = INT32_MAX;
    return 0;
}

static int close_platform(void **state)
{
    (void)state;
    platform_free(platform);
    arena_free(arena);
    buffer_done(&kept);
    return 0;
}

static bool keep(void *user, const struct report_ask *ask, int32_t page, struct bytes raw,
                 struct err *err)
{
    assert_ptr_equal(user, &side);
    assert_int_equal(page, ask->pages);
    if (page == keeps_until)
        return err_set(err, ERR_RETRY, "the disk is full");
    buffer_format(&kept, "%d:%.*s\n", (int)page, (int)raw.length, (const char *)raw.data);
    return true;
}

static bool fetch(struct report_ask *ask, const struct answer script[], size_t length,
                  struct err *err)
{
    side.script = script;
    side.length = length;
    side.asked = 0;
    buffer_clear(&kept);
    buffer_add_text(&kept, "");
    return platform_fetch_report(platform, ask, keep, &side, err);
}

/* Campaigns of google/7. */
static struct platform_reply fetched(const struct answer script[], size_t length)
{
    struct report_ask ask = {.account = "google/7", .from = 20770, .to = 20777};
    struct err err = {0};
    if (!fetch(&ask, script, length, &err))
        fail_msg("%s", err.text);
    return ask.reply;
}

static void pages_are_kept_as_they_came_until_there_is_no_more(void **state)
{
    static const struct answer script[] = {
        {.status = 200, .body = "{\"results\":[], \"nextPageToken\":\"t/\\u00e9\"}"},
        {.status = 200, .body = " {\"nextPageToken\":\"\"}"                        },
    };
    (void)state;
    assert_int_equal(fetched(script, COUNT(script)).fate, PLATFORM_OK);
    assert_string_equal((const char *)kept.data,
                        "0:{\"results\":[], \"nextPageToken\":\"t/\\u00e9\"}\n"
                        "1: {\"nextPageToken\":\"\"}\n");
    assert_null(strstr(side.bodies[0], "pageToken"));
    assert_non_null(strstr(side.bodies[0], "BETWEEN '2026-11-13' AND '2026-11-20'"));
    assert_non_null(strstr(side.bodies[1], "\"pageToken\":\"t/\xc3\xa9\""));
}

static void a_page_that_fails_in_passing_is_asked_again_and_no_other(void **state)
{
    static const struct answer script[] = {
        {.status = 200,                    .body = "{\"nextPageToken\":\"two\"}"             },
        {.status = 503,                    .body = "{\"error\":{\"status\":\"UNAVAILABLE\"}}"},
        {.drop = true                    },
        {.status = 200, .body = "{\"results\":[{\"camp"                                                  },
        {.status = 200,      .body = "{\"results\":[]}"},
    };
    (void)state;
    assert_int_equal(fetched(script, COUNT(script)).fate, PLATFORM_OK);
    assert_int_equal(side.asked, COUNT(script));
    assert_string_equal((const char *)kept.data,
                        "0:{\"nextPageToken\":\"two\"}\n1:{\"results\":[]}\n");
    for (size_t i = 1; i < COUNT(script); i++)
        assert_non_null(strstr(side.bodies[i], "\"pageToken\":\"two\""));
}

static void waits_that_are_told_are_kept(void **state)
{
    static const struct answer in_body[] = {
        {.status = 429,
         .body = "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{"
                 "\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
                 "\"retryDelay\":\"0.2s\"}]}}"},
        {.status = 200, .body = "{}"          },
    };
    static const struct answer in_header[] = {
        {.status = 429, .body = "busy", .retry_after = "1"},
        {.status = 200,             .body = "{}"              },
    };
    (void)state;
    int64_t begun_ms = clock_boot_ms();
    assert_int_equal(fetched(in_body, COUNT(in_body)).fate, PLATFORM_OK);
    assert_true(clock_boot_ms() - begun_ms >= 200);
    begun_ms = clock_boot_ms();
    assert_int_equal(fetched(in_header, COUNT(in_header)).fate, PLATFORM_OK);
    assert_true(clock_boot_ms() - begun_ms >= 1000);
}

static void a_long_wait_is_left_to_the_caller(void **state)
{
    static const struct answer script[] = {
        {.status = 200, .body = "{\"nextPageToken\":\"two\"}"             },
        {.status = 429,
         .body = "{\"error\":{\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"errors\":[{"
                 "\"errorCode\":{\"quotaError\":\"RESOURCE_EXHAUSTED\"},\"details\":{"
                 "\"quotaErrorDetails\":{\"retryDelay\":\"4650s\"}}}]}]}}"},
    };
    (void)state;
    struct platform_reply reply = fetched(script, COUNT(script));
    assert_int_equal(reply.fate, PLATFORM_THROTTLED);
    assert_int_equal(reply.wait_ms, 4650000);
    assert_int_equal(side.asked, 2);
}

static void a_refusal_is_not_asked_again(void **state)
{
    static const struct answer script[] = {
        {.status = 400,
         .body = "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"errors\":[{"
                 "\"errorCode\":{\"queryError\":\"UNRECOGNIZED_FIELD\"}}]}]}}"},
    };
    (void)state;
    struct platform_reply reply = fetched(script, COUNT(script));
    assert_int_equal(reply.fate, PLATFORM_PERMANENT);
    assert_string_equal(reply.code, "UNRECOGNIZED_FIELD");
    assert_int_equal(side.asked, 1);
}

static void a_401_is_met_once_with_a_new_token(void **state)
{
    static const struct answer script[] = {
        {.status = 401, .body = "{\"error\":{\"status\":\"UNAUTHENTICATED\"}}"},
        {.status = 200, .body = "{}"                                          },
        {.status = 401, .body = "{\"error\":{\"status\":\"UNAUTHENTICATED\"}}"},
        {.status = 401, .body = "{\"error\":{\"status\":\"UNAUTHENTICATED\"}}"},
    };
    (void)state;
    assert_int_equal(fetched(script, 2).fate, PLATFORM_OK);
    assert_int_equal(side.tokens, 2);
    assert_int_equal(fetched(script + 2, 2).fate, PLATFORM_AUTH);
    assert_int_equal(side.asked, 2);
}

static void six_tries_are_enough(void **state)
{
    static const struct answer script[8] = {
        {.status = 200, .body = "no JSON"},
        {.status = 200, .body = "[]"     },
        {.status = 200, .body = ""       },
        {.status = 200, .body = "{"      },
        {.status = 200, .body = "{} {}"  },
        {.status = 200, .body = "\"\""   },
    };
    (void)state;
    struct platform_reply reply = fetched(script, COUNT(script));
    assert_int_equal(reply.fate, PLATFORM_TRANSIENT);
    assert_string_equal(reply.code, "unreadable_answer");
    assert_int_equal(side.asked, 6);
    assert_int_equal(kept.length, 0);
}

static void a_token_that_leads_nowhere_is_not_followed(void **state)
{
    static const struct answer script[] = {
        {.status = 200, .body = "{\"nextPageToken\":\"two\"}"  },
        {.status = 200, .body = "{\"nextPageToken\":\"two\"}"  },
        {.status = 200, .body = "{\"nextPageToken\":\"three\"}"},
        {.status = 200, .body = "{}"                           },
    };
    (void)state;
    assert_int_equal(fetched(script, COUNT(script)).fate, PLATFORM_OK);
    assert_int_equal(side.asked, 4);
}

static void what_is_not_kept_ends_the_fetch(void **state)
{
    static const struct answer script[] = {
        {.status = 200, .body = "{\"nextPageToken\":\"two\"}"  },
        {.status = 200, .body = "{\"nextPageToken\":\"three\"}"},
    };
    struct report_ask ask = {.account = "google/7", .from = 20770, .to = 20777};
    struct err err = {0};
    (void)state;
    keeps_until = 1;
    assert_false(fetch(&ask, script, COUNT(script), &err));
    assert_int_equal(err.kind, ERR_RETRY);
    assert_string_equal(err.text, "page 1: the disk is full");
    assert_int_equal(ask.pages, 1);
    assert_int_equal(side.asked, 2);
}

#define GA4_PAGE(rows, count) "{\"rows\":[" rows "],\"rowCount\":" count "}"

static void ga4_is_paged_by_offset(void **state)
{
    static const struct answer script[] = {
        {.status = 200, .body = GA4_PAGE("{},{},{}", "5")},
        {.status = 200, .body = GA4_PAGE("{},{}",    "5")},
    };
    static const struct answer moved[] = {
        {.status = 200, .body = GA4_PAGE("{},{},{}", "5")},
        {.status = 200, .body = GA4_PAGE("{},{}",    "6")},
    };
    struct report_ask ask = {
        .account = "ga4/123", .level = REPORT_SESSIONS, .from = 20770, .to = 20777};
    struct err err = {0};
    (void)state;
    assert_true(fetch(&ask, script, COUNT(script), &err));
    assert_int_equal(ask.reply.fate, PLATFORM_OK);
    assert_int_equal(ask.pages, 2);
    assert_non_null(strstr(side.bodies[0], "\"offset\":\"0\""));
    assert_non_null(strstr(side.bodies[1], "\"offset\":\"3\""));
    assert_true(fetch(&ask, moved, COUNT(moved), &err));
    assert_int_equal(ask.reply.fate, PLATFORM_TRANSIENT);
    assert_string_equal(ask.reply.code, "changed_meanwhile");
    assert_int_equal(side.asked, 2);
}

static void what_is_asked_wrongly_goes_nowhere(void **state)
{
    static const struct report_ask asks[] = {
        {.account = "google/7x",        .from = 1,                .to = 2             },
        {.account = "google/",          .from = 1,                .to = 2             },
        {.account = "google/7/../8",    .from = 1,                .to = 2             },
        {.account = "ga4/1:runReport?", .level = REPORT_SESSIONS, .from = 1,            .to = 2},
        {.account = "nobody/7",                             .from = 1,                                 .to = 2               },
        {.account = "",                             .from = 1,                                         .to = 2        },
        {.account = "google/7",                             .level = REPORT_SESSIONS,                                 .from = 1,.to = 2},
        {.account = "ga4/7",                      .level = REPORT_ADS,                                              .from = 1,                                                         .to = 2},
        {.account = "google/7",                    .from = 2,.to = 1},
        {.account = "google/7", .from = -1,                           .to = 1                                                                                           },
        {.account = "google/7",                   .from = 0,          .to = REPORT_DAYS_MAX},
        {.account = "google/7",  .from = 2932896,.to = 2932897                                                                             },
        {.account = "google/7",             .from = INT32_MIN,                             .to = INT32_MAX},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(asks); i++) {
        struct report_ask ask = asks[i];
        struct err err = {0};
        assert_false(fetch(&ask, NULL, 0, &err));
        assert_int_equal(err.kind, ERR_REJECT);
        assert_int_equal(side.asked, 0);
    }
    assert_int_equal(side.tokens, 0);
}

static void an_account_tells_its_books(void **state)
{
    static const struct answer google[] = {
        {.status = 200,
         .body = "{\"results\":[{\"customer\":{\"resourceName\":\"customers/7\","
                 "\"currencyCode\":\"EUR\",\"timeZone\":\"Europe/Berlin\"}}]}"}
    };
    static const struct answer ga4[] = {
        {.status = 200,
         .body = "{\"metadata\":{\"currencyCode\":\"USD\",\"timeZone\":\"America/New_York\"}}"}
    };
    static const struct answer empty[] = {
        {.status = 200, .body = "{}"}
    };
    struct report_account account = {.account = "google/7"};
    (void)state;
    side.script = google;
    side.length = 1;
    side.asked = 0;
    platform_read_account(platform, arena, &account);
    assert_int_equal(account.reply.fate, PLATFORM_OK);
    assert_string_equal(account.currency, "EUR");
    assert_string_equal(account.zone, "Europe/Berlin");
    account.account = "ga4/123";
    side.script = ga4;
    side.asked = 0;
    platform_read_account(platform, arena, &account);
    assert_int_equal(account.reply.fate, PLATFORM_OK);
    assert_string_equal(account.zone, "America/New_York");
    side.script = empty;
    side.asked = 0;
    platform_read_account(platform, arena, &account);
    assert_int_equal(account.reply.fate, PLATFORM_TRANSIENT);
    assert_string_equal(account.zone, "");
    account.account = "google/x";
    platform_read_account(platform, arena, &account);
    assert_int_equal(account.reply.fate, PLATFORM_PERMANENT);
}

static void waits_double_and_end(void **state)
{
    static const struct platform_reply transient = {.fate = PLATFORM_TRANSIENT};
    struct platform_reply throttled = {.fate = PLATFORM_THROTTLED, .wait_ms = 30000};
    static const enum platform_fate stand[] = {PLATFORM_OK, PLATFORM_PERMANENT, PLATFORM_AUTH};
    int64_t wait_ms = -1, most[] = {1000, 2000, 4000, 8000, 10000};
    (void)state;
    for (int tries = 1; tries <= 5; tries++)
        for (uint64_t random = 0; random < 50000; random += 73) {
            assert_true(report_wait(&transient, tries, 1000, random, &wait_ms));
            assert_in_range(wait_ms, 0, most[tries - 1]);
            assert_true(report_wait(&throttled, tries, 1000, random, &wait_ms));
            assert_in_range(wait_ms, 30000, 30000 + most[tries - 1]);
        }
    assert_false(report_wait(&transient, 6, 1000, 0, &wait_ms));
    throttled.wait_ms = 30001;
    assert_false(report_wait(&throttled, 1, 1000, 0, &wait_ms));
    for (size_t i = 0; i < COUNT(stand); i++)
        assert_false(report_wait(&(struct platform_reply){.fate = stand[i]}, 1, 1000, 0, &wait_ms));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_platform, close_platform)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(pages_are_kept_as_they_came_until_there_is_no_more),
        CASE(a_page_that_fails_in_passing_is_asked_again_and_no_other),
        CASE(waits_that_are_told_are_kept),
        CASE(a_long_wait_is_left_to_the_caller),
        CASE(a_refusal_is_not_asked_again),
        CASE(a_401_is_met_once_with_a_new_token),
        CASE(six_tries_are_enough),
        CASE(a_token_that_leads_nowhere_is_not_followed),
        CASE(what_is_not_kept_ends_the_fetch),
        CASE(ga4_is_paged_by_offset),
        CASE(what_is_asked_wrongly_goes_nowhere),
        CASE(an_account_tells_its_books),
        CASE(waits_double_and_end),
    };
    return cmocka_run_group_tests(tests, open_side, close_side);
}
