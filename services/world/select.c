#include "select.h"

#include "match.h"
#include "render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct finder {
    const struct account *account;
    const struct gaql *query;
    struct match *match;
    struct arena *arena;
    const struct gaql_condition *key; /* names the wanted ids, or NULL */
    size_t wanted;                    /* enough, when there is no order */
    size_t visible;                   /* changes before this index */
    struct row *rows;
    size_t count, capacity;
};

static bool finder_full(const struct finder *finder)
{
    return finder->count >= finder->wanted;
}

/* Adds the row if it matches. */
static void consider(struct finder *finder, const struct row *row)
{
    if (!match_row(finder->match, row, finder->key))
        return;
    if (finder->count == finder->capacity) {
        size_t capacity = finder->capacity ? finder->capacity * 2 : 64;
        struct row *grown = arena_array(finder->arena, capacity, sizeof *grown);
        if (finder->count)
            memcpy(grown, finder->rows, finder->count * sizeof *grown);
        finder->rows = grown;
        finder->capacity = capacity;
    }
    finder->rows[finder->count++] = *row;
}

static void consider_budget(struct finder *finder, const struct budget *budget)
{
    if (budget)
        consider(finder, &(struct row){.account = finder->account, .budget = budget});
}

static void consider_campaign(struct finder *finder, const struct campaign *campaign)
{
    if (campaign)
        consider(finder,
                 &(struct row){
                     .account = finder->account,
                     .campaign = campaign,
                     .budget = account_budget(finder->account, campaign->budget_id),
                 });
}

static void consider_change(struct finder *finder, size_t index)
{
    const struct change *change = &finder->account->changes[index];
    consider(finder,
             &(struct row){
                 .account = finder->account,
                 .change = change,
                 .campaign = account_campaign(finder->account, change->campaign_id),
             });
}

/* "id = 9", "resource_name IN (...)" or "change_resource_name = ..." of the queried resource. */
static const struct gaql_condition *key_condition(const struct gaql *query)
{
    for (size_t i = 0; i < query->where_count; i++) {
        const struct gaql_condition *condition = &query->where[i];
        const struct field *field = condition->field;
        bool names = condition->relation == GAQL_EQUAL || condition->relation == GAQL_IN;
        bool own = field->resource == query->from->kind
            && (strcmp(field_tail(field), "id") == 0
                || strcmp(field_tail(field), "resource_name") == 0 || field->type == FIELD_CHANGED);
        if (names && own)
            return condition;
    }
    return NULL;
}

static int64_t key_id(const struct gaql_condition *key, size_t index, enum resource_kind kind)
{
    int64_t number = key->values[index].number;
    return key->field->type == FIELD_INT64 ? number : number ^ resource_key(kind, 0);
}

static void find_budgets(struct finder *finder)
{
    const struct account *account = finder->account;
    const struct gaql_condition *key = finder->key;
    for (size_t i = 0; key && i < key->value_count; i++)
        if (i == 0 || key->values[i].number != key->values[i - 1].number)
            consider_budget(finder,
                            account_budget(account, key_id(key, i, RESOURCE_CAMPAIGN_BUDGET)));
    for (size_t i = 0; !key && i < account->budget_count && !finder_full(finder); i++)
        consider_budget(finder, &account->budgets[i]);
}

static void find_campaigns(struct finder *finder)
{
    const struct account *account = finder->account;
    const struct gaql_condition *key = finder->key;
    for (size_t i = 0; key && i < key->value_count; i++)
        if (i == 0 || key->values[i].number != key->values[i - 1].number)
            consider_campaign(finder, account_campaign(account, key_id(key, i, RESOURCE_CAMPAIGN)));
    for (size_t i = 0; !key && i < account->campaign_count && !finder_full(finder); i++)
        consider_campaign(finder, &account->campaigns[i]);
}

static int64_t last_change(const struct account *account, int64_t key)
{
    const struct budget *budget =
        account_budget(account, key ^ resource_key(RESOURCE_CAMPAIGN_BUDGET, 0));
    const struct campaign *campaign =
        account_campaign(account, key ^ resource_key(RESOURCE_CAMPAIGN, 0));
    return budget ? budget->last_change : campaign ? campaign->last_change : -1;
}

static int by_change(const void *a, const void *b)
{
    const struct change *x = ((const struct row *)a)->change;
    const struct change *y = ((const struct row *)b)->change;
    return (x > y) - (x < y);
}

