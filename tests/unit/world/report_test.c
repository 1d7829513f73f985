/* Reports of Google Ads: what they add up to, what they leave out, what they refuse. */
#include "asking.h"

#include <jansson.h>
#include <stdlib.h>

#define SEARCH "/v25/customers/1234567890/googleAds:search"
#define STREAM "/v25/customers/1234567890/googleAds:searchStream"
#define NOVEMBER " WHERE segments.date BETWEEN '2026-11-01' AND '2026-11-20'"

static int setup(void **state)
{
    static struct asking asking;
    asking_open_staged(&asking, "tiny", 40);
    asking_log_in(&asking);
    *state = &asking;
    return 0;
}

/* The reply of a search, parsed; the caller's. */
static json_t *search(struct asking *asking, const char *query)
{
    char body[1024];
    snprintf(body, sizeof body, "{\"query\":\"%s\",\"searchSettings\":{\"returnSummaryRow\":true}}",
             query);
    json_t *json = json_loads(ask(asking, "POST", SEARCH, body), 0, NULL);
    assert_non_null(json);
    return json;
}

static const char *refusal(struct asking *asking, const char *query)
{
    char body[1024];
    snprintf(body, sizeof body, "{\"query\":\"%s\"}", query);
    const char *reply = ask(asking, "POST", SEARCH, body);
    assert_int_equal(asking->reply.status, 400);
    return reply;
}

static double number(const json_t *json)
{
    return json_is_string(json) ? atof(json_string_value(json)) : json_number_value(json);
}

/* Of one metric over all rows. */
static double sum(struct asking *asking, const char *query, const char *metric, size_t *ret_rows)
{
    json_t *reply = search(asking, query), *row;
    const json_t *rows = json_object_get(reply, "results");
    double total = 0;
    size_t i;
    json_array_foreach(rows, i, row) total +=
        number(json_object_get(json_object_get(row, "metrics"), metric));
    if (ret_rows)
        *ret_rows = json_array_size(rows);
    json_decref(reply);
    return total;
}

static void days_devices_campaigns_and_ads_add_up(void **state)
{
    struct asking *asking = *state;
    size_t days, campaigns;
    double whole =
        sum(asking, "SELECT metrics.cost_micros FROM customer" NOVEMBER, "costMicros", NULL);
    assert_true(whole > 0);
    assert_true(sum(asking, "SELECT metrics.cost_micros, segments.date FROM customer" NOVEMBER,
                    "costMicros", &days)
                == whole);
    assert_int_equal(days, 20);
    assert_true(sum(asking,
                    "SELECT campaign.id, segments.device, segments.date, metrics.cost_micros "
                    "FROM campaign" NOVEMBER,
                    "costMicros", NULL)
                == whole);
    double clicks =
        sum(asking, "SELECT metrics.clicks FROM campaign" NOVEMBER, "clicks", &campaigns);
    assert_int_equal(campaigns, asking->world.account->campaign_count);
    assert_true(clicks
                == sum(asking, "SELECT metrics.clicks FROM customer" NOVEMBER, "clicks", NULL));
    double groups =
        sum(asking, "SELECT metrics.impressions FROM ad_group" NOVEMBER, "impressions", NULL);
    assert_true(groups > 0
                && groups
                    == sum(asking, "SELECT metrics.impressions FROM ad_group_ad" NOVEMBER,
                           "impressions", NULL));
}

static void a_row_without_numbers_shows_only_unsegmented(void **state)
{
    struct asking *asking = *state;
    size_t rows;
    ask(asking, "POST", "/v25/customers/1234567890/campaigns:mutate",
        "{\"operations\":[{\"create\":{\"name\":\"Silent\",\"advertisingChannelType\":\"SEARCH\","
        "\"campaignBudget\":\"customers/1234567890/campaignBudgets/1\","
        "\"containsEuPoliticalAdvertising\":3}}]}");
    char query[256];
    snprintf(query, sizeof query,
             "SELECT campaign.id, metrics.clicks, segments.date FROM campaign" NOVEMBER
             " AND campaign.name = '%s'",
             "Silent");
    sum(asking, query, "clicks", &rows);
    assert_int_equal(rows, 0);
    json_t *reply = search(asking,
                           "SELECT campaign.id, metrics.clicks FROM campaign" NOVEMBER
                           " AND metrics.clicks = 0 AND campaign.id > 0");
    assert_true(json_array_size(json_object_get(reply, "results")) <= 1);
    json_decref(reply);
}

