/* parquet_group: a column's values of one row group, its page, and the footer over all. Inside this
 * archive only. */
#pragma once

#include "parquet.h"

/* Values as PLAIN has them, least significant byte first; levels a bit a row: is there a value? */
struct chunk {
    struct buffer values, levels;
    int64_t bools, rows; /* bits that are used */
};

/* Where a column's chunk lies in the file. */
struct span {
    int64_t offset, stored, plain; /* bytes with the page's header */
};

struct group {
    int64_t rows;
    struct span *spans; /* one a column */
};

void chunk_add_level(struct chunk *chunk, bool present);
void chunk_add_bool(struct chunk *chunk, bool value);
void chunk_add_word(struct chunk *chunk, uint64_t bits, size_t bytes);
void chunk_done(struct chunk *chunk);
/* Appends the one page of a chunk, sets the span's sizes, and empties the chunk. */
void chunk_page(struct chunk *chunk, const struct parquet_column *column, int64_t rows,
                struct buffer *page, struct span *ret_span);

void footer_write(const struct parquet_column *columns, size_t count, const struct group *groups,
                  size_t group_count, int64_t rows, struct buffer *footer);
