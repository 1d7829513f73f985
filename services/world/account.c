#include "account.h"

#include <assert.h>
#include <string.h>

struct account *account_new(const struct customer *customer)
{
    struct account *account = mem_new(sizeof *account);
    account->texts = arena_new();
    account->customer = *customer;
    return account;
}

void account_free(struct account *account)
{
    if (!account)
        return;
    arena_free(account->texts);
    mem_free(account->budgets);
    mem_free(account->campaigns);
    mem_free(account->ad_groups);
    mem_free(account->ads);
    mem_free(account->changes);
    mem_free(account);
}

struct budget *account_budget(const struct account *account, int64_t id)
{
    if (id < BUDGET_ID_FIRST || id - BUDGET_ID_FIRST >= (int64_t)account->budget_count)
        return NULL;
    return &account->budgets[id - BUDGET_ID_FIRST];
}

struct campaign *account_campaign(const struct account *account, int64_t id)
{
    if (id < CAMPAIGN_ID_FIRST || id - CAMPAIGN_ID_FIRST >= (int64_t)account->campaign_count)
        return NULL;
    return &account->campaigns[id - CAMPAIGN_ID_FIRST];
}

struct ad_group *account_ad_group(const struct account *account, int64_t id)
{
    if (id < AD_GROUP_ID_FIRST || id - AD_GROUP_ID_FIRST >= (int64_t)account->ad_group_count)
        return NULL;
    return &account->ad_groups[id - AD_GROUP_ID_FIRST];
}

struct ad *account_ad(const struct account *account, int64_t id)
{
    if (id < AD_ID_FIRST || id - AD_ID_FIRST >= (int64_t)account->ad_count)
        return NULL;
    return &account->ads[id - AD_ID_FIRST];
}

/* Room for one more. */
static void *grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : 64;
    return mem_grow(items, *capacity, size);
}

struct budget *account_add_budget(struct account *account, const struct budget *budget)
{
    assert(account->budget_count < ACCOUNT_BUDGETS_MAX);
    account->budgets = grow(account->budgets, account->budget_count, &account->budget_capacity,
                            sizeof *account->budgets);
    struct budget *added = &account->budgets[account->budget_count];
    *added = *budget;
    added->id = BUDGET_ID_FIRST + (int64_t)account->budget_count++;
    added->last_change = -1;
    return added;
}

struct campaign *account_add_campaign(struct account *account, const struct campaign *campaign)
{
    assert(account->campaign_count < ACCOUNT_CAMPAIGNS_MAX);
    account->campaigns = grow(account->campaigns, account->campaign_count,
                              &account->campaign_capacity, sizeof *account->campaigns);
    struct campaign *added = &account->campaigns[account->campaign_count];
    *added = *campaign;
    added->id = CAMPAIGN_ID_FIRST + (int64_t)account->campaign_count++;
    added->last_change = -1;
    return added;
}

struct ad_group *account_add_ad_group(struct account *account, const struct ad_group *ad_group)
{
    account->ad_groups = grow(account->ad_groups, account->ad_group_count,
                              &account->ad_group_capacity, sizeof *account->ad_groups);
    struct ad_group *added = &account->ad_groups[account->ad_group_count];
    *added = *ad_group;
    added->id = AD_GROUP_ID_FIRST + (int64_t)account->ad_group_count++;
    return added;
}

struct ad *account_add_ad(struct account *account, const struct ad *ad)
{
    account->ads =
        grow(account->ads, account->ad_count, &account->ad_capacity, sizeof *account->ads);
    struct ad *added = &account->ads[account->ad_count];
    *added = *ad;
    added->id = AD_ID_FIRST + (int64_t)account->ad_count++;
    return added;
}

static int64_t *last_change_of(struct account *account, const struct change *change)
{
    if (change->resource == RESOURCE_CAMPAIGN_BUDGET)
        return &account_budget(account, change->resource_id)->last_change;
    assert(change->resource == RESOURCE_CAMPAIGN);
    return &account_campaign(account, change->resource_id)->last_change;
}

void account_add_change(struct account *account, const struct change *change)
{
    assert(account->change_count == 0
           || account->changes[account->change_count - 1].time_micros <= change->time_micros);
    account->changes = grow(account->changes, account->change_count, &account->change_capacity,
                            sizeof *account->changes);
    struct change *added = &account->changes[account->change_count];
    *added = *change;
    int64_t *last = last_change_of(account, change);
    added->previous = *last;
    *last = (int64_t)account->change_count++;
}

const char *account_keep_text(struct account *account, const char *text)
{
    return arena_text(account->texts, text, strlen(text));
}

size_t account_changes_from(const struct account *account, int64_t unix_micros)
{
    size_t low = 0, high = account->change_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (account->changes[middle].time_micros < unix_micros)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
