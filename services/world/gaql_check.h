/* gaql_check: what a query as a whole has to keep to. */
#pragma once

#include "gaql.h"

/* The change history is only given for a stretch of the last 30 days, and not whole. */
bool gaql_check_change_event(const struct gaql *query, const struct gaql_context *context,
                             struct failure *failure) MUST_CHECK;
/* Segments and metrics: which may stand where, and that a report by day says which days. Sets the
 * query's report. */
bool gaql_check_report(struct gaql *query, const struct gaql_context *context,
                       struct failure *failure) MUST_CHECK;
