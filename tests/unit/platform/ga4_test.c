/* ga4: the question, the pages by offset, and what a page says or fails to say. */
#include "ga4.h"

#include "http/checks.h"

#define DIMENSIONS                                                            \
    "\"dimensionHeaders\":[{\"name\":\"date\"},{\"name\":\"sessionSource\"}," \
    "{\"name\":\"sessionMedium\"},{\"name\":\"sessionCampaignName\"}]"
#define METRICS                                                                             \
    "\"metricHeaders\":[{\"name\":\"sessions\",\"type\":\"TYPE_INTEGER\"},"                 \
    "{\"name\":\"totalUsers\",\"type\":\"TYPE_INTEGER\"},{\"name\":\"keyEvents\",\"type\":" \
    "\"TYPE_FLOAT\"},{\"name\":\"totalRevenue\",\"type\":\"TYPE_CURRENCY\"}]"
#define VALUE(text) "{\"value\":\"" text "\"}"
#define ROW(date, source, medium, campaign, sessions, users, events, revenue)           \
    "{\"dimensionValues\":[" VALUE(date) "," VALUE(source) "," VALUE(medium) "," VALUE( \
        campaign) "],\"metricValues\":[" VALUE(sessions) "," VALUE(users) "," VALUE(events) "," VALUE(revenue) "]}"
#define GOOD_ROW ROW("20261120", "google", "cpc", "Brand", "42", "40", "3.5", "19.5")
#define METADATA                                                                 \
    "\"metadata\":{\"currencyCode\":\"USD\",\"timeZone\":\"America/New_York\"}," \
    "\"kind\":\"analyticsData#runReport\""
#define PAGE(rows, count) \
    "{" DIMENSIONS "," METRICS ",\"rows\":[" rows "],\"rowCount\":" count "," METADATA "}"

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

static bool take(const char *page, struct report *ret_report, struct err *err)
{
    return report_read(arena, "ga4/123", REPORT_SESSIONS, bytes_of_text(page), ret_report, err);
}

static struct report taken(const char *page)
{
    struct report report = {0};
    struct err err = {0};
    if (!take(page, &report, &err))
        fail_msg("%s", err.text);
    return report;
}

static void the_question_has_one_order_for_all_pages(void **state)
{
    struct buffer body = {0};
    (void)state;
    ga4_ask_report(20746, 20777, 50000, 4650, &body);
    assert_string_equal(
        (const char *)body.data,
        "{\"dateRanges\":[{\"startDate\":\"2026-10-20\",\"endDate\":\"2026-11-20\"}],"
        "\"dimensions\":[{\"name\":\"date\"},{\"name\":\"sessionSource\"},"
        "{\"name\":\"sessionMedium\"},{\"name\":\"sessionCampaignName\"}],"
        "\"metrics\":[{\"name\":\"sessions\"},{\"name\":\"totalUsers\"},{\"name\":\"keyEvents\"},"
        "{\"name\":\"totalRevenue\"}],"
        "\"orderBys\":[{\"dimension\":{\"dimensionName\":\"date\"}},"
        "{\"dimension\":{\"dimensionName\":\"sessionSource\"}},"
        "{\"dimension\":{\"dimensionName\":\"sessionMedium\"}},"
        "{\"dimension\":{\"dimensionName\":\"sessionCampaignName\"}}],"
        "\"limit\":\"4650\",\"offset\":\"50000\"}");
    buffer_done(&body);
}

