/* Tile paths, widths, what changes when a tree grows, the way back to the tree, entry bundles. */
#include "tile.h"

#include "kept_tiles.h"
#include "mem.h"
#include "naive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void widths_are_those_of_the_specification(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        unsigned level;
        uint64_t n;
        unsigned width;
    } cases[] = {
        {70000, 0, 272, 256},
        {70000, 0, 273, 112},
        {70000, 0, 274, 0  },
        {70000, 1, 0,   256},
        {70000, 1, 1,   17 },
        {70000, 1, 2,   0  },
        {70000, 2, 0,   1  },
        {70000, 3, 0,   0  },
        {256,   0, 0,   256},
        {256,   0, 1,   0  },
        {256,   1, 0,   1  },
        {0,     0, 0,   0  },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(tile_width(cases[i].level, cases[i].n, cases[i].size), cases[i].width);
    assert_int_equal(tile_width(7, 0, INT64_MAX), 127);
}

static void paths_group_three_digits_and_read_back(void **state)
{
    (void)state;
    static const struct {
        int level;
        uint64_t n;
        unsigned width;
        const char *path;
    } cases[] = {
        {0,  0,                   256, "tile/0/000"                                  },
        {1,  1234067,             256, "tile/1/x001/x234/067"                        },
        {2,  999,                 17,  "tile/2/999.p/17"                             },
        {0,  1000,                255, "tile/0/x001/000.p/255"                       },
        {-1, 273,                 112, "tile/entries/273.p/112"                      },
        {7,  9223372036854775807, 1,   "tile/7/x009/x223/x372/x036/x854/x775/807.p/1"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned level = cases[i].level < 0 ? 0 : (unsigned)cases[i].level;
        struct tile tile = {level, cases[i].n, cases[i].width}, back;
        char path[TILE_PATH_BYTES];
        int read_level;
        tile_path(cases[i].level, &tile, path);
        assert_string_equal(path, cases[i].path);
        assert_true(tile_path_parse(path, &read_level, &back));
        assert_int_equal(read_level, cases[i].level);
        assert_int_equal(back.n, cases[i].n);
        assert_int_equal(back.width, cases[i].width);
    }
}

static void only_the_canonical_path_is_read(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/8/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/017",
        "tile/0/000.p/",
        "tile/0/000.p/17/",
        "tile/0/000/",
        "tile/0/../000",
        "tile/0/000 ",
        "/tile/0/000",
        "tile/entries/0",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    };
    struct tile tile;
    int level;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(tile_path_parse(bad[i], &level, &tile));
}

static void the_right_edge_gives_back_the_tree(void **state)
{
    (void)state;
    struct kept_tiles *kept = mem_new(sizeof *kept);
    static const size_t sizes[] = {0, 1, 2, 255, 256, 257, 300, 65535, 65536, 65537, 70000};
    uint32_t count = 0;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (; count < sizes[i]; count++) {
            struct hash leaf = {0};
            memcpy(leaf.bytes, &count, sizeof count);
            kept_append(kept, &leaf, 1);
        }
        const struct hash *edge[TILE_LEVELS] = {0};
        for (unsigned level = 0; level < kept_levels; level++)
            edge[level] =
                &kept->hash[level][(sizes[i] >> (TILE_HEIGHT * level)) / TILE_WIDTH * TILE_WIDTH];
        struct tree tree;
        tile_peaks(sizes[i], edge, &tree);
        struct hash root = tree_root(&tree), wanted = tree_root(&kept->tree);
        assert_int_equal(tree.size, sizes[i]);
        assert_memory_equal(root.bytes, wanted.bytes, HASH_BYTES);
    }
    mem_free(kept);
}

static void a_bundle_gives_its_entries_back(void **state)
{
    (void)state;
    struct buffer bundle = {0};
    uint8_t *longest = mem_new(UINT16_MAX + 1);
    assert_true(bundle_add(&bundle, bytes_of("", 0)));
    assert_true(bundle_add(&bundle, bytes_of_text("entry")));
    assert_true(bundle_add(&bundle, bytes_of(longest, UINT16_MAX)));
    assert_false(bundle_add(&bundle, bytes_of(longest, UINT16_MAX + 1)));

    struct bytes rest = buffer_view(&bundle), entry;
    assert_memory_equal(rest.data, "\0\0\0\5entry\xff\xff", 11);
    assert_true(bundle_next(&rest, &entry));
    assert_int_equal(entry.length, 0);
    assert_true(bundle_next(&rest, &entry));
    assert_true(bytes_equal(entry, bytes_of_text("entry")));
    assert_true(bundle_next(&rest, &entry));
    assert_int_equal(entry.length, UINT16_MAX);
    assert_int_equal(rest.length, 0);
    assert_false(bundle_next(&rest, &entry));
    mem_free(longest);
    buffer_done(&bundle);
}

static void a_bundle_that_is_cut_short_is_refused(void **state)
{
    (void)state;
    struct bytes entry;
    for (size_t length = 0; length < 7; length++) {
        struct bytes rest = bytes_of("\0\5entry", length);
        assert_false(bundle_next(&rest, &entry));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_those_of_the_specification),
        cmocka_unit_test(paths_group_three_digits_and_read_back),
        cmocka_unit_test(only_the_canonical_path_is_read),
        cmocka_unit_test(the_right_edge_gives_back_the_tree),
        cmocka_unit_test(a_bundle_gives_its_entries_back),
        cmocka_unit_test(a_bundle_that_is_cut_short_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
