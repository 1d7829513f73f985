/* metrics: the numbers of one row of a report, and what is derived from them.
 *
 * Sums are kept; rates are made from the sums once a row is whole. Below zero: the platform tells
 * none. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct metrics {
    int64_t impressions, clicks, cost_micros, interactions, view_through;
    int64_t video_views, unique_users;
    /* by day of the click, and by day of the conversion; values in the account's currency */
    double conversions, conversions_value, conversions_on_day, value_on_day;
    double ctr, average_cost, average_cpm, cost_per_conversion, value_per_conversion;
    double conversion_rate, frequency;
    double impression_share, lost_budget_share, lost_rank_share;
    /* what the shares are made of */
    int64_t eligible, lost_budget, lost_rank;
};

enum { DEVICE_MOBILE = 2, DEVICE_TABLET = 3, DEVICE_DESKTOP = 4 }; /* the platform's own numbers */

/* What a row's numbers are of. */
struct segments {
    int64_t day; /* days since 1970-01-01 */
    int device;
};

void metrics_add(struct metrics *sum, const struct metrics *part);
void metrics_derive(struct metrics *metrics);
/* The share of that device: those of all devices add up to the whole. */
struct metrics metrics_of_device(const struct metrics *whole, int device);
