#include "verify.h"

#include "lines.h"
#include "mem.h"

#include <string.h>

struct due {
    bool is_due; /* a checkpoint that waits for the tree to reach its size */
    struct checkpoint checkpoint;
};

struct verifier {
    const struct verify_input *input;
    const struct policy *policy;
    struct tree tree;
    struct verify_report report;
    struct due next, witness;
    bool tile_held[TILE_LEVELS];
    uint64_t tile_n[TILE_LEVELS];
    struct hash tile[TILE_LEVELS][TILE_WIDTH];
    bool failed; /* inside a callback of tree_append; `err` says how */
    struct err *err;
};
typedef struct verifier log_verifier;
DEFINE_OWNED(log_verifier, mem_free)

static bool open_checkpoint(struct verifier *verifier, struct bytes bytes, struct due *ret_due,
                            struct err *err)
{
    const struct note_key *log = &verifier->policy->key[0];
    struct note note;
    struct checkpoint checkpoint;
    if (!note_parse(bytes, &note, err) || !policy_accepts(verifier->policy, &note, err)
        || !checkpoint_parse(note.text, &checkpoint, err))
        return false;
    if (!bytes_equal(checkpoint.origin, bytes_of_text(log->name)))
        return err_set(err, ERR_REJECT, "not of %s", log->name);
    *ret_due = (struct due){true, checkpoint};
    return true;
}

static bool take_checkpoint(struct verifier *verifier, struct err *err)
{
    struct bytes note;
    bool end = false;
    verifier->next.is_due = false;
    if (!verifier->input->next_checkpoint(verifier->input->state, &note, &end, err))
        return false;
    if (end)
        return true;
    verifier->report.checkpoints++;
    if (!open_checkpoint(verifier, note, &verifier->next, err))
        return err_context(err, "checkpoint %llu",
                           (unsigned long long)verifier->report.checkpoints);
    if (verifier->next.checkpoint.size < verifier->tree.size)
        return err_set(err, ERR_REJECT, "checkpoint %llu is smaller than the one before it",
                       (unsigned long long)verifier->report.checkpoints);
    return true;
}

static bool root_agrees(const struct verifier *verifier, const struct due *due, const char *whose,
                        struct err *err)
{
    struct hash root = tree_root(&verifier->tree);
    return hash_equal(&root, &due->checkpoint.root)
        || err_set(err, ERR_REJECT, "the first %llu leaves do not have the root that %s signed",
                   (unsigned long long)verifier->tree.size, whose);
}

/* All checkpoints of the size that the tree has now. */
static bool check_due(struct verifier *verifier, struct err *err)
{
    while (verifier->next.is_due && verifier->next.checkpoint.size == verifier->tree.size)
        if (!root_agrees(verifier, &verifier->next, "the log", err)
            || !take_checkpoint(verifier, err))
            return false;
    struct due *witness = &verifier->witness;
    if (witness->is_due && witness->checkpoint.size == verifier->tree.size) {
        witness->is_due = false;
        return root_agrees(verifier, witness, "the witness", err);
    }
    return true;
}

/* Compares each hash that tiles keep with the one that was kept. */
static void compare_tile(void *state, unsigned height, uint64_t n, const struct hash *hash)
{
    struct verifier *verifier = state;
    const struct path_tiles *tiles = verifier->input->tiles;
    unsigned level = height / TILE_HEIGHT;
    if (height % TILE_HEIGHT != 0 || !tiles || verifier->failed)
        return;
    struct tile tile = {level, n / TILE_WIDTH, 0};
    tile.width = tile_width(level, tile.n, verifier->input->size);
    if (n % TILE_WIDTH >= tile.width) {
        verifier->failed = true;
        err_set(verifier->err, ERR_REJECT, "there are more leaves than the log's size of %llu",
                (unsigned long long)verifier->input->size);
        return;
    }
    if (!verifier->tile_held[level] || verifier->tile_n[level] != tile.n) {
        verifier->failed = !tiles->read(tiles->state, &tile, verifier->tile[level], verifier->err);
        verifier->tile_held[level] = !verifier->failed;
        verifier->tile_n[level] = tile.n;
    }
    if (!verifier->failed && !hash_equal(&verifier->tile[level][n % TILE_WIDTH], hash)) {
        verifier->failed = true;
        err_set(verifier->err, ERR_REJECT, "hash %llu of tile %u/%llu is not that of its leaves",
                (unsigned long long)(n % TILE_WIDTH), level, (unsigned long long)tile.n);
    }
}

