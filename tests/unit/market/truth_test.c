/* truth: what a run without something shows is what that something did. */
#include "markets.h"

static const int days = 42;
static const int64_t from = 14 * 24, to = 42 * 24;

static struct market_config *additive(void)
{
    struct market_config *config = config_of("quiet");
    for (int c = 0; c < config->channels; c++) {
        memset(config->channel[c].halo, 0, sizeof config->channel[c].halo);
        config->channel[c].halo_organic = 0;
    }
    return config;
}

static void leaving_nothing_out_changes_nothing(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("demo"), 3, days);
    struct market_sums base = market_truth_without(market, 0, from, to);
    struct market_orders orders = market_orders(market, from, to);
    double count = 0, value = 0, cost = 0;
    for (size_t i = 0; i < orders.count; i++) {
        count += orders.order[i].is_new;
        value += orders.order[i].is_new ? (double)orders.order[i].value_micros / 1e6 : 0;
    }
    for (int c = 0; c < market_config(market)->campaigns; c++)
        cost += (double)campaign_sum(market, c, 14, 41, market_now(market)).cost_micros / 1e6;
    assert_true(base.orders == count && base.value_usd == value);
    assert_true(fabs(base.cost_usd - cost) < .01);
    assert_true(fabs(base.orders - base.orders_expected) < 4 * sqrt(base.orders_expected));
    market_close(market);
}

/* Two lives differ only where the cause reaches: with everything paid off, the orders that nobody
 * caused are the same orders. */
static void what_was_not_caused_stays_as_it_was(void **state)
{
    (void)state;
    struct market *market = open_market(additive(), 3, days);
    struct market_orders orders = market_orders(market, from, to);
    double unpaid = 0;
    for (size_t i = 0; i < orders.count; i++)
        unpaid += orders.order[i].is_new && orders.order[i].cause < 0;
    struct market_sums none = market_truth_without(market, UINT32_MAX, from + 0, to);
    double carried = 0; /* what was delivered before `from` still works for a while */
    for (size_t i = 0; i < orders.count; i++)
        carried += orders.order[i].cause >= 0;
    assert_true(none.orders >= unpaid && none.orders < unpaid + .2 * carried);
    market_close(market);
}

static void without_halo_contributions_add_up(void **state)
{
    (void)state;
    struct market *market = open_market(additive(), 3, days);
    struct market_contribution truth;
    market_truth_contribution(market, from, to, &truth);
    double sum = 0, orders = truth.base.orders_expected - truth.none.orders_expected;
    for (int c = 0; c < market_config(market)->channels; c++) {
        assert_true(truth.orders[c] > 0);
        sum += truth.orders[c];
    }
    /* Retargeting's chances are other channels' visitors, but its budget binds all the same. */
    assert_true(fabs(truth.interaction) < 2e-3 * orders);
    assert_true(fabs(sum + truth.interaction - orders) < 1e-6 * orders);
    market_close(market);
}

/* Halo that multiplies a paid channel's response, and a pool that two channels empty, belong to no
 * channel alone: the first is credited twice, the second to nobody. */
static void interaction_is_named_and_has_its_sign(void **state)
{
    (void)state;
    struct market_config *config = config_of("quiet");
    config->channel[5].halo[3] = 2;
    struct market *market = open_market(config, 3, days);
    struct market_contribution truth;
    market_truth_contribution(market, from, to, &truth);
    assert_true(truth.interaction < -1 * 28);
    market_close(market);

    config = config_of("quiet");
    config->form = MARKET_MECHANISTIC;
    config->pool_people = 9000;
    market = open_market(config, 3, days);
    market_truth_contribution(market, from, to, &truth);
    assert_true(truth.interaction > 28);
    market_close(market);
}

/* Long after a constant start, d orders / d cost of top z / (1 + z), z = cost / half, is
 * top half / (half + cost)^2 an effective dollar. */
