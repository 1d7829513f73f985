/* select: the rows a query asks for, and their JSON.
 *
 * Pure. A condition that names ids or resource names is answered by lookups, a date range of the
 * change history by bisection; only other conditions look at every candidate. */
#pragma once

#include "faults.h"
#include "gaql.h"
#include "stage.h"

struct select_source {
    const struct account *account;
    const struct stage *stage;    /* NULL: nothing is delivered */
    const struct faults *faults;  /* NULL: none */
    int64_t visible_until_micros; /* later changes are not shown yet */
};

struct selection {
    const struct row *rows;
    size_t count;
};

struct selection select_rows(const struct select_source *source, const struct gaql *query,
                             struct arena *arena);
/* {"metrics":{...}}: the selected metrics over all rows. */
void select_write_summary(struct json_writer *writer, const struct gaql *query,
                          const struct selection *selection);

/* Rows first..first+count-1 as the value of "results". */
void select_write_rows(struct json_writer *writer, const struct gaql *query,
                       const struct selection *selection, size_t first, size_t count);
/* "campaign.id,campaignBudget.amountMicros" */
void select_write_mask(struct json_writer *writer, const struct gaql *query);
