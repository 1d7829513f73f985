/* An error is a kind and a text that grows at the front. */
#include "err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void context_goes_in_front_and_keeps_the_kind(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(err_set(&err, ERR_RETRY, "no answer in %d ms", 4650));
    assert_false(err_context(&err, "query %s", "load"));
    assert_false(err_context(&err, "batch"));
    assert_int_equal(err.kind, ERR_RETRY);
    assert_string_equal(err.text, "batch: query load: no answer in 4650 ms");
}

static void a_text_that_does_not_fit_is_cut_at_its_end(void **state)
{
    (void)state;
    struct err err = {0};
    char longer[2 * sizeof err.text];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    err_set(&err, ERR_REJECT, "%s", longer);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    err_context(&err, "newest");
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_memory_equal(err.text, "newest: xx", 10);
    err_context(&err, "%s", longer);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void no_character_is_cut_in_half(void **state)
{
    static const char *const characters[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (size_t before = 0; before < 4; before++) {
            struct err err = {0};
            char longer[2 * sizeof err.text] = "xxx";
            size_t length = before, bytes = strlen(characters[i]);
            for (; length + bytes < sizeof longer; length += bytes)
                memcpy(longer + length, characters[i], bytes);
            longer[length] = '\0';
            err_set(&err, ERR_REJECT, "%s", longer);
            assert_int_equal((strlen(err.text) - before) % bytes, 0);
            assert_true(strlen(err.text) > sizeof err.text - 1 - bytes);
            err_context(&err, "newest");
            assert_int_equal((strlen(err.text) - strlen("newest: ") - before) % bytes, 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(context_goes_in_front_and_keeps_the_kind),
        cmocka_unit_test(a_text_that_does_not_fit_is_cut_at_its_end),
        cmocka_unit_test(no_character_is_cut_in_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
