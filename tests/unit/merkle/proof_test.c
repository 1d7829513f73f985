/* Proof files: written, read and verified offline; anything changed in them is refused. */
#include "proof.h"

#include "signed_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { size = 700, index_proven = 302, chain_start = 300 };

struct fixture {
    struct signed_log *log;
    struct policy policy;
    struct buffer checkpoint, bundle, text;
};

static int make_proof(void **state)
{
    struct fixture *fixture = mem_new(sizeof *fixture);
    struct signed_log *log = fixture->log = signed_log_new(size);
    struct path_tiles tiles = {kept_read, &log->kept};
    struct proof proof = {.index = index_proven};
    struct err err = {0};
    policy_of(&log->log.key, &log->witness[0].key, &fixture->policy);
    signed_log_checkpoint(log, 1, &fixture->checkpoint);
    for (size_t i = chain_start; i <= index_proven; i++)
        assert_true(bundle_add(&fixture->bundle, buffer_view(&log->body[i])));
    assert_true(path_inclusion(&tiles, index_proven, size, &proof.path, &err));
    proof.extra = buffer_view(&fixture->bundle);
    proof.checkpoint = buffer_view(&fixture->checkpoint);
    proof_format(&proof, &fixture->text);
    *state = fixture;
    return 0;
}

static int free_proof(void **state)
{
    struct fixture *fixture = *state;
    signed_log_free(fixture->log);
    buffer_done(&fixture->checkpoint);
    buffer_done(&fixture->bundle);
    buffer_done(&fixture->text);
    mem_free(fixture);
    return 0;
}

/* Parses and verifies a text with the leaves it carries. */
static bool holds(const struct fixture *fixture, struct bytes text)
{
    struct proof proof;
    struct checkpoint checkpoint;
    struct bytes last;
    size_t leaves;
    struct err err = {0};
    if (!proof_parse(text, &proof, &err))
        return false;
    bool good = proof_verify_chain(&proof, &fixture->policy, &checkpoint, &leaves, &last, &err);
    proof_done(&proof);
    return good;
}

static void a_proof_file_proves_all_leaves_of_its_chain(void **state)
{
    struct fixture *fixture = *state;
    struct proof proof;
    struct checkpoint checkpoint;
    struct bytes last;
    size_t leaves;
    struct err err = {0};
    assert_true(proof_parse(buffer_view(&fixture->text), &proof, &err));
    assert_true(proof_verify_chain(&proof, &fixture->policy, &checkpoint, &leaves, &last, &err));
    assert_int_equal(leaves, 3);
    assert_int_equal(checkpoint.size, size);
    assert_true(bytes_equal(last, buffer_view(&fixture->log->body[index_proven])));
    proof_done(&proof);
}

static void a_leaf_known_otherwise_is_proven_without_extra_data(void **state)
{
    struct fixture *fixture = *state;
    struct proof proof, again;
    struct checkpoint checkpoint;
    struct buffer text = {0};
    struct err err = {0};
    struct hash *hash = fixture->log->hash;
    assert_true(proof_parse(buffer_view(&fixture->text), &proof, &err));
    proof.extra = (struct bytes){0};
    proof_format(&proof, &text);
    assert_true(proof_parse(buffer_view(&text), &again, &err));
    const struct policy *policy = &fixture->policy;
    assert_true(proof_verify(&again, policy, &hash[index_proven], &checkpoint, &err));
    assert_false(proof_verify(&again, policy, &hash[index_proven - 1], &checkpoint, &err));
    assert_false(holds(fixture, buffer_view(&text)));
    proof_done(&again);
    proof_done(&proof);
    buffer_done(&text);
}

static void every_changed_byte_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct buffer text = {0};
    for (size_t i = 0; i < fixture->text.length; i++) {
        buffer_clear(&text);
        buffer_add(&text, fixture->text.data, fixture->text.length);
        text.data[i] ^= 0x01;
        if (holds(fixture, buffer_view(&text)))
            fail_msg("byte %zu may be changed", i);
    }
    buffer_done(&text);
}

static void every_cut_file_is_refused(void **state)
{
    struct fixture *fixture = *state;
    for (size_t length = 0; length < fixture->text.length; length++)
        assert_false(holds(fixture, bytes_of(fixture->text.data, length)));
    assert_true(holds(fixture, buffer_view(&fixture->text)));
}

static void every_dropped_or_doubled_line_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct bytes whole = buffer_view(&fixture->text);
    struct buffer text = {0};
    for (size_t start = 0; start < whole.length;) {
        const uint8_t *end = memchr(whole.data + start, '\n', whole.length - start);
        size_t next = (size_t)(end - whole.data) + 1;
        buffer_clear(&text);
        buffer_add(&text, whole.data, start);
        buffer_add(&text, whole.data + next, whole.length - next);
        assert_false(holds(fixture, buffer_view(&text)));
        buffer_clear(&text);
        buffer_add(&text, whole.data, next);
        buffer_add(&text, whole.data + start, whole.length - start);
        bool is_signature = whole.data[start] == 0xe2;
        assert_int_equal(holds(fixture, buffer_view(&text)), is_signature);
        start = next;
    }
    buffer_done(&text);
}

static void a_chain_with_a_leaf_missing_or_foreign_is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const size_t chains[][4] = {
        {301, 302, 0,   0  },
        {300, 302, 0,   0  },
        {302, 0,   0,   0  },
        {299, 300, 301, 302},
        {300, 301, 0,   0  },
        {301, 300, 302, 0  },
    };
    for (size_t i = 0; i < COUNT(chains); i++) {
        struct buffer bundle = {0}, text = {0};
        struct proof proof;
        struct err err = {0};
        for (size_t k = 0; k < 4 && chains[i][k]; k++)
            assert_true(bundle_add(&bundle, buffer_view(&fixture->log->body[chains[i][k]])));
        assert_true(proof_parse(buffer_view(&fixture->text), &proof, &err));
        proof.extra = buffer_view(&bundle);
        proof_format(&proof, &text);
        assert_false(holds(fixture, buffer_view(&text)));
        proof_done(&proof);
        buffer_done(&bundle);
        buffer_done(&text);
    }
}

static void another_logs_checkpoint_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct fixture other = {.log = fixture->log};
    struct note_signer stranger = signed_log_key("other.example/log", NOTE_ED25519, 77);
    policy_of(&stranger.key, NULL, &other.policy);
    assert_false(holds(&other, buffer_view(&fixture->text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_file_proves_all_leaves_of_its_chain),
        cmocka_unit_test(a_leaf_known_otherwise_is_proven_without_extra_data),
        cmocka_unit_test(every_changed_byte_is_refused),
        cmocka_unit_test(every_cut_file_is_refused),
        cmocka_unit_test(every_dropped_or_doubled_line_is_refused),
        cmocka_unit_test(a_chain_with_a_leaf_missing_or_foreign_is_refused),
        cmocka_unit_test(another_logs_checkpoint_is_refused),
    };
    return cmocka_run_group_tests(tests, make_proof, free_proof);
}