static void conditions_on_numbers_order_and_limit_hold(void **state)
{
    struct asking *asking = *state;
    json_t *reply =
        search(asking,
               "SELECT segments.date, metrics.clicks, metrics.ctr FROM customer" NOVEMBER
               " AND metrics.ctr > 0.000001 ORDER BY metrics.clicks DESC LIMIT 3");
    json_t *rows = json_object_get(reply, "results"), *row;
    double before = 1e18;
    size_t i;
    assert_int_equal(json_array_size(rows), 3);
    json_array_foreach(rows, i, row)
    {
        double clicks = number(json_object_get(json_object_get(row, "metrics"), "clicks"));
        assert_true(clicks > 0 && clicks <= before);
        before = clicks;
    }
    json_decref(reply);
}

static void what_the_api_refuses_is_refused_by_its_code(void **state)
{
    struct asking *asking = *state;
    static const struct {
        const char *query, *code;
    } cases[] = {
        {"SELECT segments.date, metrics.clicks FROM campaign",                                    "EXPECTED_FILTERS_ON_DATE_RANGE"           },
        {"SELECT segments.date, metrics.clicks FROM campaign WHERE segments.date > '2026-11-01'",
         "EXPECTED_FILTERS_ON_DATE_RANGE"                                                                                                    },
        {"SELECT metrics.clicks FROM campaign WHERE segments.date = '2026-13-01'",
         "INVALID_DATE_FORMAT"                                                                                                               },
        {"SELECT metrics.clicks FROM campaign WHERE segments.device = 'MOBILE'",
         "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE"                                                                                        },
        {"SELECT campaign.id FROM campaign ORDER BY metrics.clicks",
         "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE"                                                                                        },
        {"SELECT metrics.clicks FROM campaign_budget",                                            "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"},
        {"SELECT metrics.nonsense FROM campaign",                                                 "UNRECOGNIZED_FIELD"                       },
        {"SELECT metrics.video_views FROM campaign",                                              "UNRECOGNIZED_FIELD"                       },
        {"SELECT metrics.clicks FROM campaign WHERE segments.date DURING LAST_DECADE",
         "INVALID_VALUE_WITH_DURING_OPERATOR"                                                                                                },
        {"SELECT metrics.clicks FROM metrics",                                                    "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"         },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_contains(refusal(asking, cases[i].query), cases[i].code);
    asking->world.account->customer.manager = true;
    assert_contains(refusal(asking, "SELECT metrics.clicks FROM customer"),
                    "REQUESTED_METRICS_FOR_MANAGER");
}

static double on_day(struct asking *asking, const char *day, const char *field, const char *metric)
{
    char query[256];
    snprintf(query, sizeof query,
             "SELECT segments.date, %s FROM customer WHERE segments.date = '%s'", field, day);
    return sum(asking, query, metric, NULL);
}

static void today_grows_and_the_past_is_restated(void **state)
{
    struct asking *asking = *state;
    double today = on_day(asking, "2026-11-21", "metrics.cost_micros", "costMicros");
    double claimed = on_day(asking, "2026-11-20", "metrics.conversions", "conversions");
    double cost = on_day(asking, "2026-11-20", "metrics.cost_micros", "costMicros");
    ask(asking, "POST", "/_world/advance", "{\"hours\":6}");
    assert_int_equal(asking->reply.status, 200);
    assert_true(on_day(asking, "2026-11-21", "metrics.cost_micros", "costMicros") > today);
    ask(asking, "POST", "/_world/advance", "{\"days\":12}");
    assert_true(on_day(asking, "2026-11-20", "metrics.conversions", "conversions") > claimed);
    assert_true(on_day(asking, "2026-11-20", "metrics.cost_micros", "costMicros") == cost);
}

static void what_is_paused_delivers_nothing_from_the_next_hour(void **state)
{
    struct asking *asking = *state;
    const char *query = "SELECT campaign.id, segments.date, metrics.impressions FROM campaign "
                        "WHERE segments.date = '2026-11-23' AND campaign.id = 1001";
    size_t rows;
    ask(asking, "POST", "/v25/customers/1234567890/campaigns:mutate",
        "{\"operations\":[{\"update\":{\"resourceName\":\"customers/1234567890/campaigns/1001\","
        "\"status\":\"PAUSED\"},\"updateMask\":\"status\"}]}");
    assert_int_equal(asking->reply.status, 200);
    ask(asking, "POST", "/_world/advance", "{\"days\":3}");
    sum(asking, query, "impressions", &rows);
    assert_int_equal(rows, 0);
    ask(asking, "POST", "/v25/customers/1234567890/campaigns:mutate",
        "{\"operations\":[{\"update\":{\"resourceName\":\"customers/1234567890/campaigns/1001\","
        "\"status\":\"ENABLED\"},\"updateMask\":\"status\"}]}");
    ask(asking, "POST", "/_world/advance", "{\"days\":3}");
    sum(asking,
        "SELECT campaign.id, segments.date, metrics.impressions FROM campaign "
        "WHERE segments.date = '2026-11-26' AND campaign.id = 1001",
        "impressions", &rows);
    assert_int_equal(rows, 1);
}

static void the_summary_comes_behind_the_rows(void **state)
{
    struct asking *asking = *state;
    double whole = sum(asking, "SELECT metrics.clicks FROM customer" NOVEMBER, "clicks", NULL);
    const char *query =
        "\"query\":\"SELECT segments.date, metrics.clicks FROM customer" NOVEMBER "\"";
    char body[512], wanted[64];
    snprintf(wanted, sizeof wanted, "{\"metrics\":{\"clicks\":\"%.0f\"}}", whole);
    snprintf(body, sizeof body, "{%s,\"summaryRowSetting\":\"SUMMARY_ROW_WITH_RESULTS\"}", query);
    const char *reply = ask(asking, "POST", STREAM, body);
    assert_contains(reply, "{\"summaryRow\":");
    assert_contains(reply, wanted);
    snprintf(body, sizeof body, "{%s,\"summaryRowSetting\":\"SUMMARY_ROW_ONLY\"}", query);
    reply = ask(asking, "POST", STREAM, body);
    assert_contains(reply, wanted);
    assert_null(strstr(reply, "results"));

    snprintf(body, sizeof body, "{%s,\"searchSettings\":{\"returnSummaryRow\":true}}", query);
    reply = ask(asking, "POST", SEARCH, body);
    assert_null(strstr(reply, "summaryRow"));
    const char *token = strstr(reply, "\"nextPageToken\":\"");
    assert_non_null(token);
    snprintf(body, sizeof body,
             "{%s,\"searchSettings\":{\"returnSummaryRow\":true},\"pageToken\":\"%.32s\"}", query,
             token + 17);
    reply = ask(asking, "POST", SEARCH, body);
    assert_contains(reply, wanted);
    assert_null(strstr(reply, "nextPageToken"));
}

static void restated_days_and_empty_pages_are_faults(void **state)
{
    struct asking *asking = *state;
    const char *query = "SELECT segments.date, metrics.clicks FROM customer" NOVEMBER;
    size_t rows;
    double whole = sum(asking, query, "clicks", NULL);
    ask(asking, "PUT", "/_world/faults", "{\"google\":{\"restated_days\":0.5}}");
    double less = sum(asking, query, "clicks", NULL);
    assert_true(less < whole && less > whole * 0.89);
    assert_true(sum(asking, query, "clicks", NULL) == less);
    assert_true(
        sum(asking, "SELECT campaign.id, metrics.clicks FROM campaign" NOVEMBER, "clicks", NULL)
        == less);
    ask(asking, "PUT", "/_world/faults",
        "{\"google\":{\"restated_days\":0,\"empty_page\":{\"next\":1}}}");
    json_t *reply = search(asking, query);
    assert_null(json_object_get(reply, "results"));
    assert_non_null(json_object_get(reply, "nextPageToken"));
    json_decref(reply);
    assert_true(sum(asking, query, "clicks", &rows) == whole);
    assert_int_equal(rows, 20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, asking_teardown)
    const struct CMUnitTest tests[] = {
        TEST(days_devices_campaigns_and_ads_add_up),
        TEST(a_row_without_numbers_shows_only_unsegmented),
        TEST(conditions_on_numbers_order_and_limit_hold),
        TEST(what_the_api_refuses_is_refused_by_its_code),
        TEST(today_grows_and_the_past_is_restated),
        TEST(what_is_paused_delivers_nothing_from_the_next_hour),
        TEST(the_summary_comes_behind_the_rows),
        TEST(restated_days_and_empty_pages_are_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
