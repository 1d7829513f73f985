#include "proof.h"

#include "lines.h"

#include <stdio.h>
#include <string.h>

static const char header[] = "c2sp.org/tlog-proof@v1";

void proof_done(struct proof *proof)
{
    buffer_done(&proof->storage);
    *proof = (struct proof){0};
}

void proof_format(const struct proof *proof, struct buffer *text)
{
    buffer_format(text, "%s\n", header);
    if (proof->extra.length > 0) {
        buffer_add_text(text, "extra ");
        base64_encode(proof->extra, text);
        buffer_add_text(text, "\n");
    }
    buffer_format(text, "index %llu\n", (unsigned long long)proof->index);
    for (size_t i = 0; i < proof->path.count; i++)
        line_add_hash(&proof->path.hash[i], text);
    buffer_add_text(text, "\n");
    buffer_add(text, proof->checkpoint.data, proof->checkpoint.length);
}

/* The hashes up to the empty line. */
static bool path_lines(struct bytes *rest, struct path *path, struct err *err)
{
    struct bytes line;
    while (line_next(rest, &line)) {
        if (line.length == 0)
            return true;
        if (path->count == TREE_HEIGHT_MAX)
            return err_set(err, ERR_REJECT, "the path is longer than any tree is high");
        if (!line_hash(line, &path->hash[path->count++]))
            return err_set(err, ERR_REJECT, "path line %zu is not a hash", path->count);
    }
    return err_set(err, ERR_REJECT, "no empty line before the checkpoint");
}

static bool parse_into(struct bytes rest, struct proof *proof, struct err *err)
{
    struct bytes line, value;
    if (!line_next(&rest, &line) || !line_is(line, header))
        return err_set(err, ERR_REJECT, "the file does not begin with %s", header);
    if (!line_next(&rest, &line))
        return err_set(err, ERR_REJECT, "the file ends after its first line");
    if (line_starts(line, "extra ", &value)) {
        if (value.length == 0 || !base64_decode(value, &proof->storage))
            return err_set(err, ERR_REJECT, "the extra data is not base64");
        proof->extra = buffer_view(&proof->storage);
        if (!line_next(&rest, &line))
            return err_set(err, ERR_REJECT, "the file ends after its extra data");
    }
    if (!line_starts(line, "index ", &value) || !line_number(value, &proof->index))
        return err_set(err, ERR_REJECT, "no index line");
    if (!path_lines(&rest, &proof->path, err))
        return false;
    proof->checkpoint = rest;
    return true;
}

bool proof_parse(struct bytes text, struct proof *ret_proof, struct err *err)
{
    struct proof proof = {0};
    if (text.length > PROOF_BYTES_MAX)
        return err_set(err, ERR_REJECT, "the proof is longer than %d bytes", PROOF_BYTES_MAX);
    if (!parse_into(text, &proof, err)) {
        proof_done(&proof);
        return false;
    }
    *ret_proof = proof;
    return true;
}

bool proof_verify(const struct proof *proof, const struct policy *policy, const struct hash *leaf,
                  struct checkpoint *ret_checkpoint, struct err *err)
{
    struct note note;
    struct checkpoint checkpoint;
    if (!note_parse(proof->checkpoint, &note, err) || !policy_accepts(policy, &note, err)
        || !checkpoint_parse(note.text, &checkpoint, err))
        return err_context(err, "checkpoint");
    if (!bytes_equal(checkpoint.origin, bytes_of_text(policy->key[0].name)))
        return err_set(err, ERR_REJECT, "the checkpoint is not of %s", policy->key[0].name);
    if (!path_includes(&proof->path, proof->index, checkpoint.size, leaf, &checkpoint.root))
        return err_set(err, ERR_REJECT, "the path does not lead from leaf %llu to the root of %llu",
                       (unsigned long long)proof->index, (unsigned long long)checkpoint.size);
    *ret_checkpoint = checkpoint;
    return true;
}

/* The leaf's line "prev <hex>". A first leaf has "-" there, or no such line. */
static bool prev_is(struct bytes leaf, const struct hash *prev)
{
    char wanted[2 * HASH_BYTES + 1] = "-";
    if (prev)
        hex_encode(hash_view(prev), wanted);
    struct bytes line, said, only = {0};
    while (line_next(&leaf, &line))
        if (line_starts(line, "prev ", &said)) {
            if (only.data)
                return false;
            only = said;
        }
    return only.data ? line_is(only, wanted) : !prev;
}

bool proof_verify_chain(const struct proof *proof, const struct policy *policy,
                        struct checkpoint *ret_checkpoint, size_t *ret_leaves,
                        struct bytes *ret_last, struct err *err)
{
    struct bytes rest = proof->extra, leaf = {0};
    struct hash hash = {0};
    size_t leaves = 0;
    while (rest.length > 0) {
        if (!bundle_next(&rest, &leaf))
            return err_set(err, ERR_REJECT, "leaf %zu in the extra data is cut short", leaves + 1);
        if (!prev_is(leaf, leaves ? &hash : NULL))
            return err_set(err, ERR_REJECT, "leaf %zu does not follow the one before it",
                           leaves + 1);
        hash = tree_leaf_hash(leaf);
        leaves++;
    }
    if (leaves == 0)
        return err_set(err, ERR_REJECT, "the proof carries no leaf");
    if (!proof_verify(proof, policy, &hash, ret_checkpoint, err))
        return false;
    *ret_leaves = leaves;
    *ret_last = leaf;
    return true;
}
