/* The rules at their bounds: what passes, what doesn't, and what a person is told. */
#include "rules.h"

#include "budget_facts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct expected {
    int outcome;
    double value, bound;
    const char *sentence;
};

static struct arena *arena;

static int arena_open(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int arena_close(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct ruling judged(const char *name, const struct law *law, const struct saga_fact *fact,
                            size_t count)
{
    const struct rule *rule = rule_find(name);
    assert_non_null(rule);
    struct proposal proposal = {law, fact, count};
    return rule->judge(&proposal, arena);
}

static void assert_ruling(struct ruling ruling, const struct expected *expected)
{
    assert_string_equal(ruling.sentence, expected->sentence);
    assert_int_equal(ruling.outcome, expected->outcome);
    assert_true(fabs(ruling.value - expected->value) < 1e-9);
    assert_true(fabs(ruling.bound - expected->bound) < 1e-9);
}

static void a_change_is_held_to_its_percentage(void **state)
{
    static const struct {
        int64_t before, after;
        struct expected expected;
    } cases[] = {
        {50000000,         52500000,         {RULE_PASSES, 5, 5, "+5 %, within 5 %"}                                         },
        {50000000,         52500001,         {RULE_FAILS, 5.000002, 5, "+5.01 % > 5 %: at most $52.50"}                      },
        {50000000,         53000000,         {RULE_FAILS, 6, 5, "+6 % > 5 %: at most $52.50"}                                },
        {50000000,         47500000,         {RULE_PASSES, 5, 5, "-5 %, within 5 %"}                                         },
        {50000000,         47499999,         {RULE_FAILS, 5.000002, 5, "-5.01 % > 5 %: at least $47.50"}                     },
        {50000000,         0,                {RULE_FAILS, 100, 5, "-100 % > 5 %: at least $47.50"}                           },
        {1000000000000000, 1050000000000000, {RULE_PASSES, 5, 5, "+5 %, within 5 %"}                                         },
        {1000000000000000,
         1060000000000000,                   {RULE_FAILS, 6, 5, "+6 % > 5 %: at most $1,050,000,000.00"}                     },
        {190000,           200000,           {RULE_FAILS, 100.0 / 19, 5, "+5.27 % > 5 %: no raise is left"}                  },
        {190000,           180000,           {RULE_FAILS, 100.0 / 19, 5, "-5.27 % > 5 %: no cut is left"}                    },
        {333330000,
         350000000,                          {RULE_FAILS, 100 * 16670000.0 / 333330000, 5, "+5.01 % > 5 %: at most $349.99"} },
        {333330000,
         316660000,                          {RULE_FAILS, 100 * 16670000.0 / 333330000, 5, "-5.01 % > 5 %: at least $316.67"}},
        {0,
         10000,                              {RULE_FAILS, .01, 0,
          "budget campaignBudgets/9 starts from zero: this kind has no allowance for that"}                   },
    };
    struct law law = budget_law();
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct saga_fact fact = budget_fact(cases[i].before, cases[i].after);
        assert_ruling(judged("per_change", &law, &fact, 1), &cases[i].expected);
    }
}

static void a_cap_of_more_than_everything_does_not_overflow(void **state)
{
    struct law law = budget_law();
    struct saga_fact fact = budget_fact(1000000000000000, 2050000000000000);
    (void)state;
    law.change_bp = 10500;
    assert_ruling(judged("per_change", &law, &fact, 1),
                  &(struct expected){RULE_PASSES, 105, 105, "+105 %, within 105 %"});
    fact.after_micros++;
    assert_ruling(judged("per_change", &law, &fact, 1),
                  &(struct expected){RULE_FAILS, 105.0000000000001, 105,
                                     "+105.01 % > 105 %: at most $2,050,000,000.00"});
}

static void from_zero_only_up_to_the_kinds_allowance(void **state)
{
    struct law law = budget_law();
    struct saga_fact fact = budget_fact(0, 25000000);
    (void)state;
    law.from_zero_micros = 25000000;
    assert_ruling(judged("per_change", &law, &fact, 1),
                  &(struct expected){RULE_PASSES, 25, 25,
                                     "budget campaignBudgets/9 starts from zero: at most $25.00"});
    fact.after_micros += 10000;
    assert_ruling(judged("per_change", &law, &fact, 1),
                  &(struct expected){RULE_FAILS, 25.01, 25,
                                     "budget campaignBudgets/9 starts from zero: at most $25.00"});
}

static void from_zero_the_accounts_caps_still_hold(void **state)
{
    struct law law = budget_law();
    struct saga_fact fact = budget_fact(0, 25000000);
    (void)state;
    law.from_zero_micros = 25000000;
    fact.account_base_micros = 730000000;
    fact.account_drift_base_micros = 730000000;
    fact.account_live_micros = 924000000;
    fact.account_used_micros = 48000000;
    assert_ruling(
        judged("per_day", &law, &fact, 1),
        &(struct expected){RULE_PASSES, 10, 10, "account google/730 uses 10 % of its 10 % today"});
    assert_ruling(
        judged("drift", &law, &fact, 1),
        &(struct expected){RULE_PASSES, 30, 30,
                           "account google/730 would stand 30 % above 28 days ago, within "
                           "30 %"});
    fact.account_used_micros += 10000;
    assert_ruling(judged("per_day", &law, &fact, 1),
                  &(struct expected){RULE_FAILS, 100 * 73.01 / 730, 10,
                                     "account google/730 already used 6.58 % of its 10 % today: at "
                                     "most $24.99"});
    fact.account_live_micros += 10000;
    assert_ruling(
        judged("drift", &law, &fact, 1),
        &(struct expected){RULE_FAILS, 100 * 219.01 / 730, 30,
                           "account google/730 would stand 30.01 % above 28 days ago, over "
                           "30 %: at most $24.99"});
}

static void a_ramp_of_two_people_widens_the_drift_and_nothing_else(void **state)
{
    struct law law = budget_law();
    struct saga_fact fact = budget_fact(50000000, 52000000);
    (void)state;
    fact.drift_base_micros = 26000000;
    fact.account_live_micros = 6043010000;
    fact.target_ramp_bp = 9999;
    fact.account_ramp_bp = 3004;
    assert_ruling(
        judged("drift", &law, &fact, 1),
        &(struct expected){RULE_FAILS, 100, 99.99,
                           "budget campaignBudgets/9 would stand 100 % above 28 days ago, "
                           "over 99.99 %: at most $51.99"});
    fact.target_ramp_bp = 10000;
    assert_ruling(
        judged("drift", &law, &fact, 1),
        &(struct expected){RULE_PASSES, 100, 100,
                           "budget campaignBudgets/9 would stand 100 % above 28 days ago, "
                           "within 100 %"});
    fact.account_ramp_bp = 2900; /* less than the kind's takes nothing away */
    assert_ruling(
        judged("drift", &law, &fact, 1),
        &(struct expected){RULE_FAILS, 100 * 1395.01 / 4650, 30,
                           "account google/730 would stand 30.01 % above 28 days ago, over "
                           "30 %: at most $51.99"});
}

static void of_several_changes_the_first_that_fails_is_named(void **state)
{
    struct law law = budget_law();
    struct saga_fact facts[] = {budget_fact(50000000, 51000000), budget_fact(46500000, 50000000)};
    (void)state;
    facts[1].resource = "campaignBudgets/31";
    assert_ruling(judged("per_change", &law, facts, 2),
                  &(struct expected){RULE_FAILS, 100 * 3.5 / 46.5, 5,
                                     "budget campaignBudgets/31: +7.53 % > 5 %: at most $48.82"});
    facts[1].after_micros = 48360000;
    assert_ruling(
        judged("per_change", &law, facts, 2),
        &(struct expected){RULE_PASSES, 4, 5, "budget campaignBudgets/31: +4 %, within 5 %"});
}

/* Base $50.00 and account base $4,650.00, both may move 10 %. */
static void a_day_has_a_cap_for_the_budget_and_for_the_account(void **state)
{
    static const struct {
        int64_t after, used, account_used;
        struct expected expected;
    } cases[] = {
        {50900000,
         4100000, 4100000,
         {RULE_PASSES, 10, 10, "budget campaignBudgets/9 uses 10 % of its 10 % today"}     },
        {50910000,
         4100000, 4100000,
         {RULE_FAILS, 10.02, 10,
          "budget campaignBudgets/9 already used 8.2 % of its 10 % today: at most $50.90"} },
        {50000001,
         5000000, 5000000,
         {RULE_FAILS, 10.000002, 10,
          "budget campaignBudgets/9 already used 10 % of its 10 % today: no raise is left"}},
        {49100000,
         4100000, 4100000,
         {RULE_PASSES, 10, 10, "budget campaignBudgets/9 uses 10 % of its 10 % today"}     },
        {49090000,
         4100000, 4100000,
         {RULE_FAILS, 10.02, 10,
          "budget campaignBudgets/9 already used 8.2 % of its 10 % today: at least $49.10"}},
        {52500000,
         0,       462500000,
         {RULE_PASSES, 10, 10, "account google/730 uses 10 % of its 10 % today"}           },
        {52500000,
         0,       462500001,
         {RULE_FAILS, 100 * 465000001.0 / 4650000000.0, 10,
          "account google/730 already used 9.95 % of its 10 % today: at most $52.49"}      },
        {52500000,
         0,       465000000,
         {RULE_FAILS, 100 * 467500000.0 / 4650000000.0, 10,
          "account google/730 already used 10 % of its 10 % today: no raise is left"}      },
    };
    struct law law = budget_law();
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct saga_fact fact = budget_fact(50000000, cases[i].after);
        fact.used_micros = cases[i].used;
        fact.account_used_micros = cases[i].account_used;
        assert_ruling(judged("per_day", &law, &fact, 1), &cases[i].expected);
    }
}

