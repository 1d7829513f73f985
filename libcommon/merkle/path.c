#include "path.h"

#include "mem.h"

#include <assert.h>
#include <string.h>

/* The tiles one proof needs, each read once. A path touches at most two tiles a level. */
enum { shelf_tiles = 2 * TILE_LEVELS };

struct shelf {
    const struct path_tiles *tiles;
    uint64_t size; /* of the whole tree */
    size_t count;
    struct tile tile[shelf_tiles];
    struct hash hash[shelf_tiles][TILE_WIDTH];
};
typedef struct shelf path_shelf;
DEFINE_OWNED(path_shelf, mem_free)

static struct shelf *shelf_new(const struct path_tiles *tiles, uint64_t size)
{
    struct shelf *shelf = mem_new(sizeof *shelf);
    shelf->tiles = tiles;
    shelf->size = size;
    return shelf;
}

static const struct hash *shelf_take(struct shelf *shelf, unsigned level, uint64_t n,
                                     struct err *err)
{
    for (size_t i = 0; i < shelf->count; i++)
        if (shelf->tile[i].level == level && shelf->tile[i].n == n)
            return shelf->hash[i];
    size_t place = shelf->count < shelf_tiles ? shelf->count : shelf_tiles - 1;
    struct tile tile = {level, n, tile_width(level, n, shelf->size)};
    assert(tile.width > 0);
    shelf->count = place; /* a failed read leaves nothing behind */
    if (!shelf->tiles->read(shelf->tiles->state, &tile, shelf->hash[place], err)) {
        err_context(err, "tile %u/%llu", level, (unsigned long long)n);
        return NULL;
    }
    shelf->tile[place] = tile;
    shelf->count = place + 1;
    return shelf->hash[place];
}

static struct hash join(const struct hash hashes[], size_t count)
{
    if (count == 1)
        return hashes[0];
    struct hash left = join(hashes, count / 2), right = join(hashes + count / 2, count / 2);
    return tree_node_hash(&left, &right);
}

/* The root of the perfect subtree of 2^height leaves that starts at leaf `start`. */
static bool perfect(struct shelf *shelf, unsigned height, uint64_t start, struct hash *ret_hash,
                    struct err *err)
{
    assert((start & ((UINT64_C(1) << height) - 1)) == 0);
    unsigned level = height / TILE_HEIGHT;
    uint64_t first = start >> (TILE_HEIGHT * level);
    const struct hash *hashes = shelf_take(shelf, level, first / TILE_WIDTH, err);
    if (!hashes)
        return false;
    *ret_hash = join(hashes + first % TILE_WIDTH, (size_t)1 << (height % TILE_HEIGHT));
    return true;
}

/* MTH of the leaves start ... end - 1, where start is a multiple of a power of two >= the length:
 * perfect subtrees of falling size, joined from the right. */
static bool range_root(struct shelf *shelf, uint64_t start, uint64_t end, struct hash *ret_root,
                       struct err *err)
{
    struct hash root = {0};
    uint64_t length = end - start;
    bool first = true;
    for (unsigned height = 0; length >> height; height++) {
        uint64_t width = UINT64_C(1) << height;
        if (!(length & width))
            continue;
        end -= width;
        struct hash left;
        if (!perfect(shelf, height, end, &left, err))
            return false;
        root = first ? left : tree_node_hash(&left, &root);
        first = false;
    }
    *ret_root = root;
    return true;
}

struct range {
    uint64_t start, end;
};

/* Splits are met from the root down, paths run from the leaf up. */
static bool hash_ranges_upward(struct shelf *shelf, const struct range ranges[], size_t count,
                               struct path *ret_path, struct err *err)
{
    struct path path = {0};
    while (count-- > 0)
        if (!range_root(shelf, ranges[count].start, ranges[count].end, &path.hash[path.count++],
                        err))
            return false;
    *ret_path = path;
    return true;
}

