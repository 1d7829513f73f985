/* google_report: the question in GAQL, and what a page of search says or fails to say. */
#include "google.h"

#include "http/checks.h"

#include <stdio.h>

#define CUSTOMER                                                               \
    "\"customer\":{\"resourceName\":\"customers/7\",\"currencyCode\":\"USD\"," \
    "\"timeZone\":\"America/New_York\"}"
#define CAMPAIGN(id)                                                                          \
    "\"campaign\":{\"resourceName\":\"customers/7/campaigns/" id "\",\"status\":\"ENABLED\"," \
    "\"advertisingChannelType\":\"PERFORMANCE_MAX\",\"id\":\"" id "\",\"name\":\"Brand \\u00fc\"}"
#define METRICS                                                                       \
    "\"metrics\":{\"clicks\":\"50\",\"conversionsValue\":120.25,\"conversions\":3.5," \
    "\"costMicros\":\"12340000\",\"impressions\":\"1000\",\"viewThroughConversions\":\"2\"}"
#define DATE(date) "\"segments\":{\"date\":\"" date "\"}"
#define ROW(id, date) "{" CUSTOMER "," CAMPAIGN(id) "," METRICS "," DATE(date) "}"
#define PAGE(rows) "{\"results\":[" rows "],\"fieldMask\":\"campaign.id,segments.date\"}"

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool take(const char *page, enum report_level level, struct report *ret_report,
                 struct err *err)
{
    return report_read(arena, "google/7", level, bytes_of_text(page), ret_report, err);
}

static struct report taken(const char *page, enum report_level level)
{
    struct report report = {0};
    struct err err = {0};
    if (!take(page, level, &report, &err))
        fail_msg("%s", err.text);
    return report;
}

static void the_question_names_its_level_and_days(void **state)
{
    struct report_ask ask = {.account = "google/7", .from = 20412, .to = 20777};
    struct buffer query = {0};
    (void)state;
    google_ask_report(&ask, &query);
    assert_non_null(strstr((const char *)query.data,
                           "metrics.view_through_conversions FROM campaign WHERE segments.date "
                           "BETWEEN '2025-11-20' AND '2026-11-20' "
                           "ORDER BY campaign.id, segments.date"));
    assert_non_null(strstr((const char *)query.data, "campaign.status"));
    buffer_clear(&query);
    ask.level = REPORT_ADS;
    ask.on_day = true;
    google_ask_report(&ask, &query);
    assert_non_null(strstr((const char *)query.data,
                           ", metrics.conversions_by_conversion_date "
                           "FROM ad_group_ad WHERE "));
    assert_non_null(strstr((const char *)query.data, "ad_group_ad.ad.id, ad_group_ad.status"));
    buffer_done(&query);
}

static void a_row_a_campaign_and_day(void **state)
{
    (void)state;
    struct report report = taken(PAGE(ROW("17", "2026-11-20")), REPORT_CAMPAIGNS);
    const struct report_row *row = &report.rows[0];
    assert_int_equal(report.row_count, 1);
    assert_string_equal(report.currency, "USD");
    assert_string_equal(report.zone, "America/New_York");
    assert_string_equal(report.setting, "click_date");
    assert_false(report.sampled || report.thresholded || report.lumped);
    assert_string_equal(row->campaign, "17");
    assert_string_equal(row->campaign_name, "Brand \xc3\xbc");
    assert_string_equal(row->type, "performance_max");
    assert_string_equal(row->status, "enabled");
    assert_string_equal(row->ad, "");
    assert_string_equal(row->utm_source, "");
    assert_int_equal(row->day, 20777);
    assert_int_equal(row->cost_micros, 12340000);
    assert_int_equal(row->impressions, 1000);
    assert_int_equal(row->clicks, 50);
    assert_int_equal(row->value_micros, 120250000);
    assert_int_equal(row->view_through, 2);
    assert_true(row->conversions == 3.5 && row->conversions_on_day == -1);
}

