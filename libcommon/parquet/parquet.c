#include "parquet.h"

#include "mem.h"
#include "parquet_group.h"

#include <assert.h>
#include <string.h>

struct parquet {
    const struct parquet_column *columns;
    size_t count;
    parquet_sink *sink;
    void *user;
    struct chunk *chunks; /* the row group under way, one a column */
    size_t at;            /* the column whose value comes next */
    int64_t group_rows, rows, written;
    struct group *groups;
    size_t group_count, group_capacity;
    bool begun;
};

struct parquet *parquet_open(const struct parquet_column *columns, size_t count, parquet_sink *sink,
                             void *user)
{
    assert(count > 0 && count <= PARQUET_COLUMNS_MAX);
    struct parquet *parquet = mem_new(sizeof *parquet);
    *parquet = (struct parquet){.columns = columns, .count = count, .sink = sink, .user = user};
    parquet->chunks = mem_array(count, sizeof *parquet->chunks);
    return parquet;
}

void parquet_free(struct parquet *parquet)
{
    if (!parquet)
        return;
    for (size_t i = 0; i < parquet->count; i++)
        chunk_done(&parquet->chunks[i]);
    for (size_t i = 0; i < parquet->group_count; i++)
        mem_free(parquet->groups[i].spans);
    mem_free(parquet->groups);
    mem_free(parquet->chunks);
    mem_free(parquet);
}

/* The chunk the next value belongs to; it is there. */
static struct chunk *next_chunk(struct parquet *parquet, enum parquet_type type)
{
    assert(parquet->at < parquet->count && parquet->columns[parquet->at].type == type);
    struct chunk *chunk = &parquet->chunks[parquet->at++];
    if (parquet->columns[parquet->at - 1].optional)
        chunk_add_level(chunk, true);
    return chunk;
}

void parquet_bool(struct parquet *parquet, bool value)
{
    chunk_add_bool(next_chunk(parquet, PARQUET_BOOL), value);
}

void parquet_date(struct parquet *parquet, int32_t days)
{
    uint32_t bits = (uint32_t)days;
    chunk_add_word(next_chunk(parquet, PARQUET_DATE), bits, sizeof bits);
}

void parquet_int64(struct parquet *parquet, int64_t value)
{
    assert(parquet->at < parquet->count);
    enum parquet_type type = parquet->columns[parquet->at].type;
    chunk_add_word(next_chunk(parquet, type == PARQUET_TIME ? type : PARQUET_INT64),
                   (uint64_t)value, sizeof value);
}

void parquet_double(struct parquet *parquet, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    chunk_add_word(next_chunk(parquet, PARQUET_DOUBLE), bits, sizeof bits);
}

void parquet_text(struct parquet *parquet, struct bytes value)
{
    struct chunk *chunk = next_chunk(parquet, PARQUET_TEXT);
    assert(value.length <= INT32_MAX);
    chunk_add_word(chunk, value.length, sizeof(uint32_t));
    buffer_add(&chunk->values, value.data, value.length);
}

void parquet_null(struct parquet *parquet)
{
    assert(parquet->at < parquet->count && parquet->columns[parquet->at].optional);
    chunk_add_level(&parquet->chunks[parquet->at++], false);
}

static bool put(struct parquet *parquet, struct bytes bytes, struct err *err)
{
    parquet->written += (int64_t)bytes.length;
    return parquet->sink(parquet->user, bytes, err);
}

static bool begin(struct parquet *parquet, struct err *err)
{
    if (parquet->begun)
        return true;
    parquet->begun = true;
    return put(parquet, bytes_of("PAR1", 4), err);
}

static bool flush_group(struct parquet *parquet, struct err *err)
{
    BUFFER page = {0};
    if (parquet->group_rows == 0)
        return true;
    if (parquet->group_count == parquet->group_capacity) {
        parquet->group_capacity = parquet->group_capacity ? 2 * parquet->group_capacity : 8;
        parquet->groups =
            mem_grow(parquet->groups, parquet->group_capacity, sizeof *parquet->groups);
    }
    struct group *group = &parquet->groups[parquet->group_count++];
    *group = (struct group){.rows = parquet->group_rows,
                            .spans = mem_array(parquet->count, sizeof *group->spans)};
    for (size_t i = 0; i < parquet->count; i++) {
        buffer_clear(&page);
        chunk_page(&parquet->chunks[i], &parquet->columns[i], group->rows, &page, &group->spans[i]);
        group->spans[i].offset = parquet->written;
        if (!put(parquet, buffer_view(&page), err))
            return false;
    }
    parquet->rows += parquet->group_rows;
    parquet->group_rows = 0;
    return true;
}

static size_t held_bytes(const struct parquet *parquet)
{
    size_t bytes = 0;
    for (size_t i = 0; i < parquet->count; i++)
        bytes += parquet->chunks[i].values.length;
    return bytes;
}

bool parquet_row(struct parquet *parquet, struct err *err)
{
    enum { look_every = 1024 };
    assert(parquet->at == parquet->count);
    parquet->at = 0;
    parquet->group_rows++;
    bool full = parquet->group_rows == PARQUET_GROUP_ROWS
        || (parquet->group_rows % look_every == 0 && held_bytes(parquet) >= PARQUET_GROUP_BYTES);
    return !full || (begin(parquet, err) && flush_group(parquet, err));
}

bool parquet_close(struct parquet *parquet, struct err *err)
{
    BUFFER footer = {0};
    assert(parquet->at == 0);
    if (!begin(parquet, err) || !flush_group(parquet, err))
        return false;
    footer_write(parquet->columns, parquet->count, parquet->groups, parquet->group_count,
                 parquet->rows, &footer);
    uint32_t length = (uint32_t)footer.length;
    const uint8_t tail[8] = {(uint8_t)length,
                             (uint8_t)(length >> 8),
                             (uint8_t)(length >> 16),
                             (uint8_t)(length >> 24),
                             'P',
                             'A',
                             'R',
                             '1'};
    buffer_add(&footer, tail, sizeof tail);
    return put(parquet, buffer_view(&footer), err);
}
