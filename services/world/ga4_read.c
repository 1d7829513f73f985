/* A RunReportRequest's JSON, as tolerantly as the platform reads it. */
#include "ga4_report.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    const json_t *body;
    int64_t today;
    struct arena *arena;
    struct ga4_report *report;
    struct err *err;
};

static bool read_dimensions(struct reading *reading)
{
    const json_t *list = wire_member(reading->body, "dimensions");
    struct ga4_report *report = reading->report;
    size_t count = json_array_size(list);
    if (count > GA4_DIMENSIONS_MAX)
        return err_set(reading->err, ERR_REJECT, "Requests are limited to %d dimensions.",
                       GA4_DIMENSIONS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(wire_member(json_array_get(list, i), "name"));
        report->dimension[i] = ga4_dimension(name);
        if (!report->dimension[i])
            return err_set(reading->err, ERR_REJECT,
                           "Field %.60s is not a valid dimension. For a list of valid dimensions "
                           "and metrics, see the API's schema.",
                           name ? name : "");
    }
    report->dimension_count = count;
    return true;
}

static bool read_metrics(struct reading *reading)
{
    const json_t *list = wire_member(reading->body, "metrics");
    struct ga4_report *report = reading->report;
    size_t count = json_array_size(list);
    if (count > GA4_METRICS_MAX)
        return err_set(reading->err, ERR_REJECT, "Requests are limited to %d metrics.",
                       GA4_METRICS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(wire_member(json_array_get(list, i), "name"));
        report->metric[i] = ga4_metric(name);
        if (!report->metric[i])
            return err_set(reading->err, ERR_REJECT,
                           "Field %.60s is not a valid metric. For a list of valid dimensions "
                           "and metrics, see the API's schema.",
                           name ? name : "");
    }
    report->metric_count = count;
    return count + report->dimension_count > 0
        || err_set(reading->err, ERR_REJECT,
                   "The request must contain at least one dimension or metric.");
}

/* "today", "yesterday", "28daysAgo" or "2026-11-21". */
static bool read_day(int64_t today, const char *text, int64_t *ret_day)
{
    char *end;
    int64_t unix_micros;
    if (strcmp(text, "today") == 0 || strcmp(text, "yesterday") == 0) {
        *ret_day = today - (text[0] == 'y');
        return true;
    }
    size_t digits = strspn(text, "0123456789");
    if (digits > 0 && digits < 6 && strcmp(text + digits, "daysAgo") == 0) {
        *ret_day = today - strtoll(text, &end, 10);
        return true;
    }
    if (strlen(text) != 10 || !zone_parse(ZONE_UTC, text, &unix_micros))
        return false;
    *ret_day = zone_day(ZONE_UTC, unix_micros);
    return true;
}

static bool read_range(struct reading *reading, const json_t *json, size_t index)
{
    const char *start = json_string_value(wire_member(json, "start_date"));
    const char *end = json_string_value(wire_member(json, "end_date"));
    const char *name = json_string_value(wire_member(json, "name"));
    struct ga4_range *range = &reading->report->range[index];
    if (!start || !end || !read_day(reading->today, start, &range->first)
        || !read_day(reading->today, end, &range->last))
        return err_set(reading->err, ERR_REJECT,
                       "Invalid startDate or endDate: expected YYYY-MM-DD, NdaysAgo, yesterday "
                       "or today.");
    if (range->first > range->last)
        return err_set(reading->err, ERR_REJECT, "startDate %.20s is after endDate %.20s.", start,
                       end);
    range->name = name && *name ? arena_text(reading->arena, name, strlen(name))
                                : arena_format(reading->arena, "date_range_%zu", index);
    return true;
}

/* With several ranges each row says of which it is. */
static void add_range_dimension(struct ga4_report *report)
{
    const struct ga4_dimension *wanted = ga4_dimension("dateRange");
    for (size_t i = 0; i < report->dimension_count; i++)
        if (report->dimension[i] == wanted)
            return;
    report->dimension[report->dimension_count++] = wanted;
}

static bool read_ranges(struct reading *reading)
{
    const json_t *list = wire_member(reading->body, "date_ranges");
    size_t count = json_array_size(list);
    if (count == 0 || count > GA4_RANGES_MAX)
        return err_set(reading->err, ERR_REJECT, "A request needs 1 to %d date ranges.",
                       GA4_RANGES_MAX);
    for (size_t i = 0; i < count; i++)
        if (!read_range(reading, json_array_get(list, i), i))
            return false;
    reading->report->range_count = count;
    if (count > 1)
        add_range_dimension(reading->report);
    return true;
}