static void a_row_a_day_source_medium_and_campaign(void **state)
{
    (void)state;
    struct report report = taken(
        PAGE(GOOD_ROW "," ROW("20261121", "(not set)", "(none)", "", "1", "1", "0", "0"), "2"));
    const struct report_row *row = &report.rows[0];
    assert_int_equal(report.row_count, 2);
    assert_string_equal(report.currency, "USD");
    assert_string_equal(report.zone, "America/New_York");
    assert_string_equal(report.setting, "session");
    assert_int_equal(row->day, 20777);
    assert_string_equal(row->utm_source, "google");
    assert_string_equal(row->utm_medium, "cpc");
    assert_string_equal(row->campaign, "Brand");
    assert_string_equal(row->campaign_name, "Brand");
    assert_int_equal(row->sessions, 42);
    assert_int_equal(row->users, 40);
    assert_true(row->conversions == 3.5 && row->conversions_on_day == -1);
    assert_int_equal(row->value_micros, 19500000);
    assert_string_equal(report.rows[1].utm_source, "(not set)");
    assert_string_equal(report.rows[1].utm_medium, "(none)");
    assert_string_equal(report.rows[1].campaign, "");
}

static void columns_are_where_the_headers_say(void **state)
{
    (void)state;
    struct report report = taken(
        "{\"rows\":[{\"metricValues\":[" VALUE("9.99") "," VALUE("7") "," VALUE("6") "," VALUE("5") "," VALUE("4") "],\"dimensionValues\":[" VALUE(
            "Spring") ",{}," VALUE("20261120") "," VALUE("email") "]}],\"rowCount\":1,\"metadata\":"
                                                                  "{},"
                                                                  "\"metricHeaders\":[{\"type\":"
                                                                  "\"TYPE_CURRENCY\",\"name\":"
                                                                  "\"totalRevenue\"},"
                                                                  "{\"name\":\"bounceRate\"},{"
                                                                  "\"name\":\"keyEvents\"},{"
                                                                  "\"name\":\"sessions\"},"
                                                                  "{\"name\":\"totalUsers\"}],"
                                                                  "\"dimensionHeaders\":[{\"name\":"
                                                                  "\"sessionCampaignName\"},"
                                                                  "{\"name\":\"sessionSource\"},{"
                                                                  "\"name\":\"date\"},{\"name\":"
                                                                  "\"sessionMedium\"}]}");
    const struct report_row *row = &report.rows[0];
    assert_int_equal(row->value_micros, 9990000);
    assert_true(row->conversions == 6);
    assert_int_equal(row->sessions, 5);
    assert_int_equal(row->users, 4);
    assert_string_equal(row->campaign, "Spring");
    assert_string_equal(row->utm_source, "");
    assert_string_equal(row->utm_medium, "email");
    assert_int_equal(row->day, 20777);
}

static void what_the_numbers_lack_is_said(void **state)
{
    (void)state;
    struct report report = taken(PAGE(GOOD_ROW, "1"));
    assert_false(report.sampled || report.thresholded || report.lumped);
    report = taken("{\"metadata\":{\"samplingMetadatas\":[{\"samplesReadCount\":\"4\"}]}}");
    assert_true(report.sampled && !report.thresholded && !report.lumped);
    report = taken("{\"metadata\":{\"subjectToThresholding\":true,\"samplingMetadatas\":[]}}");
    assert_true(!report.sampled && report.thresholded && !report.lumped);
    report = taken("{\"metadata\":{\"dataLossFromOtherRow\":true,"
                   "\"subjectToThresholding\":null}}");
    assert_true(!report.sampled && !report.thresholded && report.lumped);
}

static void an_empty_report_has_neither_rows_nor_a_count(void **state)
{
    struct report_cursor cursor = {0};
    struct err err = {0};
    bool more = true;
    static const char page[] = "{" DIMENSIONS "," METRICS "," METADATA "}";
    (void)state;
    assert_int_equal(taken(page).row_count, 0);
    assert_true(ga4_look(arena, bytes_of_text(page), &cursor, &more, &err));
    assert_false(more);
}

static void pages_follow_by_offset_until_all_rows_are_there(void **state)
{
    struct report_cursor cursor = {0};
    struct err err = {0};
    bool more = false;
    static const char three[] = PAGE(GOOD_ROW "," GOOD_ROW "," GOOD_ROW, "5");
    static const char two[] = PAGE(GOOD_ROW "," GOOD_ROW, "5");
    (void)state;
    assert_true(ga4_look(arena, bytes_of_text(three), &cursor, &more, &err));
    assert_true(more);
    assert_int_equal(cursor.offset, 3);
    assert_true(ga4_look(arena, bytes_of_text(two), &cursor, &more, &err));
    assert_false(more);
}

