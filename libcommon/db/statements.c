#include "statements.h"

#include "mem.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { capacity_first = 64 };

void statements_done(struct statements *statements)
{
    for (size_t i = 0; i < statements->capacity; i++)
        mem_free(statements->slot[i].copy);
    mem_free(statements->slot);
    *statements = (struct statements){0};
}

/* Fibonacci hashing of the address; its low bits are alignment and say little. */
static size_t home_of(const char *sql, size_t capacity)
{
    uint64_t mixed = (uint64_t)(uintptr_t)sql * UINT64_C(11400714819323198485);
    return (size_t)(mixed >> 32) & (capacity - 1);
}

static struct statement *slot_of(const struct statements *statements, const char *sql)
{
    size_t at = home_of(sql, statements->capacity);
    while (statements->slot[at].sql && statements->slot[at].sql != sql)
        at = (at + 1) & (statements->capacity - 1);
    return &statements->slot[at];
}

static void make_room(struct statements *statements)
{
    if (2 * (statements->count + 1) <= statements->capacity)
        return;
    struct statements former = *statements;
    statements->capacity = former.capacity ? 2 * former.capacity : capacity_first;
    statements->slot = mem_array(statements->capacity, sizeof *statements->slot);
    for (size_t i = 0; i < former.capacity; i++)
        if (former.slot[i].sql)
            *slot_of(statements, former.slot[i].sql) = former.slot[i];
    mem_free(former.slot);
}

struct statement *statements_find(struct statements *statements, const char *sql)
{
    make_room(statements);
    struct statement *statement = slot_of(statements, sql);
    if (!statement->sql) {
        *statement = (struct statement){
            .sql = sql, .copy = mem_text(sql), .number = ++statements->last_number};
        statements->count++;
    }
    assert(strcmp(statement->copy, sql) == 0);
    return statement;
}

void statements_forget(struct statements *statements, const char *sql)
{
    struct statement *statement = statements_find(statements, sql);
    statement->prepared = false;
    statement->number = ++statements->last_number;
}

void statements_forget_all(struct statements *statements)
{
    for (size_t i = 0; i < statements->capacity; i++)
        statements->slot[i].prepared = false;
}

void statement_name(const struct statement *statement, char name[static STATEMENT_NAME])
{
    snprintf(name, STATEMENT_NAME, "s%u", statement->number);
}
