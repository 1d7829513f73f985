/* account: one Google Ads customer: its campaigns, budgets and the history of their changes.
 *
 * Pure data. Ids are consecutive, so that a lookup is an index whatever the account's size. What
 * is removed stays, with its status, as at the platform. Pointers into the account hold until the
 * next campaign, budget or change is added. */
#pragma once

#include "bytes.h"
#include "mem.h"
#include "zone.h"

enum resource_kind {
    RESOURCE_CUSTOMER,
    RESOURCE_CAMPAIGN,
    RESOURCE_CAMPAIGN_BUDGET,
    RESOURCE_CHANGE_EVENT,
    RESOURCE_AD_GROUP,
    RESOURCE_AD_GROUP_AD,
    RESOURCE_SEGMENTS, /* these two have no names of their own: parts of a report's rows */
    RESOURCE_METRICS,
    RESOURCE_KINDS,
};

/* The platform's own numbers. */
enum { STATUS_ENABLED = 2, STATUS_PAUSED = 3 };
enum { CAMPAIGN_REMOVED = 4, BUDGET_REMOVED = 3 };
enum { CHANNEL_SEARCH = 2, CHANNEL_SHOPPING = 4, CHANNEL_VIDEO = 6, CHANNEL_PERFORMANCE_MAX = 10 };
enum { CHANGE_CREATE = 2, CHANGE_UPDATE = 3, CHANGE_REMOVE = 4 };
enum { CLIENT_WEB = 2, CLIENT_API = 6 };

enum {
    BUDGET_ID_FIRST = 1,
    CAMPAIGN_ID_FIRST = 1001,
    AD_GROUP_ID_FIRST = 50001,
    AD_ID_FIRST = 700001,
    ACCOUNT_BUDGETS_MAX = 1000 * 1000,
    ACCOUNT_CAMPAIGNS_MAX = 1000 * 1000,
    ACCOUNT_CHANGES_MAX = 4 * 1000 * 1000, /* beyond it mutations are refused */
};

struct customer {
    int64_t id;
    const char *name, *currency;
    enum zone zone;
    int64_t unit_micros; /* money is a multiple of it */
    bool manager, test_account;
    int status;
};

struct budget {
    int64_t id, amount_micros, reference_count;
    const char *name;
    int status, delivery_method, period, type;
    bool explicitly_shared;
    uint64_t touched;    /* by which edit last */
    int64_t last_change; /* index into changes, or -1 */
};

struct campaign {
    int64_t id, budget_id;
    const char *name;
    int status, channel, political;
    int64_t start_day; /* days since 1970-01-01 */
    uint64_t touched;
    int64_t last_change;
};

/* Nothing here alters these yet. */
struct ad_group {
    int64_t id, campaign_id;
    const char *name;
    int status, type;
};

struct ad {
    int64_t id, ad_group_id;
    const char *name;
    int status, type, approval, review;
};

/* What one operation did to one resource; `changed` has a bit per settable field (operation.h). */
struct change {
    int64_t time_micros, operation_index; /* together unique */
    int resource, operation, client;      /* enum resource_kind, CHANGE_*, CLIENT_* */
    int64_t resource_id, campaign_id;     /* campaign_id is 0 for a budget */
    const char *user_email;
    uint32_t changed;
    int64_t previous; /* the same resource's former change, or -1 */
    union {
        struct budget budget;
        struct campaign campaign;
    } before, after;
};

struct account {
    struct arena *texts; /* names and emails live here */
    struct customer customer;
    struct budget *budgets;
    size_t budget_count, budget_capacity;
    struct campaign *campaigns;
    size_t campaign_count, campaign_capacity;
    struct ad_group *ad_groups;
    size_t ad_group_count, ad_group_capacity;
    struct ad *ads;
    size_t ad_count, ad_capacity;
    struct change *changes; /* in the order of time */
    size_t change_count, change_capacity;
    int64_t last_micros; /* the latest edit's time */
    uint64_t edits;
};

struct account *account_new(const struct customer *customer);
void account_free(struct account *account);

/* NULL: no such id. */
struct budget *account_budget(const struct account *account, int64_t id);
struct campaign *account_campaign(const struct account *account, int64_t id);
struct ad_group *account_ad_group(const struct account *account, int64_t id);
struct ad *account_ad(const struct account *account, int64_t id);

/* The id and the bookkeeping fields are set here. */
struct budget *account_add_budget(struct account *account, const struct budget *budget);
struct campaign *account_add_campaign(struct account *account, const struct campaign *campaign);
struct ad_group *account_add_ad_group(struct account *account, const struct ad_group *ad_group);
struct ad *account_add_ad(struct account *account, const struct ad *ad);
void account_add_change(struct account *account, const struct change *change);
const char *account_keep_text(struct account *account, const char *text);

/* The first change not before that time: an index, change_count when there is none. */
size_t account_changes_from(const struct account *account, int64_t unix_micros);
