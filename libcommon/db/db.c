#include "db.h"

#include "connection.h"
#include "mem.h"

#include <assert.h>
#include <string.h>

static const char commit_sql[] = "COMMIT";
static const char rollback_sql[] = "ROLLBACK";

/* What a url leaves open. A server that went away without a word is noticed by TCP, in about 20 s:
 * waiting for an answer has no time-out of its own. */
static const char *const keywords[] = {
    "options",
    "connect_timeout",
    "tcp_user_timeout",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "client_encoding",
    "fallback_application_name",
    "dbname",
    NULL,
};

/* libpq's message names host, port and user; never the password. */
static bool set_unreachable(const struct db *db, struct err *err)
{
    const char *message = PQerrorMessage(db->conn);
    return err_set(err, ERR_RETRY, "postgres: %.*s", (int)strcspn(message, "\n"), message);
}

/* A malformed conninfo is quoted by libpq's own message, and with it perhaps the password. */
static bool check_url(const char *url, struct err *err)
{
    PQconninfoOption *parsed = PQconninfoParse(url, NULL);
    if (!parsed)
        return err_set(err, ERR_FATAL, "the database url is not a libpq conninfo");
    PQconninfoFree(parsed);
    return true;
}

/* Statements are prepared once and run often, with arrays whose length a plan can't use: planning
 * them anew for each call, as the server does by default, costs more than running them. A plan made
 * while a table was still empty would read all of it for ever; by key it is right at any size.
 * Compiling pays for none of them, and a table without a key to go by would look worth it. */
static const char server_options[] =
    "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s "
    "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off";

bool db_open(struct db **ret_db, const char *url, const char *application, struct err *err)
{
    if (!check_url(url, err))
        return false;
    const char *const values[] = {
        server_options, "5", "10000", "10", "3", "3", "UTF8", application, url, NULL,
    };
    struct db *db = mem_new(sizeof *db);
    db->conn = PQconnectdbParams(keywords, values, true);
    if (PQstatus(db->conn) != CONNECTION_OK || !connection_enter_pipeline(db)) {
        set_unreachable(db, err);
        db_close(db);
        return false;
    }
    *ret_db = db;
    return true;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    PQfinish(db->conn);
    statements_done(&db->statements);
    mem_free(db->flight);
    mem_free(db);
}

bool db_lost(const struct db *db)
{
    return db->broken || PQstatus(db->conn) != CONNECTION_OK;
}

bool db_ready(struct db *db, struct err *err)
{
    if (!db_lost(db))
        return true;
    connection_forget(db);
    PQreset(db->conn);
    if (PQstatus(db->conn) != CONNECTION_OK || !connection_enter_pipeline(db))
        return set_unreachable(db, err);
    return true;
}

/* COPY isn't possible in pipeline mode; db_send goes back to it. */
PGconn *db_conn(struct db *db)
{
    assert(db->flight_count == 0);
    if (db_lost(db) || !PQexitPipelineMode(db->conn) || PQsetnonblocking(db->conn, 0) != 0)
        return db->conn;
    if (db->begin_due) {
        OWNED(PGresult) *begun = PQexec(db->conn, connection_begin_sql);
        db->in_transaction = PQresultStatus(begun) == PGRES_COMMAND_OK;
        db->begin_due = false;
    }
    return db->conn;
}

bool db_query(struct db *db, const char *sql, const struct db_args *args, PGresult **ret_rows,
              struct err *err)
{
    assert(db->flight_count == 0 || db_lost(db));
    return db_send(db, sql, args, err) && db_sync(db, err) && db_receive(db, ret_rows, err);
}

bool db_exec(struct db *db, const char *sql, const struct db_args *args, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    return db_query(db, sql, args, &rows, err);
}

bool db_begin(struct db *db, struct err *err)
{
    assert(!db->in_transaction && !db->begin_due);
    if (db_lost(db))
        return set_unreachable(db, err);
    db->begin_due = true;
    return true;
}

bool db_commit(struct db *db, struct err *err)
{
    assert(db->in_transaction || db->begin_due || db_lost(db));
    if (db->begin_due) {
        db->begin_due = false;
        return true;
    }
    OWNED(PGresult) *answer = NULL;
    bool ok = db_query(db, commit_sql, NULL, &answer, err);
    db->in_transaction = false;
    if (ok && strcmp(PQcmdStatus(answer), "COMMIT") != 0)
        return err_set(err, ERR_RETRY, "postgres: the transaction had failed and was rolled back");
    return ok;
}

void db_rollback(struct db *db)
{
    connection_drain(db);
    bool begun = db->in_transaction;
    db->in_transaction = db->begin_due = false;
    struct err ignored; /* a lost connection has rolled back already */
    if (begun && !db_lost(db))
        (void)!db_exec(db, rollback_sql, NULL, &ignored);
}

enum err_kind db_kind_of_state(const char *sqlstate)
{
    static const struct {
        const char *prefix;
        enum err_kind kind;
    } fates[] = {
        {"08",    ERR_RETRY },
        {"53",    ERR_RETRY },
        {"57",    ERR_RETRY },
        {"40001", ERR_RETRY },
        {"40P01", ERR_RETRY },
        {"55P03", ERR_RETRY },
        {"28",    ERR_FATAL },
        {"42",    ERR_FATAL },
        {"22",    ERR_REJECT},
        {"23",    ERR_REJECT},
        {"54",    ERR_REJECT}, /* over a limit of the
  server's, such as an
  index entry's size */
        {"P0001", ERR_REJECT},
    };
    for (size_t i = 0; i < COUNT(fates); i++)
        if (strncmp(sqlstate, fates[i].prefix, strlen(fates[i].prefix)) == 0)
            return fates[i].kind;
    return ERR_RETRY;
}
