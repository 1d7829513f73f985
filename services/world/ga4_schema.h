/* ga4_schema: the dimensions and metrics GA4's reports know here; a row each. */
#pragma once

#include "market_counts.h"
#include "mem.h"

#include <stdint.h>

enum ga4_type { GA4_INTEGER, GA4_FLOAT, GA4_CURRENCY };

struct ga4_cell {
    int64_t day; /* days since 1970-01-01 */
    const struct market_ga4_source *source;
    const char *range; /* name of the date range */
};

struct ga4_dimension {
    const char *name;
    bool of_day; /* depends on the day alone */
    /* The cell's value; what is made for it lives in the arena. */
    const char *(*value)(const struct ga4_cell *cell, struct arena *arena);
};

struct ga4_metric {
    const char *name;
    enum ga4_type type;
    double (*value)(const struct market_ga4_counts *counts);
};

extern const struct ga4_dimension ga4_dimensions[]; /* ends with a NULL name */
extern const struct ga4_metric ga4_metrics[];

const struct ga4_dimension *ga4_dimension(const char *name); /* NULL: unknown */
const struct ga4_metric *ga4_metric(const char *name);
const char *ga4_type_name(enum ga4_type type); /* "TYPE_INTEGER" */
