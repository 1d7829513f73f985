/* budgets: the question in GAQL, and what answers of search and searchStream say or fail to say. */
#include "google.h"

#include "http/checks.h"

#define ROW(budget)                                                              \
    "{\"customer\":{\"resourceName\":\"customers/7\",\"currencyCode\":\"USD\"}," \
    "\"campaignBudget\":{" budget "}}"
#define NAMED(id) "\"resourceName\":\"customers/7/campaignBudgets/" id "\""
#define DAILY(id, micros) \
    ROW(NAMED(id) ",\"amountMicros\":" micros ",\"status\":\"ENABLED\",\"period\":\"DAILY\"")

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

static bool take(const char *answer, struct platform_read *ret_read, struct err *err)
{
    *ret_read = (struct platform_read){.account = "google/7"};
    return google_take_budgets(arena, bytes_of_text(answer), ret_read, err);
}

static void all_budgets_and_named_ones_are_asked_for(void **state)
{
    static const char *const names[] = {"campaignBudgets/9", "campaignBudgets/4650"};
    struct platform_read read = {.account = "google/7"};
    struct buffer query = {0};
    (void)state;
    google_ask_budgets(&read, &query);
    assert_null(strstr((const char *)query.data, "WHERE"));
    buffer_clear(&query);
    read.resources = names;
    read.resource_count = 2;
    google_ask_budgets(&read, &query);
    assert_non_null(strstr((const char *)query.data,
                           " FROM campaign_budget WHERE campaign_budget.resource_name IN "
                           "('customers/7/campaignBudgets/9', "
                           "'customers/7/campaignBudgets/4650')"));
    buffer_done(&query);
}

static void batches_add_up_and_absent_members_are_zero(void **state)
{
    struct platform_read read;
    struct err err = {0};
    (void)state;
    assert_true(
        take("[{\"results\":[" DAILY("9", "\"52500000\"") "]},{\"fieldMask\":\"x\"},"
                                                          "{\"results\":[" DAILY(
                                                              "10", "0") "],\"requestId\":\"r\"}]",
             &read, &err));
    assert_int_equal(read.budget_count, 2);
    assert_string_equal(read.currency, "USD");
    assert_string_equal(read.budgets[0].resource, "campaignBudgets/9");
    assert_string_equal(read.budgets[0].name, "");
    assert_int_equal(read.budgets[0].micros, 52500000);
    assert_true(read.budgets[0].enabled && read.budgets[0].daily && !read.budgets[0].shared);
    assert_int_equal(read.budgets[1].micros, 0);
}

static void an_account_without_budgets_is_an_answer(void **state)
{
    struct platform_read read;
    struct err err = {0};
    (void)state;
    assert_true(take("[{\"fieldMask\":\"x\"}]", &read, &err));
    assert_int_equal(read.budget_count, 0);
    assert_string_equal(read.currency, "");
}

static void shared_removed_and_period_budgets_are_told_apart(void **state)
{
    struct platform_read read;
    struct err err = {0};
    (void)state;
    assert_true(take(
        "[{\"results\":[" ROW(NAMED(
            "1") ",\"amountMicros\":\"5\",\"status\":"
                 "\"REMOVED\","
                 "\"period\":\"DAILY\",\"referenceCount\":"
                 "\"1\"") "," ROW(NAMED("2") ",\"amountMicros"
                                             "\":\"5\","
                                             "\"status\":"
                                             "\"ENABLED\","
                                             "\"period\":"
                                             "\"DAILY\","
                                             "\"referenceCount"
                                             "\":\"2\"") "," ROW(NAMED("3") ",\"amountMicros\":"
                                                                            "\"5\",\"status\":"
                                                                            "\"ENABLED\","
                                                                            "\"period\":\"DAILY\","
                                                                            "\"explicitlyShared\":"
                                                                            "true") "," ROW(NAMED("4") ",\"totalAmountMicros\":\"5\",\"status\":\"ENABLED\","
                                                                                                       "\"period\":\"CUSTOM_PERIOD\"") "]}]",
        &read, &err));
    assert_false(read.budgets[0].enabled);
    assert_false(read.budgets[0].shared);
    assert_true(read.budgets[1].shared);
    assert_int_equal(read.budgets[1].members, 2);
    assert_true(read.budgets[2].shared);
    assert_false(read.budgets[3].daily);
}

