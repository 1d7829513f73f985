/* writer: orders pending leaves into the tree, and has what grew signed and cosigned.
 *
 * It does not hear the bus: a look at audit.pending every 50 ms costs less than a message a leaf,
 * and takes whatever has gathered in one transaction. Messages could be lost, pending rows can't.
 */
#pragma once

#include "cosigner.h"
#include "lease.h"
#include "service.h"
#include "signer.h"

enum { WRITER_POLL_MS = 50 };

struct writer_config {
    const char *folder, *origin;
    const char *witness_url, *witness_vkey; /* "": no witness */
    int64_t keep_days;
};

struct writer {
    struct writer_config config;
    struct lease lease;
    struct signer signer;
    struct cosigner cosigner;
    bool is_open;
    bool is_loaded; /* tree and published are those of the database */
    struct tree tree;
    uint64_t published; /* size of the last checkpoint */
    int64_t checkpoint_due_ms, minimum_due_ms;
};

bool writer_run(struct work *work, bool *ret_busy, struct err *err);
/* Gives the lease back. */
void writer_leave(struct work *work);
