/* GA4: reports over the market: sums, filters, order, pages, quota, refusals. */
#include "asking.h"

#include <jansson.h>
#include <stdlib.h>

#define REPORT "/v1beta/properties/123:runReport"
#define WEEK "\"dateRanges\":[{\"startDate\":\"7daysAgo\",\"endDate\":\"yesterday\"}]"
#define SESSIONS "\"metrics\":[{\"name\":\"sessions\"}]"

static int setup(void **state)
{
    static struct asking asking;
    asking_open_staged(&asking, "tiny", 30);
    asking_log_in(&asking);
    *state = &asking;
    return 0;
}

static json_t *report(struct asking *asking, const char *body)
{
    json_t *json = json_loads(ask(asking, "POST", REPORT, body), 0, NULL);
    assert_non_null(json);
    assert_int_equal(asking->reply.status, 200);
    return json;
}

static const char *value(const json_t *report, size_t row, const char *list, size_t column)
{
    const json_t *rows = json_object_get(report, "rows");
    const json_t *values = json_object_get(json_array_get(rows, row), list);
    return json_string_value(json_object_get(json_array_get(values, column), "value"));
}

static size_t row_count(const json_t *report)
{
    return json_array_size(json_object_get(report, "rows"));
}

/* Of the first metric over all rows. */
static double sum(struct asking *asking, const char *body)
{
    json_t *json = report(asking, body);
    double total = 0;
    for (size_t i = 0; i < row_count(json); i++)
        total += atof(value(json, i, "metricValues", 0));
    json_decref(json);
    return total;
}

static void days_and_sources_add_up(void **state)
{
    struct asking *asking = *state;
    double whole = sum(asking, "{" WEEK "," SESSIONS "}");
    assert_true(whole > 0);
    assert_true(sum(asking, "{" WEEK "," SESSIONS ",\"dimensions\":[{\"name\":\"date\"}]}")
                == whole);
    assert_true(sum(asking,
                    "{" WEEK "," SESSIONS ",\"dimensions\":[{\"name\":\"sessionSource\"},"
                    "{\"name\":\"sessionMedium\"},{\"name\":\"sessionCampaignName\"},"
                    "{\"name\":\"date\"}]}")
                == whole);
}

static void rows_are_named_typed_and_ordered(void **state)
{
    struct asking *asking = *state;
    json_t *json = report(asking,
                          "{" WEEK ",\"dimensions\":[{\"name\":\"date\"}],\"metrics\":[{\"name\":"
                          "\"sessions\"},{\"name\":\"keyEvents\"},{\"name\":\"totalRevenue\"}],"
                          "\"orderBys\":[{\"dimension\":{\"dimensionName\":\"date\"},"
                          "\"desc\":true}]}");
    assert_int_equal(row_count(json), 7);
    assert_int_equal(json_integer_value(json_object_get(json, "rowCount")), 7);
    assert_string_equal(value(json, 0, "dimensionValues", 0), "20261120");
    assert_string_equal(value(json, 6, "dimensionValues", 0), "20261114");
    char *headers = json_dumps(json_object_get(json, "metricHeaders"), JSON_COMPACT);
    assert_string_equal(headers,
                        "[{\"name\":\"sessions\",\"type\":\"TYPE_INTEGER\"},"
                        "{\"name\":\"keyEvents\",\"type\":\"TYPE_FLOAT\"},"
                        "{\"name\":\"totalRevenue\",\"type\":\"TYPE_CURRENCY\"}]");
    char *metadata = json_dumps(json_object_get(json, "metadata"), JSON_COMPACT);
    assert_string_equal(metadata, "{\"currencyCode\":\"USD\",\"timeZone\":\"America/New_York\"}");
    mem_free(headers);
    mem_free(metadata);
    json_decref(json);
}

#define FILTERED(filter)                                                    \
    "{" WEEK "," SESSIONS ",\"dimensions\":[{\"name\":\"sessionMedium\"}]," \
    "\"dimensionFilter\":" filter "}"
#define MEDIUM(condition) "{\"filter\":{\"fieldName\":\"sessionMedium\"," condition "}}"

