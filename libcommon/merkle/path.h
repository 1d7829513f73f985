/* path: inclusion and consistency proofs of RFC 9162: built from tiles, verified from nothing.
 *
 * Pure; tiles come through the caller's function. Verification is the arithmetic of RFC 9162
 * 2.1.3.2 and 2.1.4.2 and refuses a path of any other length, order or content. */
#pragma once

#include "tile.h"

enum { PATH_MAX_HASHES = 2 * TREE_HEIGHT_MAX };

struct path {
    size_t count;
    struct hash hash[PATH_MAX_HASHES];
};

/* Fills the tile's first `tile->width` hashes. */
struct path_tiles {
    bool (*read)(void *state, const struct tile *tile, struct hash ret_hashes[TILE_WIDTH],
                 struct err *err);
    void *state;
};

/* index < size. */
bool path_inclusion(const struct path_tiles *tiles, uint64_t index, uint64_t size,
                    struct path *ret_path, struct err *err) MUST_CHECK;
/* 0 < from <= to; empty when they are equal. */
bool path_consistency(const struct path_tiles *tiles, uint64_t from, uint64_t to,
                      struct path *ret_path, struct err *err) MUST_CHECK;
/* The root of the tree of the first `size` leaves. */
bool path_root(const struct path_tiles *tiles, uint64_t size, struct hash *ret_root,
               struct err *err) MUST_CHECK;

/* True only for the one right path. */
bool path_includes(const struct path *path, uint64_t index, uint64_t size, const struct hash *leaf,
                   const struct hash *root) MUST_CHECK;
bool path_consistent(const struct path *path, uint64_t from, uint64_t to,
                     const struct hash *from_root, const struct hash *to_root) MUST_CHECK;
