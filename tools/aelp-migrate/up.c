/* up: all that is new in one transaction, so that whoever looks sees the former release whole or
 * this one.
 *
 * Numbered migrations run once each. Functions and views hold no data: when the file of one
 * changed, came or went, all are dropped and made anew, so that nothing is left that no file says,
 * be it an overload of a function that takes other arguments now. Then every grant is renewed.
 *
 * The fleet may be at work meanwhile. A function can be replaced under its callers, and statements
 * they prepared are planned again. A table can't be altered while a transaction holds it, and all
 * who come later queue behind us: so we wait briefly, let go of everything and start over. */
#include "grants.h"
#include "history.h"
#include "migrate.h"
#include "session.h"

#include "aelp-migrate_core_sql.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { tries_max = 20 };

static const struct timespec between_tries = {.tv_sec = 1};

static const char record_sql[] =
    "INSERT INTO db.migration (schema, file, sha256) VALUES ($1, $2, decode($3, 'hex'))";

struct run {
    PGconn *conn;
    const struct tree *tree;
    const PGresult *history; /* as it was at the start */
    bool partial;
    int applied_count;
};

static bool record(PGconn *conn, const char *schema, const struct source *source, struct err *err)
{
    char hex[2 * HASH_BYTES + 1];
    hex_encode(hash_view(&source->hash), hex);
    const char *const values[] = {schema, source->file, hex};
    if (!session_query(conn, "SET LOCAL ROLE db_owner", NULL, err))
        return false;
    OWNED(PGresult) *result = PQexecParams(conn, record_sql, 3, NULL, values, NULL, NULL, 0);
    return PQresultStatus(result) == PGRES_COMMAND_OK
        || err_set(err, ERR_FATAL, "db.migration: %s", PQerrorMessage(conn));
}

/* A file that commits would be applied without a record, and half of the release with it. */
static bool same_transaction(PGconn *conn, const char *path, const char *began, struct err *err)
{
    OWNED(PGresult) *now = NULL;
    if (PQtransactionStatus(conn) != PQTRANS_INTRANS
        || !session_query(conn, "SELECT pg_current_xact_id()", &now, err)
        || strcmp(PQgetvalue(now, 0, 0), began) != 0)
        return err_set(err, ERR_FATAL, "%s: ends the transaction it runs in", path);
    return true;
}

static bool apply(struct run *run, const char *schema, const struct source *source, struct err *err)
{
    fprintf(stderr, "%s: %s\n", schema, source->file);
    char owner[ROLE_NAME], prologue[ROLE_NAME + 64];
    schemas_owner(source->kind == SOURCE_API ? "api" : schema, owner);
    snprintf(prologue, sizeof prologue, "SET LOCAL ROLE %s", owner);
    OWNED(PGresult) *began = NULL;
    run->applied_count++;
    return session_query(run->conn, prologue, NULL, err)
        && session_query(run->conn, "SELECT pg_current_xact_id()", &began, err)
        && session_run_file(run->conn, source->path, source->text, err)
        && same_transaction(run->conn, source->path, PQgetvalue(began, 0, 0), err)
        && record(run->conn, schema, source, err);
}

/* The migrations that are pending, or all of the code. */
static bool apply_schema(struct run *run, size_t at, bool migrations, struct err *err)
{
    const char *schema = run->tree->schema[at].name;
    const struct sources *sources = &run->tree->sources[at];
    char owner[ROLE_NAME];
    schemas_owner(schema, owner);
    if (!grants_prepare(run->conn, owner, err))
        return err_context(err, "%s", schema);
    for (size_t i = 0; i < sources->count; i++) {
        const struct source *source = &sources->item[i];
        bool is_migration = source->kind == SOURCE_MIGRATION;
        bool due =
            !is_migration || history_standing(run->history, schema, source) == STANDING_PENDING;
        if (is_migration == migrations && due && !apply(run, schema, source, err))
            return false;
    }
    return true;
}

static bool renew_code(struct run *run, struct err *err)
{
    if (!session_query(run->conn, SQL_DROP_CODE, NULL, err))
        return err_context(err, "dropping functions and views");
    for (size_t i = 0; i < run->tree->count; i++)
        if (!apply_schema(run, i, false, err))
            return false;
    return true;
}

static bool apply_all(struct run *run, struct err *err)
{
    if (!session_query(run->conn, "BEGIN", NULL, err))
        return false;
    run->applied_count = 0;
    for (size_t i = 0; i < run->tree->count; i++)
        if (!apply_schema(run, i, true, err))
            return false;
    if (!history_code_is_current(run->history, run->tree) && !renew_code(run, err))
        return false;
    if (!grants_renew(run->conn, run->partial, err))
        return err_context(err, "grants");
    return session_query(run->conn, "COMMIT", NULL, err);
}

static bool apply_patiently(struct run *run, struct err *err)
{
    for (int tries = 1; !apply_all(run, err); tries++) {
        session_rollback(run->conn);
        if (err->kind != ERR_RETRY || tries == tries_max)
            return false;
        fprintf(stderr, "%s; again in a moment\n", err->text);
        nanosleep(&between_tries, NULL);
    }
    fprintf(stderr, "%d files applied, grants renewed\n", run->applied_count);
    return true;
}

static bool run_up(struct db *db, struct arena *arena, const struct options *options,
                   struct err *err)
{
    struct tree tree;
    OWNED(PGresult) *history = NULL;
    if (!history_load(db_conn(db), &history, err) || !sources_load(arena, options->root, &tree, err)
        || !history_check(history, &tree, err))
        return false;
    struct run run = {
        .conn = db_conn(db), .tree = &tree, .history = history, .partial = options->partial};
    return apply_patiently(&run, err);
}

bool command_up(const struct options *options, struct err *err)
{
    struct db *db = NULL;
    struct arena *arena = arena_new();
    bool ok = session_open(options->database_url, &db, err) && run_up(db, arena, options, err);
    db_close(db);
    arena_free(arena);
    return ok;
}
