/* db: one PostgreSQL connection. The only header that shows libpq to the services.
 *
 * Statements are the SQL_* texts of EmbedSql: prepared once per connection on first use (found
 * again by the text's address). Parameters and results travel in binary, so money, ids and hashes
 * are never re-parsed; every reader asserts the column's type. A connection belongs to one thread.
 *
 * Three ways to run: db_query waits; db_send + db_receive pipelines several statements in one
 * round trip; db_begin / db_commit put a batch into one transaction (read committed). BEGIN rides
 * with the first statement, so it costs no round trip of its own. */
#pragma once

#include "bytes.h"
#include "err.h"
#include "mem.h"
#include "owned.h"
#include "uuid.h"

#include <libpq-fe.h>
#include <stdint.h>

enum { DB_ARGS_MAX = 24 };

struct db;

DEFINE_OWNED(PGresult, PQclear)

/* `url` is a libpq conninfo. statement_timeout, lock_timeout and application_name are set here. */
bool db_open(struct db **ret_db, const char *url, const char *application,
             struct err *err) MUST_CHECK;
void db_close(struct db *db);
/* After ERR_RETRY with a lost connection: false until the server is back. Cheap when healthy. */
bool db_ready(struct db *db, struct err *err) MUST_CHECK;
bool db_lost(const struct db *db);
PGconn *db_conn(struct db *db); /* for COPY and tests; not while statements are in flight */

/* Arguments, in the order of $1, $2, ... Arrays are built in the args' own memory; text and bytes
 * are copied too, so nothing is borrowed. Zero-initialise; OWNED releases. */
struct db_args {
    int count;
    struct buffer bytes; /* all values behind one another */
    struct {
        size_t offset, length;
        bool null;
        uint32_t type; /* OID */
    } arg[DB_ARGS_MAX];
};
void db_args_done(struct db_args *args);
void db_args_clear(struct db_args *args); /* keeps the memory */
#define DB_ARGS __attribute__((cleanup(db_args_done))) struct db_args

void db_arg_null(struct db_args *args);
void db_arg_bool(struct db_args *args, bool value);
void db_arg_i32(struct db_args *args, int32_t number);
void db_arg_i64(struct db_args *args, int64_t number);
void db_arg_real(struct db_args *args, double number);
void db_arg_text(struct db_args *args, const char *text);        /* NULL is SQL NULL */
void db_arg_bytes(struct db_args *args, struct bytes bytes);     /* data == NULL is SQL NULL */
void db_arg_uuid(struct db_args *args, const struct uuid *uuid); /* NULL is SQL NULL */
void db_arg_time(struct db_args *args, int64_t unix_micros);
void db_arg_date(struct db_args *args, int32_t unix_days);

/* Arrays: what is added between open and close is an element, all of the one type; a NULL pointer
 * or bytes with data == NULL is a NULL element. An array may be empty. */
enum db_type {
    db_type_bool = 16,
    db_type_bytes = 17,
    db_type_i64 = 20,
    db_type_i32 = 23,
    db_type_text = 25,
    db_type_real = 701,
    db_type_date = 1082,
    db_type_time = 1184,
    db_type_uuid = 2950,
};
void db_array_open(struct db_args *args, enum db_type element_type);
void db_array_close(struct db_args *args);

/* An array of `count`: db_arg_<kind>(args, value) for each `i` below it. */
/* NOLINTBEGIN(bugprone-macro-parentheses): a name that is declared cannot stand in parentheses */
#define DB_ARRAY(args, kind, i, count, value) \
    do {                                      \
        db_array_open(args, db_type_##kind);  \
        for (size_t i = 0; i < (count); i++)  \
            db_arg_##kind(args, value);       \
        db_array_close(args);                 \
    } while (0)
/* NOLINTEND(bugprone-macro-parentheses) */

/* args may be NULL. On success the caller owns *ret_rows, and values read from it live as long. */
bool db_query(struct db *db, const char *sql, const struct db_args *args, PGresult **ret_rows,
              struct err *err) MUST_CHECK;
bool db_exec(struct db *db, const char *sql, const struct db_args *args,
             struct err *err) MUST_CHECK;

/* Pipeline: each send queues, each receive takes the oldest answer. db_sync closes the implicit
 * transaction of what was sent since the last one (outside db_begin each sync is a commit), so
 * "a statement of its own" is send + sync. Errors abort up to the next sync, as in libpq. */
bool db_send(struct db *db, const char *sql, const struct db_args *args,
             struct err *err) MUST_CHECK;
bool db_sync(struct db *db, struct err *err) MUST_CHECK;
bool db_receive(struct db *db, PGresult **ret_rows, struct err *err) MUST_CHECK;

bool db_begin(struct db *db, struct err *err) MUST_CHECK;
bool db_commit(struct db *db, struct err *err) MUST_CHECK;
void db_rollback(struct db *db); /* harmless outside a transaction or on a lost connection */

/* SQLSTATE to fate: 08 53 57 40001 40P01 55P03 retry; 28 42 fatal; 22 23 P0001 reject; other
 * retry. The text carries the SQLSTATE and the server's message without its newline. */
enum err_kind db_kind_of_state(const char *sqlstate);

bool db_null(const PGresult *rows, int row, int column);
bool db_bool(const PGresult *rows, int row, int column);
int32_t db_i32(const PGresult *rows, int row, int column);
int64_t db_i64(const PGresult *rows, int row, int column);
double db_real(const PGresult *rows, int row, int column);
const char *db_text(const PGresult *rows, int row, int column); /* NULL for SQL NULL */
/* The same, to outlive the rows; "" for SQL NULL. */
const char *db_text_in(struct arena *arena, const PGresult *rows, int row, int column);
struct bytes db_bytes(const PGresult *rows, int row, int column);
struct uuid db_uuid(const PGresult *rows, int row, int column);
int64_t db_time(const PGresult *rows, int row, int column); /* unix micros */
int32_t db_date(const PGresult *rows, int row, int column); /* unix days */
