/* parquet: rows into an Apache Parquet file, for the tools of data scientists. Written only.
 *
 * Columns are flat; values are PLAIN, pages are zstd. A row group is written whenever enough rows
 * are held, so memory is bounded by the group, not the file. Bytes go to the caller's sink in
 * order; the file is valid once parquet_close has succeeded. */
#pragma once

#include "bytes.h"

enum parquet_type {
    PARQUET_BOOL,
    PARQUET_DATE, /* int32: days since 1970-01-01 */
    PARQUET_INT64,
    PARQUET_TIME, /* int64: micros since 1970-01-01 UTC */
    PARQUET_DOUBLE,
    PARQUET_TEXT, /* UTF-8 */
};

struct parquet_column {
    const char *name;
    enum parquet_type type;
    bool optional; /* may be null */
};

enum { PARQUET_COLUMNS_MAX = 256, PARQUET_GROUP_ROWS = 128 * 1024, PARQUET_GROUP_BYTES = 64 << 20 };

/* False ends the file with the err. */
typedef bool parquet_sink(void *user, struct bytes bytes, struct err *err);

struct parquet;

/* columns and their names live as long as the writer. */
struct parquet *parquet_open(const struct parquet_column *columns, size_t count, parquet_sink *sink,
                             void *user);
void parquet_free(struct parquet *parquet); /* also one that was never closed */

/* The next row, column after column in their order, then parquet_row. The function must fit the
 * column's type; a null only an optional one. */
void parquet_bool(struct parquet *parquet, bool value);
void parquet_date(struct parquet *parquet, int32_t days);
void parquet_int64(struct parquet *parquet, int64_t value); /* PARQUET_INT64 and PARQUET_TIME */
void parquet_double(struct parquet *parquet, double value);
void parquet_text(struct parquet *parquet, struct bytes value);
void parquet_null(struct parquet *parquet);
bool parquet_row(struct parquet *parquet, struct err *err) MUST_CHECK;

/* The rows that are left, and the footer. */
bool parquet_close(struct parquet *parquet, struct err *err) MUST_CHECK;
