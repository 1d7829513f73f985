/* witness: cosigns checkpoints of the logs it knows, each consistent with the one before.
 *
 * C2SP tlog-witness. What it cosigned last is on disk before the answer leaves, so that it never
 * takes part in a split view: not after a crash, not for two writers at once. One thread. */
#pragma once

#include "checkpoint.h"

enum { WITNESS_LOGS_MAX = 8, WITNESS_BODY_MAX = 128 * 1024 };

struct witness_log {
    struct note_key key;           /* its name is the log's origin */
    char file[2 * HASH_BYTES + 1]; /* hex of SHA-256(origin) */
    uint64_t size;                 /* last cosigned; 0: nothing yet */
    struct hash root;
};

struct witness {
    const char *folder; /* borrowed for the witness's life */
    struct note_signer signer;
    struct witness_log log[WITNESS_LOGS_MAX];
    size_t log_count;
};

struct witness_reply {
    int status;
    const char *type;
    struct buffer body;
};

/* Its key, drawn on first use; needs no lock. */
bool witness_key(const char *folder, const char *name, struct note_signer *ret_signer,
                 struct err *err) MUST_CHECK;
/* Locks the folder. */
bool witness_open(struct witness *witness, const char *folder, const char *name,
                  struct err *err) MUST_CHECK;
/* A log it cosigns; reads what was cosigned last. */
bool witness_add_log(struct witness *witness, const char *vkey, struct err *err) MUST_CHECK;

/* POST /add-checkpoint. The caller releases the reply's body. */
void witness_add_checkpoint(struct witness *witness, struct bytes body, uint64_t unix_s,
                            struct witness_reply *ret_reply);
/* GET /<hex sha256(origin)>/checkpoint: the last cosigned one. */
void witness_get_checkpoint(const struct witness *witness, const char *file,
                            struct witness_reply *ret_reply);