bool path_inclusion(const struct path_tiles *tiles, uint64_t index, uint64_t size,
                    struct path *ret_path, struct err *err)
{
    assert(index < size);
    OWNED(path_shelf) *shelf = shelf_new(tiles, size);
    struct range beside[TREE_HEIGHT_MAX + 1];
    size_t count = 0;
    uint64_t start = 0, end = size;
    while (end - start > 1) {
        uint64_t middle = start + tree_split(end - start);
        if (index < middle) {
            beside[count++] = (struct range){middle, end};
            end = middle;
        } else {
            beside[count++] = (struct range){start, middle};
            start = middle;
        }
    }
    return hash_ranges_upward(shelf, beside, count, ret_path, err);
}

bool path_consistency(const struct path_tiles *tiles, uint64_t from, uint64_t to,
                      struct path *ret_path, struct err *err)
{
    assert(from > 0 && from <= to);
    OWNED(path_shelf) *shelf = shelf_new(tiles, to);
    struct range needed[TREE_HEIGHT_MAX + 2];
    size_t count = 0;
    uint64_t start = 0, end = to;
    while (from != end) { /* until the old tree ends where this subtree does */
        uint64_t middle = start + tree_split(end - start);
        if (from <= middle) {
            needed[count++] = (struct range){middle, end};
            end = middle;
        } else {
            needed[count++] = (struct range){start, middle};
            start = middle;
        }
    }
    if (start > 0) /* at 0 it is the old root, which the verifier has */
        needed[count++] = (struct range){start, end};
    return hash_ranges_upward(shelf, needed, count, ret_path, err);
}

bool path_root(const struct path_tiles *tiles, uint64_t size, struct hash *ret_root,
               struct err *err)
{
    if (size == 0) {
        *ret_root = hash_sha256((struct bytes){0});
        return true;
    }
    OWNED(path_shelf) *shelf = shelf_new(tiles, size);
    return range_root(shelf, 0, size, ret_root, err);
}

/* Node numbers on the way up: `node` ours, `last` the rightmost of the same height. */
struct climb {
    uint64_t node, last;
};

static bool is_right_child(const struct climb *climb)
{
    return (climb->node & 1) || climb->node == climb->last;
}

/* A node without a right sibling rises unchanged until it is one. */
static void skip_lone(struct climb *climb)
{
    while (!(climb->node & 1) && climb->node != 0) {
        climb->node >>= 1;
        climb->last >>= 1;
    }
}

static void rise(struct climb *climb)
{
    climb->node >>= 1;
    climb->last >>= 1;
}

bool path_includes(const struct path *path, uint64_t index, uint64_t size, const struct hash *leaf,
                   const struct hash *root)
{
    if (index >= size)
        return false;
    struct climb climb = {index, size - 1};
    struct hash hash = *leaf;
    for (size_t i = 0; i < path->count; i++) {
        if (climb.last == 0)
            return false;
        if (is_right_child(&climb)) {
            hash = tree_node_hash(&path->hash[i], &hash);
            skip_lone(&climb);
        } else {
            hash = tree_node_hash(&hash, &path->hash[i]);
        }
        rise(&climb);
    }
    return climb.last == 0 && hash_equal(&hash, root);
}

bool path_consistent(const struct path *path, uint64_t from, uint64_t to,
                     const struct hash *from_root, const struct hash *to_root)
{
    if (from == 0 || from > to)
        return false;
    if (from == to)
        return path->count == 0 && hash_equal(from_root, to_root);
    if (path->count == 0)
        return false;

    /* An old tree that is one perfect subtree starts the path itself. */
    bool whole = (from & (from - 1)) == 0;
    struct hash old = whole ? *from_root : path->hash[0], now = old;
    struct climb climb = {from - 1, to - 1};
    while (climb.node & 1)
        rise(&climb);
    for (size_t i = whole ? 0 : 1; i < path->count; i++) {
        if (climb.last == 0)
            return false;
        if (is_right_child(&climb)) {
            old = tree_node_hash(&path->hash[i], &old);
            now = tree_node_hash(&path->hash[i], &now);
            skip_lone(&climb);
        } else {
            now = tree_node_hash(&now, &path->hash[i]);
        }
        rise(&climb);
    }
    return climb.last == 0 && hash_equal(&old, from_root) && hash_equal(&now, to_root);
}
