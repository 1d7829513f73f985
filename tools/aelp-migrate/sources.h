/* sources: the SQL files of every schema, as they lie in the tree. */
#pragma once

#include "hash.h"
#include "mem.h"
#include "schemas.h"

enum source_kind {
    SOURCE_MIGRATION, /* once, in the order of their numbers, never changed */
    SOURCE_FUNCTIONS, /* all anew whenever one of them changed */
    SOURCE_API,       /* likewise, as the owner of schema api */
};

struct source {
    enum source_kind kind;
    const char *file; /* "migrations/0001_what.sql" */
    const char *path; /* with the root, for messages */
    const char *text; /* NUL-terminated */
    struct hash hash;
};

struct sources {
    struct source *item;
    size_t count;
};

struct tree {
    struct schema schema[SCHEMAS_MAX];
    struct sources sources[SCHEMAS_MAX]; /* of the schema at the same place */
    size_t count;
};

/* Of each schema migrations by number, then functions and api by name. A missing folder is an empty
 * one. */
bool sources_load(struct arena *arena, const char *root, struct tree *ret_tree,
                  struct err *err) MUST_CHECK;
/* NULL: no such schema, or no such file of it. */
const struct source *sources_find(const struct tree *tree, const char *schema, const char *file);