static void the_marginal_return_is_the_slope_of_hill(void **state)
{
    (void)state;
    struct market_config *config = additive();
    config->noise_sd = 0;
    memset(config->yearly_cos, 0, sizeof config->yearly_cos);
    memset(config->yearly_sin, 0, sizeof config->yearly_sin);
    memset(config->weekday, 0, sizeof config->weekday);
    config->trend_year = 0;
    config->ads = 0;                              /* nothing wears out */
    config->channel[3].carry_half_life_days = .2; /* nor is left of before */
    double top = config->channel[3].top_orders_day, half = config->channel[3].half_usd_day;
    double reference = config->channel[3].reference_usd;
    struct market *market = open_market(config, 3, 84);
    const double off[] = {0};
    struct market_point point;
    market_truth_curve(market, 3, 0, 84 * 24, off, 1, &point);
    double marginal = market_truth_marginal(market, 3, 0, 84 * 24), cost = 0, shown = 0;
    for (int c = 6; c <= 8; c++) {
        struct market_counts sum = campaign_sum(market, c, 56, 83, market_now(market));
        cost += (double)sum.cost_micros / 1e6 / 28;
        shown += (double)sum.impressions / 28;
    }
    double dollars = shown / 1000 * reference, z = dollars / half;
    double slope = top / half / ((1 + z) * (1 + z)) * dollars / cost;
    assert_true(fabs(marginal / slope - 1) < .06); /* geos scatter around their mean */
    double orders = market_truth_without(market, 0, 0, 84 * 24).orders_expected - point.orders;
    assert_true(fabs(orders / 84 / (top * z / (1 + z)) - 1) < .05);
    assert_true(point.cost_usd < 1);
    market_close(market);
}

static void a_budget_that_does_not_bind_has_only_a_way_down(void **state)
{
    (void)state;
    struct market_config *config = config_of("tiny");
    config->budget[1].micros_day = config->budget[2].micros_day = 730000000000;
    struct market *market = open_market(config, 3, 20);
    assert_true(isnan(market_truth_marginal(market, 1, 0, 20 * 24)));
    market_close(market);
}

static void a_lift_is_found_where_the_test_was(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("quiet"), 3, days);
    bool in[MARKET_GEOS_MAX] = {0};
    for (int g = 0; g < 40; g += 2)
        in[g] = true;
    struct market_lift off = market_truth_lift(market, 5, in, 0, from, 28 * 24, to);
    struct market_lift up = market_truth_lift(market, 5, in, 1.2, from, 28 * 24, to);
    struct market_lift same = market_truth_lift(market, 5, in, 1, from, 28 * 24, to);
    assert_true(same.orders == 0 && same.orders_expected == 0 && same.cost_usd == 0);
    assert_true(off.orders_expected < -100 && off.cost_usd < -10000);
    assert_true(up.orders_expected > 5 && up.orders_expected < -off.orders_expected);
    assert_true(fabs(off.orders - off.orders_expected) < .1 * -off.orders_expected + 60);
    market_close(market);
}

static void the_best_split_beats_the_one_that_was(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("tiny"), 3, 28);
    struct market_oracle oracle;
    double usd = market_truth_without(market, 0, 0, 28 * 24).cost_usd / 28;
    market_truth_oracle(market, usd, 0, 28 * 24, 8, &oracle);
    double was = market_truth_without(market, 0, 0, 28 * 24).orders_expected;
    assert_true(oracle.orders > was);
    assert_true(oracle.usd_day[0] + oracle.usd_day[1] < usd * 1.03);
    assert_true(oracle.usd_day[0] < 30); /* brand brings next to nothing */
    market_close(market);
}

/* Leading every ad to the best page with the best offer brings what the cells promise. */
static void a_better_page_persuades_more(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("quiet"), 3, 14);
    const struct market_config *config = market_config(market);
    struct market *better = market_branch(market, 14 * 24);
    for (int a = 0; a < config->ads; a++) {
        market_set_ad_page(better, a, 1);
        market_set_ad_offer(better, a, 1);
        assert_true(market_ad_page(better, a) == 1 && market_ad_offer(better, a) == 1);
        assert_true(market_truth_ad(better, a) == market_truth_cell(market, a, 1, 1));
    }
    market_step(market, 28 * 24);
    market_step(better, 28 * 24);
    struct market_sums was = market_truth_without(market, 0, 14 * 24, 42 * 24);
    struct market_sums is = market_truth_without(better, 0, 14 * 24, 42 * 24);
    assert_true(is.orders_expected > 1.03 * was.orders_expected);
    assert_true(fabs(is.cost_usd / was.cost_usd - 1) < .01);
    market_close(better);
    market_close(market);
}

