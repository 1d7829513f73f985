/* A pattern fits whole texts or none, and no pattern costs more than its limits. */
#include "regexp.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void whole_texts_are_matched(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool fits;
    } cases[] = {
        {"Brand",        "Brand US", false},
        {"Brand.*",      "Brand US", true },
        {"(?i)brand us", "Brand US", true },
        {"\\d{2}_[^x]+", "42_abc",   true },
        {"\\d{2}_[^x]+", "42_axc",   false},
        {"a|ab",         "ab",       true },
        {"",             "",         true },
        {"é.",          "éü",     true },
        {"a$",           "a\n",      false},
        {".",            "\xff",     false}, /* no UTF-8 */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct regexp *regexp = regexp_new(cases[i].pattern);
        assert_non_null(regexp);
        assert_int_equal(regexp_fits(regexp, cases[i].text), cases[i].fits);
        regexp_free(regexp);
    }
}

static void what_is_no_pattern_is_refused(void **state)
{
    static const char *const patterns[] = {"(", "a{2,1}", "(a)\\1", "\xff",
                                           "((((a{999}){999}){999}){999})"};
    (void)state;
    for (size_t i = 0; i < COUNT(patterns); i++)
        assert_null(regexp_new(patterns[i]));
    char longest[REGEXP_BYTES_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[REGEXP_BYTES_MAX + 1] = '\0';
    assert_null(regexp_new(longest));
}

/* By the hundredth letter a naive engine would look at 2^100 ways. */
static void hostile_patterns_cost_little(void **state)
{
    static const char *const patterns[] = {"(a+)+b",         "(a|a)*b",  "((a*)*)*b",
                                           "(a?){99}a{99}b", "(?R)?a+b", "(?=(a+)+b)a*",
                                           "(?>a*)*b",       "a++++++++"};
    char text[101];
    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < COUNT(patterns); i++) {
        struct regexp *regexp = regexp_new(patterns[i]);
        if (regexp)
            assert_false(regexp_fits(regexp, text));
        regexp_free(regexp);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_texts_are_matched),
        cmocka_unit_test(what_is_no_pattern_is_refused),
        cmocka_unit_test(hostile_patterns_cost_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
