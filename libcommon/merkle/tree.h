/* tree: the hashes of an RFC 6962 Merkle tree, and its right edge while it grows.
 *
 * Pure. MTH({}) = SHA256(""), leaf = SHA256(0x00 || data), node = SHA256(0x01 || left || right).
 * A tree of n leaves is a row of perfect subtrees, one for each 1 bit of n; keeping only their
 * roots (the peaks) is enough to append and to know the root. */
#pragma once

#include "hash.h"

#include <stdint.h>

enum { TREE_HEIGHT_MAX = 63 };

/* peak[h] is the root of the perfect subtree of 2^h leaves when bit h of size is set; the others
 * mean nothing. Zero-initialised is the empty tree. */
struct tree {
    uint64_t size;
    struct hash peak[TREE_HEIGHT_MAX];
};

struct hash tree_leaf_hash(struct bytes leaf);
struct hash tree_node_hash(const struct hash *left, const struct hash *right);

/* Every perfect subtree that becomes complete, leaves (height 0) included: the n-th of its
 * height, counted from 0. */
typedef void tree_grown_fn(void *state, unsigned height, uint64_t n, const struct hash *hash);

/* `grown` may be NULL. */
void tree_append(struct tree *tree, const struct hash leaves[], size_t count, tree_grown_fn *grown,
                 void *state);
struct hash tree_root(const struct tree *tree);

/* The largest power of two below n, for n > 1: where RFC 6962 splits a tree. */
uint64_t tree_split(uint64_t n);
