#include "render.h"

#include <stdio.h>
#include <string.h>

enum { second_length = sizeof "2026-11-21 14:03:05" - 1 };
static const int64_t day_micros = INT64_C(24) * 3600 * 1000000;

static const struct field *settable_field(enum resource_kind kind, size_t bit)
{
    char name[96];
    int length = snprintf(name, sizeof name, "%s.%s", schema_resources[kind].name,
                          schema_settables(kind)[bit].name);
    return schema_field(name, (size_t)length);
}

void render_name(struct json_writer *writer, int64_t customer_id, enum resource_kind kind,
                 int64_t id)
{
    char name[RESOURCE_NAME_TEXT];
    resource_name(customer_id, kind, id, name);
    writer_key(writer, "resourceName");
    writer_text(writer, name);
}

void render_settables(struct json_writer *writer, enum resource_kind kind, uint32_t mask,
                      const struct row *row)
{
    for (size_t bit = 0; schema_settables(kind)[bit].name; bit++)
        if ((mask >> bit) & 1)
            render_field(writer, settable_field(kind, bit), row);
}

static void render_mask(struct json_writer *writer, enum resource_kind kind, uint32_t mask)
{
    struct buffer text = {0};
    buffer_add_text(&text, "");
    for (size_t bit = 0; schema_settables(kind)[bit].name; bit++) {
        if (!((mask >> bit) & 1))
            continue;
        if (text.length)
            buffer_add(&text, ",", 1);
        buffer_add_camel(&text, schema_settables(kind)[bit].name);
    }
    writer_text(writer, (const char *)text.data);
    buffer_done(&text);
}

/* {"campaignBudget":{"amountMicros":"..."}}: only what changed, and nothing of what was not yet
 * or is no more. */
static void render_changed(struct json_writer *writer, const struct row *row, bool after)
{
    const struct change *change = row->change;
    enum resource_kind kind = (enum resource_kind)change->resource;
    struct row changed = {.account = row->account};
    if (kind == RESOURCE_CAMPAIGN_BUDGET)
        changed.budget = after ? &change->after.budget : &change->before.budget;
    else
        changed.campaign = after ? &change->after.campaign : &change->before.campaign;
    writer_open(writer, '{');
    if (change->operation != (after ? CHANGE_REMOVE : CHANGE_CREATE)) {
        writer_camel_key(writer, schema_resources[kind].name);
        writer_open(writer, '{');
        render_settables(writer, kind, change->changed, &changed);
        writer_close(writer, '}');
    }
    writer_close(writer, '}');
}

static void render_change_name(struct json_writer *writer, const struct row *row)
{
    char name[RESOURCE_NAME_TEXT];
    snprintf(name, sizeof name, "customers/%lld/changeEvents/%lld~0~%lld",
             (long long)row->account->customer.id, (long long)row->change->time_micros,
             (long long)row->change->operation_index);
    writer_text(writer, name);
}

/* customers/1/adGroupAds/3~44 */
static void render_ad_name(struct json_writer *writer, const struct row *row)
{
    char name[RESOURCE_NAME_TEXT];
    snprintf(name, sizeof name, "customers/%lld/adGroupAds/%lld~%lld",
             (long long)row->account->customer.id, (long long)row->ad->ad_group_id,
             (long long)row->ad->id);
    writer_text(writer, name);
}

void render_inner_ad_name(struct json_writer *writer, const struct row *row)
{
    char name[RESOURCE_NAME_TEXT];
    snprintf(name, sizeof name, "customers/%lld/ads/%lld", (long long)row->account->customer.id,
             (long long)row->ad->id);
    writer_key(writer, "resourceName");
    writer_text(writer, name);
}

static void render_resource_name(struct json_writer *writer, const struct row *row,
                                 enum resource_kind kind, int64_t key)
{
    char name[RESOURCE_NAME_TEXT];
    resource_name(row->account->customer.id, kind, key ^ resource_key(kind, 0), name);
    writer_text(writer, name);
}

static void render_value(struct json_writer *writer, const struct field *field,
                         const struct row *row, const struct value *value)
{
    char text[ZONE_TEXT];
    switch (field->type) {
    case FIELD_INT64:
        writer_int64(writer, value->number);
        break;
    case FIELD_REAL:
        writer_real(writer, value->real);
        break;
    case FIELD_DATE:
        zone_date_text(value->number, text);
        writer_text(writer, text);
        break;
    case FIELD_SECOND:
        zone_text(ZONE_UTC, value->number * day_micros, text);
        text[second_length] = '\0';
        writer_text(writer, text);
        break;
    case FIELD_TEXT:
    case FIELD_ZONE:
        writer_text(writer, value->text);
        break;
    case FIELD_BOOL:
        writer_bool(writer, value->number != 0);
        break;
    case FIELD_ENUM:
        writer_text(writer, enum_name(field->enums, (int)value->number));
        break;
    case FIELD_TIME:
        zone_text(row->account->customer.zone, value->number, text);
        writer_text(writer, text);
        break;
    case FIELD_NAME:
        if (field->target == RESOURCE_CHANGE_EVENT)
            render_change_name(writer, row);
        else if (field->target == RESOURCE_AD_GROUP_AD)
            render_ad_name(writer, row);
        else
            render_resource_name(writer, row, field->target, value->number);
        break;
    case FIELD_CHANGED:
        render_resource_name(writer, row, (enum resource_kind)row->change->resource, value->number);
        break;
    case FIELD_MASK:
        render_mask(writer, (enum resource_kind)row->change->resource, row->change->changed);
        break;
    case FIELD_BEFORE:
    case FIELD_AFTER:
        render_changed(writer, row, field->type == FIELD_AFTER);
        break;
    }
}

void render_field(struct json_writer *writer, const struct field *field, const struct row *row)
{
    struct value value = {0};
    if (!field_value(field, row, &value))
        return;
    const char *part = strchr(field_tail(field), '.');
    writer_camel_key(writer, part ? part + 1 : field_tail(field));
    render_value(writer, field, row, &value);
}
