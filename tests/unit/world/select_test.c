/* select: what a query finds, by lookup, by scan, in order, within its limit. */
#include "asking.h"

#include "gaql.h"
#include "seed.h"
#include "select.h"

struct fixture {
    struct account *account;
    struct arena *memory;
    struct buffer out;
};

static int setup(void **state)
{
    static struct fixture shop;
    shop = (struct fixture){.account = seed_account(), .memory = arena_new()};
    seed_add_budgets(shop.account, 3, 200);
    *state = &shop;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *shop = *state;
    account_free(shop->account);
    arena_free(shop->memory);
    buffer_done(&shop->out);
    return 0;
}

/* The rows as JSON. */
static const char *rows(struct fixture *shop, const char *text)
{
    static struct gaql query;
    struct failure failure = {0};
    struct gaql_context context = {
        .customer_id = SEED_CUSTOMER_ID,
        .zone = ZONE_NEW_YORK,
        .now_micros = asking_from_micros,
        .arena = shop->memory,
    };
    struct select_source source = {
        .account = shop->account,
        .visible_until_micros = INT64_MAX - 1,
    };
    if (!gaql_parse(text, &context, &query, &failure))
        fail_msg("%s: %s", failure.code, failure.message);
    struct selection selection = select_rows(&source, &query, shop->memory);
    struct json_writer writer = {.out = &shop->out};
    buffer_clear(&shop->out);
    select_write_rows(&writer, &query, &selection, 0, selection.count);
    return (const char *)shop->out.data;
}

#define IDS "SELECT campaign_budget.id FROM campaign_budget "
#define PLAIN " PARAMETERS omit_unselected_resource_names = true"
#define ROW(id) "{\"campaignBudget\":{\"id\":\"" id "\"}}"

static void ids_and_names_find_the_same_once_each(void **state)
{
    const char *wanted = "[" ROW("9") "," ROW("13") "]";
    assert_string_equal(rows(*state, IDS "WHERE campaign_budget.id IN (13, 9, 9, 4650)" PLAIN),
                        wanted);
    assert_string_equal(rows(*state,
                             IDS "WHERE campaign_budget.resource_name IN "
                                 "('customers/1234567890/campaignBudgets/13', "
                                 "'customers/1234567890/campaignBudgets/9', "
                                 "'customers/1234567890/campaigns/9')" PLAIN),
                        wanted);
    assert_string_equal(rows(*state,
                             IDS "WHERE campaign_budget.id > 8 AND campaign_budget.id <= 13 "
                                 "AND campaign_budget.id NOT IN (10, 11, 12)" PLAIN),
                        wanted);
}

static void a_lookup_still_obeys_the_other_conditions(void **state)
{
    assert_string_equal(rows(*state,
                             IDS "WHERE campaign_budget.id IN (9, 13) AND "
                                 "campaign_budget.explicitly_shared = TRUE" PLAIN),
                        "[" ROW("13") "]");
}

static void order_and_limit_come_after_the_conditions(void **state)
{
    assert_string_equal(rows(*state,
                             IDS "WHERE campaign_budget.id < 13 ORDER BY "
                                 "campaign_budget.amount_micros DESC LIMIT 3" PLAIN),
                        "[" ROW("7") "," ROW("5") "," ROW("2") "]");
    assert_string_equal(rows(*state, IDS "LIMIT 2" PLAIN), "[" ROW("1") "," ROW("2") "]");
}

static void texts_are_compared_as_texts(void **state)
{
    assert_string_equal(rows(*state,
                             IDS "WHERE campaign_budget.name LIKE 'Generic%' AND "
                                 "campaign_budget.name NOT REGEXP_MATCH '.*trail.*'" PLAIN),
                        "[" ROW("2") "]");
    assert_string_equal(rows(*state, IDS "WHERE campaign_budget.name IN ('Brand US', 'x')" PLAIN),
                        "[" ROW("1") "]");
    assert_string_equal(rows(*state, IDS "WHERE campaign_budget.name REGEXP_MATCH 'Brand'" PLAIN),
                        "[]");
}

static void a_campaign_brings_its_budget_and_customer(void **state)
{
    assert_string_equal(
        rows(*state,
             "SELECT campaign.name, campaign_budget.id, customer.time_zone FROM campaign "
             "WHERE campaign.id = 1014" PLAIN),
        "[{\"customer\":{\"timeZone\":\"America/New_York\"},"
        "\"campaign\":{\"name\":\"Seasonal shopping\"},\"campaignBudget\":{\"id\":\"13\"}}]");
}

static void add_change(struct account *account, int64_t id, int64_t seconds_ago)
{
    struct change change = {
        .time_micros = asking_from_micros - seconds_ago * 1000000,
        .resource = RESOURCE_CAMPAIGN_BUDGET,
        .operation = CHANGE_UPDATE,
        .client = CLIENT_API,
        .resource_id = id,
        .user_email = "a@demo.example",
        .changed = 1,
    };
    change.before.budget = change.after.budget = *account_budget(account, id);
    account_add_change(account, &change);
}

#define HISTORY "SELECT change_event.change_resource_name FROM change_event WHERE "
#define CHANGED(id) \
    "{\"changeEvent\":{\"changeResourceName\":\"customers/1234567890/campaignBudgets/" id "\"}}"

static void the_history_is_found_by_time_and_by_resource_oldest_first(void **state)
{
    struct fixture *shop = *state;
    for (int64_t i = 0; i < 6; i++)
        add_change(shop->account, 7 + i % 3, 60 - 10 * i); /* 7 8 9 7 8 9 */
    assert_string_equal(rows(shop,
                             HISTORY
                             "change_event.change_date_time > '2026-11-21 09:59:10' AND "
                             "change_event.change_date_time < '2026-11-21 09:59:50' ORDER BY "
                             "change_event.change_date_time LIMIT 2" PLAIN),
                        "[" CHANGED("9") "," CHANGED("7") "]");
    assert_string_equal(rows(shop,
                             HISTORY
                             "change_event.change_resource_name IN "
                             "('customers/1234567890/campaignBudgets/9', "
                             "'customers/1234567890/campaignBudgets/8') AND "
                             "change_event.change_date_time BETWEEN '2026-11-21 09:59:20' AND "
                             "'2026-11-21 10:00:00' LIMIT 9" PLAIN),
                        "[" CHANGED("9") "," CHANGED("8") "," CHANGED("9") "]");
    assert_string_equal(rows(shop,
                             HISTORY "change_event.change_date_time DURING TODAY ORDER BY "
                                     "change_event.change_date_time DESC LIMIT 1" PLAIN),
                        "[" CHANGED("9") "]");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(ids_and_names_find_the_same_once_each),
        TEST(a_lookup_still_obeys_the_other_conditions),
        TEST(order_and_limit_come_after_the_conditions),
        TEST(texts_are_compared_as_texts),
        TEST(a_campaign_brings_its_budget_and_customer),
        TEST(the_history_is_found_by_time_and_by_resource_oldest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
