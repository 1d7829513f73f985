/* Whole logs: a true one verifies, and each way of bending it is told apart. */
#include "verify.h"

#include "signed_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { size = 700, checkpoint_count = 4 };

static const size_t checkpoint_size[checkpoint_count] = {0, 255, 300, size};

/* A log as stored, which tests bend before they verify it. */
struct stored {
    struct signed_log *log;
    struct buffer checkpoint[checkpoint_count];
    struct buffer witness;
    struct verify_leaf leaf[size];
    struct verify_input input;
    struct path_tiles tiles;
    struct policy policy;
    size_t leaf_count, checkpoints, next_leaf, next_checkpoint;
};

static bool next_leaf(void *state, struct verify_leaf *ret_leaf, bool *ret_end, struct err *err)
{
    (void)err;
    struct stored *stored = state;
    *ret_end = stored->next_leaf == stored->leaf_count;
    if (!*ret_end)
        *ret_leaf = stored->leaf[stored->next_leaf++];
    return true;
}

static bool next_checkpoint(void *state, struct bytes *ret_note, bool *ret_end, struct err *err)
{
    (void)err;
    struct stored *stored = state;
    *ret_end = stored->next_checkpoint == stored->checkpoints;
    if (!*ret_end)
        *ret_note = buffer_view(&stored->checkpoint[stored->next_checkpoint++]);
    return true;
}

static int make_log(void **state)
{
    struct stored *stored = mem_new(sizeof *stored);
    stored->log = signed_log_new(0);
    for (size_t i = 0; i < checkpoint_count; i++) {
        signed_log_grow(stored->log, checkpoint_size[i]);
        signed_log_checkpoint(stored->log, 1, &stored->checkpoint[i]);
        if (checkpoint_size[i] == 300)
            signed_log_checkpoint(stored->log, 1, &stored->witness);
    }
    for (size_t i = 0; i < size; i++)
        stored->leaf[i] =
            (struct verify_leaf){i, stored->log->hash[i], true, buffer_view(&stored->log->body[i])};
    stored->leaf_count = size;
    stored->checkpoints = checkpoint_count;
    stored->tiles = (struct path_tiles){kept_read, &stored->log->kept};
    policy_of(&stored->log->log.key, &stored->log->witness[0].key, &stored->policy);
    stored->input = (struct verify_input){
        .next_leaf = next_leaf,
        .next_checkpoint = next_checkpoint,
        .state = stored,
        .size = size,
        .tiles = &stored->tiles,
        .witness = buffer_view(&stored->witness),
    };
    *state = stored;
    return 0;
}

static int free_log(void **state)
{
    struct stored *stored = *state;
    signed_log_free(stored->log);
    for (size_t i = 0; i < checkpoint_count; i++)
        buffer_done(&stored->checkpoint[i]);
    buffer_done(&stored->witness);
    mem_free(stored);
    return 0;
}

static void assert_refused(struct stored *stored, const char *text)
{
    struct verify_report report;
    struct err err = {0};
    assert_false(verify_log(&stored->input, &stored->policy, &report, &err));
    assert_int_equal(err.kind, ERR_REJECT);
    assert_string_equal(err.text, text);
}

static void a_true_log_verifies_and_is_counted(void **state)
{
    struct stored *stored = *state;
    struct verify_report report;
    struct err err = {0};
    struct hash root = tree_root(&stored->log->kept.tree);
    assert_true(verify_log(&stored->input, &stored->policy, &report, &err));
    assert_int_equal(report.leaves, size);
    assert_int_equal(report.checkpoints, checkpoint_count);
    assert_int_equal(report.witness_size, 300);
    assert_int_equal(report.bodies_missing, 0);
    assert_memory_equal(report.root.bytes, root.bytes, HASH_BYTES);
}

static void a_changed_body_is_found(void **state)
{
    struct stored *stored = *state;
    stored->log->body[46].data[20] ^= 1;
    assert_refused(stored, "leaf 46 is not what was hashed");
}

static void a_changed_body_with_its_hash_is_found_by_the_tile(void **state)
{
    struct stored *stored = *state;
    stored->log->body[46].data[20] ^= 1;
    stored->leaf[46].hash = tree_leaf_hash(stored->leaf[46].body);
    assert_refused(stored, "hash 46 of tile 0/0 is not that of its leaves");
}

static void a_changed_body_with_its_hash_and_tiles_is_found_by_the_checkpoint(void **state)
{
    struct stored *stored = *state;
    stored->log->body[46].data[20] ^= 1;
    stored->leaf[46].hash = tree_leaf_hash(stored->leaf[46].body);
    stored->input.tiles = NULL;
    assert_refused(stored, "the first 255 leaves do not have the root that the log signed");
}

static void a_changed_upper_tile_is_found(void **state)
{
    struct stored *stored = *state;
    stored->log->kept.hash[1][1].bytes[3] ^= 4;
    assert_refused(stored, "hash 1 of tile 1/0 is not that of its leaves");
}

static void a_missing_leaf_is_found(void **state)
{
    struct stored *stored = *state;
    memmove(&stored->leaf[46], &stored->leaf[47], (size - 47) * sizeof stored->leaf[0]);
    stored->leaf_count--;
    assert_refused(stored, "leaf 46 is missing: 47 follows");
}

static void two_swapped_leaves_are_found(void **state)
{
    struct stored *stored = *state;
    struct verify_leaf leaf = stored->leaf[46];
    stored->leaf[46] = stored->leaf[47];
    stored->leaf[47] = leaf;
    stored->leaf[46].index = 46;
    stored->leaf[47].index = 47;
    assert_refused(stored, "hash 46 of tile 0/0 is not that of its leaves");
}

