/* tile: how a tree is kept and served: C2SP tlog-tiles.
 *
 * Pure. Tile (level, n) holds the hashes of the perfect subtrees of height 8 * level with the
 * numbers 256 n ... 256 n + 255. A full tile never changes; of a partial one the hashes it has
 * never change, so a wider tile serves every smaller tree. */
#pragma once

#include "tree.h"

#include <stdint.h>

enum {
    TILE_HEIGHT = 8,
    TILE_WIDTH = 256,
    TILE_LEVELS = 8,      /* 2^63 leaves need no more */
    TILE_PATH_BYTES = 64, /* room for every path, with its NUL */
};

struct tile {
    unsigned level;
    uint64_t n;
    unsigned width; /* 1 ... 256; less than 256 is a partial tile */
};

/* The width that tile (level, n) has in a tree of `size` leaves; 0: it does not exist there. */
unsigned tile_width(unsigned level, uint64_t n, uint64_t size);

/* "tile/1/x001/234.p/17"; level -1 is the entry bundle: "tile/entries/000". */
void tile_path(int level, const struct tile *tile, char path[static TILE_PATH_BYTES]);
/* The reverse, only for the canonical form. */
bool tile_path_parse(const char *path, int *ret_level, struct tile *ret_tile) MUST_CHECK;

/* Sets the tree's peaks from the partial tiles on its right edge: `edge[level]` holds
 * tile_width of the last tile, or nothing where that is full. */
void tile_peaks(uint64_t size, const struct hash *const edge[TILE_LEVELS], struct tree *ret_tree);

/* An entry bundle is entries one after another, each behind its length as two bytes, big end
 * first. False: the entry is longer than 65535. */
bool bundle_add(struct buffer *bundle, struct bytes entry) MUST_CHECK;
/* Takes the first entry off `rest`; false when it is cut short. */
bool bundle_next(struct bytes *rest, struct bytes *ret_entry) MUST_CHECK;
