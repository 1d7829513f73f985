/* response: adstock, saturation, halo and the pool do what their equations say. */
#include "market_state.h"
#include "markets.h"

static const int social = 1;

/* Reference dollars that the social campaigns delivered in a day. */
static double delivered(const struct market *market, int day)
{
    double dollars = 0;
    for (int c = 1; c <= 2; c++)
        dollars += (double)campaign_sum(market, c, day, day, market_now(market)).impressions / 1000
            * market_config(market)->channel[social].reference_usd;
    return dollars;
}

static double sum_of(const struct market *market, const double *list)
{
    double sum = 0;
    for (int g = 0; g < market->geos.count; g++)
        sum += list[social * market->geos.count + g];
    return sum;
}

static struct market_config *plain_tiny(void)
{
    struct market_config *config = config_of("tiny");
    config->ads = 0;
    return config;
}

static void pause_social(struct market *market, bool paused)
{
    market_set_campaign_paused(market, 1, paused);
    market_set_campaign_paused(market, 2, paused);
}

static void steady_spend_is_its_own_adstock_and_then_halves(void **state)
{
    (void)state;
    struct market_config *config = plain_tiny();
    double half_life = config->channel[social].carry_half_life_days, mean = 0;
    struct market *market = open_market(config, 3, 20);
    for (int day = 10; day < 20; day++)
        mean += delivered(market, day) / 10;
    double before = sum_of(market, market->response.adstock);
    assert_true(fabs(before / mean - 1) < .1);
    pause_social(market, true);
    market_step(market, (int64_t)(half_life * 24));
    assert_true(fabs(sum_of(market, market->response.adstock) / before - .5) < 1e-9);
    market_close(market);
}

static void weibull_gives_back_all_of_a_day_and_most_of_it_later(void **state)
{
    (void)state;
    struct market_config *config = plain_tiny();
    config->channel[social].carry = MARKET_WEIBULL;
    config->channel[social].carry_shape = 2;
    config->channel[social].carry_scale_days = 6;
    config->campaign[1].paused = config->campaign[2].paused = true;
    struct market *market = open_market(config, 3, 3);
    assert_true(sum_of(market, market->response.adstock) == 0);
    pause_social(market, false);
    market_step(market, 24);
    pause_social(market, true);
    double dollars = delivered(market, 3), felt = 0, most = 0;
    int peak = 0;
    for (int day = 1; day <= 30; day++) {
        market_step(market, 1);
        double now = sum_of(market, market->response.adstock);
        market_step(market, 23);
        peak = now > most ? day : peak;
        most = fmax(now, most);
        felt += now;
    }
    assert_true(dollars > 100 && fabs(felt / dollars - 1) < 1e-9);
    assert_in_range(peak, 4, 6); /* the mode of scale 6, shape 2 is 4.2 days on */
    market_close(market);
}

static void hill_is_half_at_half_and_reach_too(void **state)
{
    (void)state;
    for (int form = MARKET_PARAMETRIC; form <= MARKET_MECHANISTIC; form++) {
        struct market_config *config = plain_tiny();
        config->form = (enum market_form)form;
        config->channel[social].slope = 1.7;
        double half = config->channel[social].half_usd_day;
        struct market *market = open_market(config, 3, 20);
        for (int g = 0; g < market->geos.count; g++) {
            int at = social * market->geos.count + g;
            double z = market->response.adstock[at] / half / market->geos.share[g];
            double hill =
                form == MARKET_PARAMETRIC ? pow(z, 1.7) / (1 + pow(z, 1.7)) : 1 - exp2(-z);
            assert_true(z > .1 && fabs(market->response.hill[at] - hill) < 1e-12);
        }
        market_close(market);
    }
}

static void halo_is_felt_after_its_lag(void **state)
{
    (void)state;
    struct market_config *config = plain_tiny();
    config->channel[social].halo[0] = .5;
    config->channel[social].halo_lag_days = 5;
    config->channel[social].carry_half_life_days = .05;
    config->campaign[1].paused = config->campaign[2].paused = true;
    struct market *market = open_market(config, 3, 3);
    assert_true(response_halo(market, 0, 1) == 1);
    pause_social(market, false);
    market_step(market, 5 * 24);
    double hill = 0;
    for (int64_t hour = 0; hour < 24; hour++) {
        market_step(market, 1);
        hill += market->response.hill[social * 4 + 1] / 24;
    }
    double felt = (response_halo(market, 0, 1) - 1) / .5 / hill;
    assert_true(felt > .6 && felt < .8); /* 1 - exp(-6 / 5) is .70 */
    market_close(market);
}

/* A pool of few is drained by its buyers, and everybody's rate with it. */
static void a_small_pool_runs_low(void **state)
{
    (void)state;
    double left[2], orders[2];
    for (int i = 0; i < 2; i++) {
        struct market_config *config = plain_tiny();
        config->form = MARKET_MECHANISTIC;
        config->pool_people = i ? 200 : 2e6;
        struct market *market = open_market(config, 3, 40);
        left[i] = market->response.pool[0];
        orders[i] = market_truth_without(market, 0, 0, 40 * 24).orders_expected;
        market_close(market);
    }
    assert_true(left[0] > .999 && left[1] < .75);
    assert_true(orders[1] < .8 * orders[0]);
}

static void quality_drifts_where_it_may_and_only_there(void **state)
{
    (void)state;
    struct market *still = open_market(config_of("demo"), 3, 90);
    struct market *drifting = open_market(config_of("drift"), 3, 90);
    double squares = 0;
    for (int c = 0; c < 8; c++) {
        assert_true(still->response.drift[c] == 0);
        squares += drifting->response.drift[c] * drifting->response.drift[c] / 8;
    }
    double sd = .5 * sqrt(118. / 365); /* it drifts through the burn-in too */
    assert_true(sqrt(squares) > sd / 3 && sqrt(squares) < 2 * sd);
    struct market_counts before = campaign_sum(drifting, 6, 50, 59, market_now(drifting));
    struct market_counts after = campaign_sum(drifting, 6, 60, 69, market_now(drifting));
    assert_true((double)after.lost_rank / (double)after.eligible
                > (double)before.lost_rank / (double)before.eligible);
    market_close(still);
    market_close(drifting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_spend_is_its_own_adstock_and_then_halves),
        cmocka_unit_test(weibull_gives_back_all_of_a_day_and_most_of_it_later),
        cmocka_unit_test(hill_is_half_at_half_and_reach_too),
        cmocka_unit_test(halo_is_felt_after_its_lag),
        cmocka_unit_test(a_small_pool_runs_low),
        cmocka_unit_test(quality_drifts_where_it_may_and_only_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
