/* demo: the account of the tour says what it is meant to say, whatever the seed. */
#include "markets.h"

static const int first_day = 28, last_day = 83;

enum { brand, nonbrand, pmax, prospecting, retargeting, tiktok, microsoft, linkedin, channels };

static const double planned_usd[channels] = {3000, 11000, 6000, 12000, 3000, 5000, 1500, 500};

/* A day of the last eight weeks, as counters show it in the end. */
struct shown {
    double cost[channels], claims[channels], new_orders;
};

static struct shown look(const struct market *market)
{
    const struct market_config *config = market_config(market);
    struct shown shown = {0};
    double days = last_day - first_day + 1;
    for (int c = 0; c < config->campaigns; c++) {
        struct market_counts sum = campaign_sum(market, c, first_day, last_day, market_now(market));
        shown.cost[config->campaign[c].channel] += (double)sum.cost_micros / 1e6 / days;
        shown.claims[config->campaign[c].channel] += (double)sum.conversions_on_day / days;
    }
    struct market_orders orders = market_orders(market, first_day * 24, (last_day + 1) * 24);
    for (size_t i = 0; i < orders.count; i++)
        shown.new_orders += orders.order[i].is_new / days;
    return shown;
}

static void assert_near(double value, double wanted, double share, const char *what)
{
    if (!(fabs(value / wanted - 1) <= share))
        fail_msg("%s: %g instead of %g within %g", what, value, wanted, share);
}

static void it_spends_claims_and_sells_what_the_tour_says(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct market *market = open_market(config_of("demo"), seed, last_day + 4);
        struct shown shown = look(market);
        double spent = 0, claims = 0;
        for (int c = 0; c < channels; c++) {
            assert_near(shown.cost[c], planned_usd[c], .03, "cost of a channel");
            spent += shown.cost[c];
            claims += shown.claims[c];
        }
        assert_near(spent, 42000, .015, "cost");
        assert_near(claims, 780, .05, "claims");
        assert_near(shown.new_orders, 500, .05, "new customers");
        market_close(market);
    }
}

/* By what platforms claim a dollar TikTok is the worst channel and brand the best; by what the next
 * dollar brings it is the other way round. */
static void claims_and_truth_rank_the_channels_against_each_other(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("demo"), 7, last_day + 4);
    struct shown shown = look(market);
    double marginal[channels];
    int64_t from = first_day * 24, to = (last_day + 1) * 24;
    for (int c = 0; c < channels; c++)
        marginal[c] = market_truth_marginal(market, c, from, to);
    for (int c = 0; c < channels; c++) {
        double claimed = shown.claims[c] / shown.cost[c];
        assert_true(c == tiktok || claimed > 1.2 * shown.claims[tiktok] / shown.cost[tiktok]);
        assert_true(c == brand || claimed < .8 * shown.claims[brand] / shown.cost[brand]);
        assert_true(c == tiktok || marginal[c] < .5 * marginal[tiktok]);
        assert_true(c == brand || marginal[c] > 1.3 * marginal[brand]);
    }
    assert_near(1 / marginal[tiktok], 62, .12, "TikTok's next customer costs");
    market_close(market);
}

/* The shift the tour proposes: half of retargeting and brand to TikTok brings customers at once. */
static void the_proposed_shift_pays(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("demo"), 7, 84);
    const struct market_config *config = market_config(market);
    double before = market_truth_without(market, 0, 28 * 24, 84 * 24).orders_expected;
    struct market *shifted = open_market(config_of("demo"), 7, 28);
    for (int c = 0; c < config->campaigns; c++) {
        int budget = config->campaign[c].budget;
        int64_t micros = config->budget[budget].micros_day;
        int channel = config->campaign[c].channel;
        if (channel == brand || channel == retargeting)
            market_set_budget(shifted, budget, micros / 2);
        else if (channel == tiktok)
            market_set_budget(shifted, budget, micros * 8 / 5);
    }
    market_step(shifted, 56 * 24);
    double after = market_truth_without(shifted, 0, 28 * 24, 84 * 24).orders_expected;
    assert_true((after - before) / 56 > 15 && (after - before) / 56 < 60);
    market_close(market);
    market_close(shifted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_spends_claims_and_sells_what_the_tour_says),
        cmocka_unit_test(claims_and_truth_rank_the_channels_against_each_other),
        cmocka_unit_test(the_proposed_shift_pays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