static void the_accounts_day_counts_all_changes_of_one_direction_together(void **state)
{
    struct law law = budget_law();
    struct saga_fact facts[] = {budget_fact(50000000, 51000000), budget_fact(50000000, 51500000),
                                budget_fact(50000000, 48000000), budget_fact(50000000, 52000000)};
    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++)
        facts[i].account_base_micros = 25000000; /* 10 % of it: $2.50 */
    facts[3].account = "google/31";
    facts[3].account_base_micros = 4650000000;
    assert_ruling(
        judged("per_day", &law, facts, COUNT(facts)),
        &(struct expected){RULE_PASSES, 10, 10, "account google/730 uses 10 % of its 10 % today"});
    facts[1].after_micros += 10000;
    assert_int_equal(judged("per_day", &law, facts, COUNT(facts)).outcome, RULE_FAILS);
}

static void without_a_base_today_the_day_waits(void **state)
{
    struct law law = budget_law();
    struct saga_fact fact = budget_fact(50000000, 51000000);
    static const struct expected expected = {
        RULE_WAITS, 0, 10, "budget campaignBudgets/9 has no base yet today: it must be read first"};
    (void)state;
    fact.base_micros = saga_unknown;
    assert_ruling(judged("per_day", &law, &fact, 1), &expected);
    fact.base_micros = 50000000;
    fact.account_base_micros = saga_unknown;
    assert_ruling(judged("per_day", &law, &fact, 1), &expected);
}

