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
/* Says which applied migration lies changed in the tree, is missing from it, or was overtaken. */
bool history_check(const PGresult *rows, const char *schema, const struct sources *sources,
                   struct err *err) MUST_CHECK;
