#include "fact.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct fact fact_of(const struct report *report, const struct report_row *row)
{
    struct fact fact = {.row = *row, .setting = report->setting, .currency = report->currency};
    switch (report->level) {
    case REPORT_ORDERS: /* no facts: bought.h */
    case REPORT_CAMPAIGNS:
        fact.row.ad_group = fact.row.ad = "";
        break;
    case REPORT_ADS:
        fact.row.campaign_name = fact.row.type = "";
        break;
    case REPORT_SESSIONS:
        fact.setting = fact.row.campaign_name = fact.row.type = fact.row.status = "";
        fact.row.ad_group = fact.row.ad = "";
        fact.row.impressions = fact.row.clicks = fact.row.cost_micros = fact.row.view_through = 0;
        fact.row.conversions_on_day = -1;
        return fact;
    }
    fact.row.utm_source = fact.row.utm_medium = "";
    fact.row.sessions = fact.row.users = 0;
    return fact;
}

/* The ads of one ad are one fact, whichever campaign they stand below. */
static int by_key(const void *a, const void *b)
{
    const struct report_row *x = &((const struct fact *)a)->row;
    const struct report_row *y = &((const struct fact *)b)->row;
    int order = (x->day > y->day) - (x->day < y->day);
    if (order == 0)
        order = strcmp(x->utm_source, y->utm_source);
    if (order == 0)
        order = strcmp(x->utm_medium, y->utm_medium);
    if (order == 0)
        order = strcmp(x->ad, y->ad);
    return order;
}

static int by_campaign(const void *a, const void *b)
{
    int order = by_key(a, b);
    return order
        ? order
        : strcmp(((const struct fact *)a)->row.campaign, ((const struct fact *)b)->row.campaign);
}

static bool check(const struct fact *fact, int32_t from, int32_t to, struct err *err)
{
    const struct report_row *row = &fact->row;
    if (row->day < from || row->day > to)
        return err_set(err, ERR_REJECT, "a row of a day that was not asked for");
    if (!isfinite(row->conversions) || !isfinite(row->conversions_on_day))
        return err_set(err, ERR_REJECT, "conversions that are no number");
    return true;
}

bool facts_of(struct arena *arena, const struct report *report, int32_t from, int32_t to,
              struct fact **ret_facts, struct err *err)
{
    size_t count = report->row_count;
    assert(report->level != REPORT_ORDERS);
    struct fact *facts = arena_array(arena, count, sizeof *facts);
    int (*order)(const void *, const void *) = report->level == REPORT_ADS ? by_key : by_campaign;
    for (size_t i = 0; i < count; i++) {
        facts[i] = fact_of(report, &report->rows[i]);
        if (!check(&facts[i], from, to, err))
            return false;
    }
    qsort(facts, count, sizeof *facts, order);
    for (size_t i = 1; i < count; i++)
        if (order(&facts[i - 1], &facts[i]) == 0)
            return err_set(err, ERR_REJECT, "campaign %s%s%s comes twice on a day",
                           facts[i].row.campaign, *facts[i].row.ad ? ", ad " : "", facts[i].row.ad);
    *ret_facts = facts;
    return true;
}

static bool same_texts(const struct report_row *a, const struct report_row *b)
{
    return strcmp(a->campaign, b->campaign) == 0 && strcmp(a->campaign_name, b->campaign_name) == 0
        && strcmp(a->type, b->type) == 0 && strcmp(a->status, b->status) == 0
        && strcmp(a->ad_group, b->ad_group) == 0 && strcmp(a->ad, b->ad) == 0
        && strcmp(a->utm_source, b->utm_source) == 0 && strcmp(a->utm_medium, b->utm_medium) == 0;
}

static bool same_numbers(const struct report_row *a, const struct report_row *b)
{
    return a->day == b->day && a->impressions == b->impressions && a->clicks == b->clicks
        && a->cost_micros == b->cost_micros && a->sessions == b->sessions && a->users == b->users
        && a->conversions == b->conversions && a->conversions_on_day == b->conversions_on_day
        && a->value_micros == b->value_micros && a->view_through == b->view_through;
}

bool fact_same(const struct fact *a, const struct fact *b)
{
    return same_numbers(&a->row, &b->row) && same_texts(&a->row, &b->row)
        && strcmp(a->setting, b->setting) == 0 && strcmp(a->currency, b->currency) == 0;
}

size_t facts_new(struct arena *arena, struct fact facts[], size_t count, const struct known known[],
                 size_t known_count)
{
    bool *stands = arena_array(arena, count, sizeof *stands);
    size_t fresh = 0;
    for (size_t i = 0; i < known_count; i++) {
        assert(known[i].n < count);
        stands[known[i].n] = fact_same(&facts[known[i].n], &known[i].fact);
    }
    for (size_t i = 0; i < count; i++)
        if (!stands[i])
            facts[fresh++] = facts[i];
    return fresh;
}