static void a_row_an_ad_and_day(void **state)
{
    (void)state;
    struct report report =
        taken("{\"results\":[{" CUSTOMER
              ",\"campaign\":{\"resourceName\":\"customers/7/campaigns/17\",\"id\":\"17\","
              "\"name\":\"Brand\",\"advertisingChannelType\":\"SEARCH\",\"status\":\"PAUSED\"},"
              "\"adGroup\":{\"resourceName\":\"customers/7/adGroups/3\",\"id\":3},"
              "\"adGroupAd\":{\"resourceName\":\"customers/7/adGroupAds/3~44\","
              "\"status\":\"ENABLED\",\"ad\":{\"resourceName\":\"x\",\"id\":\"44\"}}," METRICS
              "," DATE("2024-02-29") "}]}",
              REPORT_ADS);
    const struct report_row *row = &report.rows[0];
    assert_string_equal(row->campaign, "17");
    assert_string_equal(row->ad_group, "3");
    assert_string_equal(row->ad, "44");
    assert_string_equal(row->status, "enabled");
    assert_string_equal(row->type, "search");
    assert_int_equal(row->day, 19782);
}

static void absent_metrics_are_zero_and_unknown_members_pass(void **state)
{
    (void)state;
    struct report report = taken(
        "{\"queryResourceConsumption\":\"210\",\"summaryRow\":{\"metrics\":{\"clicks\":\"9\"}},"
        "\"results\":[{\"campaign\":{\"id\":17,\"status\":\"A_STATUS_OF_2031\",\"labels\":[{}],"
        "\"name\":null},\"metrics\":{\"clicks\":null},\"segments\":{\"device\":\"MOBILE\","
        "\"date\":\"2026-11-20\"},\"video\":{\"id\":\"x\"}}]}",
        REPORT_CAMPAIGNS);
    const struct report_row *row = &report.rows[0];
    assert_string_equal(row->status, "a_status_of_2031");
    assert_string_equal(row->campaign_name, "");
    assert_string_equal(row->type, "");
    assert_int_equal(row->clicks + row->impressions + row->cost_micros + row->value_micros, 0);
    assert_string_equal(report.currency, "");
    assert_string_equal(report.zone, "");
}

static void conversions_of_the_day_are_told_where_they_were_asked_for(void **state)
{
#define ON_DAY(member)                                                                 \
    "{\"results\":[{\"campaign\":{\"id\":\"17\"},\"metrics\":{\"clicks\":\"1\"" member \
    "}," DATE("2026-11-20") "}],\"fieldMask\":\"campaign.id,"                          \
                            "metrics.conversionsByConversionDate,segments.date\"}"
    (void)state;
    struct report report = taken(ON_DAY(",\"conversionsByConversionDate\":4.25"), REPORT_CAMPAIGNS);
    assert_true(report.rows[0].conversions_on_day == 4.25);
    report = taken(ON_DAY(""), REPORT_CAMPAIGNS);
    assert_true(report.rows[0].conversions_on_day == 0);
    report = taken(PAGE(ROW("17", "2026-11-20")), REPORT_CAMPAIGNS);
    assert_true(report.rows[0].conversions_on_day == -1);
}

static void counts_below_zero_are_told_as_they_are(void **state)
{
    (void)state;
    struct report report =
        taken("{\"results\":[{\"campaign\":{\"id\":\"17\"},\"metrics\":{\"clicks\":\"-50\","
              "\"costMicros\":-4650,\"conversionsValue\":-0.5}," DATE("2026-11-20") "}]}",
              REPORT_CAMPAIGNS);
    assert_int_equal(report.rows[0].clicks, -50);
    assert_int_equal(report.rows[0].cost_micros, -4650);
    assert_int_equal(report.rows[0].value_micros, -500000);
}

static void an_empty_page_is_a_report(void **state)
{
    (void)state;
    assert_int_equal(taken("{\"fieldMask\":\"campaign.id\"}", REPORT_CAMPAIGNS).row_count, 0);
    assert_int_equal(taken("{}", REPORT_ADS).row_count, 0);
    assert_int_equal(taken("{\"results\":[]}", REPORT_ADS).row_count, 0);
}

