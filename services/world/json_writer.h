/* json_writer: JSON text straight into a buffer, for replies with thousands of rows.
 *
 * The caller opens and closes in order; commas are the writer's. Integers of 64 bits are written
 * as strings, as the proto3 JSON mapping does. */
#pragma once

#include "bytes.h"

struct json_writer {
    struct buffer *out; /* borrowed */
    bool comma;
};

void writer_open(struct json_writer *writer, char bracket); /* '{' or '[' */
void writer_close(struct json_writer *writer, char bracket);
void writer_key(struct json_writer *writer, const char *name);
void writer_camel_key(struct json_writer *writer, const char *snake);

void writer_text(struct json_writer *writer, const char *text);
void writer_int64(struct json_writer *writer, int64_t value);  /* "7" */
void writer_number(struct json_writer *writer, int64_t value); /* 7 */
void writer_real(struct json_writer *writer, double value);
void writer_bool(struct json_writer *writer, bool value);
void writer_raw(struct json_writer *writer, const char *json); /* one value, already JSON */

/* snake_case appended as lowerCamelCase. */
void buffer_add_camel(struct buffer *out, const char *snake);
