/* durable: small files that are whole or absent after any crash: keys, and what was last said.
 *
 * Written beside, fsynced, renamed over, and the folder fsynced: when durable_write returns, the
 * new content is on disk; before that the old one is. Files are 0600. */
#pragma once

#include "bytes.h"
#include "err.h"

#include <stdint.h>

enum { DURABLE_SEED = 32 };

/* Makes the folder (0700) if it is missing. */
bool durable_folder(const char *folder, struct err *err) MUST_CHECK;
bool durable_write(const char *folder, const char *name, struct bytes content,
                   struct err *err) MUST_CHECK;
/* The same of a file whose name says its content: any number may write it at once. */
bool durable_keep(const char *folder, const char *name, struct bytes content,
                  struct err *err) MUST_CHECK;
/* Is it there? Then it is on disk too. */
bool durable_kept(const char *folder, const char *name, bool *ret_kept, struct err *err) MUST_CHECK;
/* Lets everyone read it: what is public among what is not. */
bool durable_show(const char *folder, const char *name, struct err *err) MUST_CHECK;
/* Replaces *content. *ret_found is false when there is no such file. */
bool durable_read(const char *folder, const char *name, size_t bytes_max, struct buffer *content,
                  bool *ret_found, struct err *err) MUST_CHECK;
/* The secret seed in a file of 64 hex digits, drawn on first use. Refuses a file that others may
 * read. */
bool durable_seed(const char *folder, const char *name, uint8_t ret_seed[static DURABLE_SEED],
                  struct err *err) MUST_CHECK;
/* Held until the process ends; false: another process holds it. */
bool durable_lock(const char *folder, struct err *err) MUST_CHECK;
