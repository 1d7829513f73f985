#include "gaql_check.h"

#include <assert.h>
#include <string.h>

enum { change_limit_max = 10000, change_days_max = 30 };

/* The bounds the conditions on one field put on it; a half-open DURING is told as days or times
 * that are in it. */
static void bounds_of(const struct gaql *query, const struct field *field, int64_t *ret_low,
                      int64_t *ret_high)
{
    for (size_t i = 0; i < query->where_count; i++) {
        const struct gaql_condition *condition = &query->where[i];
        if (condition->field != field)
            continue;
        enum gaql_operator relation = condition->relation;
        size_t last = condition->value_count ? condition->value_count - 1 : 0;
        bool listed = relation == GAQL_BETWEEN || relation == GAQL_DURING || relation == GAQL_IN
            || relation == GAQL_EQUAL;
        bool low = listed || relation == GAQL_GREATER || relation == GAQL_NOT_LESS;
        bool high = listed || relation == GAQL_LESS || relation == GAQL_NOT_GREATER;
        int64_t beyond = relation == GAQL_DURING || relation == GAQL_LESS;
        if (low && condition->values[0].number > *ret_low)
            *ret_low = condition->values[0].number + (relation == GAQL_GREATER);
        if (high && condition->values[last].number - beyond < *ret_high)
            *ret_high = condition->values[last].number - beyond;
    }
}

bool gaql_check_change_event(const struct gaql *query, const struct gaql_context *context,
                             struct failure *failure)
{
    assert(query->from);
    if (query->from->kind != RESOURCE_CHANGE_EVENT)
        return true;
    int64_t low = INT64_MIN, high = INT64_MAX;
    const char *name = "change_event.change_date_time";
    bounds_of(query, schema_field(name, strlen(name)), &low, &high);
    int64_t today = zone_day(context->zone, context->now_micros);
    const char *code = NULL;
    if (low == INT64_MIN || high == INT64_MAX)
        code = "CHANGE_DATE_RANGE_INFINITE";
    else if (low > high)
        code = "CHANGE_DATE_RANGE_NEGATIVE";
    else if (low < zone_day_start(context->zone, today - change_days_max))
        code = "START_DATE_TOO_OLD";
    else if (query->limit == 0)
        code = "LIMIT_NOT_SPECIFIED";
    else if (query->limit > change_limit_max)
        code = "INVALID_LIMIT_CLAUSE";
    return !code
        || failure_set(failure, "changeEventError", code,
                       "A query of change_event needs a finite date range within the last %d days "
                       "and a limit of at most %d.",
                       change_days_max, change_limit_max);
}

static bool is_selected(const struct gaql *query, const struct field *field)
{
    for (size_t i = 0; i < query->select_count; i++)
        if (query->select[i] == field)
            return true;
    return false;
}

static bool must_select(const struct field *field, struct failure *failure)
{
    return failure_set(failure, "queryError", "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
                       "Error in query: %s must be in the SELECT clause.", field->name);
}

/* Rows are split by the segments of SELECT; only a date may narrow them without that. */
static bool check_references(const struct gaql *query, struct failure *failure)
{
    for (size_t i = 0; i < query->where_count; i++) {
        const struct field *field = query->where[i].field;
        if (field->resource == RESOURCE_SEGMENTS && field->type != FIELD_DATE
            && !is_selected(query, field))
            return must_select(field, failure);
    }
    for (size_t i = 0; i < query->order_count; i++) {
        const struct field *field = query->order[i].field;
        if ((field->resource == RESOURCE_SEGMENTS || field->resource == RESOURCE_METRICS)
            && !is_selected(query, field))
            return must_select(field, failure);
    }
    return true;
}

static void note_field(struct gaql_report *report, const struct field *field, bool selected)
{
    bool segment = field->resource == RESOURCE_SEGMENTS;
    report->asked |= segment || field->resource == RESOURCE_METRICS;
    report->metrics |= field->resource == RESOURCE_METRICS;
    report->by_day |= selected && segment && field->type == FIELD_DATE;
    report->by_device |= selected && segment && field->type == FIELD_ENUM;
}

bool gaql_check_report(struct gaql *query, const struct gaql_context *context,
                       struct failure *failure)
{
    struct gaql_report *report = &query->report;
    for (size_t i = 0; i < query->select_count; i++)
        note_field(report, query->select[i], true);
    for (size_t i = 0; i < query->where_count; i++)
        note_field(report, query->where[i].field, false);
    for (size_t i = 0; i < query->order_count; i++)
        note_field(report, query->order[i].field, false);
    if (!report->asked)
        return true;
    if (report->metrics && context->manager)
        return failure_set(failure, "queryError", "REQUESTED_METRICS_FOR_MANAGER",
                           "Metrics cannot be requested for a manager account.");
    if (!check_references(query, failure))
        return false;
    report->first_day = INT64_MIN;
    report->last_day = INT64_MAX;
    bounds_of(query, schema_field("segments.date", 13), &report->first_day, &report->last_day);
    bool finite = report->first_day != INT64_MIN && report->last_day != INT64_MAX;
    bool open = report->first_day == INT64_MIN && report->last_day == INT64_MAX;
    return finite || (open && !report->by_day)
        || failure_set(failure, "queryError", "EXPECTED_FILTERS_ON_DATE_RANGE",
                       "Error in query: a finite date range is required in the WHERE clause.");
}
