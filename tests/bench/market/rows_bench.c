/* rows: how fast a market lives. `quiet` (8 channels, 14 campaigns, 40 geos, 138 ads) lives DAYS;
 * the baseline draws the same numbers of rows one by one as one would write them down first: level,
 * auction and draws worked out a row, with the C library's exp, log, erfc, cos and drand48.
 *
 *     bench_market_rows DAYS ROUNDS
 *
 * Prints a line a round and the medians as JSON. Time is the process's own, not the wall's. */
#include "market_truth.h"
#include "mem.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { rounds_max = 99 };

static double cpu_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double normal(void)
{
    return sqrt(-2 * log(1 - drand48())) * cos(6.283185307179586 * drand48());
}

static int64_t poisson(double mean)
{
    if (mean > 16)
        return (int64_t)fmax(0, round(mean + sqrt(mean) * normal()));
    double floor = exp(-mean), product = drand48();
    int64_t count = 0;
    for (; product > floor; count++)
        product *= drand48();
    return count;
}

static double cdf(double x)
{
    return erfc(-x / sqrt(2)) / 2;
}

/* One row, everything from the start. */
static int64_t plain_row(const struct market_config *config, int campaign, double share,
                         int64_t hour)
{
    const struct market_campaign_config *one = &config->campaign[campaign];
    const struct market_channel_config *channel = &config->channel[one->channel];
    double date = (double)config->start_day + (double)hour / 24, level = 0;
    for (int k = 0; k < 3; k++)
        level += config->yearly_cos[k] * cos((k + 1) * date * 6.283185307179586 / 365.2425)
            + config->yearly_sin[k] * sin((k + 1) * date * 6.283185307179586 / 365.2425);
    level = exp(level + config->weekday[(int64_t)date % 7] + config->noise_sd * normal());
    double traffic = config->hour[hour % 24], s = channel->price_log_sd;
    double mu = log(one->price_usd) + .15 * log(traffic), bid = (double)one->bid_micros / 1e6;
    double z = (log(bid) - mu) / s, win = cdf(z);
    double price = exp(mu + s * s / 2) * cdf(z - s) / win;
    int64_t shown = poisson(one->opportunities_day / 24 * traffic * level * share * win * .6);
    int64_t clicks = poisson((double)shown * one->click_rate);
    double units = (double)(channel->pays == MARKET_PER_CLICK ? clicks : shown);
    double cost = units > 0 ? units * price * (1 + .6 / sqrt(units) * normal()) : 0;
    return shown + clicks + (int64_t)(cost * 1e6);
}

static double plain_rows_s(const struct market *market, int days)
{
    const struct market_config *config = market_config(market);
    int64_t sum = 0;
    double start = cpu_s();
    for (int64_t hour = 0; hour < days * 24; hour++)
        for (int c = 0; c < config->campaigns; c++)
            for (int g = 0; g < config->geos; g++)
                sum += plain_row(config, c, market_geo_share(market, g), hour);
    double seconds = cpu_s() - start;
    assert(sum > 0); /* so that the rows are drawn at all */
    return (double)days * 24 * config->campaigns * config->geos / seconds;
}

static double lived_rows_s(struct market *market, int days)
{
    const struct market_config *config = market_config(market);
    double start = cpu_s();
    market_step(market, (int64_t)days * 24);
    return (double)days * 24 * config->campaigns * config->geos / (cpu_s() - start);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *list, int count)
{
    qsort(list, (size_t)count, sizeof *list, by_size);
    return list[count / 2];
}

int main(int count, char **argument)
{
    int days = count > 1 ? (int)strtol(argument[1], NULL, 10) : 0;
    int rounds = count > 2 ? (int)strtol(argument[2], NULL, 10) : 0;
    double ours[rounds_max], plain[rounds_max], ratio[rounds_max];
    struct err err = {0};
    struct market_config *config = mem_new(sizeof *config);
    if (days < 28 || days > 4000 || rounds < 1 || rounds > rounds_max
        || !market_preset("quiet", config, &err)) {
        fprintf(stderr, "usage: bench_market_rows DAYS ROUNDS   (28..4000, 1..99) %s\n", err.text);
        return 1;
    }
    for (int i = 0; i < rounds; i++) {
        struct market *market = market_open(config, 730 + (uint64_t)i);
        ours[i] = lived_rows_s(market, days);
        plain[i] = plain_rows_s(market, days);
        ratio[i] = ours[i] / plain[i];
        double start = cpu_s();
        market_truth_without(market, 1 << 5, market_now(market) - 28 * 24, market_now(market));
        double again = cpu_s() - start;
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        printf("market: round %d: %.2f M rows/s, plain %.2f M; %zu orders; a channel off for the "
               "last 28 days in %.0f ms; peak %ld MB\n",
               i + 1, ours[i] / 1e6, plain[i] / 1e6,
               market_orders(market, 0, market_now(market)).count, again * 1e3,
               usage.ru_maxrss / 1024);
        market_close(market);
    }
    mem_free(config);
    printf("{\"bench\":\"market\",\"value\":%.0f,\"unit\":\"rows/s\",\"baseline\":\"plain rows\","
           "\"baseline_value\":%.0f,\"ratio\":%.3f,\"goal\":5000000}\n",
           median(ours, rounds), median(plain, rounds), median(ratio, rounds));
    return 0;
}
