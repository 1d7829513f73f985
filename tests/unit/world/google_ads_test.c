/* google_ads: the account through its REST surface: what is kept, what is refused, what is told. */
#include "asking.h"

#include "google_search.h"

#define CUSTOMER "/v25/customers/1234567890/"
#define BUDGET(id) "customers/1234567890/campaignBudgets/" id
#define UPDATE(id, micros)                                                               \
    "{\"update\":{\"resourceName\":\"" BUDGET(id) "\",\"amountMicros\":\"" micros "\"}," \
                                                  "\"updateMask\":\"amountMicros\"}"

static const char *mutate(struct asking *asking, const char *body)
{
    return ask(asking, "POST", CUSTOMER "campaignBudgets:mutate", body);
}

static int64_t amount(const struct asking *asking, int64_t id)
{
    return account_budget(asking->world.account, id)->amount_micros;
}

static void budget_nine_starts_at_fifty_dollars(void **state)
{
    struct asking *asking = *state;
    assert_contains(ask(asking, "POST", CUSTOMER "googleAds:search",
                        "{\"query\":\"SELECT campaign_budget.id, campaign_budget.amount_micros "
                        "FROM campaign_budget WHERE campaign_budget.id = 9\"}"),
                    "{\"resourceName\":\"" BUDGET("9") "\",\"id\":\"9\","
                                                       "\"amountMicros\":\"50000000\"}");
}

static void an_update_is_kept_recorded_and_told(void **state)
{
    struct asking *asking = *state;
    const char *reply =
        mutate(asking,
               "{\"operations\":[" UPDATE(
                   "9", "52500000") "],\"responseContentType\":\"MUTABLE_RESOURCE\"}");
    assert_contains(
        reply,
        "\"campaignBudget\":{\"resourceName\":\"" BUDGET("9") "\",\"amountMicros\":\"52500000\"}");
    assert_int_equal(amount(asking, 9), 52500000);

    const struct ledger_entry *entry = &asking->world.ledger.entries[0];
    assert_int_equal(asking->world.ledger.count, 1);
    assert_true(entry->applied);
    assert_int_equal(entry->before_micros, 50000000);
    assert_int_equal(entry->after_micros, 52500000);

    reply = ask(asking, "POST", CUSTOMER "googleAds:search",
                "{\"query\":\"SELECT change_event.change_date_time, change_event.user_email, "
                "change_event.changed_fields, change_event.old_resource, "
                "change_event.new_resource FROM change_event WHERE "
                "change_event.change_date_time DURING TODAY AND "
                "change_event.change_resource_name = '" BUDGET("9") "' LIMIT 5\"}");
    assert_contains(reply, "\"changeDateTime\":\"2026-11-21 10:00:00.000000\"");
    assert_contains(reply, "\"changedFields\":\"amountMicros\"");
    assert_contains(reply, "\"oldResource\":{\"campaignBudget\":{\"amountMicros\":\"50000000\"}}");
    assert_contains(reply, "\"newResource\":{\"campaignBudget\":{\"amountMicros\":\"52500000\"}}");
}

static void validation_alone_keeps_nothing_and_says_nothing(void **state)
{
    struct asking *asking = *state;
    const char *reply =
        mutate(asking, "{\"operations\":[" UPDATE("9", "52500000") "],\"validateOnly\":true}");
    assert_string_equal(reply, "{}");
    assert_int_equal(amount(asking, 9), 50000000);
    assert_int_equal(asking->world.account->change_count, 0);
    assert_string_equal(asking->world.ledger.entries[0].why, "VALIDATE_ONLY");
    assert_false(asking->world.ledger.entries[0].applied);
}

static void one_bad_operation_takes_all_of_its_request_back(void **state)
{
    struct asking *asking = *state;
    const char *reply =
        mutate(asking, "{\"operations\":[" UPDATE("9", "52500000") "," UPDATE("8", "-10000") "]}");
    assert_int_equal(asking->reply.status, 400);
    assert_contains(reply, "{\"campaignBudgetError\":\"NEGATIVE_MONEY_AMOUNT\"}");
    assert_contains(reply,
                    "\"fieldPathElements\":[{\"fieldName\":\"operations\",\"index\":1},"
                    "{\"fieldName\":\"update\"},{\"fieldName\":\"amount_micros\"}]");
    assert_int_equal(amount(asking, 9), 50000000);
    assert_int_equal(asking->world.account->change_count, 0);
    assert_string_equal(asking->world.ledger.entries[0].why, "REQUEST_REFUSED");
}

static void partial_failure_keeps_the_others(void **state)
{
    struct asking *asking = *state;
    const char *reply = mutate(asking,
                               "{\"partialFailure\":true,\"operations\":[" UPDATE(
                                   "8", "-10000") "," UPDATE("9", "52500000") "]}");
    assert_int_equal(asking->reply.status, 200);
    assert_contains(reply, "{\"partialFailureError\":{\"code\":3,");
    assert_contains(reply, "\"results\":[{},{\"resourceName\":\"" BUDGET("9") "\"}]");
    assert_int_equal(amount(asking, 9), 52500000);
    assert_int_equal(amount(asking, 8), 155000000);
    assert_int_equal(asking->world.account->change_count, 1);
}

