#include "schema.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIT(kind) (1U << (kind))

#define REPORT (BIT(RESOURCE_METRICS) | BIT(RESOURCE_SEGMENTS))

const struct resource schema_resources[RESOURCE_KINDS] = {
    {"customer",        "customers",       RESOURCE_CUSTOMER,        BIT(RESOURCE_CUSTOMER) | REPORT},
    {"campaign",        "campaigns",       RESOURCE_CAMPAIGN,
     BIT(RESOURCE_CAMPAIGN) | BIT(RESOURCE_CAMPAIGN_BUDGET) | BIT(RESOURCE_CUSTOMER) | REPORT       },
    {"campaign_budget", "campaignBudgets", RESOURCE_CAMPAIGN_BUDGET,
     BIT(RESOURCE_CAMPAIGN_BUDGET) | BIT(RESOURCE_CUSTOMER)                                         },
    {"change_event",    "changeEvents",    RESOURCE_CHANGE_EVENT,
     BIT(RESOURCE_CHANGE_EVENT) | BIT(RESOURCE_CAMPAIGN) | BIT(RESOURCE_CUSTOMER)                   },
    {"ad_group",        "adGroups",        RESOURCE_AD_GROUP,
     BIT(RESOURCE_AD_GROUP) | BIT(RESOURCE_CAMPAIGN) | BIT(RESOURCE_CUSTOMER) | REPORT              },
    {"ad_group_ad",     "adGroupAds",      RESOURCE_AD_GROUP_AD,
     BIT(RESOURCE_AD_GROUP_AD) | BIT(RESOURCE_AD_GROUP) | BIT(RESOURCE_CAMPAIGN)
         | BIT(RESOURCE_CUSTOMER) | REPORT                                                          },
    {"segments",        NULL,              RESOURCE_SEGMENTS,        0                              },
    {"metrics",         NULL,              RESOURCE_METRICS,         0                              },
};

const struct enum_type enum_customer_status = {
    "CustomerStatus",
    {{2, "ENABLED"}, {3, "CANCELED"}, {4, "SUSPENDED"}, {5, "CLOSED"}, {0, NULL}}
};
const struct enum_type enum_campaign_status = {
    "CampaignStatus", {{2, "ENABLED"}, {3, "PAUSED"}, {4, "REMOVED"}, {0, NULL}}
};
const struct enum_type enum_budget_status = {
    "BudgetStatus", {{2, "ENABLED"}, {3, "REMOVED"}, {0, NULL}}
};
const struct enum_type enum_delivery_method = {
    "BudgetDeliveryMethod", {{2, "STANDARD"}, {3, "ACCELERATED"}, {0, NULL}}
};
const struct enum_type enum_budget_period = {
    "BudgetPeriod", {{2, "DAILY"}, {5, "CUSTOM_PERIOD"}, {0, NULL}}
};
const struct enum_type enum_budget_type = {
    "BudgetType",
    {{2, "STANDARD"}, {4, "FIXED_CPA"}, {5, "SMART_CAMPAIGN"}, {6, "LOCAL_SERVICES"}, {0, NULL}}
};
const struct enum_type enum_channel_type = {
    "AdvertisingChannelType",
    {{2, "SEARCH"},
      {3, "DISPLAY"},
      {4, "SHOPPING"},
      {5, "HOTEL"},
      {6, "VIDEO"},
      {7, "MULTI_CHANNEL"},
      {8, "LOCAL"},
      {9, "SMART"},
      {10, "PERFORMANCE_MAX"},
      {11, "LOCAL_SERVICES"},
      {13, "TRAVEL"},
      {14, "DEMAND_GEN"},
      {0, NULL}}
};
const struct enum_type enum_political_status = {
    "EuPoliticalAdvertisingStatus",
    {{2, "CONTAINS_EU_POLITICAL_ADVERTISING"},
      {3, "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING"},
      {0, NULL}}
};
/* Our kinds, not the API's numbers: a change holds enum resource_kind. */
const struct enum_type enum_change_resource = {
    "ChangeEventResourceType",
    {{RESOURCE_CAMPAIGN, "CAMPAIGN"}, {RESOURCE_CAMPAIGN_BUDGET, "CAMPAIGN_BUDGET"}, {0, NULL}}
};
const struct enum_type enum_change_client = {
    "ChangeClientType", {{2, "GOOGLE_ADS_WEB_CLIENT"}, {6, "GOOGLE_ADS_API"}, {0, NULL}}
};
const struct enum_type enum_change_operation = {
    "ResourceChangeOperation", {{2, "CREATE"}, {3, "UPDATE"}, {4, "REMOVE"}, {0, NULL}}
};

