#include "table.h"

#include "mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Characters, not bytes. */
static size_t width(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

void table_done(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        mem_free(table->cells[i]);
    mem_free(table->cells);
}

void table_add(struct table *table, const char *cell)
{
    if (table->count == table->capacity) {
        table->capacity = table->capacity ? table->capacity * 2 : 64;
        table->cells = mem_grow(table->cells, table->capacity, sizeof *table->cells);
    }
    char *copy = mem_text(cell);
    cli_plain(copy);
    table->cells[table->count++] = copy;
}

static const char *color_of(const char *cell)
{
    static const char *const good[] = {"confirmed", "executed", "approved", "cleared", "ok"};
    static const char *const bad[] = {"blocked", "failed", "rejected", "rollback_failed", "no"};
    for (size_t i = 0; i < COUNT(good); i++)
        if (strcmp(cell, good[i]) == 0)
            return "\033[32m";
    for (size_t i = 0; i < COUNT(bad); i++)
        if (strcmp(cell, bad[i]) == 0)
            return "\033[31m";
    return NULL;
}

static void print_cell(const struct cli *cli, const char *cell, size_t wide, bool last)
{
    const char *color = cli->color ? color_of(cell) : NULL;
    printf("%s%s%s", color ? color : "", cell, color ? "\033[0m" : "");
    if (!last)
        printf("%*s", (int)(wide - width(cell) + 2), "");
}

void table_print(const struct cli *cli, const struct table *table)
{
    size_t wide[TABLE_COLUMNS_MAX];
    assert(table->columns > 0);
    for (size_t i = 0; i < table->columns; i++)
        wide[i] = width(table->head[i]);
    for (size_t i = 0; i < table->count; i++) {
        size_t *of = &wide[i % table->columns];
        if (width(table->cells[i]) > *of)
            *of = width(table->cells[i]);
    }
    for (size_t i = 0; i < table->columns; i++)
        print_cell(cli, table->head[i], wide[i], i + 1 == table->columns);
    putchar('\n');
    for (size_t i = 0; i < table->count; i++) {
        bool last = (i + 1) % table->columns == 0;
        print_cell(cli, table->cells[i], wide[i % table->columns], last);
        if (last)
            putchar('\n');
    }
}

void print_json(const json_t *json)
{
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
}

json_t *rows_json(const PGresult *rows)
{
    json_t *array = json_array();
    for (int row = 0; row < PQntuples(rows); row++) {
        json_t *object = json_object();
        for (int column = 0; column < PQnfields(rows); column++)
            json_object_set_new(object, PQfname(rows, column),
                                PQgetisnull(rows, row, column)
                                    ? json_null()
                                    : json_string(PQgetvalue(rows, row, column)));
        json_array_append_new(array, object);
    }
    return array;
}

void print_rows(const struct cli *cli, const PGresult *rows, const char *none)
{
    struct table table = {0};
    if (cli->json) {
        OWNED(json_t) *array = rows_json(rows);
        print_json(array);
        return;
    }
    if (PQntuples(rows) == 0) {
        cli_say("%s", none);
        return;
    }
    for (int column = 0; column < PQnfields(rows); column++)
        table.head[table.columns++] = PQfname(rows, column);
    for (int row = 0; row < PQntuples(rows); row++)
        for (int column = 0; column < PQnfields(rows); column++)
            table_add(&table, PQgetvalue(rows, row, column));
    table_print(cli, &table);
    table_done(&table);
}
