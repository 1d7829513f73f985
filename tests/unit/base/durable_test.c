/* Small files: whole, private, replaced at once; seeds drawn once and refused when spoiled. */
#include "durable.h"

#include "hash.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[128];
static struct err err;

static int make_folder(void **state)
{
    (void)state;
    err = (struct err){0};
    snprintf(folder, sizeof folder, "aelp-durable-test.XXXXXX");
    snprintf(path, sizeof path, "%s/file", mkdtemp(folder));
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static mode_t mode_of(const char *file)
{
    struct stat status;
    assert_int_equal(stat(file, &status), 0);
    return status.st_mode & 0777;
}

static void what_was_written_is_read_back_and_replaced_whole(void **state)
{
    (void)state;
    struct buffer content = {0};
    bool found = false;
    static const char *const texts[] = {"a longer first text\n", "short", ""};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_true(durable_write(folder, "file", bytes_of_text(texts[i]), &err));
        assert_true(durable_read(folder, "file", 64, &content, &found, &err));
        assert_true(found);
        assert_true(bytes_equal(buffer_view(&content), bytes_of_text(texts[i])));
    }
    assert_int_equal(mode_of(path), 0600);
    buffer_done(&content);
}

static void a_missing_file_is_not_found_and_no_error(void **state)
{
    (void)state;
    struct buffer content = {0};
    bool found = true;
    assert_true(durable_read(folder, "file", 64, &content, &found, &err));
    assert_false(found);
}

static void a_file_over_its_limit_is_refused(void **state)
{
    (void)state;
    struct buffer content = {0};
    bool found;
    assert_true(durable_write(folder, "file", bytes_of_text("12345"), &err));
    assert_true(durable_read(folder, "file", 5, &content, &found, &err));
    assert_false(durable_read(folder, "file", 4, &content, &found, &err));
    buffer_done(&content);
}

static void a_write_that_fails_leaves_the_old_content(void **state)
{
    (void)state;
    struct buffer content = {0};
    bool found;
    char beside[160];
    assert_true(durable_write(folder, "file", bytes_of_text("old"), &err));
    snprintf(beside, sizeof beside, "%s.new", path);
    assert_int_equal(mkdir(beside, 0700), 0); /* in the way of the new file */
    assert_false(durable_write(folder, "file", bytes_of_text("new"), &err));
    assert_int_equal(err.kind, ERR_RETRY);
    assert_true(durable_read(folder, "file", 64, &content, &found, &err));
    assert_true(bytes_equal(buffer_view(&content), bytes_of_text("old")));
    buffer_done(&content);
}

static void a_seed_is_drawn_once_and_differs_from_the_next(void **state)
{
    (void)state;
    uint8_t first[DURABLE_SEED], again[DURABLE_SEED], other[DURABLE_SEED];
    assert_true(durable_seed(folder, "file", first, &err));
    assert_true(durable_seed(folder, "file", again, &err));
    assert_true(durable_seed(folder, "other", other, &err));
    assert_memory_equal(first, again, DURABLE_SEED);
    assert_memory_not_equal(first, other, DURABLE_SEED);
    assert_int_equal(mode_of(path), 0600);
}

static void a_seed_that_is_spoiled_or_shared_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "\n", "00", "zz", "not a seed\n"};
    uint8_t seed[DURABLE_SEED];
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_true(durable_write(folder, "file", bytes_of_text(bad[i]), &err));
        assert_false(durable_seed(folder, "file", seed, &err));
        assert_int_equal(err.kind, ERR_FATAL);
    }
    assert_int_equal(unlink(path), 0);
    assert_true(durable_seed(folder, "file", seed, &err));
    assert_int_equal(chmod(path, 0640), 0);
    assert_false(durable_seed(folder, "file", seed, &err));
}

static void a_file_is_its_owners_alone_until_it_is_shown(void **state)
{
    (void)state;
    assert_true(durable_write(folder, "file", bytes_of_text("text"), &err));
    assert_int_equal(mode_of(path), 0600);
    assert_true(durable_show(folder, "file", &err));
    assert_int_equal(mode_of(path), 0644);
    assert_false(durable_show(folder, "missing", &err));
}

static void a_folder_is_locked_once(void **state)
{
    (void)state;
    assert_true(durable_lock(folder, &err));
    assert_false(durable_lock(folder, &err));
    assert_int_equal(err.kind, ERR_FATAL);
}

static void a_folder_is_made_for_its_owner_alone_and_kept(void **state)
{
    (void)state;
    assert_true(durable_folder(path, &err));
    assert_int_equal(mode_of(path), 0700);
    assert_true(durable_folder(path, &err));
    char deep[160];
    snprintf(deep, sizeof deep, "%s/a/b", path);
    assert_false(durable_folder(deep, &err));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(what_was_written_is_read_back_and_replaced_whole),
        IN_FOLDER(a_missing_file_is_not_found_and_no_error),
        IN_FOLDER(a_file_over_its_limit_is_refused),
        IN_FOLDER(a_write_that_fails_leaves_the_old_content),
        IN_FOLDER(a_seed_is_drawn_once_and_differs_from_the_next),
        IN_FOLDER(a_seed_that_is_spoiled_or_shared_is_refused),
        IN_FOLDER(a_file_is_its_owners_alone_until_it_is_shown),
        IN_FOLDER(a_folder_is_locked_once),
        IN_FOLDER(a_folder_is_made_for_its_owner_alone_and_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
