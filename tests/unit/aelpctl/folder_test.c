/* folder: all of a path but its last part. */
#include "folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void every_folder_above_a_file_is_made_with_its_mode(void **state)
{
    char top[] = "folder-test-XXXXXX", path[64], made[64];
    struct stat found;
    (void)state;
    assert_non_null(mkdtemp(top));
    snprintf(path, sizeof path, "%s/tile/entries/x001", top);
    for (int again = 0; again < 2; again++)
        folder_make_above(path, 0700);
    snprintf(made, sizeof made, "%s/tile/entries", top);
    assert_string_equal(path + sizeof top - 1, "/tile/entries/x001");
    assert_int_equal(stat(made, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0700);
    assert_int_not_equal(stat(path, &found), 0);
    assert_int_equal(rmdir(made), 0);
    snprintf(made, sizeof made, "%s/tile", top);
    assert_int_equal(rmdir(made), 0);
    assert_int_equal(rmdir(top), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_folder_above_a_file_is_made_with_its_mode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
