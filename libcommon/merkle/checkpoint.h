/* checkpoint: what a log or a witness signs: C2SP tlog-checkpoint.
 *
 * Pure. The text is origin, size, root and perhaps extension lines. */
#pragma once

#include "note.h"

#include <stdint.h>

struct checkpoint {
    struct bytes origin; /* borrowed */
    uint64_t size;
    struct hash root;
    struct bytes extension; /* lines with their LF; mostly empty; borrowed */
};

bool checkpoint_parse(struct bytes text, struct checkpoint *ret_checkpoint,
                      struct err *err) MUST_CHECK;
void checkpoint_format(const struct checkpoint *checkpoint, struct buffer *text);

/* A whole note: checkpoint, empty line, the log's signature line. */
void checkpoint_sign(const struct note_signer *log, uint64_t size, const struct hash *root,
                     struct buffer *note);
/* A note, its checkpoint, and that `log` signed it for the origin that bears the log's name. */
bool checkpoint_open(struct bytes note, const struct note_key *log,
                     struct checkpoint *ret_checkpoint, struct err *err) MUST_CHECK;
