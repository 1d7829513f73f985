/* From counts to a verdict: only critical rules decide, and people are told which. */
#include "verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

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

static const struct suite_rule clicks = {.name = "clicks_within_impressions",
                                         .severity = SEVERITY_CRITICAL,
                                         .sentence =
                                             "No campaign has more clicks than impressions."};
static const struct suite_rule fresh = {.name = "feed_is_fresh", .severity = SEVERITY_CRITICAL};
static const struct suite_rule spend = {.name = "spend_is_usual", .severity = SEVERITY_WARNING};

static const char *sentence_of(const int64_t offending[static 3], struct verdict *ret_verdict)
{
    const struct finding findings[] = {
        {NULL, &clicks, offending[0], "[]", 1},
        {NULL, &fresh,  offending[1], "[]", 1},
        {NULL, &spend,  offending[2], "[]", 1},
    };
    verdict_of(arena, "google/730", findings, COUNT(findings), ret_verdict);
    assert_int_equal(ret_verdict->rule_count, 3);
    return ret_verdict->sentence;
}

static void data_passes_when_every_critical_rule_holds(void **state)
{
    struct verdict verdict;
    (void)state;
    assert_string_equal(sentence_of((int64_t[]){0, 0, 0}, &verdict),
                        "google/730: all 3 rules hold");
    assert_true(verdict.passed);
    assert_string_equal(sentence_of((int64_t[]){0, 0, 4650}, &verdict),
                        "google/730: no critical rule is broken; look at spend_is_usual (4650)");
    assert_true(verdict.passed);
    assert_int_equal(verdict.warning_count, 1);
}

static void one_broken_critical_rule_is_enough_and_all_are_named(void **state)
{
    struct verdict verdict;
    (void)state;
    assert_string_equal(sentence_of((int64_t[]){3, 0, 4650}, &verdict),
                        "google/730: broken: clicks_within_impressions (3)");
    assert_false(verdict.passed);
    assert_string_equal(sentence_of((int64_t[]){3, 1, 0}, &verdict),
                        "google/730: broken: clicks_within_impressions (3), feed_is_fresh (1)");
    assert_int_equal(verdict.critical_count, 2);
}

static void a_sentence_that_names_many_rules_stays_short(void **state)
{
    struct finding findings[9];
    struct verdict verdict;
    (void)state;
    for (size_t i = 0; i < COUNT(findings); i++)
        findings[i] = (struct finding){NULL, &fresh, 7, "[]", 1};
    verdict_of(arena, "ga4/1", findings, COUNT(findings), &verdict);
    assert_non_null(strstr(verdict.sentence, "feed_is_fresh (7) and 3 more"));
}

static void a_finding_says_what_holds_and_how_often_not(void **state)
{
    struct finding finding = {NULL, &clicks, 0, "[]", 1};
    (void)state;
    assert_string_equal(finding_sentence(arena, &finding),
                        "No campaign has more clicks than impressions.");
    finding.offending = 1;
    assert_string_equal(finding_sentence(arena, &finding),
                        "No campaign has more clicks than impressions. Not so 1 time.");
    finding.offending = 730;
    assert_non_null(strstr(finding_sentence(arena, &finding), "Not so 730 times."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_passes_when_every_critical_rule_holds),
        cmocka_unit_test(one_broken_critical_rule_is_enough_and_all_are_named),
        cmocka_unit_test(a_sentence_that_names_many_rules_stays_short),
        cmocka_unit_test(a_finding_says_what_holds_and_how_often_not),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
