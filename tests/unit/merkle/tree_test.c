/* Roots, for every size against the definition and for the tree that RFC 6962's vectors use. */
#include "tree.h"

#include "naive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_hash(struct hash hash, const char *hex)
{
    char text[2 * HASH_BYTES + 1];
    hex_encode(hash_view(&hash), text);
    assert_string_equal(text, hex);
}

static void the_empty_tree_is_the_hash_of_nothing(void **state)
{
    (void)state;
    struct tree tree = {0};
    assert_hash(tree_root(&tree),
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void the_classic_eight_leaves_have_their_known_roots(void **state)
{
    (void)state;
    static const char *const leaf[] = {
        "",
        "\x00",
        "\x10",
        "\x20\x21",
        "\x30\x31",
        "\x40\x41\x42\x43",
        "\x50\x51\x52\x53\x54\x55\x56\x57",
        "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    };
    static const size_t length[] = {0, 1, 1, 2, 2, 4, 8, 16};
    static const char *const root[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    struct tree tree = {0};
    for (size_t i = 0; i < 8; i++) {
        struct hash hash = tree_leaf_hash(bytes_of(leaf[i], length[i]));
        tree_append(&tree, &hash, 1, NULL, NULL);
        assert_hash(tree_root(&tree), root[i]);
    }
}

static void every_root_up_to_300_leaves_is_the_one_by_definition(void **state)
{
    (void)state;
    struct tree tree = {0};
    for (size_t size = 0; size <= naive_max; size++) {
        struct hash wanted = naive_root(0, size), root = tree_root(&tree);
        assert_memory_equal(root.bytes, wanted.bytes, HASH_BYTES);
        if (size == naive_max)
            break;
        struct hash leaf = tree_leaf_hash(naive_leaf(size));
        tree_append(&tree, &leaf, 1, NULL, NULL);
    }
}

static void leaves_appended_together_or_singly_make_the_same_tree(void **state)
{
    (void)state;
    struct hash leaves[naive_max];
    struct tree singly = {0};
    for (size_t i = 0; i < naive_max; i++) {
        leaves[i] = tree_leaf_hash(naive_leaf(i));
        tree_append(&singly, &leaves[i], 1, NULL, NULL);
    }
    for (size_t cut = 0; cut <= naive_max; cut++) {
        struct tree together = {0};
        tree_append(&together, leaves, cut, NULL, NULL);
        tree_append(&together, leaves + cut, naive_max - cut, NULL, NULL);
        struct hash a = tree_root(&singly), b = tree_root(&together);
        assert_int_equal(together.size, singly.size);
        assert_memory_equal(a.bytes, b.bytes, HASH_BYTES);
    }
}

struct grown {
    uint64_t count[TREE_HEIGHT_MAX];
};

static void check_grown(void *state, unsigned height, uint64_t n, const struct hash *hash)
{
    struct grown *grown = state;
    size_t width = (size_t)1 << height;
    struct hash wanted = naive_root(n * width, width);
    assert_int_equal(n, grown->count[height]++);
    assert_memory_equal(hash->bytes, wanted.bytes, HASH_BYTES);
}

static void every_perfect_subtree_is_told_once_in_order_with_its_root(void **state)
{
    (void)state;
    struct hash leaves[naive_max];
    struct grown grown = {0};
    struct tree tree = {0};
    for (size_t i = 0; i < naive_max; i++)
        leaves[i] = tree_leaf_hash(naive_leaf(i));
    tree_append(&tree, leaves, naive_max, check_grown, &grown);
    for (unsigned height = 0; height < TREE_HEIGHT_MAX; height++)
        assert_int_equal(grown.count[height], (uint64_t)naive_max >> height);
}

static void a_tree_splits_at_the_largest_power_of_two_below_its_size(void **state)
{
    (void)state;
    assert_int_equal(tree_split(2), 1);
    assert_int_equal(tree_split(3), 2);
    assert_int_equal(tree_split(4), 2);
    assert_int_equal(tree_split(5), 4);
    assert_int_equal(tree_split(257), 256);
    assert_true(tree_split(INT64_MAX) == UINT64_C(1) << 62);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_empty_tree_is_the_hash_of_nothing),
        cmocka_unit_test(the_classic_eight_leaves_have_their_known_roots),
        cmocka_unit_test(every_root_up_to_300_leaves_is_the_one_by_definition),
        cmocka_unit_test(leaves_appended_together_or_singly_make_the_same_tree),
        cmocka_unit_test(every_perfect_subtree_is_told_once_in_order_with_its_root),
        cmocka_unit_test(a_tree_splits_at_the_largest_power_of_two_below_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
