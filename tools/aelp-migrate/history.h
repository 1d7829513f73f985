/* history: what db.migration says has been applied, against what lies in the tree. */
#pragma once

#include "db.h"
#include "sources.h"

enum standing {
    STANDING_PENDING,
    STANDING_APPLIED,
    STANDING_CHANGED, /* applied, but the file has another content now */
};

/* NULL rows stand for an empty history, before db.migration exists. */
bool history_load(PGconn *conn, PGresult **ret_rows, struct err *err) MUST_CHECK;
enum standing history_standing(const PGresult *rows, const char *schema,
                               const struct source *source);
/* The next row from *at on whose file is not in the tree any more, or false; *at is then behind
 * it. */
bool history_next_gone(const PGresult *rows, const struct tree *tree, int *at,
                       const char **ret_schema, const char **ret_file);
/* Says which applied migration lies changed in the tree, is missing from it, or was overtaken. */
bool history_check(const PGresult *rows, const struct tree *tree, struct err *err) MUST_CHECK;
/* Every function and view in the database is the tree's, as far as files tell. */
bool history_code_is_current(const PGresult *rows, const struct tree *tree);
