/* Campaigns: status, name and budget, whose references they keep. */
#include "operation_part.h"

#include <string.h>

/* In the order of schema_settables. */
enum { STATUS, NAME, BUDGET, POLITICAL, CHANNEL };

enum { name_bytes_max = 255 };

static bool set_status(struct part *part, struct campaign *campaign)
{
    int status = 0;
    if (!part_enum(part, "status", &enum_campaign_status, &status))
        return false;
    if (status == CAMPAIGN_REMOVED)
        return failure_at(part->failure, "status", "REMOVED", "campaignError",
                          "INVALID_STATUS_CHANGE", "Use a remove operation instead.");
    campaign->status = status;
    return true;
}

/* A budget of one campaign's own can't take a second one. */
static bool check_budget(struct part *part, const struct campaign *campaign, int64_t budget_id,
                         const char *name)
{
    const struct budget *budget = account_budget(part->operations->edit.account, budget_id);
    if (!budget)
        return operation_not_found(part->failure, "campaign_budget", name);
    if (budget->status == BUDGET_REMOVED)
        return failure_at(part->failure, "campaign_budget", name, "campaignBudgetError",
                          "CAMPAIGN_BUDGET_REMOVED", "The campaign budget is removed.");
    return budget->explicitly_shared || budget->reference_count == 0
        || campaign->budget_id == budget_id
        || failure_at(part->failure, "campaign_budget", name, "campaignBudgetError",
                      "CANNOT_USE_IMPLICITLY_SHARED_CAMPAIGN_BUDGET_WITH_MULTIPLE_CAMPAIGNS",
                      "The budget is not shared and has a campaign already.");
}

static bool set_budget(struct part *part, struct campaign *campaign)
{
    const char *name = json_string_value(part_value(part, RESOURCE_CAMPAIGN, BUDGET));
    int64_t id;
    if (!name)
        return failure_at(part->failure, "campaign_budget", NULL, "fieldError", "REQUIRED",
                          "The required field was not present.");
    if (!operation_resolve(part->operations, name, RESOURCE_CAMPAIGN_BUDGET, &id, part->failure)
        || !check_budget(part, campaign, id, name))
        return false;
    campaign->budget_id = id;
    return true;
}

static bool set_fields(struct part *part, struct campaign *campaign)
{
    return (!part_has(part, STATUS) || set_status(part, campaign))
        && (!part_has(part, NAME) || part_text(part, "name", name_bytes_max, &campaign->name))
        && (!part_has(part, BUDGET) || set_budget(part, campaign))
        && (!part_has(part, POLITICAL)
            || part_enum(part, "contains_eu_political_advertising", &enum_political_status,
                         &campaign->political));
}

static uint32_t changed_mask(const struct campaign *before, const struct campaign *after)
{
    return (uint32_t)(before->status != after->status) << STATUS
        | (uint32_t)(strcmp(before->name, after->name) != 0) << NAME
        | (uint32_t)(before->budget_id != after->budget_id) << BUDGET
        | (uint32_t)(before->political != after->political) << POLITICAL;
}

/* Budgets count the campaigns that use them and are not removed; 0 is no budget. */
static void move_reference(struct edit *edit, int64_t from, int64_t to)
{
    if (from == to)
        return;
    if (from)
        edit_budget_aside(edit, from)->reference_count--;
    if (to)
        edit_budget_aside(edit, to)->reference_count++;
}

bool campaign_create(struct part *part)
{
    struct edit *edit = &part->operations->edit;
    struct campaign campaign = {
        .name = "", .status = STATUS_ENABLED, .start_day = part->operations->today};
    if (edit->account->campaign_count == ACCOUNT_CAMPAIGNS_MAX)
        return failure_set(part->failure, "resourceCountLimitExceededError", "ACCOUNT_LIMIT",
                           "Too many campaigns in the account.");
    if (!part_has(part, POLITICAL))
        return failure_at(part->failure, "contains_eu_political_advertising", NULL, "mutateError",
                          "EU_POLITICAL_ADVERTISING_DECLARATION_REQUIRED",
                          "The declaration about EU political advertising is required.");
    part->mask |= 1U << NAME | 1U << BUDGET;
    if (!part_enum(part, "advertising_channel_type", &enum_channel_type, &campaign.channel)
        || !set_fields(part, &campaign))
        return false;
    uint32_t settables = part->mask | 1U << STATUS | 1U << CHANNEL;
    struct campaign *added = edit_add_campaign(edit, &campaign, part->index);
    part->outcome->id = added->id;
    part->outcome->settables = settables;
    edit_note(edit, CHANGE_CREATE, settables);
    move_reference(edit, 0, campaign.budget_id);
    return true;
}

static bool check_present(const struct part *part, const struct campaign *campaign,
                          const char *field)
{
    return campaign->status != CAMPAIGN_REMOVED
        || failure_at(part->failure, field, NULL, "contextError",
                      "OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE",
                      "The operation is not allowed for removed resources.");
}

bool campaign_update(struct part *part, int64_t id)
{
    struct edit *edit = &part->operations->edit;
    const struct campaign before = *account_campaign(edit->account, id);
    if (!check_present(part, &before, "resource_name"))
        return false;
    struct campaign *campaign = edit_campaign(edit, id, part->index);
    if (!set_fields(part, campaign))
        return false;
    edit_note(edit, CHANGE_UPDATE, changed_mask(&before, campaign));
    move_reference(edit, before.budget_id, campaign->budget_id);
    return true;
}

bool campaign_remove(struct part *part, int64_t id)
{
    struct edit *edit = &part->operations->edit;
    const struct campaign before = *account_campaign(edit->account, id);
    if (!check_present(part, &before, "remove"))
        return false;
    edit_campaign(edit, id, part->index)->status = CAMPAIGN_REMOVED;
    edit_note(edit, CHANGE_REMOVE, 1U << STATUS);
    move_reference(edit, before.budget_id, 0);
    return true;
}
