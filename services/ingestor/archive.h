/* archive: what arrived, as it arrived, found again by its SHA-256.
 *
 * Today a folder, DIR/ab/<sha256>.zst, that replicas may share: a file is written beside, synced
 * and renamed, and equal bytes are stored once. These three functions are all that the rest knows,
 * so an object store can stand behind them. An archive belongs to any number of threads. */
#pragma once

#include "bytes.h"
#include "err.h"
#include "hash.h"

enum { ARCHIVE_NAME = 2 + 1 + 64 + 4 + 1 };

/* "ab/abcd....zst" */
void archive_name(const struct hash *hash, char name[static ARCHIVE_NAME]);

bool archive_open(const char *folder, struct err *err) MUST_CHECK;
/* When it returns, the bytes are on disk. */
bool archive_put(const char *folder, struct bytes raw, struct hash *ret_hash,
                 struct err *err) MUST_CHECK;
/* Replaces *raw; what is missing, too large or no longer what its name says is a REJECT. */
bool archive_get(const char *folder, const struct hash *hash, struct buffer *raw,
                 struct err *err) MUST_CHECK;
