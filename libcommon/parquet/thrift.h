/* thrift: the compact protocol's bytes, as far as Parquet's metadata needs them. Written only.
 *
 * Fields of a struct come in the order of their ids. Inside this archive only. */
#pragma once

#include "bytes.h"

enum thrift_type {
    THRIFT_TRUE = 1,
    THRIFT_FALSE = 2,
    THRIFT_I32 = 5,
    THRIFT_I64 = 6,
    THRIFT_BINARY = 8,
    THRIFT_LIST = 9,
    THRIFT_STRUCT = 12,
};

enum { THRIFT_DEPTH = 8 };

struct thrift {
    struct buffer *out;
    int16_t last[THRIFT_DEPTH]; /* field id, per open struct */
    int depth;
};

void thrift_begin(struct thrift *thrift, struct buffer *out); /* opens the outermost struct */
void thrift_end(struct thrift *thrift);                       /* of the innermost struct */

void thrift_i32(struct thrift *thrift, int16_t id, int32_t value);
void thrift_i64(struct thrift *thrift, int16_t id, int64_t value);
void thrift_bool(struct thrift *thrift, int16_t id, bool value);
void thrift_text(struct thrift *thrift, int16_t id, const char *value);
void thrift_struct(struct thrift *thrift, int16_t id);
/* Elements follow: thrift_element_* once each, or thrift_element_struct … thrift_end. */
void thrift_list(struct thrift *thrift, int16_t id, enum thrift_type of, size_t count);
void thrift_element_struct(struct thrift *thrift);
void thrift_element_i32(struct thrift *thrift, int32_t value);
void thrift_element_text(struct thrift *thrift, const char *value);
