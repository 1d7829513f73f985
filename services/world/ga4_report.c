#include "ga4_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ga4_row {
    const char *value[GA4_DIMENSIONS_MAX + 1];
    struct market_ga4_counts counts;
};

struct run {
    const struct ga4_report *report;
    const struct stage *stage;
    struct arena *arena;
    struct market_ga4_source *sources;
    size_t source_count;
    struct ga4_row *rows;
    size_t count, capacity;
};

static void add_row(struct run *run, const struct ga4_row *row)
{
    if (run->count == run->capacity) {
        run->capacity = run->capacity ? run->capacity * 2 : 256;
        run->rows = mem_grow(run->rows, run->capacity, sizeof *run->rows);
    }
    run->rows[run->count++] = *row;
}

/* The cells of one day; what depends on the day alone is made once. */
static void add_day(struct run *run, struct ga4_cell *cell, const struct market_ga4_counts *counts)
{
    const struct ga4_report *report = run->report;
    struct ga4_row row = {0};
    for (size_t i = 0; i < report->dimension_count; i++)
        if (report->dimension[i]->of_day)
            row.value[i] = report->dimension[i]->value(cell, run->arena);
    for (size_t source = 0; source < run->source_count; source++) {
        cell->source = &run->sources[source];
        struct ga4_subject subject = {.cell = cell, .arena = run->arena};
        if (!ga4_filter_fits(report->cells, &subject))
            continue;
        for (size_t i = 0; i < report->dimension_count; i++)
            if (!report->dimension[i]->of_day)
                row.value[i] = report->dimension[i]->value(cell, run->arena);
        row.counts = counts[source];
        add_row(run, &row);
    }
}

static void add_range(struct run *run, const struct ga4_range *range)
{
    const struct stage *stage = run->stage;
    int64_t first = range->first, last = range->last, today = stage_today(stage);
    if (first < stage->start_day)
        first = stage->start_day;
    if (last > today)
        last = today;
    if (first > last)
        return;
    size_t days = (size_t)(last - first + 1);
    struct market_ga4_counts *counts = mem_array(days * run->source_count, sizeof *counts);
    market_ga4_days(stage->market, (int)(first - stage->start_day), (int)(last - stage->start_day),
                    market_now(stage->market), counts);
    for (size_t i = 0; i < days; i++) {
        struct ga4_cell cell = {.day = first + (int64_t)i, .range = range->name};
        add_day(run, &cell, &counts[i * run->source_count]);
    }
    mem_free(counts);
}

static int by_dimensions(const void *a, const void *b, void *context)
{
    const struct ga4_report *report = context;
    const struct ga4_row *x = a, *y = b;
    for (size_t i = 0; i < report->dimension_count; i++) {
        int order = x->value[i] == y->value[i] ? 0 : strcmp(x->value[i], y->value[i]);
        if (order != 0)
            return order;
    }
    return 0;
}

/* Cells of the same dimensions become one row. */
static void merge(struct run *run)
{
    size_t kept = 0;
    if (run->count > 1)
        qsort_r(run->rows, run->count, sizeof *run->rows, by_dimensions, (void *)run->report);
    for (size_t i = 0; i < run->count; i++) {
        struct market_ga4_counts *into = &run->rows[kept ? kept - 1 : 0].counts;
        const struct market_ga4_counts *from = &run->rows[i].counts;
        if (kept == 0 || by_dimensions(&run->rows[kept - 1], &run->rows[i], (void *)run->report)) {
            run->rows[kept++] = run->rows[i];
            continue;
        }
        into->sessions += from->sessions;
        into->users += from->users;
        into->key_events += from->key_events;
        into->value_micros += from->value_micros;
    }
    run->count = kept;
}

static bool is_wanted(const struct run *run, const struct ga4_row *row)
{
    const struct ga4_report *report = run->report;
    struct ga4_subject subject = {.counts = &row->counts, .arena = run->arena};
    bool empty = row->counts.sessions == 0 && row->counts.users == 0 && row->counts.key_events == 0;
    return (!empty || report->keep_empty) && ga4_filter_fits(report->rows, &subject);
}

static void drop_unwanted(struct run *run)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->count; i++)
        if (is_wanted(run, &run->rows[i]))
            run->rows[kept++] = run->rows[i];
    run->count = kept;
}

