/* sources: the SQL files of one schema, as they lie in the tree. */
#pragma once

#include "hash.h"
#include "mem.h"
#include "schemas.h"

enum source_kind {
    SOURCE_MIGRATION, /* once, in the order of their numbers, never changed */
    SOURCE_FUNCTIONS, /* again whenever changed */
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

/* Migrations by number, then functions and api by name. A missing folder is an empty one. */
bool sources_load(struct arena *arena, const char *root, const struct schema *schema,
                  struct sources *ret_sources, struct err *err) MUST_CHECK;
