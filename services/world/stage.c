#include "stage.h"

#include "stage_account.h"

#include <assert.h>
#include <string.h>

static const int64_t hour_micros = INT64_C(3600) * 1000000;

int64_t stage_hour_of_day(const struct stage *stage, int64_t day)
{
    return (day - stage->start_day) * 24;
}

int64_t stage_micros_of_hour(const struct stage *stage, int64_t hour)
{
    return zone_day_start(stage->zone, stage->start_day + hour / 24) + hour % 24 * hour_micros;
}

/* Hours that have passed. The market's days have 24: where a clock is put back, the last one is
 * longer. */
static int64_t hours_until(const struct stage *stage, int64_t now_micros)
{
    int64_t day = zone_day(stage->zone, now_micros);
    int64_t hour = (now_micros - zone_day_start(stage->zone, day)) / hour_micros;
    return stage_hour_of_day(stage, day) + (hour < 24 ? hour : 23);
}

int64_t stage_today(const struct stage *stage)
{
    return stage->start_day + market_now(stage->market) / 24;
}

static bool find_start(const struct stage_settings *settings, int64_t server_micros,
                       struct stage *stage, struct err *err)
{
    int64_t start_micros;
    stage->start_day = zone_day(stage->zone, server_micros) - settings->history_days;
    stage->skew_micros = 0;
    if (!settings->start_date[0])
        return true;
    if (strlen(settings->start_date) != 10
        || !zone_parse(stage->zone, settings->start_date, &start_micros))
        return err_set(err, ERR_REJECT, "start date: no day: %.20s", settings->start_date);
    stage->start_day = zone_day(stage->zone, start_micros);
    stage->skew_micros =
        zone_day_start(stage->zone, stage->start_day + settings->history_days) - server_micros;
    return true;
}

bool stage_open(const struct stage_settings *settings, int64_t server_micros, struct stage *stage,
                struct account **ret_account, struct err *err)
{
    struct market_config *config = mem_new(sizeof *config);
    *stage = (struct stage){.zone = ZONE_NEW_YORK};
    bool ok = market_preset(settings->preset, config, err)
        && find_start(settings, server_micros, stage, err);
    if (ok) {
        config->start_day = (int32_t)stage->start_day;
        stage->market = market_open(config, (uint64_t)settings->seed);
        *ret_account = stage_make_account(stage);
        stage_follow(stage, *ret_account, server_micros + stage->skew_micros);
    }
    mem_free(config);
    return ok;
}

void stage_close(struct stage *stage)
{
    market_close(stage->market);
    mem_free(stage->campaign);
    mem_free(stage->budget);
    mem_free(stage->ad);
    *stage = (struct stage){0};
}

static void feed(struct stage *stage, const struct account *account)
{
    for (size_t i = 0; i < stage->budget_count; i++)
        market_set_budget(stage->market, stage->budget[i], account->budgets[i].amount_micros);
    for (size_t i = 0; i < stage->campaign_count; i++)
        market_set_campaign_paused(stage->market, stage->campaign[i],
                                   account->campaigns[i].status != STATUS_ENABLED);
    for (size_t i = 0; i < stage->ad_count; i++)
        market_set_ad_paused(stage->market, stage->ad[i], account->ads[i].status != STATUS_ENABLED);
}

void stage_follow(struct stage *stage, const struct account *account, int64_t now_micros)
{
    int64_t hours = hours_until(stage, now_micros) - market_now(stage->market);
    if (hours <= 0 || stage->pins > 0)
        return;
    feed(stage, account);
    market_step(stage->market, hours);
}

void stage_advance(struct stage *stage, const struct account *account, int64_t hours,
                   int64_t server_micros)
{
    stage->skew_micros += hours * hour_micros;
    stage_follow(stage, account, server_micros + stage->skew_micros);
}

static double major(int64_t micros)
{
    return (double)micros / 1e6;
}

static bool has_shares(int channel)
{
    return channel == CHANNEL_SEARCH || channel == CHANNEL_SHOPPING
        || channel == CHANNEL_PERFORMANCE_MAX;
}

static struct metrics of_counts(const struct market_counts *counts, int channel)
{
    struct metrics metrics = {
        .impressions = counts->impressions,
        .clicks = counts->clicks,
        .interactions = counts->clicks,
        .cost_micros = counts->cost_micros,
        .view_through = counts->view_through,
        .conversions = (double)counts->conversions,
        .conversions_value = major(counts->value_micros),
        .conversions_on_day = (double)counts->conversions_on_day,
        .value_on_day = major(counts->value_on_day_micros),
    };
    if (channel == CHANNEL_VIDEO)
        metrics.interactions = metrics.video_views = counts->impressions * 31 / 100;
    if (has_shares(channel)) {
        metrics.eligible = counts->eligible;
        metrics.lost_budget = counts->lost_budget;
        metrics.lost_rank = counts->lost_rank;
    }
    return metrics;
}

/* The market's days of first..last, all of which there are. */
static struct market_counts *new_counts(const struct stage *stage, int64_t first, int64_t last,
                                        int *ret_from, int *ret_to)
{
    assert(first >= stage->start_day && first <= last && last <= stage_today(stage));
    *ret_from = (int)(first - stage->start_day);
    *ret_to = (int)(last - stage->start_day);
    return mem_array((size_t)(last - first + 1), sizeof(struct market_counts));
}

static void take_counts(struct market_counts *counts, int channel, int64_t days,
                        struct metrics *ret_days)
{
    for (int64_t i = 0; i < days; i++)
        ret_days[i] = of_counts(&counts[i], channel);
    mem_free(counts);
}

void stage_read_campaign(const struct stage *stage, const struct campaign *campaign, int64_t first,
                         int64_t last, struct metrics *ret_days)
{
    size_t place = (size_t)(campaign->id - CAMPAIGN_ID_FIRST);
    int from, to;
    if (place >= stage->campaign_count)
        return;
    struct market_counts *counts = new_counts(stage, first, last, &from, &to);
    market_campaign_days(stage->market, stage->campaign[place], from, to, market_now(stage->market),
                         market_setting_of(MARKET_GOOGLE), counts);
    take_counts(counts, campaign->channel, last - first + 1, ret_days);
}

void stage_read_ad(const struct stage *stage, const struct campaign *campaign, const struct ad *ad,
                   int64_t first, int64_t last, struct metrics *ret_days)
{
    size_t place = (size_t)(ad->id - AD_ID_FIRST);
    int from, to;
    if (place >= stage->ad_count)
        return;
    struct market_counts *counts = new_counts(stage, first, last, &from, &to);
    market_ad_days(stage->market, stage->ad[place], from, to, market_now(stage->market),
                   market_setting_of(MARKET_GOOGLE), counts);
    take_counts(counts, campaign->channel, last - first + 1, ret_days);
}
