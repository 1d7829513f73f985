/* The fields of the Google Ads façade: one row each. */
#include "schema.h"

/* From the resource's struct; then the enum's names and the resource a name is of. */
#define FIELD(prefix, kind, holder, field, type_, member, ...)         \
    {                                                                  \
        .name = prefix "." field, .resource = (kind), .type = (type_), \
        .offset = offsetof(struct holder, member), __VA_ARGS__         \
    }
#define CUSTOMER(...) FIELD("customer", RESOURCE_CUSTOMER, customer, __VA_ARGS__)
#define CAMPAIGN(...) FIELD("campaign", RESOURCE_CAMPAIGN, campaign, __VA_ARGS__)
#define BUDGET(...) FIELD("campaign_budget", RESOURCE_CAMPAIGN_BUDGET, budget, __VA_ARGS__)
#define CHANGE(...) FIELD("change_event", RESOURCE_CHANGE_EVENT, change, __VA_ARGS__)
#define AD_GROUP(...) FIELD("ad_group", RESOURCE_AD_GROUP, ad_group, __VA_ARGS__)
#define AD(...) FIELD("ad_group_ad", RESOURCE_AD_GROUP_AD, ad, __VA_ARGS__)
#define SEGMENT(...) FIELD("segments", RESOURCE_SEGMENTS, segments, __VA_ARGS__)
#define METRIC(...) FIELD("metrics", RESOURCE_METRICS, metrics, __VA_ARGS__)