/* The earliest time any condition allows. */
static int64_t earliest(const struct gaql *query)
{
    int64_t low = INT64_MIN;
    for (size_t i = 0; i < query->where_count; i++) {
        enum gaql_operator relation = query->where[i].relation;
        bool bounds = relation == GAQL_EQUAL || relation == GAQL_GREATER
            || relation == GAQL_NOT_LESS || relation == GAQL_BETWEEN || relation == GAQL_DURING;
        if (query->where[i].field->type == FIELD_TIME && bounds
            && query->where[i].values[0].number > low)
            low = query->where[i].values[0].number;
    }
    return low;
}

static void find_changes(struct finder *finder)
{
    const struct account *account = finder->account;
    const struct gaql_condition *key = finder->key;
    size_t first = account_changes_from(account, earliest(finder->query));
    if (!key) {
        for (size_t i = first; i < finder->visible && !finder_full(finder); i++)
            consider_change(finder, i);
        return;
    }
    for (size_t i = 0; i < key->value_count; i++) {
        if (i > 0 && key->values[i].number == key->values[i - 1].number)
            continue;
        int64_t at = last_change(account, key->values[i].number);
        for (; at >= (int64_t)first; at = account->changes[at].previous)
            if ((size_t)at < finder->visible)
                consider_change(finder, (size_t)at);
    }
    if (finder->count > 1)
        qsort(finder->rows, finder->count, sizeof *finder->rows, by_change);
}

static int compare_values(const struct value *x, const struct value *y)
{
    if (x->text && y->text)
        return strcmp(x->text, y->text);
    return (x->number > y->number) - (x->number < y->number);
}

static int by_order(const void *a, const void *b, void *context)
{
    const struct gaql *query = context;
    for (size_t i = 0; i < query->order_count; i++) {
        struct value x = {0}, y = {0};
        bool has_x = field_value(query->order[i].field, a, &x);
        bool has_y = field_value(query->order[i].field, b, &y);
        int order = has_x && has_y ? compare_values(&x, &y) : has_x - has_y;
        if (order != 0)
            return query->order[i].descending ? -order : order;
    }
    return 0;
}

/* Changes are found in the order of time, so asking for that order costs nothing. */
static bool needs_sorting(const struct gaql *query)
{
    return query->order_count > 1
        || (query->order_count == 1
            && (query->order[0].field->type != FIELD_TIME || query->order[0].descending));
}

struct selection select_rows(const struct account *account, const struct gaql *query,
                             int64_t visible_until_micros, struct arena *arena)
{
    struct match match;
    bool sorting = needs_sorting(query);
    match_open(&match, query);
    struct finder finder = {
        .account = account,
        .query = query,
        .match = &match,
        .arena = arena,
        .key = key_condition(query),
        .wanted = query->limit && !sorting ? (size_t)query->limit : SIZE_MAX,
        .visible = account_changes_from(account, visible_until_micros + 1),
    };
    if (query->from->kind == RESOURCE_CUSTOMER) {
        finder.key = NULL;
        consider(&finder, &(struct row){.account = account});
    } else if (query->from->kind == RESOURCE_CAMPAIGN) {
        find_campaigns(&finder);
    } else if (query->from->kind == RESOURCE_CAMPAIGN_BUDGET) {
        find_budgets(&finder);
    } else {
        find_changes(&finder);
    }
    match_close(&match);
    if (sorting && finder.count > 1)
        qsort_r(finder.rows, finder.count, sizeof *finder.rows, by_order, (void *)query);
    if (query->limit && finder.count > (size_t)query->limit)
        finder.count = (size_t)query->limit;
    return (struct selection){finder.rows, finder.count};
}

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

/* One resource of the row with its selected fields; none when the row has no such resource. */
static void write_resource(struct json_writer *writer, const struct gaql *query,
                           const struct row *row, enum resource_kind kind)
{
    bool present[RESOURCE_KINDS] = {true, row->campaign != NULL, row->budget != NULL,
                                    row->change != NULL};
    bool selected = false, named = !query->omit_names;
    for (size_t i = 0; i < query->select_count; i++) {
        selected |= query->select[i]->resource == kind;
        named |= query->select[i]->resource == kind && is_own_name(query->select[i]);
    }
    if (!selected || !present[kind])
        return;
    writer_camel_key(writer, schema_resources[kind].name);
    writer_open(writer, '{');
    if (named)
        write_own_name(row, kind, writer);
    for (size_t i = 0; i < query->select_count; i++)
        if (query->select[i]->resource == kind && !is_own_name(query->select[i]))
            render_field(writer, query->select[i], row);
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
