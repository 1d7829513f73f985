/* verify: a whole log recomputed: every leaf, every kept tile, every checkpoint, the witness's.
 *
 * Pure and streaming: leaves come in the order of their index, checkpoints in the order of their
 * size, both from the caller's functions; what is held is one tile a level. */
#pragma once

#include "checkpoint.h"
#include "path.h"
#include "policy.h"

struct verify_leaf {
    uint64_t index;
    struct hash hash; /* as stored */
    bool has_body;    /* false only below the minimum index: the body was retired */
    struct bytes body;
};

/* Each sets *ret_end instead of a value when there is no more. */
struct verify_input {
    bool (*next_leaf)(void *state, struct verify_leaf *ret_leaf, bool *ret_end, struct err *err);
    bool (*next_checkpoint)(void *state, struct bytes *ret_note, bool *ret_end, struct err *err);
    void *state;
    uint64_t size;                  /* the log's own claim */
    uint64_t minimum_index;         /* below it bodies may be missing */
    const struct path_tiles *tiles; /* kept tiles to compare; NULL: none */
    struct bytes witness;           /* the note the witness holds; empty: none to compare */
};

struct verify_report {
    uint64_t leaves, bodies_missing, checkpoints, witness_size;
    struct hash root;
};

/* The first thing that is wrong is ERR_REJECT with a sentence for people. */
bool verify_log(const struct verify_input *input, const struct policy *policy,
                struct verify_report *ret_report, struct err *err) MUST_CHECK;

/* Text of hex leaves, one a line, an empty line being the empty leaf. */
bool verify_hex_root(struct bytes text, struct hash *ret_root, uint64_t *ret_leaves,
                     struct err *err) MUST_CHECK;

/* Bodies of leaves below `index` may be removed: a note the log signs. It can't be read as a
 * checkpoint. */
void minimum_sign(const struct note_signer *log, uint64_t index, struct buffer *note);
bool minimum_open(struct bytes note, const struct note_key *log, uint64_t *ret_index,
                  struct err *err) MUST_CHECK;