const struct field schema_fields[] = {
    CUSTOMER("resource_name", FIELD_NAME, id, NULL, RESOURCE_CUSTOMER),
    CUSTOMER("id", FIELD_INT64, id, NULL, 0),
    CUSTOMER("descriptive_name", FIELD_TEXT, name, NULL, 0),
    CUSTOMER("currency_code", FIELD_TEXT, currency, NULL, 0),
    CUSTOMER("time_zone", FIELD_ZONE, zone, NULL, 0),
    CUSTOMER("manager", FIELD_BOOL, manager, NULL, 0),
    CUSTOMER("test_account", FIELD_BOOL, test_account, NULL, 0),
    CUSTOMER("status", FIELD_ENUM, status, &enum_customer_status, 0),

    CAMPAIGN("resource_name", FIELD_NAME, id, NULL, RESOURCE_CAMPAIGN),
    CAMPAIGN("id", FIELD_INT64, id, NULL, 0),
    CAMPAIGN("name", FIELD_TEXT, name, NULL, 0),
    CAMPAIGN("status", FIELD_ENUM, status, &enum_campaign_status, 0),
    CAMPAIGN("advertising_channel_type", FIELD_ENUM, channel, &enum_channel_type, 0),
    CAMPAIGN("start_date", FIELD_DATE, start_day, NULL, 0, .until_version = 22),
    CAMPAIGN("start_date_time", FIELD_SECOND, start_day, NULL, 0, .since_version = 23),
    CAMPAIGN("campaign_budget", FIELD_NAME, budget_id, NULL, RESOURCE_CAMPAIGN_BUDGET),
    CAMPAIGN("contains_eu_political_advertising", FIELD_ENUM, political, &enum_political_status, 0),

    BUDGET("resource_name", FIELD_NAME, id, NULL, RESOURCE_CAMPAIGN_BUDGET),
    BUDGET("id", FIELD_INT64, id, NULL, 0),
    BUDGET("name", FIELD_TEXT, name, NULL, 0),
    BUDGET("amount_micros", FIELD_INT64, amount_micros, NULL, 0),
    BUDGET("status", FIELD_ENUM, status, &enum_budget_status, 0),
    BUDGET("delivery_method", FIELD_ENUM, delivery_method, &enum_delivery_method, 0),
    BUDGET("explicitly_shared", FIELD_BOOL, explicitly_shared, NULL, 0),
    BUDGET("reference_count", FIELD_INT64, reference_count, NULL, 0),
    BUDGET("period", FIELD_ENUM, period, &enum_budget_period, 0),
    BUDGET("type", FIELD_ENUM, type, &enum_budget_type, 0),

    CHANGE("resource_name", FIELD_NAME, time_micros, NULL, RESOURCE_CHANGE_EVENT),
    CHANGE("change_date_time", FIELD_TIME, time_micros, NULL, 0),
    CHANGE("change_resource_type", FIELD_ENUM, resource, &enum_change_resource, 0),
    CHANGE("change_resource_name", FIELD_CHANGED, resource_id, NULL, 0),
    CHANGE("client_type", FIELD_ENUM, client, &enum_change_client, 0),
    CHANGE("user_email", FIELD_TEXT, user_email, NULL, 0),
    CHANGE("resource_change_operation", FIELD_ENUM, operation, &enum_change_operation, 0),
    CHANGE("changed_fields", FIELD_MASK, changed, NULL, 0),
    CHANGE("old_resource", FIELD_BEFORE, before, NULL, 0),
    CHANGE("new_resource", FIELD_AFTER, after, NULL, 0),
    CHANGE("campaign", FIELD_NAME, campaign_id, NULL, RESOURCE_CAMPAIGN),

    AD_GROUP("resource_name", FIELD_NAME, id, NULL, RESOURCE_AD_GROUP),
    AD_GROUP("id", FIELD_INT64, id, NULL, 0),
    AD_GROUP("name", FIELD_TEXT, name, NULL, 0),
    AD_GROUP("status", FIELD_ENUM, status, &enum_campaign_status, 0),
    AD_GROUP("type", FIELD_ENUM, type, &enum_ad_group_type, 0),
    AD_GROUP("campaign", FIELD_NAME, campaign_id, NULL, RESOURCE_CAMPAIGN),

    AD("resource_name", FIELD_NAME, id, NULL, RESOURCE_AD_GROUP_AD),
    AD("status", FIELD_ENUM, status, &enum_campaign_status, 0),
    AD("ad_group", FIELD_NAME, ad_group_id, NULL, RESOURCE_AD_GROUP),
    AD("ad.id", FIELD_INT64, id, NULL, 0),
    AD("ad.name", FIELD_TEXT, name, NULL, 0),
    AD("ad.type", FIELD_ENUM, type, &enum_ad_type, 0),
    AD("policy_summary.approval_status", FIELD_ENUM, approval, &enum_policy_approval, 0),
    AD("policy_summary.review_status", FIELD_ENUM, review, &enum_policy_review, 0),

    SEGMENT("date", FIELD_DATE, day, NULL, 0),
    SEGMENT("device", FIELD_ENUM, device, &enum_device, 0),

    METRIC("impressions", FIELD_INT64, impressions, NULL, 0),
    METRIC("clicks", FIELD_INT64, clicks, NULL, 0),
    METRIC("interactions", FIELD_INT64, interactions, NULL, 0),
    METRIC("cost_micros", FIELD_INT64, cost_micros, NULL, 0),
    METRIC("conversions", FIELD_REAL, conversions, NULL, 0),
    METRIC("conversions_value", FIELD_REAL, conversions_value, NULL, 0),
    METRIC("conversions_by_conversion_date", FIELD_REAL, conversions_on_day, NULL, 0),
    METRIC("conversions_value_by_conversion_date", FIELD_REAL, value_on_day, NULL, 0),
    METRIC("all_conversions", FIELD_REAL, conversions, NULL, 0),
    METRIC("all_conversions_value", FIELD_REAL, conversions_value, NULL, 0),
    METRIC("all_conversions_by_conversion_date", FIELD_REAL, conversions_on_day, NULL, 0),
    METRIC("all_conversions_value_by_conversion_date", FIELD_REAL, value_on_day, NULL, 0),
    METRIC("view_through_conversions", FIELD_INT64, view_through, NULL, 0),
    METRIC("video_views", FIELD_INT64, video_views, NULL, 0, .until_version = 22),
    METRIC("video_trueview_views", FIELD_INT64, video_views, NULL, 0, .since_version = 23),
    METRIC("ctr", FIELD_REAL, ctr, NULL, 0),
    METRIC("interaction_rate", FIELD_REAL, ctr, NULL, 0),
    METRIC("average_cpc", FIELD_REAL, average_cost, NULL, 0),
    METRIC("average_cost", FIELD_REAL, average_cost, NULL, 0),
    METRIC("average_cpm", FIELD_REAL, average_cpm, NULL, 0),
    METRIC("cost_per_conversion", FIELD_REAL, cost_per_conversion, NULL, 0),
    METRIC("cost_per_all_conversions", FIELD_REAL, cost_per_conversion, NULL, 0),
    METRIC("value_per_conversion", FIELD_REAL, value_per_conversion, NULL, 0),
    METRIC("conversions_from_interactions_rate", FIELD_REAL, conversion_rate, NULL, 0),
    METRIC("unique_users", FIELD_INT64, unique_users, NULL, 0),
    METRIC("average_impression_frequency_per_user", FIELD_REAL, frequency, NULL, 0),
    METRIC("search_impression_share", FIELD_REAL, impression_share, NULL, 0),
    METRIC("search_budget_lost_impression_share", FIELD_REAL, lost_budget_share, NULL, 0),
    METRIC("search_rank_lost_impression_share", FIELD_REAL, lost_rank_share, NULL, 0),
};

const size_t schema_field_count = COUNT(schema_fields);
