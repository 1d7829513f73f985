/* google_budgets: campaign budgets as searchStream and search give them. */
#include "google.h"

#include <assert.h>
#include <string.h>

enum { name_bytes_max = 1024, token_bytes_max = 1024, rows_max = 1000000 };
static const int64_t micros_max = 1000000000000000000;

static const char fields[] =
    "SELECT customer.currency_code, campaign_budget.resource_name, campaign_budget.name, "
    "campaign_budget.amount_micros, campaign_budget.status, campaign_budget.period, "
    "campaign_budget.explicitly_shared, campaign_budget.reference_count FROM campaign_budget";

const char *google_customer(const char *account)
{
    return account + strlen("google/");
}

bool google_resource_valid(const char *resource)
{
    size_t length = strlen(resource);
    return length > 0 && length <= GOOGLE_RESOURCE_BYTES_MAX
        && strspn(resource, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_~-")
        == length;
}

const char *google_below(struct arena *arena, const char *customer, const char *resource_name)
{
    static const char head[] = "customers/";
    size_t length = strlen(customer);
    if (strncmp(resource_name, head, sizeof head - 1) != 0
        || strncmp(resource_name + sizeof head - 1, customer, length) != 0
        || resource_name[sizeof head - 1 + length] != '/')
        return NULL;
    const char *below = resource_name + sizeof head + length;
    return google_resource_valid(below) ? arena_text(arena, below, strlen(below)) : NULL;
}

struct bytes google_search_body(struct arena *arena, const char *query, const char *page_token)
{
    struct buffer body = {0};
    json_t *json = json_object();
    json_object_set_new(json, "query", json_string(query));
    if (page_token)
        json_object_set_new(json, "pageToken", json_string(page_token));
    json_write(json, &body);
    json_decref(json);
    struct bytes kept =
        bytes_of(arena_text(arena, (const char *)body.data, body.length), body.length);
    buffer_done(&body);
    return kept;
}

void google_ask_budgets(const struct platform_read *read, struct buffer *query)
{
    const char *customer = google_customer(read->account);
    buffer_add_text(query, fields);
    for (size_t i = 0; i < read->resource_count; i++)
        buffer_format(query, "%s'customers/%s/%s'",
                      i ? ", " : " WHERE campaign_budget.resource_name IN (", customer,
                      read->resources[i]);
    if (read->resource_count > 0)
        buffer_add_text(query, ")");
}

static bool is(const json_t *budget, const char *name, const char *wanted)
{
    const char *text = json_string_value(google_member(budget, name));
    return text && strcmp(text, wanted) == 0;
}

static bool set_currency(const json_t *row, struct platform_read *read, struct err *err)
{
    const char *code = NULL;
    if (!json_need_text(google_member(row, "customer"), "currencyCode", 3, &code, err))
        return false;
    if (strlen(code) != 3 || (read->currency[0] && strcmp(read->currency, code) != 0))
        return err_set(err, ERR_REJECT, "currencyCode: not one code of three letters");
    memcpy(read->currency, code, sizeof read->currency);
    return true;
}

/* Google leaves out what is zero, false or empty, and gives a budget over a period no amount a
 * day. */
static bool take_row(struct arena *arena, const json_t *row, struct platform_read *read,
                     struct err *err)
{
    const json_t *json = google_member(row, "campaignBudget");
    const char *resource_name = NULL, *name = "";
    struct platform_budget budget = {
        .enabled = is(json, "status", "ENABLED"),
        .daily = is(json, "period", "DAILY"),
        .shared = json_is_true(google_member(json, "explicitlyShared")),
    };
    if (!set_currency(row, read, err)
        || !json_need_text(json, "resourceName", GOOGLE_RESOURCE_BYTES_MAX, &resource_name, err)
        || (google_member(json, "name")
            && !json_need_text(json, "name", name_bytes_max, &name, err))
        || (google_member(json, "referenceCount")
            && !json_need_int(json, "referenceCount", 0, INT32_MAX, &budget.members, err))
        || ((budget.daily || google_member(json, "amountMicros"))
            && !json_need_int(json, "amountMicros", 0, micros_max, &budget.micros, err)))
        return false;
    budget.resource = google_below(arena, google_customer(read->account), resource_name);
    if (!budget.resource)
        return err_set(err, ERR_REJECT, "resourceName: of another account, or malformed");
    budget.name = arena_text(arena, name, strlen(name));
    budget.shared |= budget.members > 1;
    read->budgets[read->budget_count++] = budget;
    return true;
}

static bool take_batch(struct arena *arena, const json_t *batch, struct platform_read *read,
                       struct err *err)
{
    const json_t *results = google_member(batch, "results");
    size_t count = json_array_size(results);
    if (!json_is_object(batch) || (results && !json_is_array(results)) || count > rows_max
        || read->budget_count + count > rows_max)
        return err_set(err, ERR_REJECT, "results: not an array of at most %d", rows_max);
    struct platform_budget *all = arena_array(arena, read->budget_count + count, sizeof *all);
    if (read->budget_count > 0)
        memcpy(all, read->budgets, read->budget_count * sizeof *all);
    read->budgets = all;
    for (size_t i = 0; i < count; i++)
        if (!take_row(arena, json_array_get(results, i), read, err))
            return err_context(err, "results[%zu]", i);
    return true;
}

bool google_take_budgets(struct arena *arena, struct bytes answer, struct platform_read *read,
                         struct err *err)
{
    OWNED(json_t) *json = NULL;
    if (!json_parse(answer, GOOGLE_ANSWER_BYTES_MAX, &json, err))
        return false;
    if (!json_is_array(json))
        return err_set(err, ERR_REJECT, "searchStream: not an array");
    for (size_t i = 0; i < json_array_size(json); i++)
        if (!take_batch(arena, json_array_get(json, i), read, err))
            return err_context(err, "batch %zu", i);
    return true;
}

bool google_take_page(struct arena *arena, struct bytes answer, struct platform_read *read,
                      const char **ret_next, struct err *err)
{
    OWNED(json_t) *json = NULL;
    const char *next = NULL;
    if (!json_parse(answer, GOOGLE_ANSWER_BYTES_MAX, &json, err)
        || (google_member(json, "nextPageToken")
            && !json_need_text(json, "nextPageToken", token_bytes_max, &next, err))
        || !take_batch(arena, json, read, err))
        return false;
    *ret_next = next && next[0] ? arena_text(arena, next, strlen(next)) : NULL;
    return true;
}
