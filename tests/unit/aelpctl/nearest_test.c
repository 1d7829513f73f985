/* nearest: what a mistyped word may have meant. */
#include "cli.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* main.c's table, which the core refers to. */
const struct command commands[] = {
    {"proposals", "approve", "ID", 1, 1, "reason", NULL, ""},
};
const size_t command_count = COUNT(commands);

static void a_typo_finds_its_word(void **state)
{
    static const char *const words[] = {"approve", "propose", "reject", "withdraw", "watch"};
    (void)state;
    assert_string_equal(nearest("aprove", words, COUNT(words)), "approve");
    assert_string_equal(nearest("propsoe", words, COUNT(words)), "propose");
    assert_string_equal(nearest("wacth", words, COUNT(words)), "watch");
    assert_string_equal(nearest("withdarw", words, COUNT(words)), "withdraw");
}

static void another_word_finds_none(void **state)
{
    static const char *const words[] = {"approve", "reject"};
    (void)state;
    assert_null(nearest("budget", words, COUNT(words)));
    assert_null(nearest("version", (const char *const[]){"reason"}, 1));
    assert_null(nearest("", words, COUNT(words)));
    assert_null(nearest("approveapproveapproveapproveapproveapproveapprove", words, COUNT(words)));
}

static void a_number_is_a_whole_number_within_bounds(void **state)
{
    int64_t number = 4650;
    (void)state;
    assert_true(cli_number("73", 1, 100, &number));
    assert_int_equal(number, 73);
    assert_false(cli_number("0", 1, 100, &number));
    assert_false(cli_number("101", 1, 100, &number));
    assert_false(cli_number("7x", 1, 100, &number));
    assert_false(cli_number("", 0, 100, &number));
    assert_false(cli_number("99999999999999999999", 0, INT64_MAX, &number));
    assert_int_equal(number, 73);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_typo_finds_its_word),
        cmocka_unit_test(another_word_finds_none),
        cmocka_unit_test(a_number_is_a_whole_number_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