static void drift_is_held_for_the_budget_and_for_the_account(void **state)
{
    static const struct {
        int64_t before, after, base, account_live;
        struct expected expected;
    } cases[] = {
        {74000000,
         75000000,           50000000,
         4650000000,                               {RULE_PASSES, 50, 50,
          "budget campaignBudgets/9 would stand 50 % above 28 days ago, within 50 %"}           },
        {74000000,
         75500000,           50000000,
         4650000000,                               {RULE_FAILS, 51, 50,
          "budget campaignBudgets/9 would stand 51 % above 28 days ago, over 50 %: "
          "at most $75.00"}                                                                     },
        {80000000,
         80010000,           50000000,
         4650000000,                               {RULE_FAILS, 60.02, 50,
          "budget campaignBudgets/9 would stand 60.02 % above 28 days ago, over 50 %: "
          "no raise is left"}                                                                   },
        {90000000, 89000000, 50000000, 9000000000, {RULE_PASSES, 0, 0, "nothing to count"}                          },
        {50000000,
         51000000,           51000000,
         6044000000,                               {RULE_PASSES, 30, 30,
          "account google/730 would stand 30 % above 28 days ago, within 30 %"}                 },
        {50000000,
         51000000,           51000000,
         6044500000,                               {RULE_FAILS, 100 * 1395500000.0 / 4650000000.0, 30,
          "account google/730 would stand 30.02 % above 28 days ago, over 30 %: at most $50.50"}},
    };
    struct law law = budget_law();
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct saga_fact fact = budget_fact(cases[i].before, cases[i].after);
        fact.drift_base_micros = cases[i].base;
        fact.account_live_micros = cases[i].account_live;
        assert_ruling(judged("drift", &law, &fact, 1), &cases[i].expected);
    }
}

static void a_cut_beside_a_raise_counts_for_the_accounts_drift(void **state)
{
    struct law law = budget_law();
    struct saga_fact facts[] = {budget_fact(50000000, 51000000), budget_fact(50000000, 49000000)};
    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++)
        facts[i].account_live_micros = 6045000000; /* 30 % above already */
    assert_int_equal(judged("drift", &law, facts, 2).outcome, RULE_PASSES);
    assert_int_equal(judged("drift", &law, facts, 1).outcome, RULE_FAILS);
}