static void shapley_shares_out_all_of_it(void **state)
{
    (void)state;
    struct market_config *config = config_of("tiny");
    config->channel[1].halo[0] = 3;
    config->budget[0].micros_day = 730000000; /* brand clicks follow their searches */
    struct market *market = open_market(config, 3, 28);
    struct market_contribution truth;
    double shapley[MARKET_CHANNELS_MAX];
    market_truth_contribution(market, 0, 28 * 24, &truth);
    market_truth_shapley(market, 0, 28 * 24, shapley);
    double all = truth.base.orders_expected - truth.none.orders_expected;
    assert_true(truth.interaction < -.1);
    assert_true(fabs(shapley[0] + shapley[1] - all) < 1e-9 * all);
    for (int c = 0; c < 2; c++) /* of two, each bears half of it */
        assert_true(fabs(shapley[c] - truth.orders[c] - truth.interaction / 2) < 1e-9 * all);
    market_close(market);
}

/* What is set while it lives is part of its history, for truth as well. */
static void what_was_set_is_lived_again(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("demo"), 3, 7);
    market_set_budget(market, 2, 6500000000);
    market_step(market, 31);
    market_set_bid(market, 3, 2750000);
    market_set_ad_paused(market, 40, true);
    market_step(market, 60);
    market_set_campaign_paused(market, 9, true);
    market_set_geo(market, 10, 7, .25);
    market_step(market, 100);
    struct market_sums base = market_truth_without(market, 0, 0, market_now(market));
    struct market_orders orders = market_orders(market, 0, market_now(market));
    double value = 0;
    for (size_t i = 0; i < orders.count; i++)
        value += orders.order[i].is_new ? (double)orders.order[i].value_micros / 1e6 : 0;
    assert_true(base.value_usd == value);
    market_close(market);
}

static void better_ads_are_known_as_such(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("demo"), 3, 0);
    const struct market_config *config = market_config(market);
    int bait = 0, best_page = 0, best_offer = 0;
    for (int a = 0; a < config->ads; a++) {
        double plain = exp(config->ad[a].angle + config->ad[a].craft);
        assert_true(fabs(market_truth_cell(market, a, 0, 0) / plain - exp(-config->ad[a].clickbait))
                    < 1e-9);
        bait += config->ad[a].clickbait > 0;
    }
    assert_true(bait > 5);
    for (int p = 0; p <= config->pages; p++)
        for (int o = 0; o <= config->offers; o++)
            if (market_truth_cell(market, 0, p, o)
                > market_truth_cell(market, 0, best_page, best_offer)) {
                best_page = p;
                best_offer = o;
            }
    assert_true(best_page == 1 && best_offer == 1); /* the quiz with the free month */
    assert_true(market_truth_cell(market, 0, 2, 1) < market_truth_cell(market, 0, 0, 0));
    market_close(market);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaving_nothing_out_changes_nothing),
        cmocka_unit_test(what_was_not_caused_stays_as_it_was),
        cmocka_unit_test(without_halo_contributions_add_up),
        cmocka_unit_test(interaction_is_named_and_has_its_sign),
        cmocka_unit_test(the_marginal_return_is_the_slope_of_hill),
        cmocka_unit_test(a_budget_that_does_not_bind_has_only_a_way_down),
        cmocka_unit_test(a_lift_is_found_where_the_test_was),
        cmocka_unit_test(the_best_split_beats_the_one_that_was),
        cmocka_unit_test(a_better_page_persuades_more),
        cmocka_unit_test(shapley_shares_out_all_of_it),
        cmocka_unit_test(what_was_set_is_lived_again),
        cmocka_unit_test(better_ads_are_known_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