#define NINE "\"resourceName\":\"" BUDGET("9") "\""
#define OPERATION(object, mask) "{\"update\":{" object "},\"updateMask\":\"" mask "\"}"
#define TWICE UPDATE("9", "52500000") "," UPDATE("9", "55000000")

static const struct {
    const char *code, *operation;
} refusals[] = {
    {"FIELD_MASK_MISSING",     "{\"update\":{" NINE "}}"          },
    {"FIELD_NOT_FOUND",        OPERATION(NINE,                      "amount")},
    {"IMMUTABLE_FIELD",                        OPERATION(NINE,                                           "referenceCount")},
    {"fieldError\":\"REQUIRED",       OPERATION(NINE,"amount_micros")},
    {"RESOURCE_NOT_FOUND",    UPDATE("4650",                        "50000000")},
    {"RESOURCE_NAME_MALFORMED",     UPDATE("x",                        "50000000")},
    {"RESOURCE_NAME_MISSING",                        OPERATION("",                                   "name")},
    {"OPERATION_REQUIRED",             "{\"updateMask\":\"name\"}"                        },
    {"MONEY_AMOUNT_TOO_LARGE",UPDATE("9","10000000010000")},
    {"MONEY_AMOUNT_LESS_THAN_CURRENCY_MINIMUM_CPC",     UPDATE("9", "0")},
    {"NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT", UPDATE("9",                                      "50000001")},
    {"CAMPAIGN_BUDGET_IN_USE",                        "{\"remove\":\"" BUDGET("9") "\"}"              },
    {"ID_EXISTS_IN_MULTIPLE_MUTATES",                    TWICE                                                      },
};

static void refusals_have_the_apis_own_codes(void **state)
{
    char body[1024];
    for (size_t i = 0; i < COUNT(refusals); i++) {
        snprintf(body, sizeof body, "{\"operations\":[%s]}", refusals[i].operation);
        assert_contains(mutate(*state, body), refusals[i].code);
        assert_int_equal(amount(*state, 9), 50000000);
    }
}

static void names_and_numbers_are_read_in_every_json_form(void **state)
{
    struct asking *asking = *state;
    mutate(
        asking,
        "{\"operations\":[{\"update\":{\"resource_name\":\"" BUDGET(
            "9") "\","
                 "\"amount_micros\":52500000,\"delivery_method\":3,\"stranger\":1,\"name\":null},"
                 "\"update_mask\":\"amount_micros,deliveryMethod\"}],\"partial_failure\":false}");
    assert_int_equal(asking->reply.status, 200);
    assert_int_equal(amount(asking, 9), 52500000);
    assert_int_equal(account_budget(asking->world.account, 9)->delivery_method, 3);
}

static void temporary_ids_join_a_budget_and_its_campaign(void **state)
{
    struct asking *asking = *state;
    const char *reply = ask(
        asking, "POST", CUSTOMER "googleAds:mutate",
        "{\"mutateOperations\":[{\"campaignBudgetOperation\":{\"create\":{\"resourceName\":"
        "\"" BUDGET(
            "-1") "\",\"name\":\"New\",\"amountMicros\":\"7300000\",\"explicitlyShared\":false}}},"
                  "{\"campaignOperation\":{\"create\":{\"name\":\"New\",\"status\":\"PAUSED\","
                  "\"advertisingChannelType\":\"SEARCH\",\"campaignBudget\":\"" BUDGET(
                      "-1") "\","
                            "\"containsEuPoliticalAdvertising\":\"DOES_NOT_CONTAIN_EU_POLITICAL_"
                            "ADVERTISING\"}}}]}");
    assert_contains(reply,
                    "{\"mutateOperationResponses\":[{\"campaignBudgetResult\":{"
                    "\"resourceName\":\"" BUDGET("14") "\"}},{\"campaignResult\":");
    assert_int_equal(account_campaign(asking->world.account, 1015)->budget_id, 14);
    assert_int_equal(account_budget(asking->world.account, 14)->reference_count, 1);
}

static void a_campaign_moves_between_budgets_and_they_count_it(void **state)
{
    struct asking *asking = *state;
    const struct account *account = asking->world.account;
    ask(asking, "POST", CUSTOMER "campaigns:mutate",
        "{\"operations\":[{\"update\":{\"resourceName\":\"customers/1234567890/campaigns/1009\","
        "\"campaignBudget\":\"" BUDGET("13") "\",\"status\":\"PAUSED\"},"
                                             "\"updateMask\":\"campaign_budget,status\"}]}");
    assert_int_equal(asking->reply.status, 200);
    assert_int_equal(account_budget(account, 13)->reference_count, 3);
    assert_int_equal(account_budget(account, 9)->reference_count, 0);
    assert_int_equal(account_campaign(account, 1009)->status, STATUS_PAUSED);
    assert_contains(mutate(asking, "{\"operations\":[{\"remove\":\"" BUDGET("9") "\"}]}"),
                    "results");
    assert_contains(mutate(asking, "{\"operations\":[" UPDATE("9", "60000000") "]}"),
                    "CAMPAIGN_BUDGET_REMOVED");
    assert_contains(ask(asking, "POST", CUSTOMER "campaigns:mutate",
                        "{\"operations\":[{\"update\":{\"resourceName\":\"customers/1234567890/"
                        "campaigns/1009\",\"campaignBudget\":\"" BUDGET(
                            "8") "\"},"
                                 "\"updateMask\":\"campaignBudget\"}]}"),
                    "CANNOT_USE_IMPLICITLY_SHARED_CAMPAIGN_BUDGET_WITH_MULTIPLE_CAMPAIGNS");
}

