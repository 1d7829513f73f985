#include "audit_log.h"

#include "aelp_audit_sql.h"
#include "mem.h"
#include "proof.h"
#include "story.h"

#include <assert.h>
#include <string.h>

enum { leaves_at_once = 4096, checkpoints_at_once = 512 };

bool audit_read_tile(void *db, const struct tile *tile, struct hash ret_hashes[TILE_WIDTH],
                     struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    assert(tile->width > 0);
    db_arg_i32(&args, (int32_t)tile->level);
    db_arg_i64(&args, (int64_t)tile->n);
    db_arg_i32(&args, (int32_t)tile->width);
    if (!db_query(db, SQL_AUDIT_TILE, &args, &rows, err))
        return false;
    struct bytes hashes = {0};
    if (!db_null(rows, 0, 0))
        hashes = db_bytes(rows, 0, 0);
    if (!hashes.data || hashes.length != tile->width * sizeof ret_hashes[0])
        return err_set(err, ERR_REJECT, "it has fewer than %u hashes", tile->width);
    memcpy(ret_hashes, hashes.data, hashes.length);
    return true;
}

/* The saga's leaves, oldest first, as a bundle, and the number of its last event. */
static bool load_leaves(struct db *db, const struct uuid *saga, struct buffer *bundle,
                        int64_t *ret_event, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_uuid(&args, saga);
    if (!db_query(db, SQL_AUDIT_SAGA_LEAVES, &args, &rows, err))
        return false;
    int count = PQntuples(rows);
    if (count == 0)
        return err_set(err, ERR_REJECT, "there is no such saga");
    for (int row = 0; row < count; row++)
        if (!bundle_add(bundle, db_bytes(rows, row, 1)))
            return err_set(err, ERR_REJECT, "leaf %d is too long for a proof", row + 1);
    *ret_event = db_i64(rows, count - 1, 0);
    return true;
}

/* The lines of the change behind its leaves, where the database can still make them. */
static bool add_change(struct db *db, const struct uuid *saga, struct buffer *bundle,
                       struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct bytes rest = buffer_view(bundle), leaf;
    db_arg_uuid(&args, saga);
    if (!db_query(db, SQL_AUDIT_CONTENT, &args, &rows, err))
        return false;
    const char *text = PQntuples(rows) ? db_text(rows, 0, 0) : NULL;
    if (text && bundle_next(&rest, &leaf) && story_fits(bytes_of_text(text), leaf)
        && !bundle_add(bundle, bytes_of_text(text)))
        return err_set(err, ERR_REJECT, "the change is too long for a proof");
    return true;
}

static bool write_proof(struct db *db, int64_t event, struct bytes bundle, struct buffer *text,
                        struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_i64(&args, event);
    if (!db_query(db, SQL_AUDIT_PLACE, &args, &rows, err))
        return false;
    if (PQntuples(rows) == 0 || db_null(rows, 0, 2))
        return err_set(err, ERR_RETRY, "its last event is not in a signed checkpoint yet");
    struct path_tiles tiles = {audit_read_tile, db};
    struct proof proof = {.extra = bundle, .checkpoint = db_bytes(rows, 0, 2)};
    proof.index = (uint64_t)db_i64(rows, 0, 0);
    if (!path_inclusion(&tiles, proof.index, (uint64_t)db_i64(rows, 0, 1), &proof.path, err))
        return false;
    proof_format(&proof, text);
    return true;
}

bool audit_prove(struct db *db, const struct uuid *saga, struct buffer *text, struct err *err)
{
    struct buffer bundle = {0};
    int64_t event = 0;
    bool good = load_leaves(db, saga, &bundle, &event, err) && add_change(db, saga, &bundle, err)
        && write_proof(db, event, buffer_view(&bundle), text, err);
    buffer_done(&bundle);
    return good;
}

/* Where the verification stands in the two streams. */
struct reading {
    struct db *db;
    uint64_t size;
    PGresult *leaves, *checkpoints; /* owned: the part at hand */
    int leaf_row, checkpoint_row;
    uint64_t leaves_end;       /* of the part at hand */
    int64_t checkpoint_before; /* size of the last one given out */
};

static void reading_done(struct reading *reading)
{
    PQclear(reading->leaves);
    PQclear(reading->checkpoints);
}

/* The next part that has rows; without rows at the end. */
static bool load_part(struct reading *reading, struct err *err)
{
    do {
        uint64_t from = reading->leaves_end;
        uint64_t to = from + leaves_at_once < reading->size ? from + leaves_at_once : reading->size;
        DB_ARGS args = {0};
        db_arg_i64(&args, (int64_t)from);
        db_arg_i64(&args, (int64_t)to);
        PQclear(reading->leaves);
        reading->leaves = NULL;
        if (!db_query(reading->db, SQL_AUDIT_LEAVES, &args, &reading->leaves, err))
            return false;
        reading->leaf_row = 0;
        reading->leaves_end = to;
    } while (PQntuples(reading->leaves) == 0 && reading->leaves_end < reading->size);
    return true;
}

