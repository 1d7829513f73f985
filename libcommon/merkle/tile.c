#include "tile.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static uint64_t hashes_at(unsigned level, uint64_t size)
{
    return size >> (TILE_HEIGHT * level);
}

unsigned tile_width(unsigned level, uint64_t n, uint64_t size)
{
    assert(level < TILE_LEVELS);
    uint64_t hashes = hashes_at(level, size);
    if (n > hashes / TILE_WIDTH)
        return 0;
    uint64_t left = hashes - n * TILE_WIDTH;
    return left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH;
}

void tile_path(int level, const struct tile *tile, char path[static TILE_PATH_BYTES])
{
    assert(level < TILE_LEVELS);
    assert(tile->width >= 1 && tile->width <= TILE_WIDTH);

    char number[40]; /* 7 groups of three digits, all but the last between x and / */
    char *at = number + sizeof number;
    *--at = '\0';
    uint64_t n = tile->n;
    for (bool last = true; last || n > 0; last = false, n /= 1000) {
        char group[6];
        int length = snprintf(group, sizeof group, "%s%03u%s", last ? "" : "x",
                              (unsigned)(n % 1000), last ? "" : "/");
        at -= length;
        memcpy(at, group, (size_t)length);
    }

    char partial[12] = "", levels[12] = "entries";
    if (level >= 0)
        snprintf(levels, sizeof levels, "%d", level);
    if (tile->width < TILE_WIDTH)
        snprintf(partial, sizeof partial, ".p/%u", tile->width);
    snprintf(path, TILE_PATH_BYTES, "tile/%s/%s%s", levels, at, partial);
}

bool tile_path_parse(const char *path, int *ret_level, struct tile *ret_tile)
{
    int level = -1;
    struct tile tile = {.width = TILE_WIDTH};
    const char *at = path;
    if (strncmp(at, "tile/", 5) != 0)
        return false;
    at += 5;
    if (strncmp(at, "entries/", 8) == 0) {
        at += 8;
    } else if (at[0] >= '0' && at[0] < '0' + TILE_LEVELS && at[1] == '/') {
        level = at[0] - '0';
        at += 2;
    } else {
        return false;
    }
    for (; *at && *at != '.'; at++)
        if (*at >= '0' && *at <= '9') {
            if (tile.n > (UINT64_MAX - 9) / 10)
                return false;
            tile.n = tile.n * 10 + (uint64_t)(*at - '0');
        }
    if (strncmp(at, ".p/", 3) == 0) {
        tile.width = 0;
        for (at += 3; *at >= '0' && *at <= '9' && tile.width < TILE_WIDTH; at++)
            tile.width = tile.width * 10 + (unsigned)(*at - '0');
        if (tile.width == 0 || tile.width >= TILE_WIDTH)
            return false;
    }
    /* What was read must be written the same way: leaves only the canonical form. */
    char canonical[TILE_PATH_BYTES];
    tile.level = level < 0 ? 0 : (unsigned)level;
    tile_path(level, &tile, canonical);
    if (strcmp(path, canonical) != 0)
        return false;
    *ret_level = level;
    *ret_tile = tile;
    return true;
}

/* The root of 2^height hashes. */
static struct hash perfect_root(const struct hash hashes[], unsigned height)
{
    if (height == 0)
        return hashes[0];
    struct hash left = perfect_root(hashes, height - 1);
    struct hash right = perfect_root(hashes + (1u << (height - 1)), height - 1);
    return tree_node_hash(&left, &right);
}

void tile_peaks(uint64_t size, const struct hash *const edge[TILE_LEVELS], struct tree *ret_tree)
{
    *ret_tree = (struct tree){.size = size};
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        unsigned width = hashes_at(level, size) % TILE_WIDTH, used = 0;
        for (unsigned height = TILE_HEIGHT; height-- > 0;) {
            if (!(width >> height & 1))
                continue;
            assert(TILE_HEIGHT * level + height < TREE_HEIGHT_MAX);
            ret_tree->peak[TILE_HEIGHT * level + height] = perfect_root(edge[level] + used, height);
            used += 1u << height;
        }
    }
}

bool bundle_add(struct buffer *bundle, struct bytes entry)
{
    if (entry.length > UINT16_MAX)
        return false;
    const uint8_t length[] = {(uint8_t)(entry.length >> 8), (uint8_t)entry.length};
    buffer_add(bundle, length, sizeof length);
    buffer_add(bundle, entry.data, entry.length);
    return true;
}

bool bundle_next(struct bytes *rest, struct bytes *ret_entry)
{
    if (rest->length < 2)
        return false;
    size_t length = (size_t)rest->data[0] << 8 | rest->data[1];
    if (rest->length - 2 < length)
        return false;
    *ret_entry = bytes_of(rest->data + 2, length);
    *rest = bytes_of(rest->data + 2 + length, rest->length - 2 - length);
    return true;
}
