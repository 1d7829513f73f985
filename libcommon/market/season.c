#include "season.h"

#include "draw.h"
#include "real.h"

#include <math.h>
#include <stdio.h>

static const double days_in_year = 365.2425;
/* However many events fall together. */
static const double factor_max = 100, price_log_max = 5;
static const double share_log_sd = .8, price_log_sd = .12;

void geos_draw(struct geos *geos, int count, uint64_t seed)
{
    uint64_t key = draw_key(seed, DRAW_GEO, 0, 0);
    double shares = 0, prices = 0;
    geos->count = count;
    for (int g = 0; g < count; g++) {
        geos->share[g] = real_exp(share_log_sd * draw_normal(draw_unit(key, 2 * (uint64_t)g)));
        geos->price[g] = real_exp(price_log_sd * draw_normal(draw_unit(key, 2 * (uint64_t)g + 1)));
        shares += geos->share[g];
        snprintf(geos->name[g], sizeof geos->name[g], "geo-%02d", g + 1);
    }
    for (int g = 0; g < count; g++) {
        geos->share[g] /= shares;
        prices += geos->share[g] * geos->price[g];
    }
    for (int g = 0; g < count; g++)
        geos->price[g] /= prices;
}

int season_weekday(int64_t date)
{
    return (int)(((date + 3) % 7 + 7) % 7);
}

/* Months since March of the year 0, by the calendar's 400-year cycle of 146097 days. */
int season_month(int64_t date)
{
    int64_t days = date + 719468, cycle = days / 146097, in_cycle = days % 146097;
    int64_t year = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
    int64_t in_year = in_cycle - (365 * year + year / 4 - year / 100);
    return (int)((cycle * 400 + year) * 12 + (5 * in_year + 2) / 153);
}

int season_days_in_month(int64_t date)
{
    int64_t first = date, after = date;
    while (season_month(first - 1) == season_month(date))
        first--;
    while (season_month(after) == season_month(date))
        after++;
    return (int)(after - first);
}

static void apply_event(struct season *season, const struct market_event *event, int64_t day)
{
    if (day < event->first_day || (day > event->last_day && event->kind != MARKET_PRICE))
        return;
    switch (event->kind) {
    case MARKET_PROMO:
        season->value *= 1 - event->depth;
        season->busy *= event->size;
        break;
    case MARKET_HOLIDAY:
        season->busy *= event->size;
        break;
    case MARKET_PRICE:
        season->value *= event->size;
        break;
    case MARKET_OUTAGE:
        season->open = false;
        break;
    case MARKET_TRACKING:
        season->tracking_loss = event->depth;
        break;
    case MARKET_COMPETITION:
        season->price_log += real_log(event->size > 0 ? event->size : 1);
        break;
    }
}

/* log level = trend t + sum of cos and sin of 1, 2, 3 turns a year + weekday + events. */
void season_day(struct season *season, const struct market_config *config, const struct geos *geos,
                uint64_t seed, int64_t day)
{
    int64_t date = config->start_day + day;
    double years = (double)day / days_in_year, turn = 2 * 3.141592653589793 / days_in_year;
    double slow = config->trend_year * years;
    for (int k = 0; k < 3; k++)
        slow += config->yearly_cos[k] * real_cos((k + 1) * turn * (double)date)
            + config->yearly_sin[k] * real_sin((k + 1) * turn * (double)date);
    season->busy = real_exp(config->weekday[season_weekday(date)]);
    season->value = 1;
    season->price_log = config->price_drift_year * years;
    season->tracking_loss = 0;
    season->open = true;
    for (int i = 0; i < config->events; i++)
        apply_event(season, &config->event[i], day);
    season->busy = season->busy < factor_max ? season->busy : factor_max;
    season->value = season->value < factor_max ? season->value : factor_max;
    season->price_log = season->price_log < price_log_max ? season->price_log : price_log_max;
    season->level = real_exp(slow) * season->busy;

    /* AR(1) whose variance stays noise_sd^2; its mean effect on demand is taken out. */
    double sd = config->noise_sd, memory = config->noise_memory;
    uint64_t key = draw_key(seed, DRAW_DEMAND, 0, day);
    for (int g = 0; g < geos->count; g++) {
        double shock = draw_normal(draw_unit(key, (uint64_t)g));
        season->noise[g] = memory * season->noise[g] + sqrt(1 - memory * memory) * sd * shock;
        season->demand[g] =
            geos->share[g] * season->level * real_exp(season->noise[g] - sd * sd / 2);
    }
}
