/* store: the only code of audit-writer that speaks to Postgres. */
#pragma once

#include "db.h"
#include "tile.h"

/* The peaks from the right edge, and the size of the last checkpoint. */
bool store_load(struct db *db, struct tree *ret_tree, uint64_t *ret_published,
                struct err *err) MUST_CHECK;
/* Takes up to `limit` pending leaves into the tree, inside the caller's transaction. *ret_count
 * is 0 when none is pending; the hashes live as long as *ret_rows. */
bool store_order(struct db *db, int64_t fence, int32_t limit, PGresult **ret_rows,
                 uint64_t *ret_size, const struct hash **ret_hashes, size_t *ret_count,
                 struct err *err) MUST_CHECK;
/* The hashes of newly full tiles, by the level they belong to; [0] is unused. */
bool store_grow(struct db *db, int64_t fence, const struct buffer hashes[TILE_LEVELS],
                struct err *err) MUST_CHECK;
bool store_publish(struct db *db, int64_t fence, uint64_t size, struct bytes note,
                   struct err *err) MUST_CHECK;
/* Up to which index every event is older than the time, and the last minimum. */
bool store_retired(struct db *db, int64_t before_micros, uint64_t *ret_index, uint64_t *ret_minimum,
                   struct err *err) MUST_CHECK;
bool store_raise_minimum(struct db *db, int64_t fence, uint64_t index, struct bytes note,
                         struct err *err) MUST_CHECK;