static void what_cannot_be_understood_is_refused_whole(void **state)
{
    static const char *const answers[] = {
        "",
        "{}",
        "[1]",
        "[{\"results\":{}}]",
        "[{\"results\":[1]}]",
        "[{\"results\":[" DAILY("9", "\"5\"") "]},{\"results\":[",
        "[{\"results\":[" DAILY("9", "5.5") "]}]",
        "[{\"results\":[" DAILY("9", "\"5x\"") "]}]",
        "[{\"results\":[" DAILY("9", "-1") "]}]",
        "[{\"results\":[" DAILY("9", "\"9223372036854775808\"") "]}]",
        "[{\"results\":[" DAILY("9", "null") "]}]",
        "[{\"results\":[" DAILY("9'--", "5") "]}]",
        "[{\"results\":[" ROW(NAMED("9") ",\"period\":\"DAILY\"") "]}]",
        "[{\"results\":[{\"customer\":{\"currencyCode\":\"USD\"},\"campaignBudget\":"
        "{\"resourceName\":\"customers/77/campaignBudgets/9\",\"amountMicros\":\"5\"}}]}]",
        "[{\"results\":[{\"customer\":{\"currencyCode\":\"US\"},\"campaignBudget\":{" NAMED(
            "9") ",\"amountMicros\":\"5\"}}]}]",
        "[{\"results\":[" DAILY("9", "5") ",{\"customer\":{\"currencyCode\":\"EUR\"},"
                                          "\"campaignBudget\":{" NAMED(
                                              "10") ",\"amountMicros\":\"5\"}}]}]",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct platform_read read;
        struct err err = {0};
        if (take(answers[i], &read, &err))
            fail_msg("taken: %s", answers[i]);
        assert_int_equal(err.kind, ERR_REJECT);
    }
}

static void a_page_names_the_next_one(void **state)
{
    struct platform_read read = {.account = "google/7"};
    struct err err = {0};
    const char *next = NULL;
    (void)state;
    assert_true(google_take_page(
        arena, bytes_of_text("{\"results\":[" DAILY("9", "5") "],\"nextPageToken\":\"p2\"}"), &read,
        &next, &err));
    assert_string_equal(next, "p2");
    assert_true(google_take_page(arena, bytes_of_text("{\"results\":[" DAILY("10", "6") "]}"),
                                 &read, &next, &err));
    assert_null(next);
    assert_int_equal(read.budget_count, 2);
    assert_int_equal(read.budgets[0].micros, 5);
    assert_int_equal(read.budgets[1].micros, 6);
}

static void a_hundred_thousand_budgets_are_read(void **state)
{
    struct platform_read read = {.account = "google/7"};
    struct buffer answer = {0};
    struct err err = {0};
    (void)state;
    buffer_add_text(&answer, "[{\"results\":[");
    for (int i = 1; i <= 100000; i++)
        buffer_format(&answer,
                      "%s{\"customer\":{\"currencyCode\":\"USD\"},\"campaignBudget\":"
                      "{\"resourceName\":\"customers/7/campaignBudgets/%d\","
                      "\"amountMicros\":\"%d0000\",\"period\":\"DAILY\"}}",
                      i > 1 ? "," : "", i, i);
    buffer_add_text(&answer, "]}]");
    assert_true(google_take_budgets(arena, buffer_view(&answer), &read, &err));
    assert_int_equal(read.budget_count, 100000);
    assert_int_equal(read.budgets[99999].micros, 1000000000);
    buffer_done(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_budgets_and_named_ones_are_asked_for),
        cmocka_unit_test(batches_add_up_and_absent_members_are_zero),
        cmocka_unit_test(an_account_without_budgets_is_an_answer),
        cmocka_unit_test(shared_removed_and_period_budgets_are_told_apart),
        cmocka_unit_test(what_cannot_be_understood_is_refused_whole),
        cmocka_unit_test(a_page_names_the_next_one),
        cmocka_unit_test(a_hundred_thousand_budgets_are_read),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
