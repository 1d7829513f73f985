/* json_reader: JSON taken off its bytes value by value, without a tree.
 *
 * For large documents of known shape. What is met must be strict JSON in UTF-8; like json.h it
 * refuses \u0000 and too many levels, but a member may come twice: the caller sees both.
 * A failure ends the walk: from then on nothing comes next, so a caller loops on and looks once,
 * with json_reader_end; what it took before that means nothing until then.
 * A reader can be copied, to walk the same part again later. */
#pragma once

#include "bytes.h"
#include "mem.h"

enum { JSON_READER_DEPTH_MAX = 64 };

struct json_reader {
    const uint8_t *begin, *at, *end;
    struct arena *arena;
    const char *failure; /* a rule, or NULL */
    size_t failed_at;
    int depth;
    bool fresh; /* a bracket was opened and nothing stepped to */
};

enum json_next {
    JSON_NEXT_NOTHING, /* the end, or what can't begin a value */
    JSON_NEXT_OBJECT,
    JSON_NEXT_ARRAY,
    JSON_NEXT_TEXT,
    JSON_NEXT_NUMBER,
    JSON_NEXT_TRUE,
    JSON_NEXT_FALSE,
    JSON_NEXT_NULL,
};

/* Bytes are borrowed; the arena is for texts that were written with escapes. */
struct json_reader json_reader_of(struct bytes text, struct arena *arena);
/* One value was taken whole and nothing is behind it. The err names the rule and the byte. */
bool json_reader_end(struct json_reader *reader, struct err *err) MUST_CHECK;

/* Nothing failed so far; for a copy that walked a part. */
bool json_reader_good(const struct json_reader *reader, struct err *err) MUST_CHECK;

enum json_next json_reader_next(struct json_reader *reader);

/* Opens what comes next; then each step leads to a member's or an item's value, which must be
 * taken or skipped, until false closes it. */
bool json_reader_object(struct json_reader *reader) MUST_CHECK;
bool json_reader_member(struct json_reader *reader, struct bytes *ret_name) MUST_CHECK;
bool json_reader_array(struct json_reader *reader) MUST_CHECK;
bool json_reader_item(struct json_reader *reader) MUST_CHECK;

/* Of the bytes, or of the arena if it had escapes; without a NUL. */
struct bytes json_reader_text(struct json_reader *reader);
struct bytes json_reader_number(struct json_reader *reader); /* as it is written */
bool json_reader_bool(struct json_reader *reader);
void json_reader_skip(struct json_reader *reader);

/* The caller's own rule is broken, a lasting text ("id: digits"). Returns false. */
bool json_reader_fail(struct json_reader *reader, const char *rule);
