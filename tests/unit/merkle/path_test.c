/* Proofs for every size up to 300 against the definition; every tampering with every one refused.
 */
#include "path.h"

#include "kept_tiles.h"
#include "mem.h"
#include "naive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct hash root_of[naive_max + 1], leaf_of[naive_max];

static int build_trees(void **state)
{
    struct kept_tiles *kept = mem_new(sizeof *kept);
    root_of[0] = naive_root(0, 0);
    for (size_t i = 0; i < naive_max; i++) {
        leaf_of[i] = tree_leaf_hash(naive_leaf(i));
        kept_append(kept, &leaf_of[i], 1);
        root_of[i + 1] = tree_root(&kept->tree);
    }
    *state = kept;
    return 0;
}

static int free_trees(void **state)
{
    mem_free(*state);
    return 0;
}

/* The path under test, and what it claims: an inclusion (leaf set) or a consistency. */
struct claim {
    uint64_t a, b; /* index and size, or old and new size */
    const struct hash *leaf;
    struct hash first_root, root;
    struct path path;
};

static bool holds(const struct claim *claim)
{
    if (claim->leaf)
        return path_includes(&claim->path, claim->a, claim->b, claim->leaf, &claim->root);
    return path_consistent(&claim->path, claim->a, claim->b, &claim->first_root, &claim->root);
}

static void drop(struct path *path, size_t at)
{
    path->count--;
    memmove(&path->hash[at], &path->hash[at + 1], (path->count - at) * sizeof path->hash[0]);
}

static void insert(struct path *path, size_t at, struct hash hash)
{
    memmove(&path->hash[at + 1], &path->hash[at], (path->count - at) * sizeof path->hash[0]);
    path->hash[at] = hash;
    path->count++;
}

static void flipped_dropped_added_and_swapped_are_refused(const struct claim *true_claim)
{
    size_t count = true_claim->path.count;
    for (size_t i = 0; i < count; i++) {
        struct claim claim = *true_claim;
        claim.path.hash[i].bytes[(claim.a + i) % HASH_BYTES] ^= (uint8_t)(1u << (claim.b % 8));
        assert_false(holds(&claim));
        claim = *true_claim;
        drop(&claim.path, i);
        assert_false(holds(&claim));
        if (i == 0)
            continue;
        claim = *true_claim;
        claim.path.hash[i] = true_claim->path.hash[i - 1];
        claim.path.hash[i - 1] = true_claim->path.hash[i];
        assert_false(holds(&claim));
    }
    for (size_t i = 0; i <= count; i++) {
        struct claim claim = *true_claim;
        insert(&claim.path, i, i < count ? claim.path.hash[i] : claim.root);
        assert_false(holds(&claim));
    }
}

static void wrong_roots_are_refused(const struct claim *true_claim)
{
    struct claim claim = *true_claim;
    claim.root.bytes[31] ^= 1;
    assert_false(holds(&claim));
    claim = *true_claim;
    claim.first_root.bytes[0] ^= 0x80;
    assert_true(claim.leaf || !holds(&claim));
}

static void every_inclusion_up_to_300_is_built_and_verified(void **state)
{
    struct path_tiles tiles = {kept_read, *state};
    struct err err = {0};
    for (size_t size = 1; size <= naive_max; size++)
        for (size_t index = 0; index < size; index++) {
            struct path wanted = {0}, path;
            naive_path(index, 0, size, &wanted);
            assert_true(path_inclusion(&tiles, index, size, &path, &err));
            assert_true(naive_same(&path, &wanted));
            assert_true(path_includes(&path, index, size, &leaf_of[index], &root_of[size]));
        }
}

static void every_tampered_inclusion_is_refused(void **state)
{
    struct path_tiles tiles = {kept_read, *state};
    struct err err = {0};
    for (size_t size = 1; size <= naive_max; size++)
        for (size_t index = 0; index < size; index++) {
            struct claim claim = {
                .a = index, .b = size, .leaf = &leaf_of[index], .root = root_of[size]};
            assert_true(path_inclusion(&tiles, index, size, &claim.path, &err));
            assert_true(holds(&claim));
            flipped_dropped_added_and_swapped_are_refused(&claim);
            wrong_roots_are_refused(&claim);
            const struct path *path = &claim.path;
            const struct hash *leaf = &leaf_of[index], *root = &root_of[size];
            struct hash other = *leaf;
            other.bytes[7] ^= 0x10;
            assert_false(path_includes(path, index, size, &other, root));
            assert_false(path_includes(path, size, size, leaf, root));
            assert_false(path_includes(path, index, 0, leaf, root));
            assert_false(path_includes(path, index, index, leaf, root));
            assert_false(path_includes(path, index + size, size, leaf, root));
            for (size_t bit = 1; bit < size; bit *= 2)
                assert_false(path_includes(path, index ^ bit, size, leaf, root));
        }
}