#define WITH(campaign, metrics, date)                                                          \
    "{\"results\":[{\"campaign\":{" campaign "},\"metrics\":{" metrics "},\"segments\":{" date \
    "}}]}"
#define GOOD_ID "\"id\":\"17\""
#define GOOD_DATE "\"date\":\"2026-11-20\""

/* Nothing of a refused page is told, nor what stood in it. */
static void refuses(const char *const pages[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct report report = {.row_count = 99};
        struct err err = {0};
        if (take(pages[i], REPORT_CAMPAIGNS, &report, &err))
            fail_msg("taken: %s", pages[i]);
        assert_int_equal(err.kind, ERR_REJECT);
        assert_int_equal(report.row_count, 99);
        assert_null(strstr(err.text, "DROP"));
    }
}

static void what_is_no_page_is_refused_whole(void **state)
{
    static const char *const pages[] = {
        "",
        "[]",
        "[{\"results\":[]}]",
        "{\"results\":{}}",
        "{\"results\":[1]}",
        "{\"results\":[{}]}",
        "{\"results\":[],\"results\":[]}",
        "{\"fieldMask\":7}",
        "{\"results\":[" ROW("17", "2026-11-20") "],",
        "{\"results\":[" ROW("17", "2026-11-20") "]}}",
    };
    (void)state;
    refuses(pages, COUNT(pages));
}

static void a_value_out_of_form_or_range_refuses_the_page(void **state)
{
    static const char *const pages[] = {
        WITH("\"name\":\"x\"", "", GOOD_DATE),
        WITH(GOOD_ID, "", ""),
        WITH("\"id\":\"17; DROP\"", "", GOOD_DATE),
        WITH("\"id\":\"-17\"", "", GOOD_DATE),
        WITH("\"id\":17.5", "", GOOD_DATE),
        WITH("\"id\":\"\"", "", GOOD_DATE),
        WITH("\"id\":\"123456789012345678901\"", "", GOOD_DATE),
        WITH("\"id\":{}", "", GOOD_DATE),
        WITH(GOOD_ID "," GOOD_ID, "", GOOD_DATE),
        WITH(GOOD_ID ",\"status\":\"ENABLED<b>\"", "", GOOD_DATE),
        WITH(GOOD_ID ",\"status\":3", "", GOOD_DATE),
        WITH(GOOD_ID, "\"clicks\":\"5.5\"", GOOD_DATE),
        WITH(GOOD_ID, "\"clicks\":\"\"", GOOD_DATE),
        WITH(GOOD_ID, "\"clicks\":\"1000000000000001\"", GOOD_DATE),
        WITH(GOOD_ID, "\"clicks\":true", GOOD_DATE),
        WITH(GOOD_ID, "\"costMicros\":\"1000000000000000001\"", GOOD_DATE),
        WITH(GOOD_ID, "\"costMicros\":\"9223372036854775808\"", GOOD_DATE),
        WITH(GOOD_ID, "\"costMicros\":\"-9223372036854775808\"", GOOD_DATE),
        WITH(GOOD_ID, "\"conversionsValue\":1e13", GOOD_DATE),
        WITH(GOOD_ID, "\"conversionsValue\":\"NaN\"", GOOD_DATE),
        WITH(GOOD_ID, "\"conversions\":1e999", GOOD_DATE),
        WITH(GOOD_ID, "\"conversions\":\"Infinity\"", GOOD_DATE),
        WITH(GOOD_ID, "", "\"date\":\"2026-02-29\""),
        WITH(GOOD_ID, "", "\"date\":\"2026-13-01\""),
        WITH(GOOD_ID, "", "\"date\":\"2026-11-00\""),
        WITH(GOOD_ID, "", "\"date\":\"1969-12-31\""),
        WITH(GOOD_ID, "", "\"date\":\"2026-11-2\""),
        WITH(GOOD_ID, "", "\"date\":\"2026-1-220\""),
        WITH(GOOD_ID, "", "\"date\":20261120"),
        WITH(GOOD_ID, "", GOOD_DATE ",\"date\":\"2026-11-21\""),
    };
    (void)state;
    refuses(pages, COUNT(pages));
}

