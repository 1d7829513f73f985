/* fact: what a page says is compared field by field with what is known; nothing comes twice. */
#include "fact.h"

#include "mem.h"

#include <math.h>

#include "http/checks.h"

static struct arena *arena;
static struct err err;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new();
    err = (struct err){0};
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct report_row row_of(const char *campaign, int32_t day)
{
    return (struct report_row){
        .campaign = campaign,
        .campaign_name = "Brand | US",
        .type = "search",
        .status = "enabled",
        .ad_group = "4650",
        .ad = "",
        .utm_source = "",
        .utm_medium = "",
        .day = day,
        .impressions = 730,
        .clicks = 46,
        .cost_micros = 730000000,
        .sessions = 9,
        .users = 8,
        .conversions = 4.65,
        .conversions_on_day = -1,
        .value_micros = 7300000,
        .view_through = 3,
    };
}

static struct report report_of(enum report_level level, struct report_row rows[], size_t count)
{
    return (struct report){.level = level,
                           .currency = "USD",
                           .zone = "",
                           .setting = "click_date",
                           .rows = rows,
                           .row_count = count};
}

static struct fact *facts_must(const struct report *report)
{
    struct fact *facts = NULL;
    if (!facts_of(arena, report, 20400, 20412, &facts, &err))
        fail_msg("%s", err.text);
    return facts;
}

static void what_is_known_and_the_same_adds_nothing(void **state)
{
    (void)state;
    struct report_row rows[] = {row_of("17", 20401), row_of("18", 20401), row_of("17", 20402)};
    struct report report = report_of(REPORT_CAMPAIGNS, rows, COUNT(rows));
    struct fact *facts = facts_must(&report);
    struct known known[] = {
        {0, facts[0]},
        {2, facts[2]},
        {1, facts[1]}
    };
    assert_int_equal(facts_new(arena, facts, 3, known, 3), 0);
}

static void what_is_unknown_or_changed_comes_first_and_in_order(void **state)
{
    (void)state;
    struct report_row rows[] = {row_of("18", 20402), row_of("17", 20402), row_of("17", 20401)};
    struct report report = report_of(REPORT_CAMPAIGNS, rows, COUNT(rows));
    struct fact *facts = facts_must(&report);
    struct known known[] = {
        {0, facts[0]},
        {2, facts[2]}
    };
    known[1].fact.row.clicks++;
    assert_int_equal(facts_new(arena, facts, 3, known, 2), 2);
    assert_string_equal(facts[0].row.campaign, "17");
    assert_int_equal(facts[0].row.day, 20402);
    assert_string_equal(facts[1].row.campaign, "18");
}

static void each_value_that_changes_makes_a_vintage(void **state)
{
    (void)state;
    struct report_row row = row_of("17", 20401);
    struct report report = report_of(REPORT_CAMPAIGNS, &row, 1);
    struct fact *fact = facts_must(&report);
    struct fact others[12];
    for (size_t i = 0; i < COUNT(others); i++)
        others[i] = *fact;
    others[0].row.campaign_name = "Brand | UK";
    others[1].row.type = "display";
    others[2].row.status = "paused";
    others[3].setting = "7d_click_1d_view";
    others[4].currency = "EUR";
    others[5].row.impressions--;
    others[6].row.clicks--;
    others[7].row.cost_micros--;
    others[8].row.conversions = nextafter(others[8].row.conversions, 9);
    others[9].row.conversions_on_day = 0;
    others[10].row.value_micros--;
    others[11].row.view_through--;
    assert_true(fact_same(fact, fact));
    for (size_t i = 0; i < COUNT(others); i++)
        if (fact_same(fact, &others[i]))
            fail_msg("other %zu is the same", i);
}

static void what_a_level_does_not_keep_makes_none(void **state)
{
    (void)state;
    static const enum report_level levels[] = {REPORT_CAMPAIGNS, REPORT_ADS, REPORT_SESSIONS};
    for (size_t i = 0; i < COUNT(levels); i++) {
        struct report_row rows[] = {row_of("17", 20401), row_of("17", 20401)};
        rows[0].ad = rows[1].ad = "9";
        if (levels[i] == REPORT_CAMPAIGNS) {
            rows[1].ad_group = "another";
            rows[1].sessions = rows[1].users = 1;
        } else if (levels[i] == REPORT_ADS) {
            rows[1].campaign_name = rows[1].type = "another";
            rows[1].utm_source = "another";
        } else {
            rows[1].status = rows[1].ad_group = rows[1].ad = "another";
            rows[1].clicks = rows[1].cost_micros = 1;
            rows[1].conversions_on_day = 1;
        }
        struct report one = report_of(levels[i], rows, 1), two = report_of(levels[i], rows + 1, 1);
        assert_true(fact_same(facts_must(&one), facts_must(&two)));
    }
}

static void a_key_that_comes_twice_refuses_the_page(void **state)
{
    (void)state;
    struct report_row rows[] = {row_of("17", 20401), row_of("18", 20401), row_of("17", 20401)};
    struct report report = report_of(REPORT_CAMPAIGNS, rows, COUNT(rows));
    struct fact *facts = NULL;
    assert_false(facts_of(arena, &report, 20400, 20412, &facts, &err));
    assert_int_equal(err.kind, ERR_REJECT);
    assert_non_null(strstr(err.text, "campaign 17 comes twice"));
}

static void an_ad_is_one_whatever_campaign_it_stands_below(void **state)
{
    (void)state;
    struct report_row rows[] = {row_of("17", 20401), row_of("18", 20401)};
    struct report report = report_of(REPORT_ADS, rows, COUNT(rows));
    struct fact *facts = NULL;
    rows[0].ad = rows[1].ad = "9";
    assert_false(facts_of(arena, &report, 20400, 20412, &facts, &err));
    rows[1].ad = "10";
    err = (struct err){0};
    assert_true(facts_of(arena, &report, 20400, 20412, &facts, &err));
}

static void days_nobody_asked_for_and_no_numbers_refuse_the_page(void **state)
{
    (void)state;
    struct report_row bad[5];
    struct fact *facts = NULL;
    for (size_t i = 0; i < COUNT(bad); i++)
        bad[i] = row_of("17", 20401);
    bad[0].day = 20399;
    bad[1].day = 20413;
    bad[2].conversions = NAN;
    bad[3].conversions = INFINITY;
    bad[4].conversions_on_day = NAN;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct report report = report_of(REPORT_CAMPAIGNS, &bad[i], 1);
        err = (struct err){0};
        if (facts_of(arena, &report, 20400, 20412, &facts, &err) || err.kind != ERR_REJECT)
            fail_msg("row %zu passed", i);
    }
}

#define WITH_ARENA(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(what_is_known_and_the_same_adds_nothing),
        WITH_ARENA(what_is_unknown_or_changed_comes_first_and_in_order),
        WITH_ARENA(each_value_that_changes_makes_a_vintage),
        WITH_ARENA(what_a_level_does_not_keep_makes_none),
        WITH_ARENA(a_key_that_comes_twice_refuses_the_page),
        WITH_ARENA(an_ad_is_one_whatever_campaign_it_stands_below),
        WITH_ARENA(days_nobody_asked_for_and_no_numbers_refuse_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