static void filters_take_what_they_say(void **state)
{
    struct asking *asking = *state;
    double whole = sum(asking, "{" WEEK "," SESSIONS "}");
    double paid = sum(asking, FILTERED(MEDIUM("\"stringFilter\":{\"value\":\"CPC\"}")));
    assert_true(paid > 0 && paid < whole);
    assert_true(sum(asking,
                    FILTERED(MEDIUM("\"stringFilter\":{\"matchType\":\"EXACT\",\"value\":\"CPC\","
                                    "\"caseSensitive\":true}")))
                == 0);
    assert_true(
        sum(asking,
            FILTERED("{\"notExpression\":" MEDIUM("\"inListFilter\":{\"values\":[\"cpc\"]}") "}"))
        == whole - paid);
    assert_true(
        sum(asking,
            FILTERED("{\"orGroup\":{\"expressions\":[" MEDIUM(
                "\"stringFilter\":{\"matchType\":5,"
                "\"value\":\"c.c\"}") "," MEDIUM("\"stringFilter\":{\"matchType\":\"PARTIAL_"
                                                 "REGEXP\",\"value\":\"^x\"}") "]}}"))
        == paid);
    assert_true(sum(asking,
                    FILTERED("{\"andGroup\":{\"expressions\":[" MEDIUM(
                        "\"stringFilter\":{\"matchType\":"
                        "\"CONTAINS\",\"value\":\"p\"}") "," MEDIUM("\"stringFilter\":{"
                                                                    "\"matchType\":\"BEGINS_WITH\","
                                                                    "\"value\":\"c\"}") ","
                                                                                        "{\"filter"
                                                                                        "\":{"
                                                                                        "\"fieldNam"
                                                                                        "e\":"
                                                                                        "\"date\","
                                                                                        "\"betweenF"
                                                                                        "ilter\":{"
                                                                                        "\"fromValu"
                                                                                        "e\":"
                                                                                        "{\"int64Va"
                                                                                        "lue\":"
                                                                                        "\"20261101"
                                                                                        "\"},"
                                                                                        "\"toValue"
                                                                                        "\":{"
                                                                                        "\"int64Val"
                                                                                        "ue\":"
                                                                                        "\"20261130"
                                                                                        "\"}}}}]}"
                                                                                        "}"))
                == paid);
    json_t *json = report(asking,
                          "{" WEEK "," SESSIONS ",\"dimensions\":[{\"name\":\"sessionMedium\"}],"
                          "\"metricFilter\":{\"filter\":{\"fieldName\":\"sessions\","
                          "\"numericFilter\":{\"operation\":\"LESS_THAN\",\"value\":"
                          "{\"doubleValue\":0.5}}}}}");
    assert_null(json_object_get(json, "rows"));
    assert_null(json_object_get(json, "rowCount"));
    json_decref(json);
}

static void pages_and_several_ranges_say_where_they_are(void **state)
{
    struct asking *asking = *state;
    json_t *json = report(asking,
                          "{" WEEK "," SESSIONS ",\"dimensions\":[{\"name\":\"date\"}],\"limit\":"
                          "\"3\",\"offset\":\"5\"}");
    assert_int_equal(row_count(json), 2);
    assert_string_equal(value(json, 0, "dimensionValues", 0), "20261119");
    assert_int_equal(json_integer_value(json_object_get(json, "rowCount")), 7);
    json_decref(json);
    json = report(
        asking,
        "{\"dateRanges\":[{\"startDate\":\"yesterday\",\"endDate\":\"yesterday\"},"
        "{\"startDate\":\"2026-11-19\",\"endDate\":\"2026-11-19\",\"name\":\"before\"}]," SESSIONS
        "}");
    assert_int_equal(row_count(json), 2);
    assert_string_equal(value(json, 0, "dimensionValues", 0), "before");
    assert_string_equal(value(json, 1, "dimensionValues", 0), "date_range_0");
    json_decref(json);
}