static void rows_of_other_books_refuse_the_page(void **state)
{
    static const char *const pages[] = {
        "{\"results\":[{\"customer\":{\"resourceName\":\"customers/77\"},\"campaign\":{" GOOD_ID
        "},\"segments\":{" GOOD_DATE "}}]}",
        "{\"results\":[{\"customer\":{\"currencyCode\":\"usd\"},\"campaign\":{" GOOD_ID
        "},\"segments\":{" GOOD_DATE "}}]}",
        "{\"results\":[{\"customer\":{\"timeZone\":\"Here; there\"},\"campaign\":{" GOOD_ID
        "},\"segments\":{" GOOD_DATE "}}]}",
        "{\"results\":[" ROW("17", "2026-11-20") ",{\"customer\":{\"currencyCode\":\"EUR\"},"
                                                 "\"campaign\":{" GOOD_ID "},\"segments\":"
                                                 "{" GOOD_DATE "}}]}",
    };
    (void)state;
    refuses(pages, COUNT(pages));
}

static void an_ad_needs_its_group_and_an_account_its_level(void **state)
{
    struct report report;
    struct err err = {0};
    (void)state;
    assert_false(take(PAGE(ROW("17", "2026-11-20")), REPORT_ADS, &report, &err));
    assert_false(take("{}", REPORT_SESSIONS, &report, &err));
    assert_false(report_read(arena, "google/x", REPORT_ADS, bytes_of_text("{}"), &report, &err));
    assert_false(report_read(arena, "nobody/7", REPORT_ADS, bytes_of_text("{}"), &report, &err));
}

static void add_rows(struct buffer *page, int rows, int campaigns)
{
    buffer_add_text(page, "{\"results\":[");
    for (int i = 0; i < rows; i++)
        buffer_format(
            page,
            "%s{" CUSTOMER ",\"campaign\":{\"id\":\"%d\",\"name\":\"Campaign %d\","
            "\"status\":\"ENABLED\"},\"metrics\":{\"clicks\":\"%d\"}," DATE("2026-11-20") "}",
            i ? "," : "", i % campaigns, i % campaigns, i);
    buffer_add_text(page, "]}");
}

static void ten_thousand_rows_are_read_and_share_their_texts(void **state)
{
    struct buffer page = {0};
    struct report report;
    struct err err = {0};
    (void)state;
    add_rows(&page, 10000, 1);
    assert_true(
        report_read(arena, "google/7", REPORT_CAMPAIGNS, buffer_view(&page), &report, &err));
    assert_int_equal(report.row_count, 10000);
    assert_int_equal(report.rows[9999].clicks, 9999);
    assert_ptr_equal(report.rows[0].campaign_name, report.rows[9999].campaign_name);
    buffer_clear(&page);
    add_rows(&page, 100, 7);
    assert_true(
        report_read(arena, "google/7", REPORT_CAMPAIGNS, buffer_view(&page), &report, &err));
    assert_string_equal(report.rows[99].campaign_name, "Campaign 1");
    buffer_done(&page);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_question_names_its_level_and_days),
        CASE(a_row_a_campaign_and_day),
        CASE(a_row_an_ad_and_day),
        CASE(absent_metrics_are_zero_and_unknown_members_pass),
        CASE(conversions_of_the_day_are_told_where_they_were_asked_for),
        CASE(counts_below_zero_are_told_as_they_are),
        CASE(an_empty_page_is_a_report),
        CASE(what_is_no_page_is_refused_whole),
        CASE(a_value_out_of_form_or_range_refuses_the_page),
        CASE(rows_of_other_books_refuse_the_page),
        CASE(an_ad_needs_its_group_and_an_account_its_level),
        CASE(ten_thousand_rows_are_read_and_share_their_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
