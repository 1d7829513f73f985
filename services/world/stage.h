/* stage: the simulated market behind the platforms' faces: its clock follows the world's, what is
 * set through the faces acts in it from the next hour on, and what the faces tell is read from it.
 *
 * Ids are the platforms', days are the account's own, counted from 1970-01-01. */
#pragma once

#include "account.h"
#include "market_counts.h"
#include "metrics.h"

enum { STAGE_HISTORY_MAX = 1500 };

struct stage_settings {
    const char *preset; /* of the market */
    int64_t seed;
    int64_t history_days;   /* what has happened before the first request */
    const char *start_date; /* "2026-01-31"; "": so that the history ends now */
};

struct stage {
    struct market *market;
    enum zone zone;
    int64_t start_day;
    /* What the account's items are in the market, by their place. */
    int *campaign, *budget, *ad;
    size_t campaign_count, budget_count, ad_count;
    int64_t skew_micros; /* the world's clock minus the server's */
    int pins;            /* as long as there are any, nothing happens: somebody else reads */
};

/* The history has happened when it returns. The account is the market's Google customer, and
 * belongs to the caller. */
bool stage_open(const struct stage_settings *settings, int64_t server_micros, struct stage *stage,
                struct account **ret_account, struct err *err) MUST_CHECK;
void stage_close(struct stage *stage);

/* Lets happen what is due by then, under the account's budgets and statuses; later when pinned. */
void stage_follow(struct stage *stage, const struct account *account, int64_t now_micros);

/* The world's clock and all that happens until then; the part of an hour that has passed stays. */
void stage_advance(struct stage *stage, const struct account *account, int64_t hours,
                   int64_t server_micros);

int64_t stage_today(const struct stage *stage);
int64_t stage_micros_of_hour(const struct stage *stage, int64_t hour); /* since its start; UTC */
int64_t stage_hour_of_day(const struct stage *stage, int64_t day);     /* its first */

/* One a day (first..last, from start_day to today) of a campaign or of one of its ads, as known
 * now. What the market doesn't have leaves ret_days as they are. */
void stage_read_campaign(const struct stage *stage, const struct campaign *campaign, int64_t first,
                         int64_t last, struct metrics *ret_days);
void stage_read_ad(const struct stage *stage, const struct campaign *campaign, const struct ad *ad,
                   int64_t first, int64_t last, struct metrics *ret_days);
