/* Each rule of RFC 3629 has a text on either side of it. */
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_edges_of_every_length_are_accepted(void **state)
{
    (void)state;
    static const char *const accepted[] = {
        "",
        "\x01\x7f",
        "\xc2\x80\xdf\xbf",
        "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf",
        "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
    };
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++)
        assert_true(utf8_valid(bytes_of_text(accepted[i])));
    assert_true(utf8_valid(bytes_of("\0", 1)));
}

static void what_lies_beyond_the_edges_is_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc2",
        "\xc2\x7f",
        "\xc2\xc0",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xe1\x80",
        "\xe1\x80\xc0",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xf1\x80\x80",
        "\xf1\x80\x80\x7f",
        "\xfe",
        "\xff",
        "good\xc3(bad",
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_false(utf8_valid(bytes_of_text(refused[i])));
}

static void a_step_is_the_length_of_one_character(void **state)
{
    (void)state;
    assert_int_equal(utf8_step(bytes_of_text("ab")), 1);
    assert_int_equal(utf8_step(bytes_of_text("éa")), 2);
    assert_int_equal(utf8_step(bytes_of_text("€a")), 3);
    assert_int_equal(utf8_step(bytes_of_text("\xf0\x9f\x98\x80z")), 4);
    assert_int_equal(utf8_step(bytes_of_text("")), 0);
    assert_int_equal(utf8_step(bytes_of_text("\x80z")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_edges_of_every_length_are_accepted),
        cmocka_unit_test(what_lies_beyond_the_edges_is_refused),
        cmocka_unit_test(a_step_is_the_length_of_one_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
