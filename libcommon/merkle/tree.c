#include "tree.h"

#include <assert.h>

struct hash tree_leaf_hash(struct bytes leaf)
{
    static const uint8_t prefix = 0x00;
    const struct bytes parts[] = {
        {&prefix, 1},
        leaf
    };
    return hash_sha256_parts(parts, 2);
}

struct hash tree_node_hash(const struct hash *left, const struct hash *right)
{
    uint8_t joined[1 + 2 * HASH_BYTES] = {0x01};
    for (size_t i = 0; i < HASH_BYTES; i++) {
        joined[1 + i] = left->bytes[i];
        joined[1 + HASH_BYTES + i] = right->bytes[i];
    }
    return hash_sha256(bytes_of(joined, sizeof joined));
}

/* Like adding 1 to a binary number: each carry joins two perfect subtrees into one. */
static void append_one(struct tree *tree, const struct hash *leaf, tree_grown_fn *grown,
                       void *state)
{
    struct hash hash = *leaf;
    unsigned height = 0;
    if (grown)
        grown(state, 0, tree->size, &hash);
    for (; tree->size >> height & 1; height++) {
        hash = tree_node_hash(&tree->peak[height], &hash);
        if (grown)
            grown(state, height + 1, tree->size >> (height + 1), &hash);
    }
    assert(height < TREE_HEIGHT_MAX);
    tree->peak[height] = hash;
    tree->size++;
}

void tree_append(struct tree *tree, const struct hash leaves[], size_t count, tree_grown_fn *grown,
                 void *state)
{
    for (size_t i = 0; i < count; i++)
        append_one(tree, &leaves[i], grown, state);
}

struct hash tree_root(const struct tree *tree)
{
    if (tree->size == 0)
        return hash_sha256((struct bytes){0});
    struct hash root = {0};
    bool first = true;
    for (unsigned height = 0; height < TREE_HEIGHT_MAX; height++) {
        if (!(tree->size >> height & 1))
            continue;
        root = first ? tree->peak[height] : tree_node_hash(&tree->peak[height], &root);
        first = false;
    }
    return root;
}

uint64_t tree_split(uint64_t n)
{
    assert(n > 1);
    uint64_t split = 1;
    while (split < n - split)
        split *= 2;
    return split;
}
