/* Reports: a resource's numbers, day by day or summed, split as the query's segments say.
 *
 * A condition is looked at once, where what it is about is known: of the resource, of the day, of
 * the numbers. */
#include "select_finder.h"

#include <math.h>

static bool is_metric(const struct field *field)
{
    return field->resource == RESOURCE_METRICS;
}

static bool is_day(const struct field *field)
{
    return field->resource == RESOURCE_SEGMENTS && field->type == FIELD_DATE;
}

static bool is_device(const struct field *field)
{
    return field->resource == RESOURCE_SEGMENTS && field->type == FIELD_ENUM;
}

static bool is_of_resource(const struct field *field)
{
    return field->resource != RESOURCE_METRICS && field->resource != RESOURCE_SEGMENTS;
}

/* Days of one resource; NULL: there are none. */
struct span {
    int64_t first, last;
    struct metrics *days;
};

static struct span open_span(const struct finder *finder)
{
    const struct gaql_report *report = &finder->query->report;
    const struct stage *stage = finder->source->stage;
    struct span span = {.first = report->first_day, .last = report->last_day};
    if (!stage)
        return (struct span){.last = -1};
    if (span.first < stage->start_day)
        span.first = stage->start_day;
    if (span.last > stage_today(stage))
        span.last = stage_today(stage);
    if (span.first <= span.last)
        span.days = mem_array((size_t)(span.last - span.first + 1), sizeof *span.days);
    return span;
}

static double whole(double value)
{
    return floor(value * 0.9);
}

/* A day that will be restated: the platform has yet to count a tenth of it. */
static void hold_back(struct metrics *day)
{
    day->impressions -= day->impressions / 10;
    day->clicks -= day->clicks / 10;
    day->interactions -= day->interactions / 10;
    day->cost_micros -= day->cost_micros / 10;
    day->conversions = whole(day->conversions);
    day->conversions_value = whole(day->conversions_value);
    day->conversions_on_day = whole(day->conversions_on_day);
    day->value_on_day = whole(day->value_on_day);
}

/* Adds what a campaign (no ad) or one of its ads delivered. A campaign's day is held back with its
 * ads', so that they stay each other's sum. */
static void add_item(const struct finder *finder, const struct campaign *campaign,
                     const struct ad *ad, const struct span *span)
{
    const struct select_source *source = finder->source;
    size_t count = (size_t)(span->last - span->first + 1);
    struct metrics *days = mem_array(count, sizeof *days);
    if (ad)
        stage_read_ad(source->stage, campaign, ad, span->first, span->last, days);
    else
        stage_read_campaign(source->stage, campaign, span->first, span->last, days);
    for (size_t i = 0; i < count; i++) {
        if (source->faults
            && faults_restates(source->faults, campaign->id, span->first + (int64_t)i))
            hold_back(&days[i]);
        metrics_add(&span->days[i], &days[i]);
    }
    mem_free(days);
}

/* An ad group has all that its campaign delivers; a customer what all of them do. */
static void read_span(const struct finder *finder, const struct row *row, const struct span *span)
{
    const struct account *account = finder->source->account;
    if (row->campaign)
        add_item(finder, row->campaign, row->ad, span);
    for (size_t i = 0; !row->campaign && i < account->campaign_count; i++)
        add_item(finder, &account->campaigns[i], NULL, span);
}

static bool is_zero(const struct gaql *query, const struct row *row)
{
    struct value value = {0};
    for (size_t i = 0; i < query->select_count; i++) {
        if (query->select[i]->resource != RESOURCE_METRICS)
            continue;
        if (field_value(query->select[i], row, &value) && (value.number != 0 || value.real > 0))
            return false;
    }
    return query->report.metrics || row->metrics->impressions == 0;
}

/* One row of the result, unless a condition or the rule about zeros is against it. */
static void add_row(struct finder *finder, const struct row *row, struct metrics *metrics)
{
    const struct gaql *query = finder->query;
    struct row full = *row;
    bool split = query->report.by_day || query->report.by_device;
    metrics_derive(metrics);
    full.metrics = metrics;
    if ((split && is_zero(query, &full)) || !match_part(finder->match, &full, is_metric))
        return;
    struct metrics *kept = arena_new_bytes(finder->arena, sizeof *kept);
    *kept = *metrics;
    full.metrics = kept;
    finder_add(finder, &full);
}

/* Whole, or a row a device. */
static void add_split(struct finder *finder, struct row *row, const struct metrics *metrics)
{
    struct metrics part = *metrics;
    if (!finder->query->report.by_device) {
        add_row(finder, row, &part);
        return;
    }
    for (int device = DEVICE_MOBILE; device <= DEVICE_DESKTOP; device++) {
        row->segments.device = device;
        if (!match_part(finder->match, row, is_device))
            continue;
        part = metrics_of_device(metrics, device);
        add_row(finder, row, &part);
    }
}

static void add_days(struct finder *finder, struct row *row, const struct span *span)
{
    struct metrics sum = {0};
    for (int64_t day = span->first; span->days && day <= span->last; day++) {
        const struct metrics *metrics = &span->days[day - span->first];
        row->segments.day = day;
        if (!match_part(finder->match, row, is_day))
            continue;
        if (finder->query->report.by_day)
            add_split(finder, row, metrics);
        else
            metrics_add(&sum, metrics);
    }
    if (!finder->query->report.by_day)
        add_split(finder, row, &sum);
}

void finder_add_report(struct finder *finder, const struct row *row)
{
    struct row split = *row;
    if (!match_part(finder->match, row, is_of_resource))
        return;
    struct span span = open_span(finder);
    if (span.days)
        read_span(finder, row, &span);
    add_days(finder, &split, &span);
    mem_free(span.days);
}
