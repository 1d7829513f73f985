/* The witness's answers, one by one as tlog-witness says, and what it remembers over a restart. */
#include "witness.h"

#include "merkle/signed_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { now = 1700000123 };

struct fixture {
    char folder[64];
    struct signed_log *log;
    struct witness witness;
};

static void add_log(struct fixture *fixture)
{
    struct buffer vkey = {0};
    struct err err = {0};
    note_key_format(&fixture->log->log.key, &vkey);
    assert_true(witness_add_log(&fixture->witness, (const char *)vkey.data, &err));
    buffer_done(&vkey);
}

static int open_witness(void **state)
{
    struct fixture *fixture = mem_new(sizeof *fixture);
    struct err err = {0};
    snprintf(fixture->folder, sizeof fixture->folder, "aelp-witness-test.XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fixture->log = signed_log_new(300);
    assert_true(witness_open(&fixture->witness, fixture->folder, "w.example/1", &err));
    add_log(fixture);
    *state = fixture;
    return 0;
}

static int close_witness(void **state)
{
    struct fixture *fixture = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", fixture->folder);
    assert_int_equal(system(command), 0);
    signed_log_free(fixture->log);
    mem_free(fixture);
    return 0;
}

/* "old <from>", the proof, and the checkpoint of the first `to` leaves signed by `signer`. */
static void request_for(struct fixture *fixture, const struct note_signer *signer, uint64_t from,
                        uint64_t to, struct buffer *body)
{
    struct path_tiles tiles = {kept_read, &fixture->log->kept};
    struct path path = {0};
    struct hash root;
    struct err err = {0};
    buffer_clear(body);
    buffer_format(body, "old %llu\n", (unsigned long long)from);
    if (from > 0 && from <= to)
        assert_true(path_consistency(&tiles, from, to, &path, &err));
    for (size_t i = 0; i < path.count; i++) {
        base64_encode(hash_view(&path.hash[i]), body);
        buffer_add_text(body, "\n");
    }
    buffer_add_text(body, "\n");
    assert_true(path_root(&tiles, to, &root, &err));
    checkpoint_sign(signer, to, &root, body);
}

static int post(struct fixture *fixture, struct bytes body, struct buffer *ret_text)
{
    struct witness_reply reply;
    witness_add_checkpoint(&fixture->witness, body, now, &reply);
    if (ret_text) {
        buffer_clear(ret_text);
        buffer_add(ret_text, reply.body.data, reply.body.length);
    }
    buffer_done(&reply.body);
    return reply.status;
}

static int add(struct fixture *fixture, uint64_t from, uint64_t to)
{
    struct buffer body = {0};
    request_for(fixture, &fixture->log->log, from, to, &body);
    int status = post(fixture, buffer_view(&body), NULL);
    buffer_done(&body);
    return status;
}

static void a_checkpoint_is_cosigned_with_the_time(void **state)
{
    struct fixture *fixture = *state;
    struct buffer body = {0}, lines = {0};
    struct note note;
    struct note_seen seen;
    struct err err = {0};
    request_for(fixture, &fixture->log->log, 0, 7, &body);
    assert_int_equal(post(fixture, buffer_view(&body), &lines), 200);
    buffer_add(&body, lines.data, lines.length);
    struct bytes whole = bytes_of(body.data + 7, body.length - 7); /* behind "old 0", empty line */
    assert_true(note_parse(whole, &note, &err));
    assert_true(note_verify(&note, &fixture->witness.signer.key, 1, &seen, &err));
    assert_int_equal(seen.unix_s, now);
    buffer_done(&body);
    buffer_done(&lines);
}

static void a_growing_log_is_cosigned_step_by_step(void **state)
{
    struct fixture *fixture = *state;
    static const uint64_t sizes[] = {0, 1, 2, 2, 7, 8, 255, 256, 257, 257, 300};
    for (size_t i = 1; i < COUNT(sizes); i++)
        assert_int_equal(add(fixture, sizes[i - 1], sizes[i]), 200);
}

static void a_stale_old_size_is_told_the_last_one(void **state)
{
    struct fixture *fixture = *state;
    struct buffer body = {0};
    struct witness_reply reply;
    assert_int_equal(add(fixture, 0, 46), 200);
    static const uint64_t stale[][2] = {
        {0,  46 },
        {0,  300},
        {45, 46 },
        {45, 300},
        {47, 300}
    };
    for (size_t i = 0; i < COUNT(stale); i++) {
        request_for(fixture, &fixture->log->log, stale[i][0], stale[i][1], &body);
        witness_add_checkpoint(&fixture->witness, buffer_view(&body), now, &reply);
        assert_int_equal(reply.status, 409);
        assert_string_equal(reply.type, "text/x.tlog.size");
        assert_string_equal((const char *)reply.body.data, "46\n");
        buffer_done(&reply.body);
    }
    buffer_done(&body);
}

static void an_old_size_beyond_the_checkpoint_is_bad(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(add(fixture, 0, 46), 200);
    assert_int_equal(add(fixture, 46, 45), 400);
}

static void an_unknown_log_is_not_found(void **state)
{
    struct fixture *fixture = *state;
    struct note_signer stranger = signed_log_key("stranger.example", NOTE_ED25519, 1);
    struct buffer body = {0};
    request_for(fixture, &stranger, 0, 7, &body);
    assert_int_equal(post(fixture, buffer_view(&body), NULL), 404);
    buffer_done(&body);
}

static void a_known_origin_under_another_key_is_forbidden(void **state)
{
    struct fixture *fixture = *state;
    struct note_signer forger = signed_log_key("aelp.example/log", NOTE_ED25519, 99);
    struct buffer body = {0};
    request_for(fixture, &forger, 0, 7, &body);
    assert_int_equal(post(fixture, buffer_view(&body), NULL), 403);
    buffer_done(&body);
}

static void a_wrong_proof_is_unprocessable_and_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct buffer body = {0};
    assert_int_equal(add(fixture, 0, 46), 200);
    request_for(fixture, &fixture->log->log, 46, 300, &body);
    for (size_t at = 7; body.data[at] != '\n'; at++) { /* each letter of the first proof line */
        char was = (char)body.data[at];
        body.data[at] = was == 'A' ? 'B' : 'A';
        int status = post(fixture, buffer_view(&body), NULL);
        assert_true(status == 422 || status == 400); /* 400: no longer canonical base64 */
        body.data[at] = (uint8_t)was;
    }
    assert_int_equal(post(fixture, buffer_view(&body), NULL), 200);
    buffer_done(&body);
}

