/* match: does a row fit the conditions of a query? */
#pragma once

#include "gaql.h"
#include "regexp.h"

/* The regular expressions of one query, compiled once. */
struct match {
    const struct gaql *query;
    struct regexp *regexps[GAQL_CONDITIONS_MAX]; /* NULL where the condition has none */
};

void match_open(struct match *match, const struct gaql *query);
void match_close(struct match *match);

/* `skipped`: the condition the candidates were found by, or NULL. */
bool match_row(const struct match *match, const struct row *row,
               const struct gaql_condition *skipped);
/* Only the conditions on these fields. */
bool match_part(const struct match *match, const struct row *row,
                bool (*concerns)(const struct field *field));
/* LIKE: % is any run, _ any byte, [x] that character itself. */
bool match_like(const char *pattern, const char *text);