static void a_young_day_is_restated(void **state)
{
    struct asking *asking = *state;
    const char *body =
        "{\"dateRanges\":[{\"startDate\":\"2026-11-20\",\"endDate\":\"2026-11-20\"}],"
        "\"metrics\":[{\"name\":\"keyEvents\"}]}";
    double young = sum(asking, body);
    ask(asking, "POST", "/_world/advance", "{\"days\":3}");
    double old = sum(asking, body);
    assert_true(old > young);
    ask(asking, "POST", "/_world/advance", "{\"days\":3}");
    assert_true(sum(asking, body) == old);
}

static void refusals_are_googles(void **state)
{
    struct asking *asking = *state;
    static const struct {
        const char *path, *body;
        int status;
        const char *says;
    } cases[] = {
        {REPORT,                             "{" WEEK ",\"metrics\":[{\"name\":\"sesions\"}]}", 400,
         "Field sesions is not a valid metric."                                                                           },
        {REPORT,                             "{" SESSIONS "}",                                  400, "1 to 4 date ranges" },
        {REPORT,
         "{\"dateRanges\":[{\"startDate\":\"today\",\"endDate\":\"yesterday\"}]," SESSIONS "}", 400,
         "\"status\":\"INVALID_ARGUMENT\""                                                                                },
        {REPORT,                             "{" WEEK "," SESSIONS ",\"dimensionFilter\":{}}",  400, "expression is empty"},
        {"/v1beta/properties/9:runReport",   "{}",                                              403, "PERMISSION_DENIED"  },
        {"/v1beta/properties/123:runPivots", "{}",                                              404, "NOT_FOUND"          },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_contains(ask(asking, "POST", cases[i].path, cases[i].body), cases[i].says);
        assert_int_equal(asking->reply.status, cases[i].status);
    }
    asking->authorization[0] = '\0';
    assert_contains(ask(asking, "POST", REPORT, "{" WEEK "," SESSIONS "}"), "UNAUTHENTICATED");
    assert_int_equal(asking->reply.status, 401);
}

static void tokens_run_out_and_come_back(void **state)
{
    struct asking *asking = *state;
    ask(asking, "PUT", "/_world/faults", "{\"ga4\":{\"operations_a_day\":2}}");
    const char *body = "{" WEEK "," SESSIONS ",\"returnPropertyQuota\":true}";
    assert_contains(ask(asking, "POST", REPORT, body),
                    "\"tokensPerDay\":{\"consumed\":1,\"remaining\":1}");
    ask(asking, "POST", REPORT, body);
    assert_contains(ask(asking, "POST", REPORT, body), "RESOURCE_EXHAUSTED");
    assert_int_equal(asking->reply.status, 429);
    assert_contains(ask(asking, "GET", "/_world/stats", ""), "\"refused\":1");
    ask(asking, "POST", "/_world/advance", "{\"days\":1}");
    ask(asking, "POST", REPORT, body);
    assert_int_equal(asking->reply.status, 200);
}

static void faults_strike_reads_too(void **state)
{
    struct asking *asking = *state;
    const char *body = "{" WEEK "," SESSIONS "}";
    ask(asking, "PUT", "/_world/faults",
        "{\"ga4\":{\"http_429\":{\"next\":1},\"expired_token\":{\"next\":1},"
        "\"truncated_body\":{\"next\":1}}}");
    ask(asking, "POST", REPORT, body);
    assert_int_equal(asking->reply.status, 429);
    ask(asking, "POST", REPORT, body);
    assert_int_equal(asking->reply.status, 401);
    assert_int_equal(asking->reply.fate, REPLY_CUT);
    asking->now_micros += 2;
    asking_log_in(asking);
    ask(asking, "POST", REPORT, body);
    assert_int_equal(asking->reply.status, 200);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, asking_teardown)
    const struct CMUnitTest tests[] = {
        TEST(days_and_sources_add_up),      TEST(rows_are_named_typed_and_ordered),
        TEST(filters_take_what_they_say),   TEST(pages_and_several_ranges_say_where_they_are),
        TEST(a_young_day_is_restated),      TEST(refusals_are_googles),
        TEST(tokens_run_out_and_come_back), TEST(faults_strike_reads_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
