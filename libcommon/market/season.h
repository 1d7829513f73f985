/* season: how much demand there is, where and when, before anybody advertises. */
#pragma once

#include "market_config.h"

/* The places. Shares fall off like a log-normal's; price is what attention costs there over the
 * mean. */
struct geos {
    int count;
    double share[MARKET_GEOS_MAX], price[MARKET_GEOS_MAX];
    char name[MARKET_GEOS_MAX][8];
};

void geos_draw(struct geos *geos, int count, uint64_t seed);

/* A day's state. Only `noise` is carried from one day to the next. */
struct season {
    double demand[MARKET_GEOS_MAX]; /* share of the people times the day's level and noise */
    double level;                   /* of the whole market; 1 is average */
    double busy;                    /* this day against its week: weekday and events only */
    double value;                   /* factor on order values: prices and promos */
    double price_log;               /* added to the log of competing prices */
    double tracking_loss;           /* share of events that GA4 and the platforms miss today */
    bool open;                      /* the shop takes orders */
    double noise[MARKET_GEOS_MAX];
};

void season_day(struct season *season, const struct market_config *config, const struct geos *geos,
                uint64_t seed, int64_t day);

/* Of a day since 1970-01-01: Monday is 0; the month as a number that grows by one. */
int season_weekday(int64_t date);
int season_month(int64_t date);
int season_days_in_month(int64_t date);