const struct enum_type enum_ad_group_type = {
    "AdGroupType",
    {{2, "SEARCH_STANDARD"},
      {3, "DISPLAY_STANDARD"},
      {4, "SHOPPING_PRODUCT_ADS"},
      {16, "VIDEO_RESPONSIVE"},
      {0, NULL}}
};
const struct enum_type enum_ad_type = {
    "AdType",
    {{10, "SHOPPING_PRODUCT_AD"},
      {15, "RESPONSIVE_SEARCH_AD"},
      {19, "RESPONSIVE_DISPLAY_AD"},
      {30, "VIDEO_RESPONSIVE_AD"},
      {0, NULL}}
};
const struct enum_type enum_policy_approval = {
    "PolicyApprovalStatus",
    {{2, "DISAPPROVED"},
      {3, "APPROVED_LIMITED"},
      {4, "APPROVED"},
      {5, "AREA_OF_INTEREST_ONLY"},
      {0, NULL}}
};
const struct enum_type enum_policy_review = {
    "PolicyReviewStatus",
    {{2, "REVIEW_IN_PROGRESS"},
      {3, "REVIEWED"},
      {4, "UNDER_APPEAL"},
      {5, "ELIGIBLE_MAY_SERVE"},
      {0, NULL}}
};
const struct enum_type enum_device = {
    "Device",
    {{DEVICE_MOBILE, "MOBILE"},
      {DEVICE_TABLET, "TABLET"},
      {DEVICE_DESKTOP, "DESKTOP"},
      {5, "OTHER"},
      {6, "CONNECTED_TV"},
      {0, NULL}}
};

static const struct settable budget_settables[] = {
    {"amount_micros",     false},
    {"name",              false},
    {"delivery_method",   false},
    {"explicitly_shared", false},
    {"status",            true },
    {"period",            true },
    {"type",              true },
    {"id",                true },
    {"reference_count",   true },
    {NULL,                false},
};

static const struct settable campaign_settables[] = {
    {"status",                            false},
    {"name",                              false},
    {"campaign_budget",                   false},
    {"contains_eu_political_advertising", false},
    {"advertising_channel_type",          true },
    {"id",                                true },
    {NULL,                                false},
};

const struct settable *schema_settables(enum resource_kind kind)
{
    assert(kind == RESOURCE_CAMPAIGN || kind == RESOURCE_CAMPAIGN_BUDGET);
    return kind == RESOURCE_CAMPAIGN ? campaign_settables : budget_settables;
}

const char *enum_name(const struct enum_type *type, int number)
{
    for (const struct enum_name *value = type->value; value->name; value++)
        if (value->number == number)
            return value->name;
    return "UNSPECIFIED";
}

bool enum_number(const struct enum_type *type, const char *name, int *ret_number)
{
    for (const struct enum_name *value = type->value; value->name; value++)
        if (strcmp(value->name, name) == 0) {
            *ret_number = value->number;
            return true;
        }
    return false;
}

static bool same(const char *name, const char *text, size_t length)
{
    return strncmp(name, text, length) == 0 && name[length] == '\0';
}

const struct resource *schema_resource(const char *name, size_t length)
{
    for (size_t i = 0; i < RESOURCE_KINDS; i++)
        if (schema_resources[i].from_mask && same(schema_resources[i].name, name, length))
            return &schema_resources[i];
    return NULL;
}

const struct field *schema_field(const char *name, size_t length)
{
    for (size_t i = 0; i < schema_field_count; i++)
        if (same(schema_fields[i].name, name, length))
            return &schema_fields[i];
    return NULL;
}

const char *field_tail(const struct field *field)
{
    return strchr(field->name, '.') + 1;
}

