#include "operation_part.h"

#include <string.h>

bool part_has(const struct part *part, size_t bit)
{
    return (part->mask >> bit) & 1;
}

const json_t *part_value(const struct part *part, enum resource_kind kind, size_t bit)
{
    return wire_member(part->object, schema_settables(kind)[bit].name);
}

bool part_text(struct part *part, const char *field, size_t bytes_max, const char **ret_text)
{
    const char *text = json_string_value(wire_member(part->object, field));
    if (!text || !*text)
        return failure_at(part->failure, field, NULL, "fieldError", "REQUIRED",
                          "The required field was not present.");
    if (strlen(text) > bytes_max)
        return failure_at(part->failure, field, text, "stringLengthError", "TOO_LONG",
                          "The provided string is too long.");
    *ret_text = account_keep_text(part->operations->edit.account, text);
    return true;
}

bool part_enum(struct part *part, const char *field, const struct enum_type *type, int *ret_number)
{
    const json_t *json = wire_member(part->object, field);
    if (!json)
        return failure_at(part->failure, field, NULL, "fieldError", "REQUIRED",
                          "The required field was not present.");
    return wire_enum(json, type, ret_number)
        || failure_at(part->failure, field, json_string_value(json), "requestError",
                      "INVALID_ENUM_VALUE", "The enum value is not permitted.");
}

bool operation_not_found(struct failure *failure, const char *field, const char *name)
{
    return failure_at(failure, field, name, "mutateError", "RESOURCE_NOT_FOUND",
                      "Resource was not found.");
}

bool operation_resolve(const struct operations *operations, const char *name,
                       enum resource_kind kind, int64_t *ret_id, struct failure *failure)
{
    enum resource_kind found;
    int64_t id = 0;
    if (!resource_parse(name, operations->edit.account->customer.id, &found, &id) || found != kind)
        return failure_set(failure, "requestError", "RESOURCE_NAME_MALFORMED",
                           "Resource name '%.80s' is malformed.", name);
    for (size_t i = 0; id < 0 && i < operations->temporary_count; i++) {
        const struct temporary *temporary = &operations->temporaries[i];
        if (temporary->kind == kind && temporary->temporary_id == id)
            id = temporary->id;
    }
    *ret_id = id;
    return true;
}

/* The name a create may give itself: customers/1/campaignBudgets/-1. */
static bool remember_temporary(struct operations *operations, const struct part *part,
                               enum resource_kind kind)
{
    const char *name = json_string_value(wire_member(part->object, "resource_name"));
    enum resource_kind found;
    int64_t id;
    if (!name)
        return true;
    failure_add_path(part->failure, "resource_name", -1);
    if (!resource_parse(name, operations->edit.account->customer.id, &found, &id) || found != kind
        || id >= 0)
        return failure_set(part->failure, "requestError", "RESOURCE_NAME_MALFORMED",
                           "Resource name '%.80s' is malformed.", name);
    part->failure->path_count--;
    if (operations->temporary_count == operations->temporary_capacity) {
        size_t capacity = operations->temporary_capacity ? operations->temporary_capacity * 2 : 8;
        struct temporary *grown = arena_array(operations->edit.arena, capacity, sizeof *grown);
        if (operations->temporary_count)
            memcpy(grown, operations->temporaries, operations->temporary_count * sizeof *grown);
        operations->temporaries = grown;
        operations->temporary_capacity = capacity;
    }
    operations->temporaries[operations->temporary_count++] =
        (struct temporary){kind, id, part->outcome->id};
    return true;
}

/* One path of a mask as its bit; resource_name says which, not what, and has none. */
static bool mask_path(enum resource_kind kind, const char *path, size_t length, uint32_t *ret_mask,
                      struct failure *failure)
{
    const struct settable *settables = schema_settables(kind);
    if (wire_same_name("resource_name", path, length))
        return true;
    for (size_t bit = 0; settables[bit].name; bit++) {
        if (!wire_same_name(settables[bit].name, path, length))
            continue;
        *ret_mask |= 1U << bit;
        return !settables[bit].immutable
            || failure_at(failure, settables[bit].name, NULL, "fieldError", "IMMUTABLE_FIELD",
                          "The field's value is immutable.");
    }
    failure_add_path(failure, "update_mask", -1);
    return failure_set(failure, "fieldMaskError", "FIELD_NOT_FOUND",
                       "The field mask contained an invalid field: '%.*s'.",
                       (int)(length > 80 ? 80 : length), path);
}

