#include "select.h"

#include "render.h"
#include "select_finder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool finder_full(const struct finder *finder)
{
    return finder->count >= finder->wanted;
}

void finder_add(struct finder *finder, const struct row *row)
{
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

/* Adds the row, or its report, if it matches. */
static void consider(struct finder *finder, const struct row *row)
{
    if (finder->query->report.asked)
        finder_add_report(finder, row);
    else if (match_row(finder->match, row, finder->key))
        finder_add(finder, row);
}

static void consider_budget(struct finder *finder, const struct budget *budget)
{
    const struct account *account = finder->source->account;
    if (budget)
        consider(finder, &(struct row){.account = account, .budget = budget});
}

static void consider_campaign(struct finder *finder, const struct campaign *campaign)
{
    const struct account *account = finder->source->account;
    if (campaign)
        consider(finder,
                 &(struct row){
                     .account = account,
                     .campaign = campaign,
                     .budget = account_budget(account, campaign->budget_id),
                 });
}

static void consider_change(struct finder *finder, size_t index)
{
    const struct account *account = finder->source->account;
    const struct change *change = &account->changes[index];
    consider(finder,
             &(struct row){
                 .account = account,
                 .change = change,
                 .campaign = account_campaign(account, change->campaign_id),
             });
}

/* An ad group, or one of its ads. */
static void consider_ad_group(struct finder *finder, const struct ad_group *group,
                              const struct ad *ad)
{
    const struct account *account = finder->source->account;
    consider(finder,
             &(struct row){
                 .account = account,
                 .campaign = account_campaign(account, group->campaign_id),
                 .ad_group = group,
                 .ad = ad,
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
    const struct account *account = finder->source->account;
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
    const struct account *account = finder->source->account;
    const struct gaql_condition *key = finder->key;
    for (size_t i = 0; key && i < key->value_count; i++)
        if (i == 0 || key->values[i].number != key->values[i - 1].number)
            consider_campaign(finder, account_campaign(account, key_id(key, i, RESOURCE_CAMPAIGN)));
    for (size_t i = 0; !key && i < account->campaign_count && !finder_full(finder); i++)
        consider_campaign(finder, &account->campaigns[i]);
}

static void find_ad_groups(struct finder *finder)
{
    const struct account *account = finder->source->account;
    for (size_t i = 0; i < account->ad_group_count && !finder_full(finder); i++)
        consider_ad_group(finder, &account->ad_groups[i], NULL);
}

static void find_ads(struct finder *finder)
{
    const struct account *account = finder->source->account;
    for (size_t i = 0; i < account->ad_count && !finder_full(finder); i++)
        consider_ad_group(finder, account_ad_group(account, account->ads[i].ad_group_id),
                          &account->ads[i]);
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
    const struct account *account = finder->source->account;
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
    if (x->real < y->real || x->real > y->real)
        return x->real < y->real ? -1 : 1;
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

static void find_all(struct finder *finder)
{
    switch (finder->query->from->kind) {
    case RESOURCE_CUSTOMER:
        consider(finder, &(struct row){.account = finder->source->account});
        break;
    case RESOURCE_CAMPAIGN:
        find_campaigns(finder);
        break;
    case RESOURCE_CAMPAIGN_BUDGET:
        find_budgets(finder);
        break;
    case RESOURCE_CHANGE_EVENT:
        find_changes(finder);
        break;
    case RESOURCE_AD_GROUP:
        find_ad_groups(finder);
        break;
    case RESOURCE_AD_GROUP_AD:
        find_ads(finder);
        break;
    case RESOURCE_SEGMENTS:
    case RESOURCE_METRICS:
    case RESOURCE_KINDS:
        break;
    }
}

/* Only these are found by their ids. */
static bool has_lookup(enum resource_kind kind)
{
    return kind == RESOURCE_CAMPAIGN || kind == RESOURCE_CAMPAIGN_BUDGET
        || kind == RESOURCE_CHANGE_EVENT;
}

struct selection select_rows(const struct select_source *source, const struct gaql *query,
                             struct arena *arena)
{
    struct match match;
    bool sorting = needs_sorting(query);
    match_open(&match, query);
    struct finder finder = {
        .source = source,
        .query = query,
        .match = &match,
        .arena = arena,
        .key = has_lookup(query->from->kind) ? key_condition(query) : NULL,
        .wanted = query->limit && !sorting ? (size_t)query->limit : SIZE_MAX,
        .visible = account_changes_from(source->account, source->visible_until_micros + 1),
    };
    find_all(&finder);
    match_close(&match);
    if (sorting && finder.count > 1)
        qsort_r(finder.rows, finder.count, sizeof *finder.rows, by_order, (void *)query);
    if (query->limit && finder.count > (size_t)query->limit)
        finder.count = (size_t)query->limit;
    return (struct selection){finder.rows, finder.count};
}
