#include "store.h"

#include "audit-writer_core_sql.h"

/* A view of bytes as hashes needs no alignment. */
_Static_assert(sizeof(struct hash) == HASH_BYTES && _Alignof(struct hash) == 1, "hash is bytes");

bool store_load(struct db *db, struct tree *ret_tree, uint64_t *ret_published, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    if (!db_query(db, SQL_LOAD_EDGE, NULL, &rows, err))
        return err_context(err, "edge");
    if (PQntuples(rows) != TILE_LEVELS)
        return err_set(err, ERR_FATAL, "audit.edge has %d levels", PQntuples(rows));
    const struct hash *edge[TILE_LEVELS];
    for (int level = 0; level < TILE_LEVELS; level++)
        edge[level] = (const struct hash *)db_bytes(rows, level, 2).data;
    uint64_t size =
        (uint64_t)db_i64(rows, 0, 1) * TILE_WIDTH + db_bytes(rows, 0, 2).length / HASH_BYTES;
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        size_t wanted = (size >> (TILE_HEIGHT * level)) % TILE_WIDTH * HASH_BYTES;
        if (db_bytes(rows, (int)level, 2).length != wanted)
            return err_set(err, ERR_FATAL, "audit.edge does not fit together at level %u", level);
    }
    tile_peaks(size, edge, ret_tree);
    *ret_published = (uint64_t)db_i64(rows, 0, 3);
    return true;
}

bool store_order(struct db *db, int64_t fence, int32_t limit, PGresult **ret_rows,
                 uint64_t *ret_size, const struct hash **ret_hashes, size_t *ret_count,
                 struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_i64(&args, fence);
    db_arg_i32(&args, limit);
    if (!db_query(db, SQL_ORDER_PENDING, &args, &rows, err))
        return err_context(err, "order");
    *ret_count = 0;
    if (PQntuples(rows) > 0) {
        struct bytes hashes = db_bytes(rows, 0, 1);
        *ret_size = (uint64_t)db_i64(rows, 0, 0);
        *ret_hashes = (const struct hash *)hashes.data;
        *ret_count = hashes.length / HASH_BYTES;
    }
    *ret_rows = TAKE(rows);
    return true;
}

bool store_grow(struct db *db, int64_t fence, const struct buffer hashes[TILE_LEVELS],
                struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, fence);
    db_array_open(&args, db_type_i32);
    for (int level = 1; level < TILE_LEVELS; level++)
        if (hashes[level].length > 0)
            db_arg_i32(&args, level);
    db_array_close(&args);
    db_array_open(&args, db_type_bytes);
    for (int level = 1; level < TILE_LEVELS; level++)
        if (hashes[level].length > 0)
            db_arg_bytes(&args, buffer_view(&hashes[level]));
    db_array_close(&args);
    return db_exec(db, SQL_GROW, &args, err) || err_context(err, "grow");
}

bool store_publish(struct db *db, int64_t fence, uint64_t size, struct bytes note, struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, fence);
    db_arg_i64(&args, (int64_t)size);
    db_arg_bytes(&args, note);
    return db_exec(db, SQL_PUBLISH, &args, err) || err_context(err, "publish");
}

bool store_retired(struct db *db, int64_t before_micros, uint64_t *ret_index, uint64_t *ret_minimum,
                   struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_time(&args, before_micros);
    if (!db_query(db, SQL_RETIRED_BEFORE, &args, &rows, err))
        return err_context(err, "retired");
    *ret_index = (uint64_t)db_i64(rows, 0, 0);
    *ret_minimum = (uint64_t)db_i64(rows, 0, 1);
    return true;
}

bool store_raise_minimum(struct db *db, int64_t fence, uint64_t index, struct bytes note,
                         struct err *err)
{
    DB_ARGS args = {0};
    db_arg_i64(&args, fence);
    db_arg_i64(&args, (int64_t)index);
    db_arg_bytes(&args, note);
    return db_exec(db, SQL_RAISE_MINIMUM, &args, err) || err_context(err, "minimum");
}
