/* The signer signs one history: grown trees only, whatever it is shown, over restarts too. */
#include "signer.h"

#include "merkle/signed_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    char folder[64];
    struct signed_log *log; /* for its leaves and tiles */
    struct signer signer;
};

static int open_signer(void **state)
{
    struct fixture *fixture = mem_new(sizeof *fixture);
    struct err err = {0};
    snprintf(fixture->folder, sizeof fixture->folder, "aelp-signer-test.XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fixture->log = signed_log_new(300);
    assert_true(signer_open(&fixture->signer, fixture->folder, "aelp.example/log", &err));
    *state = fixture;
    return 0;
}

static int close_signer(void **state)
{
    struct fixture *fixture = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", fixture->folder);
    assert_int_equal(system(command), 0);
    signed_log_free(fixture->log);
    mem_free(fixture);
    return 0;
}

/* Signs the first `size` leaves with the true proof from `from`. */
static bool sign(struct fixture *fixture, uint64_t from, uint64_t size, struct buffer *note,
                 struct err *err)
{
    struct path_tiles tiles = {kept_read, &fixture->log->kept};
    struct path path = {0};
    struct hash root;
    struct err unused = {0};
    if (from > 0 && from < size)
        assert_true(path_consistency(&tiles, from, size, &path, &unused));
    assert_true(path_root(&tiles, size, &root, &unused));
    return signer_sign(&fixture->signer, size, &root, &path, note, err);
}

static void reopen(struct fixture *fixture)
{
    struct err err = {0};
    assert_true(signer_open(&fixture->signer, fixture->folder, "aelp.example/log", &err));
}

static void a_tree_that_grows_is_signed_each_time(void **state)
{
    struct fixture *fixture = *state;
    static const uint64_t sizes[] = {0, 1, 7, 7, 256, 300};
    for (size_t i = 1; i < COUNT(sizes); i++) {
        struct buffer note = {0};
        struct checkpoint checkpoint;
        struct err err = {0};
        assert_true(sign(fixture, sizes[i - 1], sizes[i], &note, &err));
        assert_true(
            checkpoint_open(buffer_view(&note), &fixture->signer.note.key, &checkpoint, &err));
        assert_int_equal(checkpoint.size, sizes[i]);
        buffer_done(&note);
    }
}

static void a_smaller_tree_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct buffer note = {0};
    struct err err = {0};
    assert_true(sign(fixture, 0, 46, &note, &err));
    buffer_clear(&note);
    assert_false(sign(fixture, 0, 45, &note, &err));
    assert_int_equal(err.kind, ERR_REJECT);
    assert_string_equal(err.text,
                        "the tree has 45 leaves, but 46 were signed: the database was "
                        "restored or rewritten");
    assert_int_equal(note.length, 0);
    buffer_done(&note);
}

static void a_larger_tree_without_its_proof_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct buffer note = {0};
    struct err err = {0};
    assert_true(sign(fixture, 0, 46, &note, &err));
    assert_false(sign(fixture, 0, 300, &note, &err));
    assert_false(sign(fixture, 45, 300, &note, &err));
    assert_true(sign(fixture, 46, 300, &note, &err));
    buffer_done(&note);
}

static void another_tree_of_the_same_size_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct buffer note = {0};
    struct path path = {0};
    struct hash other = {
        {4, 6}
    };
    struct err err = {0};
    assert_true(sign(fixture, 0, 46, &note, &err));
    assert_false(signer_sign(&fixture->signer, 46, &other, &path, &note, &err));
    buffer_done(&note);
}

static void it_remembers_over_a_restart(void **state)
{
    struct fixture *fixture = *state;
    struct buffer note = {0}, again = {0};
    struct err err = {0};
    assert_true(sign(fixture, 0, 46, &note, &err));
    uint32_t id = fixture->signer.note.key.id;
    reopen(fixture);
    assert_int_equal(fixture->signer.note.key.id, id);
    assert_int_equal(fixture->signer.size, 46);
    assert_false(sign(fixture, 0, 45, &again, &err));
    assert_true(sign(fixture, 46, 46, &again, &err));
    assert_true(bytes_equal(buffer_view(&note), buffer_view(&again)));
    buffer_done(&note);
    buffer_done(&again);
}

static void a_memory_that_its_key_did_not_sign_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct buffer note = {0};
    struct err err = {0};
    char command[192];
    assert_true(sign(fixture, 0, 46, &note, &err));
    snprintf(command, sizeof command, "sed -i s/^46$/45/ %s/last-signed", fixture->folder);
    assert_int_equal(system(command), 0);
    assert_false(signer_open(&fixture->signer, fixture->folder, "aelp.example/log", &err));
    assert_int_equal(err.kind, ERR_REJECT);
    buffer_done(&note);
}

static void nothing_is_signed_that_can_not_be_remembered(void **state)
{
    struct fixture *fixture = *state;
    struct buffer note = {0};
    struct err err = {0};
    fixture->signer.folder = "/nowhere";
    assert_false(sign(fixture, 0, 46, &note, &err));
    assert_int_equal(err.kind, ERR_RETRY);
    assert_int_equal(note.length, 0);
    assert_int_equal(fixture->signer.size, 0);
    buffer_done(&note);
}

#define WITH_SIGNER(test) cmocka_unit_test_setup_teardown(test, open_signer, close_signer)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SIGNER(a_tree_that_grows_is_signed_each_time),
        WITH_SIGNER(a_smaller_tree_is_refused),
        WITH_SIGNER(a_larger_tree_without_its_proof_is_refused),
        WITH_SIGNER(another_tree_of_the_same_size_is_refused),
        WITH_SIGNER(it_remembers_over_a_restart),
        WITH_SIGNER(a_memory_that_its_key_did_not_sign_is_refused),
        WITH_SIGNER(nothing_is_signed_that_can_not_be_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
