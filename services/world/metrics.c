#include "metrics.h"

#include <assert.h>
#include <math.h>

void metrics_add(struct metrics *sum, const struct metrics *part)
{
    sum->impressions += part->impressions;
    sum->clicks += part->clicks;
    sum->cost_micros += part->cost_micros;
    sum->interactions += part->interactions;
    sum->view_through += part->view_through;
    sum->video_views += part->video_views;
    sum->conversions += part->conversions;
    sum->conversions_value += part->conversions_value;
    sum->conversions_on_day += part->conversions_on_day;
    sum->value_on_day += part->value_on_day;
    sum->eligible += part->eligible;
    sum->lost_budget += part->lost_budget;
    sum->lost_rank += part->lost_rank;
}

static double ratio(double of, double by)
{
    return by > 0 ? of / by : 0;
}

static double share(int64_t of, int64_t eligible)
{
    return eligible > 0 ? (double)of / (double)eligible : -1;
}

void metrics_derive(struct metrics *metrics)
{
    double impressions = (double)metrics->impressions, clicks = (double)metrics->clicks;
    double cost = (double)metrics->cost_micros;
    metrics->ctr = ratio(clicks, impressions);
    metrics->average_cost = ratio(cost, clicks);
    metrics->average_cpm = ratio(cost * 1000, impressions);
    metrics->cost_per_conversion = ratio(cost, metrics->conversions);
    metrics->value_per_conversion = ratio(metrics->conversions_value, metrics->conversions);
    metrics->conversion_rate = ratio(metrics->conversions, clicks);
    metrics->impression_share = share(metrics->impressions, metrics->eligible);
    metrics->lost_budget_share = share(metrics->lost_budget, metrics->eligible);
    metrics->lost_rank_share = share(metrics->lost_rank, metrics->eligible);
    metrics->unique_users = -1;
    metrics->frequency = -1;
}

/* In thousandths; a device's part of n is what lies between two of them. */
static const int device_from[] = {
    [DEVICE_MOBILE] = 0, [DEVICE_TABLET] = 640, [DEVICE_DESKTOP] = 690, 1000};

static int64_t part_of(int64_t whole, int device)
{
    return whole * device_from[device + 1] / 1000 - whole * device_from[device] / 1000;
}

/* Of whole things, and of money in cents, so that the parts add up. */
static double part_of_real(double whole, double unit, int device)
{
    return (double)part_of(llround(whole / unit), device) * unit;
}

struct metrics metrics_of_device(const struct metrics *whole, int device)
{
    assert(device >= DEVICE_MOBILE && device <= DEVICE_DESKTOP);
    return (struct metrics){
        .impressions = part_of(whole->impressions, device),
        .clicks = part_of(whole->clicks, device),
        .cost_micros = part_of(whole->cost_micros, device),
        .interactions = part_of(whole->interactions, device),
        .view_through = part_of(whole->view_through, device),
        .video_views = part_of(whole->video_views, device),
        .conversions = part_of_real(whole->conversions, 1, device),
        .conversions_value = part_of_real(whole->conversions_value, 0.01, device),
        .conversions_on_day = part_of_real(whole->conversions_on_day, 1, device),
        .value_on_day = part_of_real(whole->value_on_day, 0.01, device),
        .eligible = part_of(whole->eligible, device),
        .lost_budget = part_of(whole->lost_budget, device),
        .lost_rank = part_of(whole->lost_rank, device),
    };
}
