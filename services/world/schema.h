/* schema: which resources and fields the Google Ads façade knows; one row each.
 *
 * A query reads fields through these rows, so a new field is a row and a new resource a row more
 * and its struct. Names are the API's own (snake_case). */
#pragma once

#include "account.h"
#include "metrics.h"

struct enum_name {
    int number; /* the API's */
    const char *name;
};

/* Ends with a NULL name. */
struct enum_type {
    const char *name;
    struct enum_name value[];
};

extern const struct enum_type enum_customer_status, enum_campaign_status, enum_budget_status,
    enum_delivery_method, enum_budget_period, enum_budget_type, enum_channel_type,
    enum_political_status, enum_change_resource, enum_change_client, enum_change_operation,
    enum_ad_group_type, enum_ad_type, enum_policy_approval, enum_policy_review, enum_device;

const char *enum_name(const struct enum_type *type, int number);
bool enum_number(const struct enum_type *type, const char *name, int *ret_number) MUST_CHECK;

struct resource {
    const char *name;       /* "campaign_budget" */
    const char *collection; /* "campaignBudgets"; NULL: a part of rows only */
    enum resource_kind kind;
    uint32_t from_mask; /* a bit per kind: whose fields a query FROM it may name */
};

enum field_type {
    FIELD_INT64,
    FIELD_REAL,
    FIELD_TEXT,
    FIELD_BOOL,
    FIELD_ENUM,
    FIELD_TIME,    /* unix micros; local "2026-11-21 14:03:05" */
    FIELD_DATE,    /* a day; "2026-11-21" */
    FIELD_SECOND,  /* a day's first: "2026-11-21 00:00:00" */
    FIELD_ZONE,    /* enum zone */
    FIELD_NAME,    /* a resource name; held as that resource's id */
    FIELD_CHANGED, /* the changed resource's name */
    FIELD_MASK,    /* change_event.changed_fields */
    FIELD_BEFORE,  /* change_event.old_resource */
    FIELD_AFTER,
};

struct field {
    const char *name; /* "campaign_budget.amount_micros" */
    enum resource_kind resource;
    enum field_type type;
    size_t offset; /* in the resource's struct */
    const struct enum_type *enums;
    enum resource_kind target;        /* FIELD_NAME */
    int since_version, until_version; /* of the API; 0: all */
};

extern const struct field schema_fields[];
extern const size_t schema_field_count;

extern const struct resource schema_resources[RESOURCE_KINDS]; /* by kind */

const struct resource *schema_resource(const char *name, size_t length); /* NULL: unknown */
const struct field *schema_field(const char *name, size_t length);
/* The name within its resource: "amount_micros". */
const char *field_tail(const struct field *field);

/* What an operation may name in its object and mask; its place is its bit in a change's mask. */
struct settable {
    const char *name; /* snake_case; a field of the same resource */
    bool immutable;   /* the platform's own, or fixed once created */
};

/* Of a campaign or a budget; ends with a NULL name. */
const struct settable *schema_settables(enum resource_kind kind);

/* One row of a result: what there is of each resource. */
struct row {
    const struct account *account;
    const struct campaign *campaign;
    const struct budget *budget;
    const struct change *change;
    const struct ad_group *ad_group;
    const struct ad *ad;
    const struct metrics *metrics;
    struct segments segments;
};

/* A number for every type but FIELD_TEXT and FIELD_REAL; resource names as resource_key. */
struct value {
    int64_t number;
    double real;
    const char *text;
};

/* False: the row has none (null). */
bool field_value(const struct field *field, const struct row *row, struct value *ret_value);

/* One number for "which resource": kind and id. */
int64_t resource_key(enum resource_kind kind, int64_t id);

enum { RESOURCE_NAME_TEXT = 96 };
void resource_name(int64_t customer_id, enum resource_kind kind, int64_t id,
                   char text[static RESOURCE_NAME_TEXT]);
/* "customers/1/campaignBudgets/9" of that customer and a known collection; ids may be negative
 * (temporary). */
bool resource_parse(const char *text, int64_t customer_id, enum resource_kind *ret_kind,
                    int64_t *ret_id) MUST_CHECK;