static void the_kill_switch_keeps_waiting(void **state)
{
    struct law law = budget_law();
    (void)state;
    assert_ruling(judged("kill_switch", &law, NULL, 0),
                  &(struct expected){RULE_PASSES, 0, 0, "kill switch is off"});
    law.lock = "calendar lock 7 until 2026-11-28 00:00 UTC";
    assert_ruling(judged("kill_switch", &law, NULL, 0),
                  &(struct expected){RULE_PASSES, 0, 0,
                                     "it will wait: calendar lock 7 until 2026-11-28 00:00 UTC"});
    law.level = LEVEL_STOP;
    assert_ruling(judged("kill_switch", &law, NULL, 0),
                  &(struct expected){RULE_WAITS, 1, 0, "kill switch is on (stop) for google/730"});
    law.level = LEVEL_FREEZE;
    law.kind = "noop.note";
    law.accounts = "";
    assert_ruling(judged("kill_switch", &law, NULL, 0),
                  &(struct expected){RULE_WAITS, 2, 0, "kill switch is on (freeze) for noop.note"});
}

static void a_reading_is_fresh_for_ten_minutes(void **state)
{
    static const struct {
        double age_s;
        struct expected expected;
    } cases[] = {
        {600,         {RULE_PASSES, 600, 600, "every budget was read in the last 10 minutes"}},
        {600.001,
         {RULE_WAITS, 600.001, 600,
          "budget campaignBudgets/9 was last read 11 minutes ago, more than 10"}             },
        {720,
         {RULE_WAITS, 720, 600,
          "budget campaignBudgets/9 was last read 12 minutes ago, more than 10"}             },
        {(double)NAN,
         {RULE_WAITS, 0, 600, "budget campaignBudgets/9 was never read at the platform"}     },
    };
    struct law law = budget_law();
    struct saga_fact fact = budget_fact(50000000, 51000000);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fact.live_age_s = cases[i].age_s;
        assert_ruling(judged("freshness", &law, &fact, 1), &cases[i].expected);
    }
}

static void only_one_change_of_a_budget_is_in_flight(void **state)
{
    struct law law = budget_law();
    struct saga_fact fact = budget_fact(50000000, 51000000);
    (void)state;
    assert_ruling(judged("in_flight", &law, &fact, 1),
                  &(struct expected){RULE_PASSES, 0, 0, "no other change is in flight"});
    fact.busy = true;
    assert_ruling(judged("in_flight", &law, &fact, 1),
                  &(struct expected){RULE_WAITS, 1, 0,
                                     "budget campaignBudgets/9 has another change in flight"});
}

static void only_enabled_daily_budgets_of_their_own_are_changed(void **state)
{
    static const struct {
        bool shared, daily, enabled;
        struct expected expected;
    } cases[] = {
        {false, true,  true,  {RULE_PASSES, 0, 0, "daily budgets of their own"}                   },
        {true,
         true,         true,
         {RULE_FAILS, 1, 0,
          "budget campaignBudgets/9 is shared: it would move every campaign that uses it"}        },
        {false, false, true,  {RULE_FAILS, 1, 0, "budget campaignBudgets/9 is not a daily budget"}},
        {false, true,  false, {RULE_FAILS, 1, 0, "budget campaignBudgets/9 is not enabled"}       },
    };
    struct law law = budget_law();
    struct saga_fact fact = budget_fact(50000000, 51000000);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fact.shared = cases[i].shared;
        fact.daily = cases[i].daily;
        fact.enabled = cases[i].enabled;
        assert_ruling(judged("budget_shape", &law, &fact, 1), &cases[i].expected);
    }
}

static void a_rule_this_release_lacks_is_not_found(void **state)
{
    (void)state;
    assert_null(rule_find("outcome_share"));
    assert_null(rule_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_held_to_its_percentage),
        cmocka_unit_test(a_cap_of_more_than_everything_does_not_overflow),
        cmocka_unit_test(from_zero_only_up_to_the_kinds_allowance),
        cmocka_unit_test(from_zero_the_accounts_caps_still_hold),
        cmocka_unit_test(a_ramp_of_two_people_widens_the_drift_and_nothing_else),
        cmocka_unit_test(of_several_changes_the_first_that_fails_is_named),
        cmocka_unit_test(a_day_has_a_cap_for_the_budget_and_for_the_account),
        cmocka_unit_test(the_accounts_day_counts_all_changes_of_one_direction_together),
        cmocka_unit_test(without_a_base_today_the_day_waits),
        cmocka_unit_test(drift_is_held_for_the_budget_and_for_the_account),
        cmocka_unit_test(a_cut_beside_a_raise_counts_for_the_accounts_drift),
        cmocka_unit_test(the_kill_switch_keeps_waiting),
        cmocka_unit_test(a_reading_is_fresh_for_ten_minutes),
        cmocka_unit_test(only_one_change_of_a_budget_is_in_flight),
        cmocka_unit_test(only_enabled_daily_budgets_of_their_own_are_changed),
        cmocka_unit_test(a_rule_this_release_lacks_is_not_found),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
