/* operation: one create, update or remove of a campaign or a budget, checked and applied to an
 * edit. */
#pragma once

#include "edit.h"
#include "failure.h"

#include <jansson.h>

/* Temporary (negative) ids of one request, resolved left to right. */
struct temporary {
    enum resource_kind kind;
    int64_t temporary_id, id;
};

struct operations {
    struct edit edit;
    struct temporary *temporaries;
    size_t temporary_count, temporary_capacity;
    int64_t today; /* the customer's; days since 1970-01-01 */
};

struct outcome {
    enum resource_kind kind;
    int64_t id;                          /* 0: not known */
    int operation;                       /* CHANGE_*, or 0 */
    uint32_t settables;                  /* named by the operation */
    int64_t before_micros, after_micros; /* of a budget; after is what was asked for */
};

/* False: refused; the caller takes the edit back to where it was. *ret_outcome then holds what was
 * known of it. The failure's path goes on from the caller's. */
bool operation_apply(struct operations *operations, enum resource_kind kind,
                     const json_t *operation, size_t index, struct outcome *ret_outcome,
                     struct failure *failure) MUST_CHECK;
