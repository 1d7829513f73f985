/* up: numbered migrations once each, then functions and views that changed, then all grants. */
#include "grants.h"
#include "history.h"
#include "migrate.h"
#include "session.h"

#include <stdio.h>
#include <string.h>

static const char record_sql[] =
    "INSERT INTO db.migration (schema, file, sha256) VALUES ($1, $2, decode($3, 'hex')) "
    "ON CONFLICT (schema, file) DO UPDATE SET sha256 = excluded.sha256, applied_at = DEFAULT";

struct run {
    PGconn *conn;
    struct arena *arena;
    const char *root;
    PGresult *history; /* as it was at the start */
    struct schema schemas[SCHEMAS_MAX];
    struct sources sources[SCHEMAS_MAX];
    size_t schema_count;
    int applied_count;
};

static bool record(PGconn *conn, const char *schema, const struct source *source, struct err *err)
{
    char hex[2 * HASH_BYTES + 1];
    hex_encode(bytes_of(source->hash.bytes, HASH_BYTES), hex);
    const char *const values[] = {schema, source->file, hex};
    if (!session_query(conn, "SET LOCAL ROLE db_owner", NULL, err))
        return false;
    OWNED(PGresult) *result = PQexecParams(conn, record_sql, 3, NULL, values, NULL, NULL, 0);
    return PQresultStatus(result) == PGRES_COMMAND_OK
        || err_set(err, ERR_FATAL, "db.migration: %s", PQerrorMessage(conn));
}

/* A file that commits would be applied without a record, or recorded without being applied. */
static bool same_transaction(PGconn *conn, const char *path, const char *began, struct err *err)
{
    OWNED(PGresult) *now = NULL;
    if (PQtransactionStatus(conn) != PQTRANS_INTRANS
        || !session_query(conn, "SELECT pg_current_xact_id()", &now, err)
        || strcmp(PQgetvalue(now, 0, 0), began) != 0)
        return err_set(err, ERR_FATAL, "%s: ends the transaction it runs in", path);
    return true;
}

static bool run_in_transaction(PGconn *conn, const char *schema, const struct source *source,
                               struct err *err)
{
    char owner[ROLE_NAME], prologue[ROLE_NAME + 64];
    schemas_owner(source->kind == SOURCE_API ? "api" : schema, owner);
    snprintf(prologue, sizeof prologue, "BEGIN; SET LOCAL ROLE %s", owner);
    OWNED(PGresult) *began = NULL;
    return session_query(conn, prologue, NULL, err)
        && session_query(conn, "SELECT pg_current_xact_id()", &began, err)
        && session_run_file(conn, source->path, source->text, err)
        && same_transaction(conn, source->path, PQgetvalue(began, 0, 0), err)
        && record(conn, schema, source, err) && session_query(conn, "COMMIT", NULL, err);
}

static bool apply(struct run *run, const char *schema, const struct source *source, struct err *err)
{
    fprintf(stderr, "%s: %s\n", schema, source->file);
    if (!run_in_transaction(run->conn, schema, source, err)) {
        session_rollback(run->conn);
        return false;
    }
    run->applied_count++;
    return true;
}

/* The files of the schema that are of this kind (migrations, or all that is repeatable). */
static bool apply_schema(struct run *run, size_t at, bool migrations, struct err *err)
{
    const char *schema = run->schemas[at].name;
    const struct sources *sources = &run->sources[at];
    bool prepared = false;
    for (size_t i = 0; i < sources->count; i++) {
        const struct source *source = &sources->item[i];
        if ((source->kind == SOURCE_MIGRATION) != migrations
            || history_standing(run->history, schema, source) == STANDING_APPLIED)
            continue;
        char owner[ROLE_NAME];
        schemas_owner(schema, owner);
        if (!prepared && !grants_prepare(run->conn, owner, err))
            return err_context(err, "%s", schema);
        prepared = true;
        if (!apply(run, schema, source, err))
            return false;
    }
    return true;
}

static bool load_all(struct run *run, struct err *err)
{
    run->schema_count = schemas_list(run->schemas);
    for (size_t i = 0; i < run->schema_count; i++)
        if (!sources_load(run->arena, run->root, &run->schemas[i], &run->sources[i], err)
            || !history_check(run->history, run->schemas[i].name, &run->sources[i], err))
            return false;
    return true;
}

static bool apply_all(struct run *run, bool partial, struct err *err)
{
    for (size_t i = 0; i < run->schema_count; i++)
        if (!apply_schema(run, i, true, err))
            return false;
    for (size_t i = 0; i < run->schema_count; i++)
        if (!apply_schema(run, i, false, err))
            return false;
    if (!grants_renew(run->conn, partial, err))
        return err_context(err, "grants");
    fprintf(stderr, "%d files applied, grants renewed\n", run->applied_count);
    return true;
}

static bool run_up(struct db *db, struct arena *arena, const struct options *options,
                   struct err *err)
{
    OWNED(PGresult) *history = NULL;
    if (!history_load(db_conn(db), &history, err))
        return false;
    struct run run = {
        .conn = db_conn(db), .arena = arena, .root = options->root, .history = history};
    return load_all(&run, err) && apply_all(&run, options->partial, err);
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