static const void *resource_in(const struct row *row, enum resource_kind kind)
{
    switch (kind) {
    case RESOURCE_CUSTOMER:
        return &row->account->customer;
    case RESOURCE_CAMPAIGN:
        return row->campaign;
    case RESOURCE_CAMPAIGN_BUDGET:
        return row->budget;
    case RESOURCE_CHANGE_EVENT:
        return row->change;
    case RESOURCE_AD_GROUP:
        return row->ad_group;
    case RESOURCE_AD_GROUP_AD:
        return row->ad;
    case RESOURCE_SEGMENTS:
        return &row->segments;
    case RESOURCE_METRICS:
        return row->metrics;
    case RESOURCE_KINDS:
        break;
    }
    return NULL;
}

bool field_value(const struct field *field, const struct row *row, struct value *ret_value)
{
    const char *base = resource_in(row, field->resource);
    if (!base)
        return false;
    const void *member = base + field->offset;
    switch (field->type) {
    case FIELD_INT64:
        ret_value->number = *(const int64_t *)member;
        return field->resource != RESOURCE_METRICS || ret_value->number >= 0;
    case FIELD_TIME:
    case FIELD_DATE:
    case FIELD_SECOND:
        ret_value->number = *(const int64_t *)member;
        return true;
    case FIELD_REAL:
        ret_value->real = *(const double *)member;
        return ret_value->real >= 0;
    case FIELD_NAME: {
        int64_t id = *(const int64_t *)member;
        ret_value->number = resource_key(field->target, id);
        return id != 0;
    }
    case FIELD_CHANGED:
        ret_value->number =
            resource_key((enum resource_kind)row->change->resource, row->change->resource_id);
        return true;
    case FIELD_TEXT:
        ret_value->text = *(const char *const *)member;
        return ret_value->text != NULL;
    case FIELD_ZONE:
        ret_value->text = zone_name(*(const enum zone *)member);
        return true;
    case FIELD_BOOL:
        ret_value->number = *(const bool *)member;
        return true;
    case FIELD_ENUM:
        ret_value->number = *(const int *)member;
        return true;
    case FIELD_MASK:
    case FIELD_BEFORE:
    case FIELD_AFTER:
        break;
    }
    return true;
}

int64_t resource_key(enum resource_kind kind, int64_t id)
{
    return ((int64_t)kind << 56) ^ id;
}

void resource_name(int64_t customer_id, enum resource_kind kind, int64_t id,
                   char text[static RESOURCE_NAME_TEXT])
{
    if (kind == RESOURCE_CUSTOMER)
        snprintf(text, RESOURCE_NAME_TEXT, "customers/%" PRId64, customer_id);
    else
        snprintf(text, RESOURCE_NAME_TEXT, "customers/%" PRId64 "/%s/%" PRId64, customer_id,
                 schema_resources[kind].collection, id);
}

/* A decimal that ends where `end` says; advances the text behind it. */
static bool take_id(const char **text, char end, int64_t *ret_id)
{
    char *rest;
    if ((**text < '0' || **text > '9') && **text != '-')
        return false;
    long long id = strtoll(*text, &rest, 10);
    if (rest == *text || *rest != end || id == LLONG_MAX || id == LLONG_MIN)
        return false;
    *text = end ? rest + 1 : rest;
    *ret_id = id;
    return true;
}

bool resource_parse(const char *text, int64_t customer_id, enum resource_kind *ret_kind,
                    int64_t *ret_id)
{
    int64_t customer;
    if (strncmp(text, "customers/", 10) != 0)
        return false;
    text += 10;
    if (take_id(&text, '\0', &customer)) {
        *ret_kind = RESOURCE_CUSTOMER;
        *ret_id = customer;
        return customer == customer_id;
    }
    if (!take_id(&text, '/', &customer) || customer != customer_id)
        return false;
    for (size_t i = RESOURCE_CAMPAIGN; i < RESOURCE_SEGMENTS; i++) {
        size_t length = strlen(schema_resources[i].collection);
        if (strncmp(text, schema_resources[i].collection, length) != 0 || text[length] != '/')
            continue;
        text += length + 1;
        *ret_kind = schema_resources[i].kind;
        return (*ret_kind != RESOURCE_AD_GROUP_AD || take_id(&text, '~', ret_id))
            && take_id(&text, '\0', ret_id);
    }
    return false;
}