static bool read_mask(enum resource_kind kind, const json_t *operation, uint32_t *ret_mask,
                      struct failure *failure)
{
    const char *path = json_string_value(wire_member(operation, "update_mask"));
    if (!path || !*path)
        return failure_at(failure, "update_mask", NULL, "fieldMaskError", "FIELD_MASK_MISSING",
                          "The field mask must be provided for update operations.");
    for (;;) {
        size_t length = strcspn(path, ",");
        if (!mask_path(kind, path, length, ret_mask, failure))
            return false;
        if (path[length] == '\0')
            return true;
        path += length + 1;
    }
}

/* What a create names. */
static uint32_t present_mask(enum resource_kind kind, const json_t *object)
{
    uint32_t mask = 0;
    for (size_t bit = 0; schema_settables(kind)[bit].name; bit++)
        if (wire_member(object, schema_settables(kind)[bit].name))
            mask |= 1U << bit;
    return mask;
}

static bool apply_create(struct part *part, enum resource_kind kind)
{
    part->outcome->operation = CHANGE_CREATE;
    part->mask = present_mask(kind, part->object);
    failure_add_path(part->failure, "create", -1);
    bool created = kind == RESOURCE_CAMPAIGN ? campaign_create(part) : budget_create(part);
    return created && remember_temporary(part->operations, part, kind);
}

/* Once per request, and only what there is. */
static bool check_target(const struct part *part, enum resource_kind kind, int64_t id,
                         const char *name, const char *field)
{
    const struct account *account = part->operations->edit.account;
    const struct budget *budget = account_budget(account, id);
    const struct campaign *campaign = account_campaign(account, id);
    if (kind == RESOURCE_CAMPAIGN ? !campaign : !budget)
        return operation_not_found(part->failure, field, name);
    uint64_t touched = kind == RESOURCE_CAMPAIGN ? campaign->touched : budget->touched;
    return touched != part->operations->edit.number
        || failure_at(part->failure, field, name, "mutateError", "ID_EXISTS_IN_MULTIPLE_MUTATES",
                      "The same resource is altered by several operations.");
}

static bool apply_update(struct part *part, enum resource_kind kind, const json_t *operation)
{
    const char *name = json_string_value(wire_member(part->object, "resource_name"));
    int64_t id = 0;
    part->outcome->operation = CHANGE_UPDATE;
    failure_add_path(part->failure, "update", -1);
    if (!name)
        return failure_at(part->failure, "resource_name", NULL, "requestError",
                          "RESOURCE_NAME_MISSING", "Resource name is missing.");
    if (!operation_resolve(part->operations, name, kind, &id, part->failure))
        return false;
    part->outcome->id = id;
    if (!check_target(part, kind, id, name, "resource_name"))
        return false;
    if (!read_mask(kind, operation, &part->mask, part->failure))
        return false;
    part->outcome->settables = part->mask;
    return kind == RESOURCE_CAMPAIGN ? campaign_update(part, id) : budget_update(part, id);
}

static bool apply_remove(struct part *part, enum resource_kind kind, const char *name)
{
    int64_t id = 0;
    part->outcome->operation = CHANGE_REMOVE;
    if (!operation_resolve(part->operations, name, kind, &id, part->failure))
        return false;
    part->outcome->id = id;
    if (!check_target(part, kind, id, name, "remove"))
        return false;
    return kind == RESOURCE_CAMPAIGN ? campaign_remove(part, id) : budget_remove(part, id);
}

bool operation_apply(struct operations *operations, enum resource_kind kind,
                     const json_t *operation, size_t index, struct outcome *ret_outcome,
                     struct failure *failure)
{
    *ret_outcome = (struct outcome){.kind = kind};
    struct part part = {
        .operations = operations, .index = index, .outcome = ret_outcome, .failure = failure};
    const json_t *create = wire_member(operation, "create");
    const json_t *update = wire_member(operation, "update");
    const json_t *remove = wire_member(operation, "remove");
    int verbs = json_is_object(create) + json_is_object(update) + json_is_string(remove);
    if (verbs != 1)
        return failure_set(failure, "requestError", "OPERATION_REQUIRED",
                           "Mutate operations must have exactly one of 'create', 'update' and "
                           "'remove' specified.");
    if (json_is_string(remove))
        return apply_remove(&part, kind, json_string_value(remove));
    part.object = json_is_object(create) ? create : update;
    return json_is_object(create) ? apply_create(&part, kind)
                                  : apply_update(&part, kind, operation);
}
