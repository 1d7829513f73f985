/* proof: a file that shows without the log at hand that an entry is in it: C2SP tlog-proof v1.
 *
 * Pure. Ours carry their entries as extra data: an entry bundle of one saga's leaves, oldest
 * first, where each leaf names the hash of the one before it in its line "prev <hex>". One path
 * for the last leaf then proves them all. */
#pragma once

#include "checkpoint.h"
#include "path.h"
#include "policy.h"

enum { PROOF_BYTES_MAX = 1024 * 1024 };

struct proof {
    struct bytes extra; /* decoded; in a parsed proof it lives in `storage` */
    uint64_t index;
    struct path path;
    struct bytes checkpoint; /* a whole note; borrowed */
    struct buffer storage;
};

void proof_done(struct proof *proof);
void proof_format(const struct proof *proof, struct buffer *text);
/* The text must outlive the proof. */
bool proof_parse(struct bytes text, struct proof *ret_proof, struct err *err) MUST_CHECK;

/* The leaf is in a tree that the policy's log signed and its quorum cosigned. */
bool proof_verify(const struct proof *proof, const struct policy *policy, const struct hash *leaf,
                  struct checkpoint *ret_checkpoint, struct err *err) MUST_CHECK;
/* The same for all leaves in the extra data. ret_last is the one that the path is for. */
bool proof_verify_chain(const struct proof *proof, const struct policy *policy,
                        struct checkpoint *ret_checkpoint, size_t *ret_leaves,
                        struct bytes *ret_last, struct err *err) MUST_CHECK;
