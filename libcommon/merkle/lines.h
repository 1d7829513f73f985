/* lines: the text rules that all C2SP formats share: lines, numbers, hashes. */
#pragma once

#include "hash.h"

#include <stdint.h>

/* Takes the first line, without its LF, off `rest`; false when none is left or the last has no
 * LF. */
bool line_next(struct bytes *rest, struct bytes *ret_line) MUST_CHECK;
bool line_starts(struct bytes line, const char *prefix, struct bytes *ret_rest);
bool line_is(struct bytes line, const char *text);
/* Decimal, no leading zeros, at most 2^63 - 1. */
bool line_number(struct bytes line, uint64_t *ret_number) MUST_CHECK;
/* The base64 of exactly 32 bytes. */
bool line_hash(struct bytes line, struct hash *ret_hash) MUST_CHECK;
void line_add_hash(const struct hash *hash, struct buffer *text); /* with its LF */

bool text_has_space(struct bytes utf8);                    /* any Unicode white space */
bool text_has_control(struct bytes text, const char *but); /* below U+0020 */