static void every_consistency_up_to_300_is_built_and_verified(void **state)
{
    struct path_tiles tiles = {kept_read, *state};
    struct err err = {0};
    for (size_t to = 1; to <= naive_max; to++)
        for (size_t from = 1; from <= to; from++) {
            struct path wanted = {0}, path;
            naive_subproof(from, 0, to, true, &wanted);
            assert_true(path_consistency(&tiles, from, to, &path, &err));
            assert_true(naive_same(&path, &wanted));
            assert_true(path_consistent(&path, from, to, &root_of[from], &root_of[to]));
        }
}

static void every_tampered_consistency_is_refused(void **state)
{
    struct path_tiles tiles = {kept_read, *state};
    struct err err = {0};
    for (size_t to = 1; to <= naive_max; to++)
        for (size_t from = 1; from <= to; from++) {
            struct claim claim = {
                .a = from, .b = to, .first_root = root_of[from], .root = root_of[to]};
            assert_true(path_consistency(&tiles, from, to, &claim.path, &err));
            assert_true(holds(&claim));
            flipped_dropped_added_and_swapped_are_refused(&claim);
            wrong_roots_are_refused(&claim);
            assert_false(path_consistent(&claim.path, 0, to, &root_of[0], &root_of[to]));
            assert_false(path_consistent(&claim.path, to + 1, to, &root_of[from], &root_of[to]));
            if (from < to)
                assert_false(path_consistent(&claim.path, to, from, &root_of[to], &root_of[from]));
            for (size_t bit = 1; bit <= to; bit *= 2) {
                size_t wrong = (from ^ bit) % (to + 1);
                assert_false(
                    path_consistent(&claim.path, wrong, to, &root_of[wrong], &root_of[to]));
            }
        }
}

static void the_root_of_every_smaller_tree_can_be_had_from_the_tiles(void **state)
{
    struct path_tiles tiles = {kept_read, *state};
    struct err err = {0};
    for (size_t size = 0; size <= naive_max; size++) {
        struct hash root;
        assert_true(path_root(&tiles, size, &root, &err));
        assert_memory_equal(root.bytes, root_of[size].bytes, HASH_BYTES);
    }
}

static void a_large_tree_is_proven_with_few_tiles(void **state)
{
    (void)state;
    struct kept_tiles *kept = mem_new(sizeof *kept);
    struct path_tiles tiles = {kept_read, kept};
    struct hash half = {0}, root, leaf = {0};
    struct path path;
    struct err err = {0};
    for (uint32_t i = 0; i < 70000; i++) {
        if (i == 33333)
            half = tree_root(&kept->tree);
        memcpy(leaf.bytes, &i, sizeof i);
        kept_append(kept, &leaf, 1);
    }
    root = tree_root(&kept->tree);
    memcpy(leaf.bytes, &(uint32_t){46500}, sizeof(uint32_t));
    assert_true(path_inclusion(&tiles, 46500, 70000, &path, &err));
    assert_true(path_includes(&path, 46500, 70000, &leaf, &root));
    assert_true(kept->reads <= 5);
    assert_true(path_consistency(&tiles, 33333, 70000, &path, &err));
    assert_true(path_consistent(&path, 33333, 70000, &half, &root));
    mem_free(kept);
}

static bool read_fails(void *state, const struct tile *tile, struct hash ret_hashes[TILE_WIDTH],
                       struct err *err)
{
    (void)state, (void)tile, (void)ret_hashes;
    return err_set(err, ERR_RETRY, "store is away");
}

static void a_store_that_fails_fails_the_proof_with_its_reason(void **state)
{
    (void)state;
    struct path_tiles tiles = {read_fails, NULL};
    struct path path;
    struct hash root;
    struct err err = {0};
    assert_false(path_inclusion(&tiles, 3, 7, &path, &err));
    assert_int_equal(err.kind, ERR_RETRY);
    assert_string_equal(err.text, "tile 0/0: store is away");
    assert_false(path_consistency(&tiles, 3, 7, &path, &err));
    assert_false(path_root(&tiles, 7, &root, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_inclusion_up_to_300_is_built_and_verified),
        cmocka_unit_test(every_tampered_inclusion_is_refused),
        cmocka_unit_test(every_consistency_up_to_300_is_built_and_verified),
        cmocka_unit_test(every_tampered_consistency_is_refused),
        cmocka_unit_test(the_root_of_every_smaller_tree_can_be_had_from_the_tiles),
        cmocka_unit_test(a_large_tree_is_proven_with_few_tiles),
        cmocka_unit_test(a_store_that_fails_fails_the_proof_with_its_reason),
    };
    return cmocka_run_group_tests(tests, build_trees, free_trees);
}