static void leaves_cut_off_at_the_end_are_found(void **state)
{
    struct stored *stored = *state;
    stored->leaf_count = 400;
    assert_refused(stored, "700 leaves were signed, the log has 400");
    stored->next_leaf = stored->next_checkpoint = 0;
    stored->checkpoints = 3;
    assert_refused(stored, "the log says it has 700 leaves, it has 400");
}

static void a_log_smaller_than_its_witness_saw_is_found(void **state)
{
    struct stored *stored = *state;
    stored->leaf_count = stored->input.size = 260;
    stored->checkpoints = 2;
    stored->input.tiles = NULL;
    assert_refused(stored, "the witness has seen 300 leaves, the log has 260");
}

static void a_log_rebuilt_with_its_own_key_is_found_by_the_witness(void **state)
{
    struct stored *stored = *state;
    stored->log->body[270].data[20] ^= 1;
    stored->leaf[270].hash = tree_leaf_hash(stored->leaf[270].body);
    stored->checkpoints = 2;
    stored->input.tiles = NULL;
    assert_refused(stored, "the first 300 leaves do not have the root that the witness signed");
}

static void checkpoints_out_of_order_are_found(void **state)
{
    struct stored *stored = *state;
    struct buffer checkpoint = stored->checkpoint[1];
    stored->checkpoint[1] = stored->checkpoint[2];
    stored->checkpoint[2] = checkpoint;
    assert_refused(stored, "checkpoint 3 is smaller than the one before it");
}

static void a_checkpoint_without_its_cosignature_is_found(void **state)
{
    struct stored *stored = *state;
    struct signed_log *log = stored->log;
    signed_log_checkpoint(log, 0, &stored->checkpoint[3]);
    assert_refused(stored, "checkpoint 4: too few witnesses have cosigned: w0.example is not met");
}

static void a_leaf_more_than_the_log_says_is_found(void **state)
{
    struct stored *stored = *state;
    stored->input.size = size - 1;
    assert_refused(stored, "there are more leaves than the log's size of 699");
}

static void bodies_may_be_missing_only_below_the_minimum_index(void **state)
{
    struct stored *stored = *state;
    struct verify_report report;
    struct err err = {0};
    for (size_t i = 0; i <= 73; i++)
        stored->leaf[i].has_body = false;
    stored->input.minimum_index = 74;
    assert_true(verify_log(&stored->input, &stored->policy, &report, &err));
    assert_int_equal(report.bodies_missing, 74);
    stored->next_leaf = stored->next_checkpoint = 0;
    stored->input.minimum_index = 73;
    assert_refused(stored, "leaf 73 has lost its body");
}

static void the_root_of_a_file_of_hex_leaves_is_the_trees(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *root;
        uint64_t leaves;
    } cases[] = {
        {"",                                                                                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0},
        {"\n",                                                                                   "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", 1},
        {"\n00\n",                                                                               "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", 2},
        {"\n00\n10",                                                                             "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", 3},
        {"\n00\n10\n2021\n3031\n40414243\n5051525354555657\n606162636465666768696A6B6C6D6E6F\n",
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",                                                                                         8},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct hash root;
        uint64_t leaves;
        struct err err = {0};
        char hex[2 * HASH_BYTES + 1];
        assert_true(verify_hex_root(bytes_of_text(cases[i].text), &root, &leaves, &err));
        hex_encode(hash_view(&root), hex);
        assert_string_equal(hex, cases[i].root);
        assert_int_equal(leaves, cases[i].leaves);
    }
}

static void a_line_that_is_not_hex_is_named(void **state)
{
    (void)state;
    static const char *const bad[] = {"00\n1\n", "00\n0x\n", "00\n 00\n", "00\n00\r\n"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct hash root;
        uint64_t leaves;
        struct err err = {0};
        assert_false(verify_hex_root(bytes_of_text(bad[i]), &root, &leaves, &err));
        assert_string_equal(err.text, "line 2 is not hex");
    }
}

#define ON_A_LOG(test) cmocka_unit_test_setup_teardown(test, make_log, free_log)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_LOG(a_true_log_verifies_and_is_counted),
        ON_A_LOG(a_changed_body_is_found),
        ON_A_LOG(a_changed_body_with_its_hash_is_found_by_the_tile),
        ON_A_LOG(a_changed_body_with_its_hash_and_tiles_is_found_by_the_checkpoint),
        ON_A_LOG(a_changed_upper_tile_is_found),
        ON_A_LOG(a_missing_leaf_is_found),
        ON_A_LOG(two_swapped_leaves_are_found),
        ON_A_LOG(leaves_cut_off_at_the_end_are_found),
        ON_A_LOG(a_log_smaller_than_its_witness_saw_is_found),
        ON_A_LOG(a_log_rebuilt_with_its_own_key_is_found_by_the_witness),
        ON_A_LOG(checkpoints_out_of_order_are_found),
        ON_A_LOG(a_checkpoint_without_its_cosignature_is_found),
        ON_A_LOG(a_leaf_more_than_the_log_says_is_found),
        ON_A_LOG(bodies_may_be_missing_only_below_the_minimum_index),
        cmocka_unit_test(the_root_of_a_file_of_hex_leaves_is_the_trees),
        cmocka_unit_test(a_line_that_is_not_hex_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
