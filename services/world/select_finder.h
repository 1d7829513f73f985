/* select_finder: rows being found; what select.c and select_report.c share. */
#pragma once

#include "match.h"
#include "select.h"

struct finder {
    const struct select_source *source;
    const struct gaql *query;
    struct match *match;
    struct arena *arena;
    const struct gaql_condition *key; /* names the wanted ids, or NULL */
    size_t wanted;                    /* enough, when there is no order */
    size_t visible;                   /* changes before this index */
    struct row *rows;
    size_t count, capacity;
};

void finder_add(struct finder *finder, const struct row *row);
/* The rows of a report about one resource: its days, devices or the sum of them. */
void finder_add_report(struct finder *finder, const struct row *row);
