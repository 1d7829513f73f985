/* pacing: how a platform spreads a budget over its day.
 *
 * A day's allowance is the budget; at Google it moves with how busy the day is, up to twice the
 * budget, as long as the month stays within 30.4 budgets. Each hour gets of what is left the hour's
 * share of the day's remaining traffic; chances are taken up to that:
 * throttle = min(1, target / expected cost). */
#include "market_state.h"

static const double google_day_max = 2, google_month = 30.4;

static enum market_platform platform_of(const struct market *market, int budget)
{
    for (int c = 0; c < market->config.campaigns; c++)
        if (market->config.campaign[c].budget == budget)
            return market->config.channel[market->config.campaign[c].channel].platform;
    return MARKET_GOOGLE;
}

/* A truth run may scale a channel's budgets; a shared budget follows its first campaign's channel.
 */
static double budget_usd(const struct market *market, int budget)
{
    double scale = 1;
    if (market->now >= market->whatif.from)
        for (int c = market->config.campaigns - 1; c >= 0; c--)
            if (market->config.campaign[c].budget == budget)
                scale = market->whatif.budget_scale[market->config.campaign[c].channel];
    return (double)market->set.budget[budget] / 1e6 * scale;
}

void pacing_day(struct market *market)
{
    int64_t date = market->config.start_day + day_of(market->now);
    bool new_month = season_month(date) != season_month(date - 1);
    market->month_days = season_days_in_month(date);
    market->month_days_left = 0;
    while (season_month(date + market->month_days_left + 1) == season_month(date))
        market->month_days_left++;
    for (int b = 0; b < market->config.budgets; b++) {
        struct pacing *pacing = &market->pacing[b];
        if (new_month)
            pacing->spent_month_usd = pacing->month_budget_usd = 0;
        pacing->spent_today_usd = 0;
        pacing->month_budget_usd += budget_usd(market, b);
    }
}

/* Within the month: what was budgeted on its days so far, and this budget on those to come. */
static double google_allowance(const struct market *market, const struct pacing *pacing,
                               double budget)
{
    double month = (pacing->month_budget_usd + budget * market->month_days_left) * google_month
        / market->month_days;
    double before_today = pacing->spent_month_usd - pacing->spent_today_usd;
    double busy = market->season.busy < google_day_max ? market->season.busy : google_day_max;
    double left = month - before_today;
    return left < budget * busy ? left : budget * busy;
}

void pacing_hour(struct market *market, const double *expected_usd)
{
    int hour = hour_of_day(market->now);
    double remaining_traffic = 0;
    for (int h = hour; h < 24; h++)
        remaining_traffic += market->config.hour[h];
    for (int b = 0; b < market->config.budgets; b++) {
        struct pacing *pacing = &market->pacing[b];
        double allowance = budget_usd(market, b);
        if (platform_of(market, b) == MARKET_GOOGLE)
            allowance = google_allowance(market, pacing, allowance);
        double left = allowance - pacing->spent_today_usd;
        double target =
            remaining_traffic > 0 ? left * market->config.hour[hour] / remaining_traffic : left;
        pacing->throttle = target <= 0  ? 0
            : expected_usd[b] <= target ? 1
                                        : target / expected_usd[b];
    }
}
