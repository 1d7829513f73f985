#include "writer.h"

#include "audit_log.h"
#include "clock.h"
#include "log.h"
#include "store.h"
#include "verify.h"

enum { order_max = 16384 };
static const int64_t checkpoint_every_ms = 200;
static const int64_t checkpoint_retry_ms = 1000;
static const int64_t minimum_every_ms = INT64_C(24) * 3600 * 1000;
static const int64_t day_micros = INT64_C(24) * 3600 * 1000000;

static bool open_once(struct writer *writer, struct err *err)
{
    const struct writer_config *config = &writer->config;
    if (writer->is_open)
        return true;
    if (!signer_open(&writer->signer, config->folder, config->origin, err))
        return false;
    if (config->witness_url[0]
        && !cosigner_open(&writer->cosigner, config->witness_url, config->witness_vkey, err))
        return false;
    writer->is_open = true;
    return true;
}

struct upper {
    struct buffer hashes[TILE_LEVELS]; /* of newly full tiles, by the level they belong to */
};

static void collect(void *state, unsigned height, uint64_t n, const struct hash *hash)
{
    (void)n;
    struct upper *upper = state;
    if (height > 0 && height % TILE_HEIGHT == 0)
        buffer_add(&upper->hashes[height / TILE_HEIGHT], hash->bytes, HASH_BYTES);
}

static void upper_done(struct upper *upper)
{
    for (size_t level = 0; level < TILE_LEVELS; level++)
        buffer_done(&upper->hashes[level]);
}

/* Into the tree in memory, and what that fills into the database. */
static bool append(struct work *work, struct tree *tree, const struct hash hashes[], size_t count,
                   struct err *err)
{
    struct writer *writer = work->state;
    struct upper upper = {0};
    tree_append(tree, hashes, count, collect, &upper);
    bool good =
        upper.hashes[1].length == 0 || store_grow(work->db, writer->lease.fence, upper.hashes, err);
    upper_done(&upper);
    return good;
}

/* One transaction: the oldest pending leaves. */
static bool order(struct work *work, size_t *ret_count, struct err *err)
{
    struct writer *writer = work->state;
    OWNED(PGresult) *rows = NULL;
    const struct hash *hashes = NULL;
    uint64_t size = 0;
    struct tree tree = writer->tree;
    if (!db_begin(work->db, err)
        || !store_order(work->db, writer->lease.fence, order_max, &rows, &size, &hashes, ret_count,
                        err))
        return false;
    if (*ret_count == 0) {
        db_rollback(work->db);
        return true;
    }
    if (size != tree.size)
        return err_set(err, ERR_RETRY, "another writer has been at the tree");
    if (!append(work, &tree, hashes, *ret_count, err))
        return false;
    service_failpoint("before_order_commit");
    writer->is_loaded = false; /* until the commit is known */
    if (!db_commit(work->db, err))
        return false;
    service_failpoint("after_order_commit");
    writer->tree = tree;
    writer->is_loaded = true;
    service_count("leaves_total", (int64_t)*ret_count);
    return true;
}

static bool sign(struct writer *writer, const struct path_tiles *tiles, struct buffer *note,
                 struct err *err)
{
    struct signer *signer = &writer->signer;
    struct hash root = tree_root(&writer->tree);
    uint64_t size = writer->tree.size;
    struct path path = {0};
    if (signer->size > 0 && signer->size < size
        && !path_consistency(tiles, signer->size, size, &path, err))
        return false;
    return signer_sign(signer, size, &root, &path, note, err);
}

/* Sign, have it cosigned, publish. Each step may be repeated after a crash at any point. */
static bool checkpoint(struct work *work, struct err *err)
{
    struct writer *writer = work->state;
    struct path_tiles tiles = {audit_read_tile, work->db};
    struct buffer note = {0};
    uint64_t size = writer->tree.size;
    bool good = sign(writer, &tiles, &note, err);
    if (good)
        service_failpoint("after_sign");
    good = good
        && (!writer->cosigner.client || cosigner_ask(&writer->cosigner, &tiles, size, &note, err));
    if (good)
        service_failpoint("after_cosign");
    good = good && store_publish(work->db, writer->lease.fence, size, buffer_view(&note), err);
    buffer_done(&note);
    if (!good) {
        service_count("checkpoints_refused_total", 1);
        return err_context(err, "checkpoint of %llu leaves", (unsigned long long)size);
    }
    writer->published = size;
    service_count("checkpoints_total", 1);
    return true;
}

/* Once a day: below which index the bodies of leaves are older than they need be kept. */
static bool raise_minimum(struct work *work, struct err *err)
{
    struct writer *writer = work->state;
    int64_t before = clock_unix_micros() - writer->config.keep_days * day_micros;
    uint64_t index, minimum;
    if (!store_retired(work->db, before, &index, &minimum, err))
        return false;
    if (index > writer->published)
        index = writer->published;
    if (index <= minimum)
        return true;
    struct buffer note = {0};
    minimum_sign(&writer->signer.note, index, &note);
    bool good = store_raise_minimum(work->db, writer->lease.fence, index, buffer_view(&note), err);
    buffer_done(&note);
    return good;
}

/* Leaves are ordered whether or not they can be signed just now: a witness that is away holds up
 * proofs, and nothing else. */
static bool checkpoint_if_due(struct work *work, int64_t now_ms, struct err *err)
{
    struct writer *writer = work->state;
    if (writer->tree.size <= writer->published || now_ms < writer->checkpoint_due_ms)
        return true;
    writer->checkpoint_due_ms = now_ms + checkpoint_every_ms;
    if (checkpoint(work, err))
        return true;
    if (err->kind == ERR_FATAL || db_lost(work->db))
        return false;
    log_write(err->kind == ERR_REJECT ? LOG_ERROR : LOG_WARN, "not signed",
              LOG_FIELDS(LOG_TEXT("why", err->text)));
    writer->checkpoint_due_ms = now_ms + checkpoint_retry_ms;
    *err = (struct err){0};
    return true;
}

static bool lead(struct work *work, bool *ret_busy, struct err *err)
{
    struct writer *writer = work->state;
    int64_t now_ms = clock_boot_ms();
    size_t count = 0;
    if (!writer->is_loaded) {
        if (!store_load(work->db, &writer->tree, &writer->published, err))
            return false;
        writer->is_loaded = true;
    }
    if (!order(work, &count, err)) {
        writer->is_loaded = false;
        return false;
    }
    *ret_busy = count == order_max;
    if (!checkpoint_if_due(work, now_ms, err))
        return false;
    if (now_ms >= writer->minimum_due_ms) {
        writer->minimum_due_ms = now_ms + minimum_every_ms;
        return raise_minimum(work, err);
    }
    return true;
}

bool writer_run(struct work *work, bool *ret_busy, struct err *err)
{
    struct writer *writer = work->state;
    if (!open_once(writer, err))
        return false;
    if (!lease_hold(&writer->lease, work->db, err)) {
        writer->is_loaded = false;
        return err->kind == ERR_NONE;
    }
    return lead(work, ret_busy, err);
}

void writer_leave(struct work *work)
{
    struct writer *writer = work->state;
    lease_drop(&writer->lease, work->db);
    cosigner_close(&writer->cosigner);
}
