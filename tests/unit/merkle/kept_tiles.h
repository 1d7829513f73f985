/* kept_tiles: the tiles of a growing tree in memory, as a store would keep them. */
#pragma once

#include "path.h"

#include <string.h>

enum { kept_levels = 3, kept_tiles_max = 300 };

struct kept_tiles {
    struct tree tree;
    struct hash hash[kept_levels][kept_tiles_max * TILE_WIDTH];
    size_t reads;
};

static inline void kept_put(void *state, unsigned height, uint64_t n, const struct hash *hash)
{
    struct kept_tiles *kept = state;
    if (height % TILE_HEIGHT == 0)
        kept->hash[height / TILE_HEIGHT][n] = *hash;
}

static inline void kept_append(struct kept_tiles *kept, const struct hash leaves[], size_t count)
{
    tree_append(&kept->tree, leaves, count, kept_put, kept);
}

static inline bool kept_read(void *state, const struct tile *tile,
                             struct hash ret_hashes[TILE_WIDTH], struct err *err)
{
    struct kept_tiles *kept = state;
    if (tile->width == 0 || tile_width(tile->level, tile->n, kept->tree.size) < tile->width)
        return err_set(err, ERR_REJECT, "no such tile");
    kept->reads++;
    memcpy(ret_hashes, &kept->hash[tile->level][tile->n * TILE_WIDTH],
           tile->width * sizeof ret_hashes[0]);
    return true;
}