static void pages_that_do_not_fit_together_are_no_report(void **state)
{
    static const struct {
        const char *page;
        struct report_cursor cursor;
        enum err_kind kind;
    } cases[] = {
        {PAGE(GOOD_ROW,  "6"),               {.offset = 3, .total = 5},               ERR_RETRY},
        {PAGE("",              "5"),                          {.offset = 3, .total = 5},                                                ERR_REJECT},
        {PAGE(GOOD_ROW "," GOOD_ROW,    "1"),                      {.offset = 0},ERR_REJECT},
        {PAGE("", "-1"),{.offset = 0},                                       ERR_REJECT},
        {PAGE(GOOD_ROW,         "\"many\""),                           {.offset = 0},                  ERR_REJECT},
        {PAGE(GOOD_ROW,  "900000000000000"), {.offset = 0}, ERR_REJECT},
        {"{\"rows\":[",              {.offset = 0},                    ERR_REJECT                                       },
        {"{\"rows\":{}}",    {.offset = 0},                      ERR_REJECT                                                },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct report_cursor cursor = cases[i].cursor;
        struct err err = {0};
        bool more = false;
        if (ga4_look(arena, bytes_of_text(cases[i].page), &cursor, &more, &err)
            || err.kind != cases[i].kind)
            fail_msg("%zu: %s", i, err.text);
    }
}

static void what_cannot_be_understood_is_refused_whole(void **state)
{
    static const char *const pages[] = {
        "",
        "[]",
        "{\"rows\":[]}",
        "{" DIMENSIONS ",\"rows\":[]}",
        "{" DIMENSIONS "," DIMENSIONS "}",
        "{\"dimensionHeaders\":[{\"name\":\"date\"},{\"name\":\"date\"}]," METRICS ",\"rows\":[]}",
        PAGE("{}", "1"),
        PAGE("1", "1"),
        PAGE("{\"dimensionValues\":[" VALUE("20261120") "," VALUE("a") "," VALUE("b") "," VALUE(
                 "c") "]}",
             "1"),
        PAGE("{\"dimensionValues\":[" VALUE("20261120") "],\"metricValues\":[]}", "1"),
        PAGE(ROW("20261120", "a", "b", "c", "1", "1", "1", "1\"},{\"value\":\"1"), "1"),
        PAGE(ROW("(other)", "a", "b", "c", "1", "1", "1", "1"), "1"),
        PAGE(ROW("20260229", "a", "b", "c", "1", "1", "1", "1"), "1"),
        PAGE(ROW("20261120", "a", "b", "c", "1.5", "1", "1", "1"), "1"),
        PAGE(ROW("20261120", "a", "b", "c", "1", "", "1", "1"), "1"),
        PAGE(ROW("20261120", "a", "b", "c", "1", "1", "NaN", "1"), "1"),
        PAGE(ROW("20261120", "a", "b", "c", "1", "1", "1", "1e99"), "1"),
        "{\"metadata\":{\"currencyCode\":\"DOLLAR\"}}",
        "{\"metadata\":{\"subjectToThresholding\":1}}",
        "{\"metadata\":[]}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct report report = {.row_count = 99};
        struct err err = {0};
        if (take(pages[i], &report, &err))
            fail_msg("taken: %s", pages[i]);
        assert_int_equal(err.kind, ERR_REJECT);
        assert_int_equal(report.row_count, 99);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_question_has_one_order_for_all_pages),
        CASE(a_row_a_day_source_medium_and_campaign),
        CASE(columns_are_where_the_headers_say),
        CASE(what_the_numbers_lack_is_said),
        CASE(an_empty_report_has_neither_rows_nor_a_count),
        CASE(pages_follow_by_offset_until_all_rows_are_there),
        CASE(pages_that_do_not_fit_together_are_no_report),
        CASE(what_cannot_be_understood_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
