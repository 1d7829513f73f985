#include "history.h"

#include "session.h"

#include <string.h>

enum { column_schema, column_file, column_hash };

static const char load_sql[] =
    "SELECT schema, file, encode(sha256, 'hex') FROM db.migration ORDER BY schema, file";

bool history_load(PGconn *conn, PGresult **ret_rows, struct err *err)
{
    OWNED(PGresult) *there = NULL, *rows = NULL;
    if (!session_query(conn, "SET ROLE db_owner", NULL, err)
        || !session_query(conn, "SELECT to_regclass('db.migration') IS NOT NULL", &there, err))
        return false;
    bool exists = PQgetvalue(there, 0, 0)[0] == 't';
    if (exists && !session_query(conn, load_sql, &rows, err))
        return false;
    *ret_rows = TAKE(rows);
    return session_query(conn, "RESET ROLE", NULL, err);
}

static int row_of(const PGresult *rows, const char *schema, const char *file)
{
    for (int i = 0; rows && i < PQntuples(rows); i++)
        if (strcmp(PQgetvalue(rows, i, column_schema), schema) == 0
            && strcmp(PQgetvalue(rows, i, column_file), file) == 0)
            return i;
    return -1;
}

enum standing history_standing(const PGresult *rows, const char *schema,
                               const struct source *source)
{
    int row = row_of(rows, schema, source->file);
    if (row < 0)
        return STANDING_PENDING;
    char hex[2 * HASH_BYTES + 1];
    hex_encode(bytes_of(source->hash.bytes, HASH_BYTES), hex);
    bool same = strcmp(PQgetvalue(rows, row, column_hash), hex) == 0;
    return same ? STANDING_APPLIED : STANDING_CHANGED;
}

static const struct source *source_of(const struct sources *sources, const char *file)
{
    for (size_t i = 0; i < sources->count; i++)
        if (strcmp(sources->item[i].file, file) == 0)
            return &sources->item[i];
    return NULL;
}

static bool check_applied(const PGresult *rows, const char *schema, const struct sources *sources,
                          const char **ret_last, struct err *err)
{
    for (int i = 0; rows && i < PQntuples(rows); i++) {
        const char *file = PQgetvalue(rows, i, column_file);
        if (strcmp(PQgetvalue(rows, i, column_schema), schema) != 0
            || strncmp(file, "migrations/", strlen("migrations/")) != 0)
            continue;
        const struct source *source = source_of(sources, file);
        if (!source)
            return err_set(err, ERR_FATAL, "%s: %s was applied and is missing from the tree",
                           schema, file);
        if (history_standing(rows, schema, source) == STANDING_CHANGED)
            return err_set(err, ERR_FATAL, "%s: was applied and has been changed since",
                           source->path);
        *ret_last = file;
    }
    return true;
}

bool history_check(const PGresult *rows, const char *schema, const struct sources *sources,
                   struct err *err)
{
    const char *last = "";
    if (!check_applied(rows, schema, sources, &last, err))
        return false;
    for (size_t i = 0; i < sources->count; i++) {
        const struct source *source = &sources->item[i];
        if (source->kind == SOURCE_MIGRATION && strcmp(source->file, last) < 0
            && history_standing(rows, schema, source) == STANDING_PENDING)
            return err_set(err, ERR_FATAL, "%s: is new, but %s was applied before it", source->path,
                           last);
    }
    return true;
}