/* A leaf whose event is gone is known by its hash in the tree alone. */
static bool hash_of_retired(struct reading *reading, uint64_t index, struct hash *ret_hash,
                            struct err *err)
{
    struct hash hashes[TILE_WIDTH];
    struct tile tile = {.n = index / TILE_WIDTH};
    tile.width = tile_width(0, tile.n, reading->size);
    if (!audit_read_tile(reading->db, &tile, hashes, err))
        return err_context(err, "tile 0/%llu", (unsigned long long)tile.n);
    *ret_hash = hashes[index % TILE_WIDTH];
    return true;
}

static bool next_leaf(void *state, struct verify_leaf *ret_leaf, bool *ret_end, struct err *err)
{
    struct reading *reading = state;
    bool used_up = !reading->leaves || reading->leaf_row == PQntuples(reading->leaves);
    if (used_up && reading->leaves_end < reading->size && !load_part(reading, err))
        return false;
    if (!reading->leaves || reading->leaf_row == PQntuples(reading->leaves)) {
        *ret_end = true;
        return true;
    }
    const PGresult *rows = reading->leaves;
    int row = reading->leaf_row++;
    *ret_leaf = (struct verify_leaf){.index = (uint64_t)db_i64(rows, row, 0),
                                     .has_body = !db_null(rows, row, 1)};
    if (!ret_leaf->has_body)
        return hash_of_retired(reading, ret_leaf->index, &ret_leaf->hash, err);
    struct bytes hash = db_bytes(rows, row, 2);
    if (hash.length != HASH_BYTES)
        return err_set(err, ERR_REJECT, "the hash of leaf %llu has %zu bytes",
                       (unsigned long long)ret_leaf->index, hash.length);
    memcpy(ret_leaf->hash.bytes, hash.data, HASH_BYTES);
    ret_leaf->body = db_bytes(rows, row, 1);
    return true;
}

/* Proofs are looked up by the row's size. A note that can't be read is verify_log's to refuse. */
static bool is_filed_right(struct bytes bytes, int64_t size, struct err *err)
{
    struct note note;
    struct checkpoint checkpoint;
    struct err unreadable = {0};
    return !note_parse(bytes, &note, &unreadable)
        || !checkpoint_parse(note.text, &checkpoint, &unreadable)
        || checkpoint.size == (uint64_t)size
        || err_set(err, ERR_REJECT, "the checkpoint of %lld leaves is filed as that of %lld",
                   (long long)checkpoint.size, (long long)size);
}

static bool next_checkpoint(void *state, struct bytes *ret_note, bool *ret_end, struct err *err)
{
    struct reading *reading = state;
    if (!reading->checkpoints || reading->checkpoint_row == PQntuples(reading->checkpoints)) {
        DB_ARGS args = {0};
        db_arg_i64(&args, reading->checkpoint_before);
        db_arg_i64(&args, (int64_t)reading->size);
        db_arg_i32(&args, checkpoints_at_once);
        PQclear(reading->checkpoints);
        reading->checkpoints = NULL;
        if (!db_query(reading->db, SQL_AUDIT_CHECKPOINTS, &args, &reading->checkpoints, err))
            return false;
        reading->checkpoint_row = 0;
    }
    *ret_end = PQntuples(reading->checkpoints) == 0;
    if (*ret_end)
        return true;
    reading->checkpoint_before = db_i64(reading->checkpoints, reading->checkpoint_row, 0);
    *ret_note = db_bytes(reading->checkpoints, reading->checkpoint_row++, 1);
    return is_filed_right(*ret_note, reading->checkpoint_before, err);
}

/* The columns of audit_facts.sql. */
enum { fact_size, fact_signed, fact_pending, fact_minimum, fact_minimum_index };

/* What the streams alone can't show. */
static bool check_facts(const PGresult *facts, const struct policy *policy,
                        struct verify_input *input, struct err *err)
{
    long long size = db_i64(facts, 0, fact_size), was_signed = db_i64(facts, 0, fact_signed);
    if (was_signed > size)
        return err_set(err, ERR_REJECT, "%lld leaves were signed, the log has %lld", was_signed,
                       size);
    input->size = (uint64_t)size;
    if (db_null(facts, 0, fact_minimum))
        return true;
    return minimum_open(db_bytes(facts, 0, fact_minimum), &policy->key[0], &input->minimum_index,
                        err)
        && (input->minimum_index == (uint64_t)db_i64(facts, 0, fact_minimum_index)
            || err_set(err, ERR_REJECT, "the minimum index %llu is filed as %lld",
                       (unsigned long long)input->minimum_index,
                       (long long)db_i64(facts, 0, fact_minimum_index)));
}

bool audit_verify(struct db *db, const struct policy *policy, struct bytes witness,
                  struct audit_report *ret_report, struct err *err)
{
    OWNED(PGresult) *facts = NULL;
    struct path_tiles tiles = {audit_read_tile, db};
    struct reading reading = {.db = db};
    struct verify_input input = {.next_leaf = next_leaf,
                                 .next_checkpoint = next_checkpoint,
                                 .state = &reading,
                                 .tiles = &tiles,
                                 .witness = witness};
    if (!db_query(db, SQL_AUDIT_FACTS, NULL, &facts, err)
        || !check_facts(facts, policy, &input, err))
        return false;
    reading.size = input.size;
    bool good = verify_log(&input, policy, &ret_report->log, err);
    reading_done(&reading);
    if (good)
        ret_report->pending = (uint64_t)db_i64(facts, 0, fact_pending);
    return good;
}
