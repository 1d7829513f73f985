/* Campaign budgets: what an operation may set, and what the platform refuses. */
#include "operation_part.h"

#include <string.h>

/* In the order of schema_settables. */
enum { AMOUNT, NAME, DELIVERY, SHARED, STATUS, PERIOD, TYPE };

enum { name_bytes_max = 255 };
static const int64_t amount_micros_max = 10LL * 1000 * 1000 * 1000 * 1000; /* a day */
static const int delivery_standard = 2, period_daily = 2, type_standard = 2;

static bool budget_refuse(const struct part *part, const char *field, const char *code,
                          const char *message)
{
    return failure_at(part->failure, field, NULL, "campaignBudgetError", code, message);
}

static bool set_amount(struct part *part, struct budget *budget)
{
    const json_t *json = part_value(part, RESOURCE_CAMPAIGN_BUDGET, AMOUNT);
    int64_t unit = part->operations->edit.account->customer.unit_micros, micros = 0;
    if (!json)
        return failure_at(part->failure, "amount_micros", NULL, "fieldError", "REQUIRED",
                          "The required field was not present.");
    if (!wire_int64(json, &micros))
        return failure_at(part->failure, "amount_micros", json_string_value(json), "fieldError",
                          "INVALID_VALUE", "The field's value is invalid.");
    part->outcome->before_micros = budget->amount_micros;
    part->outcome->after_micros = micros;
    if (micros < 0)
        return budget_refuse(part, "amount_micros", "NEGATIVE_MONEY_AMOUNT",
                             "The money amount is negative.");
    if (micros > amount_micros_max)
        return budget_refuse(part, "amount_micros", "MONEY_AMOUNT_TOO_LARGE",
                             "The money amount is greater than the maximum allowed.");
    if (micros < unit)
        return budget_refuse(part, "amount_micros", "MONEY_AMOUNT_LESS_THAN_CURRENCY_MINIMUM_CPC",
                             "The amount is less than the currency's minimum.");
    if (micros % unit)
        return budget_refuse(part, "amount_micros", "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT",
                             "The money amount is not a multiple of the minimum unit.");
    budget->amount_micros = micros;
    return true;
}

/* Names are unique among shared budgets. Looks at all of them: creating and renaming are rare. */
static bool name_is_free(const struct account *account, const char *name, int64_t id)
{
    for (size_t i = 0; i < account->budget_count; i++) {
        const struct budget *other = &account->budgets[i];
        if (other->explicitly_shared && other->status != BUDGET_REMOVED && other->id != id
            && strcmp(other->name, name) == 0)
            return false;
    }
    return true;
}

static bool set_name(struct part *part, struct budget *budget)
{
    if (!part_text(part, "name", name_bytes_max, &budget->name))
        return false;
    return !budget->explicitly_shared
        || name_is_free(part->operations->edit.account, budget->name, budget->id)
        || budget_refuse(part, "name", "DUPLICATE_NAME",
                         "The requested campaign budget name is already assigned.");
}

static bool set_shared(struct part *part, struct budget *budget)
{
    bool shared = json_is_true(part_value(part, RESOURCE_CAMPAIGN_BUDGET, SHARED));
    if (budget->explicitly_shared && !shared)
        return budget_refuse(part, "explicitly_shared",
                             "CANNOT_UPDATE_CAMPAIGN_BUDGET_TO_IMPLICITLY_SHARED",
                             "An explicitly shared budget can't be made implicit.");
    budget->explicitly_shared = shared;
    return true;
}

static bool set_fields(struct part *part, struct budget *budget)
{
    return (!part_has(part, SHARED) || set_shared(part, budget))
        && (!part_has(part, NAME) || set_name(part, budget))
        && (!part_has(part, AMOUNT) || set_amount(part, budget))
        && (!part_has(part, DELIVERY)
            || part_enum(part, "delivery_method", &enum_delivery_method, &budget->delivery_method));
}

/* The bits whose values differ: what the platform's history tells. */
static uint32_t changed_mask(const struct budget *before, const struct budget *after)
{
    return (uint32_t)(before->amount_micros != after->amount_micros) << AMOUNT
        | (uint32_t)(strcmp(before->name, after->name) != 0) << NAME
        | (uint32_t)(before->delivery_method != after->delivery_method) << DELIVERY
        | (uint32_t)(before->explicitly_shared != after->explicitly_shared) << SHARED
        | (uint32_t)(before->status != after->status) << STATUS;
}

bool budget_create(struct part *part)
{
    struct edit *edit = &part->operations->edit;
    struct budget budget = {
        .name = "",
        .status = STATUS_ENABLED,
        .delivery_method = delivery_standard,
        .period = period_daily,
        .type = type_standard,
        .explicitly_shared = true,
    };
    if (edit->account->budget_count == ACCOUNT_BUDGETS_MAX)
        return failure_set(part->failure, "resourceCountLimitExceededError", "ACCOUNT_LIMIT",
                           "Too many campaign budgets in the account.");
    if (part_has(part, SHARED))
        budget.explicitly_shared = json_is_true(part_value(part, RESOURCE_CAMPAIGN_BUDGET, SHARED));
    part->mask &= ~(1U << SHARED);
    if (budget.explicitly_shared)
        part->mask |= 1U << NAME;
    part->mask |= 1U << AMOUNT;
    if (!set_fields(part, &budget))
        return false;
    uint32_t settables = part->mask | 1U << SHARED | 1U << STATUS | 1U << PERIOD | 1U << TYPE;
    struct budget *added = edit_add_budget(edit, &budget, part->index);
    edit_note(edit, CHANGE_CREATE, settables);
    part->outcome->id = added->id;
    part->outcome->settables = settables;
    return true;
}

bool budget_update(struct part *part, int64_t id)
{
    struct edit *edit = &part->operations->edit;
    const struct budget before = *account_budget(edit->account, id);
    if (before.status == BUDGET_REMOVED)
        return budget_refuse(part, "resource_name", "CAMPAIGN_BUDGET_REMOVED",
                             "Mutates are not allowed on a removed campaign budget.");
    struct budget *budget = edit_budget(edit, id, part->index);
    if (!set_fields(part, budget))
        return false;
    edit_note(edit, CHANGE_UPDATE, changed_mask(&before, budget));
    return true;
}

bool budget_remove(struct part *part, int64_t id)
{
    struct edit *edit = &part->operations->edit;
    const struct budget *before = account_budget(edit->account, id);
    if (before->status == BUDGET_REMOVED)
        return budget_refuse(part, "remove", "CAMPAIGN_BUDGET_REMOVED",
                             "Mutates are not allowed on a removed campaign budget.");
    if (before->reference_count > 0)
        return budget_refuse(part, "remove", "CAMPAIGN_BUDGET_IN_USE",
                             "The budget is in use by a campaign.");
    edit_budget(edit, id, part->index)->status = BUDGET_REMOVED;
    edit_note(edit, CHANGE_REMOVE, 1U << STATUS);
    return true;
}