static void proof_lines_from_nothing_are_unprocessable(void **state)
{
    struct fixture *fixture = *state;
    struct buffer body = {0}, with = {0};
    request_for(fixture, &fixture->log->log, 0, 46, &body);
    buffer_format(&with, "old 0\n%s\n%s",
                  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", (const char *)body.data + 6);
    assert_int_equal(post(fixture, buffer_view(&with), NULL), 422);
    buffer_done(&body);
    buffer_done(&with);
}

static void another_tree_of_the_same_size_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct buffer body = {0};
    struct hash other = {
        {0x0d, 0xd}
    };
    assert_int_equal(add(fixture, 0, 46), 200);
    buffer_add_text(&body, "old 46\n\n");
    checkpoint_sign(&fixture->log->log, 46, &other, &body);
    assert_int_equal(post(fixture, buffer_view(&body), NULL), 409);
    buffer_done(&body);
}

static void a_root_that_no_empty_tree_has_is_refused_for_it(void **state)
{
    struct fixture *fixture = *state;
    struct buffer body = {0};
    struct hash other = {
        {0x0d, 0xd}
    };
    buffer_add_text(&body, "old 0\n\n");
    checkpoint_sign(&fixture->log->log, 0, &other, &body);
    assert_int_equal(post(fixture, buffer_view(&body), NULL), 422);
    buffer_done(&body);
}

