/* markets: markets for tests, opened from a preset with a change or two. */
#pragma once

#include "market.h"
#include "market_truth.h"

#include "mem.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static inline struct market_config *config_of(const char *preset)
{
    struct err err = {0};
    struct market_config *config = mem_new(sizeof *config);
    if (!market_preset(preset, config, &err))
        fail_msg("%s", err.text);
    return config;
}

/* Frees the config. */
static inline struct market *open_market(struct market_config *config, uint64_t seed, int days)
{
    struct err err = {0};
    if (!market_config_check(config, &err))
        fail_msg("%s", err.text);
    struct market *market = market_open(config, seed);
    mem_free(config);
    market_step(market, (int64_t)days * 24);
    return market;
}

static inline struct market_counts campaign_sum(const struct market *market, int campaign,
                                                int from_day, int to_day, int64_t as_of)
{
    const struct market_config *config = market_config(market);
    enum market_platform platform = config->channel[config->campaign[campaign].channel].platform;
    struct market_counts *day = mem_array((size_t)(to_day - from_day + 1), sizeof *day), sum = {0};
    market_campaign_days(market, campaign, from_day, to_day, as_of, market_setting_of(platform),
                         day);
    for (int i = 0; i <= to_day - from_day; i++) {
        sum.impressions += day[i].impressions;
        sum.clicks += day[i].clicks;
        sum.cost_micros += day[i].cost_micros;
        sum.conversions += day[i].conversions;
        sum.value_micros += day[i].value_micros;
        sum.conversions_on_day += day[i].conversions_on_day;
        sum.value_on_day_micros += day[i].value_on_day_micros;
        sum.view_through += day[i].view_through;
        sum.eligible += day[i].eligible;
        sum.lost_budget += day[i].lost_budget;
        sum.lost_rank += day[i].lost_rank;
    }
    mem_free(day);
    return sum;
}
