#include "copy.h"

#include "connection.h"

#include <assert.h>
#include <limits.h>

/* A signature, no flags, no extension; at the end a row of -1 columns. */
static const char copy_head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
static const char copy_tail[] = "\377\377";
enum { copy_head_bytes = sizeof copy_head - 1, copy_tail_bytes = sizeof copy_tail - 1 };
_Static_assert(copy_head_bytes == 19, "eleven bytes and two words");

void db_copy_done(struct db_copy *copy)
{
    buffer_done(&copy->bytes);
}

void db_copy_add(struct db_copy *copy, struct db_args *args)
{
    uint16_t columns = __builtin_bswap16((uint16_t)args->count);
    buffer_add(&copy->bytes, &columns, sizeof columns);
    for (int i = 0; i < args->count; i++) {
        bool null = args->arg[i].null;
        uint32_t length = __builtin_bswap32(null ? UINT32_MAX : (uint32_t)args->arg[i].length);
        buffer_add(&copy->bytes, &length, sizeof length);
        if (!null)
            buffer_add(&copy->bytes, args->bytes.data + args->arg[i].offset, args->arg[i].length);
    }
    copy->rows++;
    db_args_clear(args);
}

static bool put(PGconn *conn, const struct db_copy *copy)
{
    assert(copy->bytes.length <= INT_MAX);
    return PQputCopyData(conn, copy_head, copy_head_bytes) == 1
        && PQputCopyData(conn, (const char *)copy->bytes.data, (int)copy->bytes.length) == 1
        && PQputCopyData(conn, copy_tail, copy_tail_bytes) == 1 && PQputCopyEnd(conn, NULL) == 1;
}

/* What the server says of the whole; nothing may come after it. */
static bool take_outcome(struct db *db, PGconn *conn, struct err *err)
{
    OWNED(PGresult) *outcome = PQgetResult(conn);
    if (!outcome || db_lost(db))
        return connection_lost(db, err);
    OWNED(PGresult) *end = PQgetResult(conn);
    if (end || db_lost(db))
        return connection_lost(db, err);
    return PQresultStatus(outcome) == PGRES_COMMAND_OK || connection_refused(outcome, err);
}

bool db_copy_send(struct db *db, const char *sql, const struct db_copy *copy, struct err *err)
{
    PGconn *conn = db_conn(db);
    if (db_lost(db))
        return connection_lost(db, err);
    OWNED(PGresult) *asked = PQexec(conn, sql);
    if (db_lost(db))
        return connection_lost(db, err);
    if (PQresultStatus(asked) != PGRES_COPY_IN)
        return connection_refused(asked, err);
    if (!put(conn, copy))
        return connection_lost(db, err);
    return take_outcome(db, conn, err);
}
