/* archive: equal bytes are one file named by their hash; a spoiled file is not believed. */
#include "archive.h"

#include "mem.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "http/checks.h"

static char folder[64];
static struct err err;

static int make_folder(void **state)
{
    (void)state;
    err = (struct err){0};
    snprintf(folder, sizeof folder, "aelp-archive-test.XXXXXX");
    return mkdtemp(folder) && archive_open(folder, &err) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void must(bool ok)
{
    if (!ok)
        fail_msg("%s", err.text);
}

static int files_below(const char *of)
{
    char command[128];
    int count = -1;
    snprintf(command, sizeof command, "find %s -type f | wc -l", of);
    FILE *pipe = popen(command, "re");
    assert_int_equal(fscanf(pipe, "%d", &count), 1);
    pclose(pipe);
    return count;
}

static void a_file_is_named_by_the_hash_of_what_arrived(void **state)
{
    (void)state;
    char name[ARCHIVE_NAME];
    struct hash hash = hash_sha256(bytes_of_text("abc"));
    archive_name(&hash, name);
    assert_string_equal(name,
                        "ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.zst");
}

static void what_was_put_is_got_and_much_smaller(void **state)
{
    (void)state;
    BUFFER page = {0}, got = {0};
    struct hash hash;
    for (int i = 0; i < 20000; i++)
        buffer_format(&page, "{\"campaign\":{\"id\":\"%d\"},\"clicks\":\"%d\"},", i,
                      i * 730 % 4650);
    must(archive_put(folder, buffer_view(&page), &hash, &err));
    must(archive_get(folder, &hash, &got, &err));
    assert_true(bytes_equal(buffer_view(&page), buffer_view(&got)));
    char path[256], name[ARCHIVE_NAME];
    archive_name(&hash, name);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    assert_true(ftell(file) > 0 && ftell(file) < (long)page.length / 5);
    fclose(file);
}

static void equal_bytes_are_stored_once_and_nothing_as_well(void **state)
{
    (void)state;
    BUFFER got = {0};
    struct hash one, two, empty;
    must(archive_put(folder, bytes_of_text("[{}]"), &one, &err));
    must(archive_put(folder, bytes_of_text("[{}]"), &two, &err));
    assert_true(hash_equal(&one, &two));
    assert_int_equal(files_below(folder), 1);
    must(archive_put(folder, bytes_of("", 0), &empty, &err));
    must(archive_get(folder, &empty, &got, &err));
    assert_int_equal(got.length, 0);
    assert_int_equal(files_below(folder), 2);
}

static void a_changed_cut_or_missing_file_is_refused(void **state)
{
    (void)state;
    BUFFER got = {0};
    struct hash hash, other;
    char command[512], name[ARCHIVE_NAME], other_name[ARCHIVE_NAME];
    must(archive_put(folder, bytes_of_text("what the source said"), &hash, &err));
    must(archive_put(folder, bytes_of_text("something else"), &other, &err));
    archive_name(&hash, name);
    archive_name(&other, other_name);

    snprintf(command, sizeof command, "cp %s/%s %s/%s", folder, other_name, folder, name);
    assert_int_equal(system(command), 0);
    assert_false(archive_get(folder, &hash, &got, &err));
    assert_int_equal(err.kind, ERR_REJECT);
    assert_non_null(strstr(err.text, "not what its name says"));

    snprintf(command, sizeof command, "truncate -s 12 %s/%s", folder, name);
    assert_int_equal(system(command), 0);
    assert_false(archive_get(folder, &hash, &got, &err));
    assert_int_equal(err.kind, ERR_REJECT);

    snprintf(command, sizeof command, "rm %s/%s", folder, name);
    assert_int_equal(system(command), 0);
    assert_false(archive_get(folder, &hash, &got, &err));
    assert_int_equal(err.kind, ERR_REJECT);
}

static void *put_many(void *ret_ok)
{
    struct err failure = {0};
    bool ok = true;
    for (int i = 0; i < 40 && ok; i++) {
        char text[32];
        struct hash hash;
        snprintf(text, sizeof text, "page %d", i);
        ok = archive_put(folder, bytes_of_text(text), &hash, &failure);
    }
    *(bool *)ret_ok = ok;
    return NULL;
}

static void many_may_put_the_same_at_once(void **state)
{
    (void)state;
    pthread_t threads[4];
    bool ok[4] = {0};
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, put_many, &ok[i]), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_true(ok[i]);
    assert_int_equal(files_below(folder), 40);
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_named_by_the_hash_of_what_arrived),
        IN_FOLDER(what_was_put_is_got_and_much_smaller),
        IN_FOLDER(equal_bytes_are_stored_once_and_nothing_as_well),
        IN_FOLDER(a_changed_cut_or_missing_file_is_refused),
        IN_FOLDER(many_may_put_the_same_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
