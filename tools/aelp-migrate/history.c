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
    hex_encode(hash_view(&source->hash), hex);
    bool same = strcmp(PQgetvalue(rows, row, column_hash), hex) == 0;
    return same ? STANDING_APPLIED : STANDING_CHANGED;
}

bool history_next_gone(const PGresult *rows, const struct tree *tree, int *at,
                       const char **ret_schema, const char **ret_file)
{
    while (rows && *at < PQntuples(rows)) {
        *ret_schema = PQgetvalue(rows, *at, column_schema);
        *ret_file = PQgetvalue(rows, *at, column_file);
        ++*at;
        if (!sources_find(tree, *ret_schema, *ret_file))
            return true;
    }
    return false;
}

static bool is_migration(const char *file)
{
    return strncmp(file, "migrations/", strlen("migrations/")) == 0;
}

static bool check_gone(const PGresult *rows, const struct tree *tree, struct err *err)
{
    const char *schema, *file;
    for (int at = 0; history_next_gone(rows, tree, &at, &schema, &file);)
        if (is_migration(file))
            return err_set(err, ERR_FATAL,
                           "%s: %s was applied and is missing from the tree: is the database of a "
                           "newer release?",
                           schema, file);
    return true;
}

static bool check_schema(const PGresult *rows, const char *schema, const struct sources *sources,
                         struct err *err)
{
    const struct source *last = NULL;
    for (size_t i = 0; i < sources->count; i++) {
        const struct source *source = &sources->item[i];
        enum standing standing = history_standing(rows, schema, source);
        if (source->kind != SOURCE_MIGRATION || standing == STANDING_PENDING)
            continue;
        if (standing == STANDING_CHANGED)
            return err_set(err, ERR_FATAL, "%s: was applied and has been changed since",
                           source->path);
        last = source;
    }
    for (const struct source *source = sources->item; last && source < last; source++)
        if (history_standing(rows, schema, source) == STANDING_PENDING)
            return err_set(err, ERR_FATAL, "%s: is new, but %s was applied before it", source->path,
                           last->file);
    return true;
}

bool history_check(const PGresult *rows, const struct tree *tree, struct err *err)
{
    if (!check_gone(rows, tree, err))
        return false;
    for (size_t i = 0; i < tree->count; i++)
        if (!check_schema(rows, tree->schema[i].name, &tree->sources[i], err))
            return false;
    return true;
}

bool history_code_is_current(const PGresult *rows, const struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        for (size_t k = 0; k < tree->sources[i].count; k++) {
            const struct source *source = &tree->sources[i].item[k];
            if (source->kind != SOURCE_MIGRATION
                && history_standing(rows, tree->schema[i].name, source) != STANDING_APPLIED)
                return false;
        }
    int at = 0;
    const char *schema, *file;
    return !history_next_gone(rows, tree, &at, &schema, &file);
}
