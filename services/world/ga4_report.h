/* ga4_report: one RunReportRequest: read, run over the market, written.
 *
 * Pure. Cells are (range, day, source); a row is what cells have in common in the asked
 * dimensions. */
#pragma once

#include "ga4_filter.h"
#include "json_writer.h"
#include "stage.h"

enum {
    GA4_DIMENSIONS_MAX = 9,
    GA4_METRICS_MAX = 10,
    GA4_RANGES_MAX = 4,
    GA4_ORDERS_MAX = 8,
    GA4_LIMIT_MAX = 250000,
    GA4_LIMIT_USUAL = 10000,
};

struct ga4_range {
    int64_t first, last; /* days since 1970-01-01 */
    const char *name;
};

struct ga4_order {
    int dimension, metric; /* places in the request; -1: the other one */
    int how;               /* of dimensions: 1 bytes, 2 without case, 3 as numbers */
    bool descending;
};

struct ga4_report {
    const struct ga4_dimension *dimension[GA4_DIMENSIONS_MAX + 1]; /* dateRange may join */
    size_t dimension_count;
    const struct ga4_metric *metric[GA4_METRICS_MAX];
    size_t metric_count;
    struct ga4_range range[GA4_RANGES_MAX];
    size_t range_count;
    struct ga4_filter *cells, *rows;
    struct ga4_order order[GA4_ORDERS_MAX];
    size_t order_count;
    int64_t offset, limit;
    bool keep_empty, quota;
};

/* Release with ga4_report_done, also after a failure. */
bool ga4_report_read(const json_t *body, int64_t today, struct arena *arena,
                     struct ga4_report *ret_report, struct err *err) MUST_CHECK;
void ga4_report_done(struct ga4_report *report);

/* Members of a RunReportResponse, without braces. No stage: no rows. Returns the rows written. */
size_t ga4_report_run(const struct ga4_report *report, const struct stage *stage,
                      struct arena *arena, struct json_writer *writer);