static const struct enum_type order_types = {
    "OrderType",
    {{1, "ALPHANUMERIC"}, {2, "CASE_INSENSITIVE_ALPHANUMERIC"}, {3, "NUMERIC"}, {0, NULL}}
};

static bool read_order(struct reading *reading, const json_t *json, struct ga4_order *order)
{
    const struct ga4_report *report = reading->report;
    const json_t *dimension = wire_member(json, "dimension"), *metric = wire_member(json, "metric");
    const json_t *how = wire_member(dimension, "order_type");
    const struct ga4_dimension *by_dimension =
        ga4_dimension(json_string_value(wire_member(dimension, "dimension_name")));
    const struct ga4_metric *by_metric =
        ga4_metric(json_string_value(wire_member(metric, "metric_name")));
    *order = (struct ga4_order){-1, -1, 1, wire_flag(json, "desc")};
    for (size_t i = 0; i < report->dimension_count; i++)
        if (report->dimension[i] == by_dimension)
            order->dimension = (int)i;
    for (size_t i = 0; i < report->metric_count; i++)
        if (report->metric[i] == by_metric)
            order->metric = (int)i;
    if (how && !wire_enum(how, &order_types, &order->how))
        order->how = 1;
    return (dimension ? order->dimension : order->metric) >= 0
        || err_set(reading->err, ERR_REJECT,
                   "OrderBys must be over a dimension or metric of the request.");
}

static bool read_orders(struct reading *reading)
{
    const json_t *list = wire_member(reading->body, "order_bys");
    struct ga4_report *report = reading->report;
    size_t count = json_array_size(list);
    if (count > GA4_ORDERS_MAX)
        return err_set(reading->err, ERR_REJECT, "Too many orderBys.");
    for (size_t i = 0; i < count; i++)
        if (!read_order(reading, json_array_get(list, i), &report->order[i]))
            return false;
    report->order_count = count;
    return true;
}

static bool read_page(struct reading *reading)
{
    const json_t *limit = wire_member(reading->body, "limit");
    const json_t *offset = wire_member(reading->body, "offset");
    struct ga4_report *report = reading->report;
    report->limit = GA4_LIMIT_USUAL;
    report->keep_empty = wire_flag(reading->body, "keep_empty_rows");
    report->quota = wire_flag(reading->body, "return_property_quota");
    if ((limit && !wire_int64(limit, &report->limit))
        || (offset && !wire_int64(offset, &report->offset)) || report->limit < 0
        || report->offset < 0)
        return err_set(reading->err, ERR_REJECT, "Limit and offset must not be negative.");
    if (report->limit == 0) /* as proto3 has it, this is no limit said */
        report->limit = GA4_LIMIT_USUAL;
    if (report->limit > GA4_LIMIT_MAX)
        report->limit = GA4_LIMIT_MAX;
    return true;
}

static bool refuse_unknown(struct reading *reading)
{
    static const char *const others[] = {"metric_aggregations", "cohort_spec", "comparisons",
                                         "currency_code"};
    for (size_t i = 0; i < COUNT(others); i++) {
        const json_t *json = wire_member(reading->body, others[i]);
        if (json_array_size(json) || json_object_size(json)
            || (json_is_string(json) && *json_string_value(json)))
            return err_set(reading->err, ERR_REJECT, "The simulation has no %s.", others[i]);
    }
    return true;
}

bool ga4_report_read(const json_t *body, int64_t today, struct arena *arena,
                     struct ga4_report *ret_report, struct err *err)
{
    *ret_report = (struct ga4_report){0};
    struct reading reading = {body, today, arena, ret_report, err};
    return read_dimensions(&reading) && read_metrics(&reading) && read_ranges(&reading)
        && read_orders(&reading) && read_page(&reading) && refuse_unknown(&reading)
        && ga4_filter_read(wire_member(body, "dimension_filter"), false, arena, &ret_report->cells,
                           err)
        && ga4_filter_read(wire_member(body, "metric_filter"), true, arena, &ret_report->rows, err);
}

void ga4_report_done(struct ga4_report *report)
{
    ga4_filter_done(report->cells);
    ga4_filter_done(report->rows);
}
