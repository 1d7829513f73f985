/* select: the rows a query asks for, and their JSON.
 *
 * Pure. A condition that names ids or resource names is answered by lookups, a date range of the
 * change history by bisection; only other conditions look at every candidate. */
#pragma once

#include "gaql.h"

struct selection {
    const struct row *rows;
    size_t count;
};

/* Changes after visible_until are not shown yet (the platform's own delay). */
struct selection select_rows(const struct account *account, const struct gaql *query,
                             int64_t visible_until_micros, struct arena *arena);

/* Rows first..first+count-1 as the value of "results". */
void select_write_rows(struct json_writer *writer, const struct gaql *query,
                       const struct selection *selection, size_t first, size_t count);
/* "campaign.id,campaignBudget.amountMicros" */
void select_write_mask(struct json_writer *writer, const struct gaql *query);
