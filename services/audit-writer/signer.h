/* signer: the log's key, and the last tree it signed, both outside Postgres.
 *
 * It signs a tree only with a consistency proof from the one before. So a database that was
 * restored from a backup, or rewritten, can't get a second history signed. What it signs is on
 * disk before the signature leaves. */
#pragma once

#include "checkpoint.h"
#include "path.h"

struct signer {
    const char *folder; /* borrowed for the signer's life */
    struct note_signer note;
    uint64_t size; /* last signed; 0: nothing yet */
    struct hash root;
};

/* Draws the key on first use, reads the last tree, writes the verifier key to <folder>/log.vkey. */
bool signer_open(struct signer *signer, const char *folder, const char *origin,
                 struct err *err) MUST_CHECK;
/* `path` leads from signer->size to `size`, and is empty when one of them is 0 or both are equal.
 * ERR_REJECT: the tree is not the signed one, grown. Appends the note. */
bool signer_sign(struct signer *signer, uint64_t size, const struct hash *root,
                 const struct path *path, struct buffer *note, struct err *err) MUST_CHECK;
