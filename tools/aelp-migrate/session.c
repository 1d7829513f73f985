#include "session.h"

#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "aelp" in ASCII; the only advisory lock there is. */
static const char try_lock_sql[] = "SELECT pg_try_advisory_lock(1634036848)";
static const char lock_sql[] = "SET lock_timeout = 0; SELECT pg_advisory_lock(1634036848)";

/* Whoever queues behind a lock of ours waits as long as we do. The server looks after us, so that
 * one who was killed amid a long statement holds nothing for longer than a moment. */
static const char settings_sql[] =
    "SET statement_timeout = 0; SET search_path = ''; SET client_connection_check_interval = '1s'";
static const char brief_locks_sql[] = "SET lock_timeout = '2s'";

static const char *field_of(const PGresult *result, int field)
{
    const char *text = PQresultErrorField(result, field);
    return text ? text : "";
}

static bool set_failed(PGconn *conn, const PGresult *result, struct err *err)
{
    const char *state = field_of(result, PG_DIAG_SQLSTATE);
    const char *message = *state ? field_of(result, PG_DIAG_MESSAGE_PRIMARY) : PQerrorMessage(conn);
    const char *detail = field_of(result, PG_DIAG_MESSAGE_DETAIL);
    bool in_the_way = strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0;
    return err_set(err, in_the_way ? ERR_RETRY : ERR_FATAL, "%.*s%s%s [%s]",
                   (int)strcspn(message, "\n"), message, *detail ? "; " : "", detail, state);
}

bool session_query(PGconn *conn, const char *sql, PGresult **ret_rows, struct err *err)
{
    OWNED(PGresult) *rows = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(rows);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY)
        return set_failed(conn, rows, err);
    if (ret_rows)
        *ret_rows = TAKE(rows);
    return true;
}

/* The server counts characters from 1; UTF-8 continuation bytes aren't characters. */
static void place_of(const char *text, long position, int *ret_line, int *ret_column)
{
    *ret_line = *ret_column = 1;
    for (; *text && position > 1; text++) {
        if ((*text & 0xC0) == 0x80)
            continue;
        position--;
        *ret_column = *text == '\n' ? 1 : *ret_column + 1;
        *ret_line += *text == '\n';
    }
}

bool session_run_file(PGconn *conn, const char *path, const char *text, struct err *err)
{
    OWNED(PGresult) *result = PQexec(conn, text);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY)
        return true;
    set_failed(conn, result, err);
    const char *position = field_of(result, PG_DIAG_STATEMENT_POSITION);
    if (!*position) {
        const char *context = field_of(result, PG_DIAG_CONTEXT);
        return err_context(err, "%s: %.*s", path, (int)strcspn(context, "\n"), context);
    }
    int line, column;
    place_of(text, strtol(position, NULL, 10), &line, &column);
    return err_context(err, "%s:%d:%d", path, line, column);
}

void session_rollback(PGconn *conn)
{
    PQclear(PQexec(conn, "ROLLBACK")); /* a lost connection has rolled back already */
}

static bool take_lock(PGconn *conn, struct err *err)
{
    OWNED(PGresult) *locked = NULL;
    if (!session_query(conn, try_lock_sql, &locked, err))
        return false;
    if (PQgetvalue(locked, 0, 0)[0] == 't')
        return true;
    fputs("another aelp-migrate is at work; waiting\n", stderr);
    return session_query(conn, lock_sql, NULL, err);
}

bool session_open(const char *url, struct db **ret_db, struct err *err)
{
    struct db *db = NULL;
    if (!db_open(&db, url, "aelp-migrate", err))
        return false;
    PGconn *conn = db_conn(db);
    if (!session_query(conn, settings_sql, NULL, err) || !take_lock(conn, err)
        || !session_query(conn, brief_locks_sql, NULL, err)) {
        db_close(db);
        return false;
    }
    *ret_db = db;
    return true;
}
