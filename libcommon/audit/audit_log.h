/* audit_log: reads the audit log from Postgres: tiles, the proof of a saga, everything to verify.
 *
 * Only reads. What it finds is judged by libcommon/merkle against the caller's policy. */
#pragma once

#include "db.h"
#include "verify.h"

/* For struct path_tiles; `db` is a struct db. */
bool audit_read_tile(void *db, const struct tile *tile, struct hash ret_hashes[TILE_WIDTH],
                     struct err *err) MUST_CHECK;

/* Appends a proof file with all leaves of the saga, and the change they are about (story.h).
 * ERR_REJECT: no such saga. ERR_RETRY: its last event is in no cosigned checkpoint yet. */
bool audit_prove(struct db *db, const struct uuid *saga, struct buffer *text,
                 struct err *err) MUST_CHECK;

struct audit_report {
    struct verify_report log;
    uint64_t pending; /* events that wait for their leaf */
};

/* The log, as far as one stream of leaves shows it; that rows and leaves agree is ledger_checks'.
 * `witness`: the note that the witness served, fetched before this call; empty: none. The first
 * thing that is wrong is ERR_REJECT with a sentence for people. */
bool audit_verify(struct db *db, const struct policy *policy, struct bytes witness,
                  struct audit_report *ret_report, struct err *err) MUST_CHECK;
