/* operation_part: what operation.c, operation_budget.c and operation_campaign.c share. */
#pragma once

#include "operation.h"
#include "wire.h"

/* What of an object is to be set: a bit per settable field. */
struct part {
    struct operations *operations;
    const json_t *object;
    uint32_t mask;
    size_t index;
    struct outcome *outcome;
    struct failure *failure;
};

/* Each edits the account, or sets the failure. */
bool budget_create(struct part *part) MUST_CHECK;
bool budget_update(struct part *part, int64_t id) MUST_CHECK;
bool budget_remove(struct part *part, int64_t id) MUST_CHECK;
bool campaign_create(struct part *part) MUST_CHECK;
bool campaign_update(struct part *part, int64_t id) MUST_CHECK;
bool campaign_remove(struct part *part, int64_t id) MUST_CHECK;

bool part_has(const struct part *part, size_t bit);
/* The settable's value; NULL when it is to be cleared. */
const json_t *part_value(const struct part *part, enum resource_kind kind, size_t bit);
/* A text of 1..bytes_max, kept by the account. */
bool part_text(struct part *part, const char *field, size_t bytes_max,
               const char **ret_text) MUST_CHECK;
bool part_enum(struct part *part, const char *field, const struct enum_type *type,
               int *ret_number) MUST_CHECK;
/* A resource name, temporary ids resolved. */
bool operation_resolve(const struct operations *operations, const char *name,
                       enum resource_kind kind, int64_t *ret_id,
                       struct failure *failure) MUST_CHECK;
bool operation_not_found(struct failure *failure, const char *field, const char *name);