static void broken_requests_are_bad(void **state)
{
    struct fixture *fixture = *state;
    static const char hash[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    struct buffer body = {0}, many = {0};
    request_for(fixture, &fixture->log->log, 0, 7, &body);
    for (size_t length = 0; length < body.length; length++)
        assert_int_equal(post(fixture, bytes_of(body.data, length), NULL), 400);
    static const char *const heads[] = {"",        "old\n",    "old -1\n",  "old 01\n",
                                        "OLD 0\n", "old 0 \n", "old 0\nx\n"};
    for (size_t i = 0; i < COUNT(heads); i++) {
        buffer_clear(&many);
        buffer_format(&many, "%s%s", heads[i], (const char *)body.data + 6);
        assert_int_equal(post(fixture, buffer_view(&many), NULL), 400);
    }
    buffer_clear(&many);
    buffer_add_text(&many, "old 0\n");
    for (int i = 0; i < 64; i++)
        buffer_add_text(&many, hash);
    buffer_add_text(&many, (const char *)body.data + 6);
    assert_int_equal(post(fixture, buffer_view(&many), NULL), 400);
    buffer_done(&body);
    buffer_done(&many);
}

static void what_was_cosigned_is_served_and_outlives_the_process(void **state)
{
    struct fixture *fixture = *state;
    struct witness_reply before, after;
    struct checkpoint checkpoint;
    struct err err = {0};
    const char *file = fixture->witness.log[0].file;
    witness_get_checkpoint(&fixture->witness, file, &before);
    assert_int_equal(before.status, 404);
    buffer_done(&before.body);
    assert_int_equal(add(fixture, 0, 46), 200);
    assert_int_equal(add(fixture, 46, 300), 200);
    witness_get_checkpoint(&fixture->witness, file, &before);

    struct note_key key = fixture->witness.signer.key;
    fixture->witness = (struct witness){.folder = fixture->folder};
    assert_true(witness_key(fixture->folder, "w.example/1", &fixture->witness.signer, &err));
    assert_memory_equal(key.public_key, fixture->witness.signer.key.public_key, ED25519_PUBLIC);
    add_log(fixture);
    assert_int_equal(add(fixture, 46, 300), 409);
    witness_get_checkpoint(&fixture->witness, file, &after);
    assert_int_equal(after.status, 200);
    assert_true(bytes_equal(buffer_view(&before.body), buffer_view(&after.body)));
    assert_true(
        checkpoint_open(buffer_view(&after.body), &fixture->log->log.key, &checkpoint, &err));
    assert_int_equal(checkpoint.size, 300);
    buffer_done(&before.body);
    witness_get_checkpoint(&fixture->witness, "../witness.key", &before);
    assert_int_equal(before.status, 404);
    buffer_done(&before.body);
    buffer_done(&after.body);
}

static void nothing_is_said_that_could_not_be_written(void **state)
{
    struct fixture *fixture = *state;
    const char *folder = fixture->witness.folder;
    fixture->witness.folder = "/nowhere";
    assert_int_equal(add(fixture, 0, 46), 500);
    fixture->witness.folder = folder;
    assert_int_equal(add(fixture, 0, 45), 200); /* still from nothing */
}

static void the_key_is_for_its_owner_alone(void **state)
{
    struct fixture *fixture = *state;
    struct note_signer signer;
    struct stat status;
    struct err err = {0};
    char path[128];
    snprintf(path, sizeof path, "%s/witness.key", fixture->folder);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(chmod(path, 0640), 0);
    assert_false(witness_key(fixture->folder, "w.example/1", &signer, &err));
}

static void a_second_process_is_kept_out(void **state)
{
    struct fixture *fixture = *state;
    struct witness second;
    struct err err = {0};
    assert_false(witness_open(&second, fixture->folder, "w.example/1", &err));
    assert_int_equal(err.kind, ERR_FATAL);
}

#define WITH_WITNESS(test) cmocka_unit_test_setup_teardown(test, open_witness, close_witness)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WITNESS(a_checkpoint_is_cosigned_with_the_time),
        WITH_WITNESS(a_growing_log_is_cosigned_step_by_step),
        WITH_WITNESS(a_stale_old_size_is_told_the_last_one),
        WITH_WITNESS(an_old_size_beyond_the_checkpoint_is_bad),
        WITH_WITNESS(an_unknown_log_is_not_found),
        WITH_WITNESS(a_known_origin_under_another_key_is_forbidden),
        WITH_WITNESS(a_wrong_proof_is_unprocessable_and_changes_nothing),
        WITH_WITNESS(proof_lines_from_nothing_are_unprocessable),
        WITH_WITNESS(another_tree_of_the_same_size_is_refused),
        WITH_WITNESS(a_root_that_no_empty_tree_has_is_refused_for_it),
        WITH_WITNESS(broken_requests_are_bad),
        WITH_WITNESS(what_was_cosigned_is_served_and_outlives_the_process),
        WITH_WITNESS(nothing_is_said_that_could_not_be_written),
        WITH_WITNESS(the_key_is_for_its_owner_alone),
        WITH_WITNESS(a_second_process_is_kept_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
