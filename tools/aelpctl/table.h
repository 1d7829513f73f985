/* table: rows for people, with columns as wide as they need; or the same as JSON. */
#pragma once

#include "cli.h"
#include "json.h"

#include <libpq-fe.h>

enum { TABLE_COLUMNS_MAX = 12 };

struct table {
    const char *head[TABLE_COLUMNS_MAX];
    size_t columns;
    char **cells; /* row after row */
    size_t count, capacity;
};

void table_done(struct table *table);
/* Cells of one row, left to right; the text is copied, without what a terminal would obey. */
void table_add(struct table *table, const char *cell);
void table_print(const struct cli *cli, const struct table *table);
/* As it came, for programs. */
void print_json(const json_t *json);
/* All columns must be text: an array of objects by the columns' names. */
json_t *rows_json(const PGresult *rows);
/* The same as a table or, with -o json, as it is; `none` is said when there is no row. */
void print_rows(const struct cli *cli, const PGresult *rows, const char *none);
