/* From rulings to a fate: clear, blocked, or waiting. */
#include "judge.h"

#include "budget_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;
static struct judgement judgement;

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

static void judge_by(const char *const rules[], size_t count, enum level level,
                     const struct saga_fact *fact)
{
    struct law law = budget_law();
    struct proposal proposal = {&law, fact, fact ? 1 : 0};
    law.level = level;
    law.rule_count = count;
    for (size_t i = 0; i < count; i++)
        law.rules[i] = rules[i];
    judge(&proposal, arena, &judgement);
}

static const char *const all[] = {"kill_switch", "per_change", "per_day",     "drift",
                                  "freshness",   "in_flight",  "budget_shape"};

static void what_passes_every_rule_is_clear_with_a_verdict_for_each(void **state)
{
    struct saga_fact fact = budget_fact(50000000, 52500000);
    (void)state;
    judge_by(all, COUNT(all), LEVEL_RUN, &fact);
    assert_int_equal(judgement.fate, JUDGED_CLEAR);
    assert_int_equal(judgement.count, COUNT(all));
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_string_equal(judgement.verdict[i].rule, all[i]);
        assert_int_equal(judgement.verdict[i].ruling.outcome, RULE_PASSES);
    }
}

static void the_first_failure_names_the_block_and_every_verdict_is_kept(void **state)
{
    struct saga_fact fact = budget_fact(50000000, 53000000);
    (void)state;
    fact.shared = true;
    judge_by(all, COUNT(all), LEVEL_RUN, &fact);
    assert_int_equal(judgement.fate, JUDGED_BLOCKED);
    assert_string_equal(judgement.rule, "per_change");
    assert_string_equal(judgement.sentence, "+6 % > 5 %: at most $52.50");
    assert_int_equal(judgement.count, COUNT(all));
    assert_int_equal(judgement.verdict[6].ruling.outcome, RULE_FAILS);
}

static void a_stopped_system_judges_nothing(void **state)
{
    struct saga_fact fact = budget_fact(50000000, 53000000);
    (void)state;
    judge_by(all, COUNT(all), LEVEL_STOP, &fact);
    assert_int_equal(judgement.fate, JUDGED_WAITING);
    assert_string_equal(judgement.rule, "kill_switch");
    assert_int_equal(judgement.count, 0);
}

static void what_waits_keeps_no_verdict(void **state)
{
    struct saga_fact fact = budget_fact(50000000, 52500000);
    (void)state;
    fact.busy = true;
    judge_by(all, COUNT(all), LEVEL_RUN, &fact);
    assert_int_equal(judgement.fate, JUDGED_WAITING);
    assert_string_equal(judgement.rule, "in_flight");
    assert_int_equal(judgement.count, 0);
}

static void a_failure_before_a_wait_blocks(void **state)
{
    struct saga_fact fact = budget_fact(50000000, 53000000);
    (void)state;
    fact.busy = true;
    judge_by(all, COUNT(all), LEVEL_RUN, &fact);
    assert_int_equal(judgement.fate, JUDGED_BLOCKED);
    assert_int_equal(judgement.count, COUNT(all) - 1);
}

static void rules_a_kind_does_not_list_do_not_matter(void **state)
{
    static const char *const only[] = {"kill_switch"};
    struct saga_fact fact = budget_fact(50000000, 99000000);
    (void)state;
    judge_by(only, COUNT(only), LEVEL_RUN, &fact);
    assert_int_equal(judgement.fate, JUDGED_CLEAR);
    assert_int_equal(judgement.count, 1);
    judge_by(NULL, 0, LEVEL_FREEZE, NULL);
    assert_int_equal(judgement.fate, JUDGED_CLEAR);
    assert_int_equal(judgement.count, 0);
}

static void a_rule_this_release_lacks_blocks(void **state)
{
    static const char *const newer[] = {"kill_switch", "outcome_share"};
    (void)state;
    judge_by(newer, COUNT(newer), LEVEL_RUN, NULL);
    assert_int_equal(judgement.fate, JUDGED_BLOCKED);
    assert_string_equal(judgement.rule, "outcome_share");
    assert_string_equal(judgement.sentence,
                        "budget.change needs the rule outcome_share, "
                        "which this release doesn't have");
}

static void every_rule_bears_a_proposal_without_effects(void **state)
{
    (void)state;
    judge_by(all, COUNT(all), LEVEL_RUN, NULL);
    assert_int_equal(judgement.fate, JUDGED_CLEAR);
    assert_int_equal(judgement.count, COUNT(all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_passes_every_rule_is_clear_with_a_verdict_for_each),
        cmocka_unit_test(the_first_failure_names_the_block_and_every_verdict_is_kept),
        cmocka_unit_test(a_stopped_system_judges_nothing),
        cmocka_unit_test(what_waits_keeps_no_verdict),
        cmocka_unit_test(a_failure_before_a_wait_blocks),
        cmocka_unit_test(rules_a_kind_does_not_list_do_not_matter),
        cmocka_unit_test(a_rule_this_release_lacks_blocks),
        cmocka_unit_test(every_rule_bears_a_proposal_without_effects),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
