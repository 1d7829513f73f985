#include "thrift.h"

#include <assert.h>
#include <string.h>

static void add_byte(struct thrift *thrift, unsigned byte)
{
    uint8_t one = (uint8_t)byte;
    buffer_add(thrift->out, &one, 1);
}

static void add_varint(struct thrift *thrift, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        add_byte(thrift, (unsigned)(value & 0x7f) | 0x80);
    add_byte(thrift, (unsigned)value);
}

static void add_zigzag(struct thrift *thrift, int64_t value)
{
    add_varint(thrift, ((uint64_t)value << 1) ^ (uint64_t)(value >> 63));
}

static void add_field(struct thrift *thrift, int16_t id, enum thrift_type type)
{
    int16_t *last = &thrift->last[thrift->depth];
    assert(id > *last && id - *last <= 15);
    add_byte(thrift, (unsigned)(id - *last) << 4 | (unsigned)type);
    *last = id;
}

static void open_struct(struct thrift *thrift)
{
    assert(thrift->depth + 1 < THRIFT_DEPTH);
    thrift->last[++thrift->depth] = 0;
}

void thrift_begin(struct thrift *thrift, struct buffer *out)
{
    *thrift = (struct thrift){.out = out};
}

void thrift_end(struct thrift *thrift)
{
    assert(thrift->depth >= 0);
    add_byte(thrift, 0);
    thrift->depth--;
}

void thrift_i32(struct thrift *thrift, int16_t id, int32_t value)
{
    add_field(thrift, id, THRIFT_I32);
    add_zigzag(thrift, value);
}

void thrift_i64(struct thrift *thrift, int16_t id, int64_t value)
{
    add_field(thrift, id, THRIFT_I64);
    add_zigzag(thrift, value);
}

void thrift_bool(struct thrift *thrift, int16_t id, bool value)
{
    add_field(thrift, id, value ? THRIFT_TRUE : THRIFT_FALSE);
}

void thrift_text(struct thrift *thrift, int16_t id, const char *value)
{
    add_field(thrift, id, THRIFT_BINARY);
    thrift_element_text(thrift, value);
}

void thrift_struct(struct thrift *thrift, int16_t id)
{
    add_field(thrift, id, THRIFT_STRUCT);
    open_struct(thrift);
}

void thrift_list(struct thrift *thrift, int16_t id, enum thrift_type of, size_t count)
{
    add_field(thrift, id, THRIFT_LIST);
    if (count < 15) {
        add_byte(thrift, (unsigned)count << 4 | (unsigned)of);
    } else {
        add_byte(thrift, 0xf0 | (unsigned)of);
        add_varint(thrift, count);
    }
}

void thrift_element_struct(struct thrift *thrift)
{
    open_struct(thrift);
}

void thrift_element_i32(struct thrift *thrift, int32_t value)
{
    add_zigzag(thrift, value);
}

void thrift_element_text(struct thrift *thrift, const char *value)
{
    size_t length = strlen(value);
    add_varint(thrift, length);
    buffer_add(thrift->out, value, length);
}
