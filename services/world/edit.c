#include "edit.h"

#include <assert.h>
#include <string.h>

struct undo {
    int resource;
    int64_t id;
    bool created, aside;
    size_t index; /* of the operation */
    int operation;
    uint32_t changed;
    union {
        struct budget budget;
        struct campaign campaign;
    } before;
};

void edit_begin(struct edit *edit, struct account *account, struct arena *arena)
{
    *edit = (struct edit){.account = account, .arena = arena, .number = ++account->edits};
}

static struct undo *add_undo(struct edit *edit, int resource, int64_t id, size_t index)
{
    if (edit->count == edit->capacity) {
        size_t capacity = edit->capacity ? edit->capacity * 2 : 16;
        struct undo *grown = arena_array(edit->arena, capacity, sizeof *grown);
        if (edit->count)
            memcpy(grown, edit->undos, edit->count * sizeof *grown);
        edit->undos = grown;
        edit->capacity = capacity;
    }
    struct undo *undo = &edit->undos[edit->count++];
    *undo = (struct undo){.resource = resource, .id = id, .index = index};
    return undo;
}

struct budget *edit_budget(struct edit *edit, int64_t id, size_t index)
{
    struct budget *budget = account_budget(edit->account, id);
    add_undo(edit, RESOURCE_CAMPAIGN_BUDGET, id, index)->before.budget = *budget;
    budget->touched = edit->number;
    return budget;
}

struct campaign *edit_campaign(struct edit *edit, int64_t id, size_t index)
{
    struct campaign *campaign = account_campaign(edit->account, id);
    add_undo(edit, RESOURCE_CAMPAIGN, id, index)->before.campaign = *campaign;
    campaign->touched = edit->number;
    return campaign;
}

struct budget *edit_budget_aside(struct edit *edit, int64_t id)
{
    struct budget *budget = account_budget(edit->account, id);
    struct undo *undo = add_undo(edit, RESOURCE_CAMPAIGN_BUDGET, id, 0);
    undo->before.budget = *budget;
    undo->aside = true;
    return budget;
}

struct budget *edit_add_budget(struct edit *edit, const struct budget *budget, size_t index)
{
    struct budget *added = account_add_budget(edit->account, budget);
    add_undo(edit, RESOURCE_CAMPAIGN_BUDGET, added->id, index)->created = true;
    return added;
}

struct campaign *edit_add_campaign(struct edit *edit, const struct campaign *campaign, size_t index)
{
    struct campaign *added = account_add_campaign(edit->account, campaign);
    add_undo(edit, RESOURCE_CAMPAIGN, added->id, index)->created = true;
    return added;
}

void edit_note(struct edit *edit, int operation, uint32_t changed)
{
    assert(edit->count > 0);
    struct undo *undo = &edit->undos[edit->count - 1];
    undo->operation = operation;
    undo->changed = changed;
}

size_t edit_mark(const struct edit *edit)
{
    return edit->count;
}

static void undo_one(struct account *account, const struct undo *undo)
{
    if (undo->resource == RESOURCE_CAMPAIGN_BUDGET) {
        if (undo->created)
            account->budget_count--;
        else
            *account_budget(account, undo->id) = undo->before.budget;
    } else {
        if (undo->created)
            account->campaign_count--;
        else
            *account_campaign(account, undo->id) = undo->before.campaign;
    }
}

void edit_undo_to(struct edit *edit, size_t mark)
{
    assert(mark <= edit->count);
    while (edit->count > mark)
        undo_one(edit->account, &edit->undos[--edit->count]);
}

static void keep_one(struct account *account, const struct undo *undo, struct change *change)
{
    change->resource = undo->resource;
    change->resource_id = undo->id;
    change->operation = undo->operation;
    change->operation_index = (int64_t)undo->index;
    change->changed = undo->changed;
    if (undo->resource == RESOURCE_CAMPAIGN_BUDGET) {
        change->before.budget = undo->before.budget;
        change->after.budget = *account_budget(account, undo->id);
    } else {
        change->campaign_id = undo->id;
        change->before.campaign = undo->before.campaign;
        change->after.campaign = *account_campaign(account, undo->id);
    }
    account_add_change(account, change);
}

void edit_keep(struct edit *edit, int64_t now_micros, int client, const char *user_email)
{
    struct account *account = edit->account;
    if (now_micros <= account->last_micros)
        now_micros = account->last_micros + 1;
    account->last_micros = now_micros;
    for (size_t i = 0; i < edit->count; i++) {
        const struct undo *undo = &edit->undos[i];
        if (undo->aside || undo->changed == 0)
            continue;
        struct change change = {
            .time_micros = now_micros, .client = client, .user_email = user_email};
        keep_one(account, undo, &change);
    }
}
