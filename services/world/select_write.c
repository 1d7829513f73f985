/* The JSON of a selection. */
#include "render.h"
#include "select.h"

#include <stdio.h>
#include <string.h>

static bool is_own_name(const struct field *field)
{
    return strcmp(field_tail(field), "resource_name") == 0;
}

static void write_own_name(const struct row *row, enum resource_kind kind,
                           struct json_writer *writer)
{
    char name[64];
    int length = snprintf(name, sizeof name, "%s.resource_name", schema_resources[kind].name);
    render_field(writer, schema_field(name, (size_t)length), row);
}

static bool has_resource(const struct row *row, enum resource_kind kind)
{
    const void *const resources[RESOURCE_KINDS] = {
        [RESOURCE_CUSTOMER] = row->account,       [RESOURCE_CAMPAIGN] = row->campaign,
        [RESOURCE_CAMPAIGN_BUDGET] = row->budget, [RESOURCE_CHANGE_EVENT] = row->change,
        [RESOURCE_AD_GROUP] = row->ad_group,      [RESOURCE_AD_GROUP_AD] = row->ad,
        [RESOURCE_SEGMENTS] = row->metrics,       [RESOURCE_METRICS] = row->metrics,
    };
    return resources[kind] != NULL;
}

/* How much of a tail is the name of an inner message: 2 of "ad.id". */
static size_t inner_length(const struct field *field)
{
    const char *tail = field_tail(field), *dot = strchr(tail, '.');
    return dot ? (size_t)(dot - tail) : 0;
}

static void write_inner(struct json_writer *writer, const struct gaql *query, size_t first,
                        const struct row *row)
{
    const char *tail = field_tail(query->select[first]);
    size_t length = inner_length(query->select[first]);
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)length, tail);
    writer_camel_key(writer, name);
    writer_open(writer, '{');
    if (strcmp(name, "ad") == 0 && !query->omit_names)
        render_inner_ad_name(writer, row);
    for (size_t i = first; i < query->select_count; i++)
        if (query->select[i]->resource == query->select[first]->resource
            && inner_length(query->select[i]) == length
            && strncmp(field_tail(query->select[i]), tail, length) == 0)
            render_field(writer, query->select[i], row);
    writer_close(writer, '}');
}

/* Is this the first of its inner message's fields? */
static bool opens_inner(const struct gaql *query, size_t index)
{
    size_t length = inner_length(query->select[index]);
    for (size_t i = 0; i < index; i++)
        if (query->select[i]->resource == query->select[index]->resource
            && inner_length(query->select[i]) == length
            && strncmp(field_tail(query->select[i]), field_tail(query->select[index]), length) == 0)
            return false;
    return true;
}

static void write_fields(struct json_writer *writer, const struct gaql *query,
                         const struct row *row, enum resource_kind kind)
{
    for (size_t i = 0; i < query->select_count; i++) {
        const struct field *field = query->select[i];
        if (field->resource != kind || is_own_name(field))
            continue;
        if (inner_length(field) == 0)
            render_field(writer, field, row);
        else if (opens_inner(query, i))
            write_inner(writer, query, i, row);
    }
}

/* One resource of the row with its selected fields; none when the row has no such resource. */
static void write_resource(struct json_writer *writer, const struct gaql *query,
                           const struct row *row, enum resource_kind kind)
{
    bool selected = false, named = !query->omit_names;
    for (size_t i = 0; i < query->select_count; i++) {
        selected |= query->select[i]->resource == kind;
        named |= query->select[i]->resource == kind && is_own_name(query->select[i]);
    }
    if (!selected || !has_resource(row, kind))
        return;
    writer_camel_key(writer, schema_resources[kind].name);
    writer_open(writer, '{');
    if (named && schema_resources[kind].collection)
        write_own_name(row, kind, writer);
    write_fields(writer, query, row, kind);
    writer_close(writer, '}');
}

void select_write_summary(struct json_writer *writer, const struct gaql *query,
                          const struct selection *selection)
{
    struct metrics sum = {0};
    for (size_t i = 0; i < selection->count; i++)
        if (selection->rows[i].metrics)
            metrics_add(&sum, selection->rows[i].metrics);
    metrics_derive(&sum);
    writer_open(writer, '{');
    write_resource(writer, query, &(struct row){.metrics = &sum}, RESOURCE_METRICS);
    writer_close(writer, '}');
}

void select_write_rows(struct json_writer *writer, const struct gaql *query,
                       const struct selection *selection, size_t first, size_t count)
{
    writer_open(writer, '[');
    for (size_t i = first; i < first + count && i < selection->count; i++) {
        writer_open(writer, '{');
        for (int kind = 0; kind < RESOURCE_KINDS; kind++)
            write_resource(writer, query, &selection->rows[i], (enum resource_kind)kind);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

void select_write_mask(struct json_writer *writer, const struct gaql *query)
{
    struct buffer text = {0};
    for (size_t i = 0; i < query->select_count; i++) {
        if (i > 0)
            buffer_add(&text, ",", 1);
        buffer_add_camel(&text, query->select[i]->name);
    }
    writer_text(writer, (const char *)text.data);
    buffer_done(&text);
}
