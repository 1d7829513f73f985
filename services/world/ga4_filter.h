/* ga4_filter: GA4's filter expressions: read once, then asked of every row.
 *
 * Of dimensions before rows are made, of metrics after. */
#pragma once

#include "ga4_schema.h"

#include <jansson.h>

enum { GA4_FILTER_DEPTH_MAX = 8, GA4_FILTER_VALUES_MAX = 1000 };

struct ga4_filter;

/* What a row answers: a dimension's text, or a metric's number. */
struct ga4_subject {
    const struct ga4_cell *cell;            /* when filtering by dimensions */
    const struct market_ga4_counts *counts; /* when filtering by metrics */
    struct arena *arena;
};

/* Absent JSON is no filter: *ret_filter is NULL. */
bool ga4_filter_read(const json_t *json, bool metrics, struct arena *arena,
                     struct ga4_filter **ret_filter, struct err *err) MUST_CHECK;
void ga4_filter_done(struct ga4_filter *filter); /* its regular expressions */
bool ga4_filter_fits(const struct ga4_filter *filter, const struct ga4_subject *subject);
