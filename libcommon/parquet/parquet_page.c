/* One data page a chunk (format version 1): header, then levels and values together, compressed. */
#include "parquet_group.h"
#include "thrift.h"

#include "mem.h"

#include <assert.h>
#include <zstd.h>

enum { page_data = 0, encoding_plain = 0, encoding_rle = 3, level_fast = 3 };

static void add_bit(struct buffer *bits, int64_t at, bool value)
{
    uint8_t byte = value;
    if (at % 8 == 0)
        buffer_add(bits, &byte, 1);
    else if (value)
        bits->data[bits->length - 1] |= (uint8_t)(1U << at % 8);
}

void chunk_add_level(struct chunk *chunk, bool present)
{
    add_bit(&chunk->levels, chunk->rows++, present);
}

void chunk_add_bool(struct chunk *chunk, bool value)
{
    add_bit(&chunk->values, chunk->bools++, value);
}

void chunk_add_word(struct chunk *chunk, uint64_t bits, size_t bytes)
{
    uint8_t word[sizeof bits];
    for (size_t i = 0; i < bytes; i++)
        word[i] = (uint8_t)(bits >> 8 * i);
    buffer_add(&chunk->values, word, bytes);
}

void chunk_done(struct chunk *chunk)
{
    buffer_done(&chunk->values);
    buffer_done(&chunk->levels);
}

/* Their length in four bytes, then one bit-packed run: groups of eight as varint * 2 + 1. */
static void add_levels(const struct chunk *chunk, struct buffer *out)
{
    uint8_t head[4 + 10];
    size_t length = 4;
    uint64_t run = chunk->levels.length << 1 | 1;
    for (; run >= 0x80; run >>= 7)
        head[length++] = (uint8_t)(run & 0x7f) | 0x80;
    head[length++] = (uint8_t)run;
    size_t all = length - 4 + chunk->levels.length;
    for (size_t i = 0; i < 4; i++)
        head[i] = (uint8_t)(all >> 8 * i);
    buffer_add(out, head, length);
    buffer_add(out, chunk->levels.data, chunk->levels.length);
}

static void compress_into(const struct buffer *plain, struct buffer *out)
{
    size_t room = ZSTD_compressBound(plain->length);
    uint8_t *packed = mem_array(room, 1);
    size_t length = ZSTD_compress(packed, room, plain->data, plain->length, level_fast);
    assert(!ZSTD_isError(length)); /* with enough room only memory can be missing */
    buffer_add(out, packed, length);
    mem_free(packed);
}

void chunk_page(struct chunk *chunk, const struct parquet_column *column, int64_t rows,
                struct buffer *page, struct span *ret_span)
{
    BUFFER plain = {0};
    BUFFER packed = {0};
    struct thrift header;
    assert(!column->optional || chunk->rows == rows);
    if (column->optional)
        add_levels(chunk, &plain);
    buffer_add(&plain, chunk->values.data, chunk->values.length);
    compress_into(&plain, &packed);

    thrift_begin(&header, page);
    thrift_i32(&header, 1, page_data);
    thrift_i32(&header, 2, (int32_t)plain.length);
    thrift_i32(&header, 3, (int32_t)packed.length);
    thrift_struct(&header, 5);
    thrift_i32(&header, 1, (int32_t)rows);
    thrift_i32(&header, 2, encoding_plain);
    thrift_i32(&header, 3, encoding_rle);
    thrift_i32(&header, 4, encoding_rle);
    thrift_end(&header);
    thrift_end(&header);
    ret_span->plain = (int64_t)(page->length + plain.length);
    buffer_add(page, packed.data, packed.length);
    ret_span->stored = (int64_t)page->length;

    buffer_clear(&chunk->values);
    buffer_clear(&chunk->levels);
    chunk->bools = chunk->rows = 0;
}
