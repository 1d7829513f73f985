/* statements: which SQL texts this connection has prepared, found by the text's address. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { STATEMENT_NAME = 16 };

struct statement {
    const char *sql; /* the caller's address: the key */
    char *copy;      /* its text, to assert that the address still holds it */
    unsigned number; /* its name on the server is s<number> */
    bool prepared;
};

/* Open addressing; never more than half full. Zero-initialise. */
struct statements {
    struct statement *slot;
    size_t capacity, count;
    unsigned last_number;
};

void statements_done(struct statements *statements);
/* Never NULL: adds a row on first sight. Valid until the next call. */
struct statement *statements_find(struct statements *statements, const char *sql);
/* The server no longer has it, or can't use it: the next send prepares it under a new name. */
void statements_forget(struct statements *statements, const char *sql);
void statements_forget_all(struct statements *statements);
void statement_name(const struct statement *statement, char name[static STATEMENT_NAME]);
