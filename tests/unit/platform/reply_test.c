/* reply: what each answer of Google's means, for a read and for a write. */
#include "google.h"

#include "http/checks.h"

#include "clock.h"
#include "mem.h"

#define ERROR(status, error)                                                            \
    "{\"error\":{\"code\":1,\"message\":\"x\",\"status\":\"" status                     \
    "\",\"details\":[{\"@type\":\"type.googleapis.com/google.ads.googleads.v25.errors." \
    "GoogleAdsFailure\",\"errors\":[" error "],\"requestId\":\"R\"}]}}"
#define CODE(category, code) "{\"errorCode\":{\"" category "\":\"" code "\"},\"message\":\"m\"}"
#define QUOTA(delay)                                                                  \
    "{\"errorCode\":{\"quotaError\":\"RESOURCE_TEMPORARILY_EXHAUSTED\"},\"details\":" \
    "{\"quotaErrorDetails\":{\"rateScope\":\"ACCOUNT\",\"retryDelay\":\"" delay "\"}}}"

static struct platform_reply classify(enum http_outcome outcome, int status, const char *body,
                                      bool write)
{
    struct http_result result = {.outcome = outcome, .status = status};
    buffer_add_text(&result.body, body);
    struct platform_reply reply = google_classify(&result, write);
    buffer_done(&result.body);
    return reply;
}

static void assert_reply(int status, const char *body, bool write, enum platform_fate fate,
                         const char *code)
{
    struct platform_reply reply = classify(HTTP_ANSWERED, status, body, write);
    if (reply.fate != fate || strcmp(reply.code, code) != 0)
        fail_msg("%d, write %d: fate %d code %s, not %d %s", status, write, (int)reply.fate,
                 reply.code, (int)fate, code);
}

static void each_error_of_google_has_its_fate(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum platform_fate read, write;
        const char *code;
    } cases[] = {
        {400,                        ERROR("INVALID_ARGUMENT",                                                      CODE("campaignBudgetError", "MONEY_AMOUNT_TOO_LARGE")),
         PLATFORM_PERMANENT,                                                                                                                                                                   PLATFORM_PERMANENT, "MONEY_AMOUNT_TOO_LARGE"                                                                                                                      },
        {401,                        ERROR("UNAUTHENTICATED",                                                       CODE("authenticationError", "OAUTH_TOKEN_EXPIRED")),
         PLATFORM_AUTH,                                                                                                                                                                        PLATFORM_AUTH,      "OAUTH_TOKEN_EXPIRED"                                                                                                                         },
        {401,                        "{\"error\":{\"code\":401,\"message\":\"m\",\"status\":\"UNAUTHENTICATED\"}}",
         PLATFORM_AUTH,                                                                                                                         PLATFORM_AUTH,              "UNAUTHENTICATED"},
        {403, ERROR("PERMISSION_DENIED",                                                      CODE("authorizationError",                                                                                                                         "CUSTOMER_NOT_ENABLED")),
         PLATFORM_AUTH,                                                                                                                                 PLATFORM_AUTH,                   "CUSTOMER_NOT_ENABLED"                                                                                                                                                              },
        {404,        ERROR("NOT_FOUND",                                                               CODE("mutateError",         "RESOURCE_NOT_FOUND")),                                                                                                                                                PLATFORM_PERMANENT,
         PLATFORM_PERMANENT, "RESOURCE_NOT_FOUND"},
        {409,      ERROR("ABORTED",                                                        CODE("databaseError",                                                                                                                    "CONCURRENT_MODIFICATION")),
         PLATFORM_TRANSIENT,                                                                                                                    PLATFORM_TRANSIENT,                                                                                                                                                               "CONCURRENT_MODIFICATION"                                                                                                                                                                                                                                                                                                                            },
        {429,         ERROR("RESOURCE_EXHAUSTED",                                                                CODE("quotaError",                                                                                                                    "RESOURCE_EXHAUSTED")),
         PLATFORM_THROTTLED,                                                                                                                         PLATFORM_THROTTLED,"RESOURCE_EXHAUSTED"},
        {500,      ERROR("INTERNAL",                                                                 CODE("internalError",         "INTERNAL_ERROR")),                                                                                                                                                  PLATFORM_TRANSIENT,
         PLATFORM_UNKNOWN,                                                                                                                                                               "INTERNAL_ERROR"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                      },
        {503,      ERROR("UNAVAILABLE",                                                                CODE("internalError",         "TRANSIENT_ERROR")),                                                                                                                                                  PLATFORM_TRANSIENT,
         PLATFORM_UNKNOWN,       "TRANSIENT_ERROR"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_reply(cases[i].status, cases[i].body, false, cases[i].read, cases[i].code);
        assert_reply(cases[i].status, cases[i].body, true, cases[i].write, cases[i].code);
    }
}

static void an_error_in_an_array_is_read_the_same(void **state)
{
    (void)state;
    assert_reply(400, "[" ERROR("INVALID_ARGUMENT", CODE("queryError", "UNRECOGNIZED_FIELD")) "]",
                 false, PLATFORM_PERMANENT, "UNRECOGNIZED_FIELD");
}