static int compare(const struct ga4_report *report, const struct ga4_order *order,
                   const struct ga4_row *x, const struct ga4_row *y)
{
    double left, right;
    if (order->dimension >= 0 && order->how == 1)
        return strcmp(x->value[order->dimension], y->value[order->dimension]);
    if (order->dimension >= 0 && order->how == 2)
        return strcasecmp(x->value[order->dimension], y->value[order->dimension]);
    if (order->dimension >= 0) {
        left = strtod(x->value[order->dimension], NULL);
        right = strtod(y->value[order->dimension], NULL);
    } else {
        left = report->metric[order->metric]->value(&x->counts);
        right = report->metric[order->metric]->value(&y->counts);
    }
    return (left > right) - (left < right);
}

static int by_orders(const void *a, const void *b, void *context)
{
    const struct ga4_report *report = context;
    for (size_t i = 0; i < report->order_count; i++) {
        int order = compare(report, &report->order[i], a, b);
        if (order != 0)
            return report->order[i].descending ? -order : order;
    }
    return by_dimensions(a, b, context);
}

static void write_headers(const struct ga4_report *report, struct json_writer *writer)
{
    writer_key(writer, "dimensionHeaders");
    writer_open(writer, '[');
    for (size_t i = 0; i < report->dimension_count; i++) {
        writer_open(writer, '{');
        writer_key(writer, "name");
        writer_text(writer, report->dimension[i]->name);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
    writer_key(writer, "metricHeaders");
    writer_open(writer, '[');
    for (size_t i = 0; i < report->metric_count; i++) {
        writer_open(writer, '{');
        writer_key(writer, "name");
        writer_text(writer, report->metric[i]->name);
        writer_key(writer, "type");
        writer_text(writer, ga4_type_name(report->metric[i]->type));
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void write_value(struct json_writer *writer, const char *text)
{
    writer_open(writer, '{');
    writer_key(writer, "value");
    writer_text(writer, text);
    writer_close(writer, '}');
}

static void write_row(const struct ga4_report *report, const struct ga4_row *row,
                      struct json_writer *writer)
{
    char text[40];
    writer_open(writer, '{');
    writer_key(writer, "dimensionValues");
    writer_open(writer, '[');
    for (size_t i = 0; i < report->dimension_count; i++)
        write_value(writer, row->value[i]);
    writer_close(writer, ']');
    writer_key(writer, "metricValues");
    writer_open(writer, '[');
    for (size_t i = 0; i < report->metric_count; i++) {
        snprintf(text, sizeof text, "%.15g", report->metric[i]->value(&row->counts));
        write_value(writer, text);
    }
    writer_close(writer, ']');
    writer_close(writer, '}');
}

/* No rows: neither "rows" nor "rowCount". */
static size_t write_rows(const struct run *run, struct json_writer *writer)
{
    const struct ga4_report *report = run->report;
    size_t first = (size_t)report->offset < run->count ? (size_t)report->offset : run->count;
    size_t end =
        run->count - first < (size_t)report->limit ? run->count : first + (size_t)report->limit;
    if (first < end) {
        writer_key(writer, "rows");
        writer_open(writer, '[');
        for (size_t i = first; i < end; i++)
            write_row(report, &run->rows[i], writer);
        writer_close(writer, ']');
    }
    if (run->count) {
        writer_key(writer, "rowCount");
        writer_number(writer, (int64_t)run->count);
    }
    return end - first;
}

static void read_sources(struct run *run)
{
    run->source_count = (size_t)market_ga4_sources(run->stage->market);
    run->sources = arena_array(run->arena, run->source_count, sizeof *run->sources);
    for (size_t i = 0; i < run->source_count; i++)
        run->sources[i] = market_ga4_source(run->stage->market, (int)i);
}

size_t ga4_report_run(const struct ga4_report *report, const struct stage *stage,
                      struct arena *arena, struct json_writer *writer)
{
    struct run run = {.report = report, .stage = stage, .arena = arena};
    write_headers(report, writer);
    if (stage) {
        read_sources(&run);
        for (size_t i = 0; i < report->range_count; i++)
            add_range(&run, &report->range[i]);
    }
    merge(&run);
    drop_unwanted(&run);
    if (report->order_count && run.count > 1)
        qsort_r(run.rows, run.count, sizeof *run.rows, by_orders, (void *)report);
    size_t written = write_rows(&run, writer);
    mem_free(run.rows);
    return written;
}
