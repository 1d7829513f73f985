/* FileMetaData: the schema, and where each column of each row group lies. */
#include "parquet_group.h"
#include "thrift.h"

enum { encoding_plain = 0, encoding_rle = 3, codec_zstd = 6 };
enum { required = 0, optional = 1 };
enum { none = -1, converted_utf8 = 0, converted_date = 6, converted_micros = 10 };
enum { logical_text = 1, logical_date = 6, logical_time = 8, unit_micros = 2 };

/* What the format calls our types. */
static const struct {
    int32_t physical, converted;
    int16_t logical; /* 0: none */
} types[] = {
    [PARQUET_BOOL] = {0, none,             0           },
      [PARQUET_DATE] = {1, converted_date,   logical_date},
    [PARQUET_INT64] = {2, none,             0           },
      [PARQUET_TIME] = {2, converted_micros, logical_time},
    [PARQUET_DOUBLE] = {5, none,             0           },
      [PARQUET_TEXT] = {6, converted_utf8,   logical_text},
};

static void write_column(struct thrift *thrift, const struct parquet_column *column)
{
    thrift_element_struct(thrift);
    thrift_i32(thrift, 1, types[column->type].physical);
    thrift_i32(thrift, 3, column->optional ? optional : required);
    thrift_text(thrift, 4, column->name);
    if (types[column->type].converted != none)
        thrift_i32(thrift, 6, types[column->type].converted);
    if (types[column->type].logical) {
        thrift_struct(thrift, 10);
        thrift_struct(thrift, types[column->type].logical);
        if (column->type == PARQUET_TIME) {
            thrift_bool(thrift, 1, true); /* in UTC */
            thrift_struct(thrift, 2);
            thrift_struct(thrift, unit_micros);
            thrift_end(thrift);
            thrift_end(thrift);
        }
        thrift_end(thrift);
        thrift_end(thrift);
    }
    thrift_end(thrift);
}

static void write_schema(struct thrift *thrift, const struct parquet_column *columns, size_t count)
{
    thrift_list(thrift, 2, THRIFT_STRUCT, count + 1);
    thrift_element_struct(thrift);
    thrift_text(thrift, 4, "row");
    thrift_i32(thrift, 5, (int32_t)count);
    thrift_end(thrift);
    for (size_t i = 0; i < count; i++)
        write_column(thrift, &columns[i]);
}

static void write_chunk(struct thrift *thrift, const struct parquet_column *column,
                        const struct span *span, int64_t rows)
{
    thrift_element_struct(thrift);
    thrift_i64(thrift, 2, span->offset);
    thrift_struct(thrift, 3);
    thrift_i32(thrift, 1, types[column->type].physical);
    thrift_list(thrift, 2, THRIFT_I32, 2);
    thrift_element_i32(thrift, encoding_plain);
    thrift_element_i32(thrift, encoding_rle);
    thrift_list(thrift, 3, THRIFT_BINARY, 1);
    thrift_element_text(thrift, column->name);
    thrift_i32(thrift, 4, codec_zstd);
    thrift_i64(thrift, 5, rows);
    thrift_i64(thrift, 6, span->plain);
    thrift_i64(thrift, 7, span->stored);
    thrift_i64(thrift, 9, span->offset);
    thrift_end(thrift);
    thrift_end(thrift);
}

static void write_group(struct thrift *thrift, const struct parquet_column *columns, size_t count,
                        const struct group *group)
{
    int64_t plain = 0;
    thrift_element_struct(thrift);
    thrift_list(thrift, 1, THRIFT_STRUCT, count);
    for (size_t i = 0; i < count; i++) {
        write_chunk(thrift, &columns[i], &group->spans[i], group->rows);
        plain += group->spans[i].plain;
    }
    thrift_i64(thrift, 2, plain);
    thrift_i64(thrift, 3, group->rows);
    thrift_end(thrift);
}

void footer_write(const struct parquet_column *columns, size_t count, const struct group *groups,
                  size_t group_count, int64_t rows, struct buffer *footer)
{
    struct thrift thrift;
    thrift_begin(&thrift, footer);
    thrift_i32(&thrift, 1, 1);
    write_schema(&thrift, columns, count);
    thrift_i64(&thrift, 3, rows);
    thrift_list(&thrift, 4, THRIFT_STRUCT, group_count);
    for (size_t g = 0; g < group_count; g++)
        write_group(&thrift, columns, count, &groups[g]);
    thrift_text(&thrift, 6, "aelp2");
    thrift_end(&thrift);
}