static void a_refusal_in_no_form_of_googles_proves_nothing_for_a_write(void **state)
{
    static const char *const bodies[] = {
        "",
        "<html>Request blocked</html>",
        "{\"error\":{\"status\":\"INVALID_ARG",
        "{}",
        "[]",
        "{\"error\":\"x\"}",
        "{\"error\":{\"status\":7}}",
        "{\"error\":{\"status\":\"a b\"}}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        assert_reply(400, bodies[i], true, PLATFORM_UNKNOWN, "http_400");
        assert_reply(400, bodies[i], false, PLATFORM_PERMANENT, "http_400");
    }
    assert_reply(302, "", true, PLATFORM_UNKNOWN, "http_302");
    assert_reply(502, "Bad Gateway", true, PLATFORM_UNKNOWN, "http_502");
    assert_reply(502, "Bad Gateway", false, PLATFORM_TRANSIENT, "http_502");
    assert_reply(408, "", false, PLATFORM_TRANSIENT, "http_408");
}

static void a_lost_reply_is_unknown_for_a_write_only(void **state)
{
    (void)state;
    assert_int_equal(classify(HTTP_UNKNOWN, 0, "", true).fate, PLATFORM_UNKNOWN);
    assert_int_equal(classify(HTTP_UNKNOWN, 200, "[{", true).fate, PLATFORM_UNKNOWN);
    assert_int_equal(classify(HTTP_UNKNOWN, 0, "", false).fate, PLATFORM_TRANSIENT);
    assert_int_equal(classify(HTTP_NOT_SENT, 0, "", true).fate, PLATFORM_TRANSIENT);
    assert_int_equal(classify(HTTP_NOT_SENT, 0, "", true).wait_ms, 0);
}

static void a_host_that_rests_is_waited_for(void **state)
{
    struct http_result result = {.outcome = HTTP_NOT_SENT,
                                 .again_boot_ms = clock_boot_ms() + 465000};
    (void)state;
    assert_in_range(google_classify(&result, false).wait_ms, 1, 465000);
    result.again_boot_ms = 1;
    assert_int_equal(google_classify(&result, false).wait_ms, 0);
}

static void throttling_waits_as_long_as_asked_or_thirty_seconds(void **state)
{
    static const struct {
        const char *body;
        int64_t wait_ms;
    } cases[] = {
        {ERROR("RESOURCE_EXHAUSTED", QUOTA("45s")), 45000},
        {ERROR("RESOURCE_EXHAUSTED",                          QUOTA("1.5s")),              1500},
        {ERROR("RESOURCE_EXHAUSTED",                      QUOTA("45")),                      30000},
        {ERROR("RESOURCE_EXHAUSTED",QUOTA("-4s")),30000},
        {ERROR("RESOURCE_EXHAUSTED", QUOTA("1e300s")),         30000},
        {ERROR("RESOURCE_EXHAUSTED",                          CODE("quotaError",              "RESOURCE_EXHAUSTED")), 30000},
        {"",                     30000                         },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct platform_reply reply = classify(HTTP_ANSWERED, 429, cases[i].body, false);
        assert_int_equal(reply.fate, PLATFORM_THROTTLED);
        assert_int_equal(reply.wait_ms, cases[i].wait_ms);
    }
}

static void a_wait_is_told_by_the_header_or_else_by_the_longest_detail(void **state)
{
#define INFO(delay)                                                          \
    "{\"error\":{\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":" \
    "\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"" delay "\"}]}}"
    static const struct {
        const char *body, *header;
        int64_t wait_ms;
    } cases[] = {
        {INFO("7s"),                 "",            7000                     },
        {INFO("7s"),                 "9",           9000                     },
        {INFO("7s"),                 "4",           4000                     },
        {INFO("7s"),                 "0",           0                        },
        {ERROR("RESOURCE_EXHAUSTED", QUOTA("45s")), "",                        45000},
        {ERROR("RESOURCE_EXHAUSTED",                          QUOTA("45s")),              "1", 1000},
        {"<html>busy</html>",                      "9",                                   9000                                         },
        {"<html>busy</html>",                      "0", 0},
        {INFO("0s"),                         "",                                      0                                                                                       },
        {INFO("soon"),                         "x", 30000},
        {"",                     "9999999999",                                  86400000                                                                                                                                  },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_result result = {.outcome = HTTP_ANSWERED, .status = 429};
        buffer_add_text(&result.body, cases[i].body);
        buffer_add(&result.headers, "Retry-After", sizeof "Retry-After");
        buffer_add(&result.headers, cases[i].header, strlen(cases[i].header) + 1);
        struct platform_reply reply = google_classify(&result, false);
        buffer_done(&result.body);
        buffer_done(&result.headers);
        assert_int_equal(reply.fate, PLATFORM_THROTTLED);
        assert_int_equal(reply.wait_ms, cases[i].wait_ms);
    }
}

static void an_answer_too_large_for_a_read_stays_so(void **state)
{
    struct http_result result = {.outcome = HTTP_UNKNOWN, .status = 200, .too_large = true};
    (void)state;
    assert_int_equal(google_classify(&result, false).fate, PLATFORM_PERMANENT);
    assert_string_equal(google_classify(&result, false).code, "answer_too_large");
    assert_int_equal(google_classify(&result, true).fate, PLATFORM_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_error_of_google_has_its_fate),
        cmocka_unit_test(an_error_in_an_array_is_read_the_same),
        cmocka_unit_test(a_refusal_in_no_form_of_googles_proves_nothing_for_a_write),
        cmocka_unit_test(a_lost_reply_is_unknown_for_a_write_only),
        cmocka_unit_test(a_host_that_rests_is_waited_for),
        cmocka_unit_test(throttling_waits_as_long_as_asked_or_thirty_seconds),
        cmocka_unit_test(a_wait_is_told_by_the_header_or_else_by_the_longest_detail),
        cmocka_unit_test(an_answer_too_large_for_a_read_stays_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
