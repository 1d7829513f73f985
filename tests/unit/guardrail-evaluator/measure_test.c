/* What became of a change: nothing, somebody's edit, or harm. */
#include "measure.h"

#include "budget_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_change_that_still_stands_needs_no_note(void **state)
{
    struct arena *arena = arena_new();
    struct saga_fact facts[] = {budget_fact(50000000, 52500000), budget_fact(46500000, 47000000)};
    struct executed executed = {facts, COUNT(facts)};
    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++)
        facts[i].live_micros = facts[i].after_micros;
    assert_string_equal(measure_note(&executed, arena), "");
    executed.count = 0;
    assert_string_equal(measure_note(&executed, arena), "");
    arena_free(arena);
}

static void somebody_elses_edit_is_noted(void **state)
{
    struct arena *arena = arena_new();
    struct saga_fact facts[] = {budget_fact(50000000, 52500000), budget_fact(46500000, 47000000)};
    struct executed executed = {facts, COUNT(facts)};
    (void)state;
    facts[0].live_micros = 52500000;
    facts[1].live_micros = 60000000;
    facts[1].resource = "campaignBudgets/31";
    assert_string_equal(measure_note(&executed, arena),
                        "changed since by someone else: budget campaignBudgets/31 is $60.00 now, "
                        "not $47.00");
    arena_free(arena);
}

static const char *never(const struct executed *executed, struct arena *arena)
{
    (void)executed;
    (void)arena;
    return NULL;
}

static const char *cost_rose(const struct executed *executed, struct arena *arena)
{
    return arena_format(arena, "CPA of %s rose by 31 %%", executed->fact->resource);
}

static void the_first_harm_in_the_table_is_told(void **state)
{
    static const struct harm table[] = {
        {"orders",     never    },
        {"cpa",        cost_rose},
        {"cpa_weekly", cost_rose},
        {NULL,         NULL     },
    };
    struct arena *arena = arena_new();
    struct saga_fact fact = budget_fact(50000000, 52500000);
    struct executed executed = {&fact, 1};
    const char *sentence = NULL;
    (void)state;
    const struct harm *harm = harm_find(table, &executed, arena, &sentence);
    assert_ptr_equal(harm, &table[1]);
    assert_string_equal(sentence, "CPA of campaignBudgets/9 rose by 31 %");
    arena_free(arena);
}

static void no_metric_source_means_no_harm_and_no_rollback(void **state)
{
    struct arena *arena = arena_new();
    struct saga_fact fact = budget_fact(50000000, 52500000);
    struct executed executed = {&fact, 1};
    const char *sentence = NULL;
    (void)state;
    fact.live_micros = 0;
    assert_null(harm_find(harms, &executed, arena, &sentence));
    assert_null(sentence);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_that_still_stands_needs_no_note),
        cmocka_unit_test(somebody_elses_edit_is_noted),
        cmocka_unit_test(the_first_harm_in_the_table_is_told),
        cmocka_unit_test(no_metric_source_means_no_harm_and_no_rollback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