static void a_token_ends_by_time_and_by_command(void **state)
{
    struct asking *asking = *state;
    const char *path = "/v25/customers:listAccessibleCustomers";
    assert_contains(ask(asking, "GET", path, ""), "customers/1234567890");
    asking->now_micros += 3599 * 1000000LL;
    assert_contains(ask(asking, "GET", path, ""), "OAUTH_TOKEN_EXPIRED");
    assert_int_equal(asking->reply.status, 401);
    asking_log_in(asking);
    ask(asking, "POST", "/_world/tokens/expire", "");
    asking->now_micros += 2;
    assert_contains(ask(asking, "GET", path, ""), "OAUTH_TOKEN_EXPIRED");
    asking->authorization[strlen(asking->authorization) - 1] ^= 1;
    assert_contains(ask(asking, "GET", path, ""), "OAUTH_TOKEN_INVALID");
}

static void others_versions_customers_and_streams_answer_in_their_form(void **state)
{
    struct asking *asking = *state;
    const char *query = "{\"query\":\"SELECT customer.id FROM customer\"}";
    assert_contains(ask(asking, "POST", "/v21/customers/1234567890/googleAds:search", query),
                    "UNSUPPORTED_VERSION");
    assert_contains(ask(asking, "POST", "/v26/customers/1234567890/googleAds:search", query),
                    "\"customer\":{\"resourceName\":\"customers/1234567890\",\"id\":");
    assert_contains(ask(asking, "POST", "/v25/customers/5/googleAds:search", query),
                    "USER_PERMISSION_DENIED");
    assert_int_equal(asking->reply.status, 403);
    const char *reply = ask(asking, "POST", CUSTOMER "googleAds:searchStream", "{\"query\":\"x\"}");
    assert_memory_equal(reply, "[{\"error\":{", 11);
    assert_contains(reply, "\"queryError\":\"EXPECTED_SELECT\"");
}

static void pages_continue_where_the_last_ended(void **state)
{
    struct asking *asking = *state;
    char body[256];
    const char *query = "SELECT campaign_budget.id FROM campaign_budget";
    ask(asking, "POST", "/_world/reset", "{\"budgets\":10000}");
    snprintf(body, sizeof body, "{\"query\":\"%s\"}", query);
    const char *reply = ask(asking, "POST", CUSTOMER "googleAds:search", body);
    const char *token = strstr(reply, "\"nextPageToken\":\"");
    assert_non_null(token);
    snprintf(body, sizeof body, "{\"query\":\"%s\",\"pageToken\":\"%.32s\"}", query, token + 17);
    reply = ask(asking, "POST", CUSTOMER "googleAds:search", body);
    assert_contains(reply,
                    "{\"results\":[{\"campaignBudget\":{\"resourceName\":\"" BUDGET("10001"));
    assert_null(strstr(reply, "nextPageToken"));
    body[12] = 's'; /* another query, the same token */
    assert_contains(ask(asking, "POST", CUSTOMER "googleAds:search", body), "INVALID_PAGE_TOKEN");
}

static void a_hand_edit_is_history_but_no_ledger_entry(void **state)
{
    struct asking *asking = *state;
    ask(asking, "POST", "/_world/edits",
        "{\"budget\":9,\"micros\":61000000,\"user_email\":\"eve@demo.example\"}");
    assert_int_equal(asking->reply.status, 200);
    assert_int_equal(amount(asking, 9), 61000000);
    assert_int_equal(asking->world.ledger.count, 0);
    assert_string_equal(asking->world.account->changes[0].user_email, "eve@demo.example");
    assert_int_equal(asking->world.account->changes[0].client, CLIENT_WEB);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, asking_setup, asking_teardown)
    const struct CMUnitTest tests[] = {
        TEST(budget_nine_starts_at_fifty_dollars),
        TEST(an_update_is_kept_recorded_and_told),
        TEST(validation_alone_keeps_nothing_and_says_nothing),
        TEST(one_bad_operation_takes_all_of_its_request_back),
        TEST(partial_failure_keeps_the_others),
        TEST(refusals_have_the_apis_own_codes),
        TEST(names_and_numbers_are_read_in_every_json_form),
        TEST(temporary_ids_join_a_budget_and_its_campaign),
        TEST(a_campaign_moves_between_budgets_and_they_count_it),
        TEST(a_token_ends_by_time_and_by_command),
        TEST(others_versions_customers_and_streams_answer_in_their_form),
        TEST(pages_continue_where_the_last_ended),
        TEST(a_hand_edit_is_history_but_no_ledger_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
