/* copy: rows into one table by COPY, in its binary form. */
#pragma once

#include "db.h"

struct db_copy {
    struct buffer bytes;
    size_t rows;
};
void db_copy_done(struct db_copy *copy);
#define DB_COPY __attribute__((cleanup(db_copy_done))) struct db_copy

/* One row, its columns as arguments, whose types must be the columns'; the args are cleared. */
void db_copy_add(struct db_copy *copy, struct db_args *args);
/* "COPY t (a, b) FROM STDIN (FORMAT binary)", in the transaction that was begun. All rows or none.
 * Waits for no other statement's answer: nothing may be in flight. */
bool db_copy_send(struct db *db, const char *sql, const struct db_copy *copy,
                  struct err *err) MUST_CHECK;
