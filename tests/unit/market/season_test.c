/* season: the calendar is the world's, and demand has the shape it was given. */
#include "markets.h"
#include "season.h"

static void dates_are_those_of_the_calendar(void **state)
{
    static const struct {
        int64_t date;
        int weekday, days_in_month;
    } days[] = {
        {0,     3, 31}, /* Thursday 1970-01-01 */
        {19782, 3, 29}, /* Thursday 2024-02-29 */
        {20148, 5, 31}, /* Saturday 2025-03-01 */
        {20512, 5, 28}, /* Saturday 2026-02-28 */
        {47540, 6, 28}, /* Sunday 2100-02-28: no leap year */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(days); i++) {
        assert_int_equal(season_weekday(days[i].date), days[i].weekday);
        assert_int_equal(season_days_in_month(days[i].date), days[i].days_in_month);
    }
    assert_int_equal(season_month(20148) - season_month(20147), 1);
    assert_int_equal(season_month(20148 + 365) - season_month(20148), 12);
}

static void geos_share_the_people(void **state)
{
    (void)state;
    struct geos geos;
    geos_draw(&geos, MARKET_GEOS_MAX, 5);
    double shares = 0, price = 0, most = 0, least = 1;
    for (int g = 0; g < geos.count; g++) {
        shares += geos.share[g];
        price += geos.share[g] * geos.price[g];
        most = fmax(most, geos.share[g]);
        least = fmin(least, geos.share[g]);
    }
    assert_true(fabs(shares - 1) < 1e-12 && fabs(price - 1) < 1e-12);
    assert_true(most > 10 * least);
    assert_string_equal(geos.name[MARKET_GEOS_MAX - 1], "geo-210");
}

/* AR(1) with sd .3 and memory .8: variance .09, next day's correlation .8; its mean demand is 1. */
static void noise_has_its_memory_and_leaves_the_mean(void **state)
{
    (void)state;
    enum { lived = 3000 };
    struct market_config *config = config_of("quiet");
    struct geos geos;
    struct season season = {0};
    config->noise_sd = .3;
    config->noise_memory = .8;
    config->trend_year = 0;
    memset(config->weekday, 0, sizeof config->weekday);
    memset(config->yearly_cos, 0, sizeof config->yearly_cos);
    memset(config->yearly_sin, 0, sizeof config->yearly_sin);
    geos_draw(&geos, 40, 5);
    double squares = 0, beside = 0, demand = 0, n = lived * 40.;
    for (int64_t day = -30; day < lived; day++) {
        double last[40];
        memcpy(last, season.noise, sizeof last);
        season_day(&season, config, &geos, 5, day);
        for (int g = 0; day >= 0 && g < 40; g++) {
            squares += season.noise[g] * season.noise[g] / n;
            beside += season.noise[g] * last[g] / n;
            demand += season.demand[g] / geos.share[g] / n;
        }
    }
    assert_true(fabs(squares - .09) < .004);
    assert_true(fabs(beside / squares - .8) < .01);
    assert_true(fabs(demand - 1) < .01);
    mem_free(config);
}

static void a_year_turns_and_grows(void **state)
{
    (void)state;
    struct market_config *config = config_of("quiet");
    struct geos geos;
    struct season season = {0};
    config->trend_year = .2;
    memset(config->weekday, 0, sizeof config->weekday);
    config->yearly_sin[0] = .4;
    geos_draw(&geos, 4, 5);
    double level[4];
    for (int i = 0; i < 4; i++) {
        int64_t day = 32 + (int64_t)(365.2425 * i / 2 + .5); /* near April and October */
        season_day(&season, config, &geos, 5, day);
        level[i] = season.level;
    }
    assert_true(level[0] > 1.5 * level[1]);
    assert_true(fabs(level[2] / level[0] - exp(.2)) < .02);
    mem_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_those_of_the_calendar),
        cmocka_unit_test(geos_share_the_people),
        cmocka_unit_test(noise_has_its_memory_and_leaves_the_mean),
        cmocka_unit_test(a_year_turns_and_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
