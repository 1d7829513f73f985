/* json: our conventions over jansson: limits, duplicate keys refused, and errors that name the
 * field and the rule. Every failure here is ERR_REJECT. */
#pragma once

#include "bytes.h"
#include "owned.h"

#include <jansson.h>

enum { JSON_DEPTH_MAX = 64 };

DEFINE_OWNED(json_t, json_decref)

/* One object or array and nothing behind it. A text with \u0000 in a string is refused. */
bool json_parse(struct bytes text, size_t bytes_max, json_t **ret_json, struct err *err) MUST_CHECK;
/* Compact, keys sorted: equal values give equal texts. */
void json_write(const json_t *json, struct buffer *text);
/* Appends a JSON string with its quotes; false, and nothing appended, on broken UTF-8. */
bool json_write_text(struct bytes value, struct buffer *text) MUST_CHECK;

/* A member that must be there; what is returned lives as long as the object. */
bool json_need_text(const json_t *object, const char *name, size_t bytes_max, const char **ret_text,
                    struct err *err) MUST_CHECK;
/* A number, or the same in decimal digits in a string, as proto3 JSON writes 64-bit numbers. */
bool json_need_int(const json_t *object, const char *name, int64_t min, int64_t max,
                   int64_t *ret_number, struct err *err) MUST_CHECK;
