/* cli: what a line of words and flags means. */
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

static int exit_of(char *word, char *value)
{
    char program[] = "aelpctl";
    char *line[] = {program, word, value, NULL};
    return cli_main(value ? 3 : 2, line);
}

static void a_line_without_a_command_is_a_usage_error(void **state)
{
    char output[] = "-o", json[] = "json", joined[] = "--output=json", noun[] = "proposals";
    (void)state;
    assert_int_equal(exit_of(output, json), EXIT_USAGE);
    assert_int_equal(exit_of(joined, NULL), EXIT_USAGE);
    assert_int_equal(exit_of(noun, NULL), EXIT_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_without_a_command_is_a_usage_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
