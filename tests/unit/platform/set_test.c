/* set: one request for many budgets, and which of them came to what. */
#include "google.h"

#include "http/checks.h"

#define FAILURE(errors)                                                                            \
    "\"partialFailureError\":{\"code\":3,\"message\":\"m\",\"details\":[{\"errors\":[" errors "]}" \
    "]}"
#define AT(index, category, code)                                                          \
    "{\"errorCode\":{\"" category "\":\"" code "\"},\"location\":{\"fieldPathElements\":[" \
    "{\"fieldName\":\"operations\",\"index\":" index "},{\"fieldName\":\"update\"}]}}"
#define DONE(id) "{\"resourceName\":\"customers/7/campaignBudgets/" id "\"}"

struct fixture {
    struct platform_item items[3];
    struct platform_set set;
};

static struct fixture fixture_of(void)
{
    return (struct fixture){
        .items = {{.resource = "campaignBudgets/9", .micros = 52500000},
                  {.resource = "campaignBudgets/10", .micros = 4650000},
                  {.resource = "campaignBudgets/11", .micros = 0}},
    };
}

static struct platform_set *set_of(struct fixture *fixture)
{
    fixture->set = (struct platform_set){
        .account = "google/7", .items = fixture->items, .item_count = COUNT(fixture->items)};
    return &fixture->set;
}

static void assert_fates(const char *answer, bool validate_only, enum platform_fate first,
                         enum platform_fate second, enum platform_fate third)
{
    struct fixture fixture = fixture_of();
    struct platform_set *set = set_of(&fixture);
    set->validate_only = validate_only;
    google_take_set(bytes_of_text(answer), set);
    const enum platform_fate fates[] = {first, second, third};
    for (size_t i = 0; i < COUNT(fates); i++)
        if (fixture.items[i].reply.fate != fates[i])
            fail_msg("%s: item %zu is %d (%s), not %d", answer, i, (int)fixture.items[i].reply.fate,
                     fixture.items[i].reply.code, (int)fates[i]);
}

static void the_request_is_googles_own_form(void **state)
{
    struct fixture fixture = fixture_of();
    struct platform_set *set = set_of(&fixture);
    struct buffer body = {0};
    (void)state;
    set->item_count = 2;
    google_ask_set(set, &body);
    assert_string_equal(
        (const char *)body.data,
        "{\"operations\":[{\"update\":{\"resourceName\":\"customers/7/campaignBudgets/9\","
        "\"amountMicros\":\"52500000\"},\"updateMask\":\"amountMicros\"},{\"update\":"
        "{\"resourceName\":\"customers/7/campaignBudgets/10\",\"amountMicros\":\"4650000\"},"
        "\"updateMask\":\"amountMicros\"}],\"partialFailure\":true,\"validateOnly\":false}");
    buffer_clear(&body);
    set->atomic = set->validate_only = true;
    google_ask_set(set, &body);
    assert_non_null(
        strstr((const char *)body.data, "],\"partialFailure\":false,\"validateOnly\":true}"));
    buffer_done(&body);
}

static void every_named_result_is_done(void **state)
{
    (void)state;
    assert_fates("{\"results\":[" DONE("9") "," DONE("10") "," DONE("11") "]}", false, PLATFORM_OK,
                 PLATFORM_OK, PLATFORM_OK);
}

static void of_a_partial_failure_each_item_has_its_own_answer(void **state)
{
    struct fixture fixture = fixture_of();
    (void)state;
    google_take_set(bytes_of_text("{\"results\":[{}," DONE("10") ",{}]," FAILURE(
                        AT("2", "campaignBudgetError", "CAMPAIGN_BUDGET_REMOVED") "," AT(
                            "0", "databaseError", "CONCURRENT_MODIFICATION")) "}"),
                    set_of(&fixture));
    assert_int_equal(fixture.items[0].reply.fate, PLATFORM_TRANSIENT);
    assert_int_equal(fixture.items[1].reply.fate, PLATFORM_OK);
    assert_int_equal(fixture.items[2].reply.fate, PLATFORM_PERMANENT);
    assert_string_equal(fixture.items[2].reply.code, "CAMPAIGN_BUDGET_REMOVED");
}

static void an_answer_that_proves_nothing_leaves_its_items_unknown(void **state)
{
    static const char *const answers[] = {
        "",
        "[]",
        "{}",
        "{\"results\":[" DONE("9") "," DONE("10"),
        "{\"results\":[" DONE("9") "," DONE("10") "]}",
        "{\"results\":7}",
        "{\"results\":[1,2,3]}",
        "{\"results\":[" DONE("10") "," DONE("11") "," DONE("9") "]}",
        "{\"results\":[" DONE("9") "," DONE("10") "," DONE("11") "]," FAILURE(
            AT("3", "campaignBudgetError", "DUPLICATE_NAME")) "}",
        "{\"results\":[" DONE("9") "," DONE("10") "," DONE("11") "]," FAILURE(
            "{\"errorCode\":{\"internalError\":\"INTERNAL_ERROR\"}}") "}",
        "{\"results\":[" DONE("9") "," DONE("10") "," DONE(
            "11") "],"
                  "\"partialFailureError\":{\"code\":13}}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++)
        assert_fates(answers[i], false, PLATFORM_UNKNOWN, PLATFORM_UNKNOWN, PLATFORM_UNKNOWN);
    assert_fates("{\"results\":[" DONE("9") ",{}," DONE("11") "]}", false, PLATFORM_OK,
                 PLATFORM_UNKNOWN, PLATFORM_OK);
}

static void an_empty_object_is_a_passed_validation(void **state)
{
    (void)state;
    assert_fates("{}", true, PLATFORM_OK, PLATFORM_OK, PLATFORM_OK);
    assert_fates("{" FAILURE(AT("1", "campaignBudgetError", "MONEY_AMOUNT_TOO_LARGE")) "}", true,
                 PLATFORM_OK, PLATFORM_PERMANENT, PLATFORM_OK);
    assert_fates("{", true, PLATFORM_UNKNOWN, PLATFORM_UNKNOWN, PLATFORM_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_is_googles_own_form),
        cmocka_unit_test(every_named_result_is_done),
        cmocka_unit_test(of_a_partial_failure_each_item_has_its_own_answer),
        cmocka_unit_test(an_answer_that_proves_nothing_leaves_its_items_unknown),
        cmocka_unit_test(an_empty_object_is_a_passed_validation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