static bool add_leaf(struct verifier *verifier, const struct verify_leaf *leaf, struct err *err)
{
    unsigned long long index = verifier->tree.size;
    if (leaf->index != index)
        return err_set(err, ERR_REJECT, "leaf %llu is missing: %llu follows", index,
                       (unsigned long long)leaf->index);
    if (leaf->has_body) {
        struct hash hash = tree_leaf_hash(leaf->body);
        if (!hash_equal(&hash, &leaf->hash))
            return err_set(err, ERR_REJECT, "leaf %llu is not what was hashed", index);
    } else {
        if (leaf->index >= verifier->input->minimum_index)
            return err_set(err, ERR_REJECT, "leaf %llu has lost its body", index);
        verifier->report.bodies_missing++;
    }
    tree_append(&verifier->tree, &leaf->hash, 1, compare_tile, verifier);
    return !verifier->failed;
}

static bool check_end(const struct verifier *verifier, struct err *err)
{
    unsigned long long size = verifier->tree.size;
    if (verifier->witness.is_due)
        return err_set(err, ERR_REJECT, "the witness has seen %llu leaves, the log has %llu",
                       (unsigned long long)verifier->witness.checkpoint.size, size);
    if (verifier->next.is_due)
        return err_set(err, ERR_REJECT, "%llu leaves were signed, the log has %llu",
                       (unsigned long long)verifier->next.checkpoint.size, size);
    if (size != verifier->input->size)
        return err_set(err, ERR_REJECT, "the log says it has %llu leaves, it has %llu",
                       (unsigned long long)verifier->input->size, size);
    return true;
}

bool verify_log(const struct verify_input *input, const struct policy *policy,
                struct verify_report *ret_report, struct err *err)
{
    OWNED(log_verifier) *verifier = mem_new(sizeof *verifier);
    verifier->input = input;
    verifier->policy = policy;
    verifier->err = err;
    if (input->witness.length > 0) {
        if (!open_checkpoint(verifier, input->witness, &verifier->witness, err))
            return err_context(err, "the witness's checkpoint");
        verifier->report.witness_size = verifier->witness.checkpoint.size;
    }
    if (!take_checkpoint(verifier, err))
        return false;
    for (;;) {
        struct verify_leaf leaf = {0};
        bool end = false;
        if (!check_due(verifier, err) || !input->next_leaf(input->state, &leaf, &end, err))
            return false;
        if (end)
            break;
        if (!add_leaf(verifier, &leaf, err))
            return false;
    }
    if (!check_end(verifier, err))
        return false;
    verifier->report.leaves = verifier->tree.size;
    verifier->report.root = tree_root(&verifier->tree);
    *ret_report = verifier->report;
    return true;
}

static bool hex_leaf(struct bytes line, struct buffer *leaf)
{
    struct buffer text = {0}; /* with a NUL behind it */
    buffer_clear(leaf);
    buffer_add(&text, line.data, line.length);
    buffer_add(leaf, line.data, line.length / 2); /* room, overwritten */
    bool good =
        line.length % 2 == 0 && hex_decode((const char *)text.data, leaf->data, line.length / 2);
    buffer_done(&text);
    return good;
}

bool verify_hex_root(struct bytes text, struct hash *ret_root, uint64_t *ret_leaves,
                     struct err *err)
{
    struct tree tree = {0};
    struct buffer leaf = {0};
    bool good = true;
    while (good && text.length > 0) {
        struct bytes line = text;
        if (!line_next(&text, &line)) /* the last line may lack its LF */
            text = (struct bytes){0};
        good = hex_leaf(line, &leaf)
            || err_set(err, ERR_REJECT, "line %llu is not hex", (unsigned long long)tree.size + 1);
        struct hash hash = tree_leaf_hash(buffer_view(&leaf));
        tree_append(&tree, &hash, 1, NULL, NULL);
    }
    buffer_done(&leaf);
    if (good) {
        *ret_root = tree_root(&tree);
        *ret_leaves = tree.size;
    }
    return good;
}

static const char minimum_header[] = "aelp minimum index v1";

void minimum_sign(const struct note_signer *log, uint64_t index, struct buffer *note)
{
    struct buffer text = {0};
    buffer_format(&text, "%s\n%s\nindex %llu\n", minimum_header, log->key.name,
                  (unsigned long long)index);
    buffer_add(note, text.data, text.length);
    buffer_add_text(note, "\n");
    note_sign(log, buffer_view(&text), 0, note);
    buffer_done(&text);
}

bool minimum_open(struct bytes bytes, const struct note_key *log, uint64_t *ret_index,
                  struct err *err)
{
    struct note note;
    struct note_seen seen;
    if (!note_parse(bytes, &note, err) || !note_verify(&note, log, 1, &seen, err))
        return false;
    struct bytes rest = note.text, line, number;
    bool good = line_next(&rest, &line) && line_is(line, minimum_header) && line_next(&rest, &line)
        && line_is(line, log->name) && line_next(&rest, &line)
        && line_starts(line, "index ", &number) && line_number(number, ret_index)
        && rest.length == 0;
    return good || err_set(err, ERR_REJECT, "not the minimum index of %s", log->name);
}
