/* market: the same seed lives the same life, and what is set from outside changes what comes after.
 */
#include "markets.h"

#include <pthread.h>

static const int days = 21;

static uint64_t add_bytes(uint64_t sum, const void *data, size_t size)
{
    const uint8_t *byte = data;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ byte[i]) * 0x100000001b3ULL;
    return sum;
}

/* Of all that the counters show. */
static uint64_t fingerprint(const struct market *market)
{
    const struct market_config *config = market_config(market);
    int last = (int)(market_now(market) / 24) - 1, sources = market_ga4_sources(market);
    uint64_t sum = 0xcbf29ce484222325ULL;
    for (int c = 0; c < config->campaigns; c++) {
        struct market_counts counts = campaign_sum(market, c, 0, last, market_now(market));
        sum = add_bytes(sum, &counts, sizeof counts);
    }
    size_t rows = (size_t)((last + 1) * sources);
    struct market_ga4_counts *ga4 = mem_array(rows, sizeof *ga4);
    market_ga4_days(market, 0, last, market_now(market), ga4);
    sum = add_bytes(sum, ga4, rows * sizeof *ga4);
    mem_free(ga4);
    struct market_orders orders = market_orders(market, 0, market_now(market));
    for (size_t i = 0; i < orders.count; i++) {
        sum = add_bytes(sum, &orders.order[i].second, sizeof(int64_t));
        sum = add_bytes(sum, &orders.order[i].value_micros, sizeof(int64_t));
        const struct market_touch *touch = market_order_touches(market, &orders.order[i]);
        for (uint32_t t = 0; t < orders.order[i].touches; t++) {
            int32_t told[] = {touch[t].hour, touch[t].report_hour, touch[t].campaign, touch[t].ad,
                              touch[t].click};
            sum = add_bytes(sum, told, sizeof told);
        }
    }
    return sum;
}

static uint64_t live(uint64_t seed, int64_t piece)
{
    struct market *market = open_market(config_of("tiny"), seed, 0);
    for (int64_t left = days * 24; left > 0; left -= piece)
        market_step(market, left < piece ? left : piece);
    uint64_t sum = fingerprint(market);
    market_close(market);
    return sum;
}

static void *live_in_thread(void *sum)
{
    *(uint64_t *)sum = live(4650, 7);
    return NULL;
}

static void one_seed_is_one_life_however_it_is_stepped(void **state)
{
    (void)state;
    pthread_t thread[2];
    uint64_t threads[2] = {0};
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, live_in_thread, &threads[i]), 0);
    uint64_t whole = live(4650, days * 24);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    assert_true(whole == threads[0] && whole == threads[1]);
    assert_true(whole == live(4650, 1));
    assert_true(whole != live(4651, 7));
}

/* The value itself, so that another compiler or processor that lives differently is noticed. */
static void the_life_of_seed_73_is_known(void **state)
{
    (void)state;
    assert_int_equal(live(73, 24), UINT64_C(0x7c37f5612a98ef70));
}

static void rows_geos_ads_and_campaigns_tell_the_same(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("demo"), 11, 9);
    const struct market_config *config = market_config(market);
    struct market_counts campaign[9], ads[MARKET_CAMPAIGNS_MAX][9] = {0}, ad[9];
    struct market_counts *geo = mem_array((size_t)config->geos * 9, sizeof *geo);
    struct market_setting setting = {7, 1};
    int64_t now = market_now(market);
    for (int a = 0; a < config->ads; a++) {
        market_ad_days(market, a, 0, 8, now, setting, ad);
        for (int d = 0; d < 9; d++) {
            struct market_counts *sum = &ads[config->ad[a].campaign][d];
            assert_true(ad[d].clicks <= ad[d].impressions && ad[d].impressions >= 0);
            sum->impressions += ad[d].impressions;
            sum->clicks += ad[d].clicks;
            sum->cost_micros += ad[d].cost_micros;
            sum->conversions += ad[d].conversions;
            sum->value_micros += ad[d].value_micros;
        }
    }
    for (int c = 0; c < config->campaigns; c++) {
        market_campaign_days(market, c, 0, 8, now, setting, campaign);
        market_geo_days(market, c, 0, 8, now, setting, geo);
        for (int d = 0; d < 9; d++) {
            struct market_counts left = campaign[d];
            for (int g = 0; g < config->geos; g++) {
                left.impressions -= geo[d * config->geos + g].impressions;
                left.clicks -= geo[d * config->geos + g].clicks;
                left.cost_micros -= geo[d * config->geos + g].cost_micros;
                left.conversions -= geo[d * config->geos + g].conversions;
            }
            assert_true(!left.impressions && !left.clicks && !left.cost_micros
                        && !left.conversions);
            assert_int_equal(ads[c][d].impressions, campaign[d].impressions);
            assert_int_equal(ads[c][d].clicks, campaign[d].clicks);
            assert_int_equal(ads[c][d].cost_micros, campaign[d].cost_micros);
            assert_int_equal(ads[c][d].conversions, campaign[d].conversions);
            assert_int_equal(ads[c][d].value_micros, campaign[d].value_micros);
        }
    }
    mem_free(geo);
    market_close(market);
}

static void a_binding_budget_is_spent_and_a_loose_one_is_not(void **state)
{
    (void)state;
    struct market_config *config = config_of("tiny");
    config->budget[2].micros_day = 730000000000;
    struct market *market = open_market(config, 5, 28);
    int64_t now = market_now(market);
    struct market_counts tight = campaign_sum(market, 1, 0, 27, now);
    struct market_counts loose = campaign_sum(market, 2, 0, 27, now);
    double planned = 28 * 300e6;
    assert_true(fabs((double)tight.cost_micros / planned - 1) < .02);
    assert_true(tight.lost_budget > tight.eligible / 10);
    assert_int_equal(loose.lost_budget, 0);
    assert_true((double)loose.cost_micros < 28 * 730000e6 / 100);
    assert_true(loose.lost_rank > 0 && loose.lost_rank < loose.eligible);
    market_close(market);
}

static void google_overspends_busy_days_but_never_the_month(void **state)
{
    (void)state;
    struct market_config *config = config_of("demo");
    config->weekday[5] = 1.2; /* Saturdays want more than thrice the traffic */
    struct market *market = open_market(config, 5, 31); /* March */
    struct market_counts day[31];
    market_campaign_days(market, 4, 0, 30, market_now(market), (struct market_setting){30, 0}, day);
    double budget = (double)market_config(market)
                        ->budget[market_config(market)->campaign[4].budget]
                        .micros_day,
           most = 0, month = 0;
    for (int d = 0; d < 31; d++) {
        most = fmax(most, (double)day[d].cost_micros / budget);
        month += (double)day[d].cost_micros / budget;
    }
    assert_true(most > 1.5 && most < 2.05);
    assert_true(month < 30.4 * 1.01 && month > 29);
    market_close(market);
}

static void a_large_move_starts_learning_and_a_small_one_does_not(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("tiny"), 3, 14);
    market_set_budget(market, 1, 355000000); /* 300 + 18 % */
    assert_false(market_campaign_state(market, 1).learning);
    market_step(market, 24);
    market_set_budget(market, 1, 365000000); /* 22 % over where it stood yesterday */
    struct market_campaign_state learning = market_campaign_state(market, 1);
    assert_true(learning.learning);
    assert_in_range(learning.learning_until - market_now(market), 72, 168);
    assert_false(market_campaign_state(market, 2).learning);
    market_step(market, 169);
    assert_false(market_campaign_state(market, 1).learning);
    market_set_bid(market, 2, 20000000);
    assert_true(market_campaign_state(market, 2).learning);
    market_close(market);
}

static void what_is_paused_delivers_nothing(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("tiny"), 3, 7);
    market_set_campaign_paused(market, 1, true);
    market_set_ad_paused(market, 5, true);
    assert_true(market_ad_paused(market, 5));
    market_step(market, 48);
    struct market_counts counts[2];
    market_campaign_days(market, 1, 7, 8, market_now(market), (struct market_setting){7, 1},
                         counts);
    assert_int_equal(counts[0].impressions + counts[1].impressions, 0);
    assert_int_equal(counts[0].conversions + counts[1].conversions, 0);
    market_ad_days(market, 5, 7, 8, market_now(market), (struct market_setting){7, 1}, counts);
    assert_int_equal(counts[0].impressions + counts[1].impressions, 0);
    market_ad_days(market, 6, 7, 8, market_now(market), (struct market_setting){7, 1}, counts);
    assert_true(counts[0].impressions > 0);
    market_set_campaign_paused(market, 1, false);
    market_step(market, 24);
    assert_true(campaign_sum(market, 1, 9, 9, market_now(market)).impressions > 0);
    market_close(market);
}

static void a_higher_bid_wins_more_and_pays_more(void **state)
{
    (void)state;
    double share[2], price[2];
    for (int i = 0; i < 2; i++) {
        struct market *market = open_market(config_of("tiny"), 3, 1);
        market_set_bid(market, 1, i ? 22000000 : 11000000);
        market_step(market, 7 * 24);
        struct market_counts sum = campaign_sum(market, 1, 1, 7, market_now(market));
        share[i] = 1 - (double)sum.lost_rank / (double)(sum.eligible - sum.lost_budget);
        price[i] = (double)sum.cost_micros / (double)sum.impressions;
        market_close(market);
    }
    assert_true(share[1] > share[0] + .2 && price[1] > price[0] * 1.2);
}

static void a_geo_setting_moves_that_geo_alone(void **state)
{
    (void)state;
    struct market_config *config = config_of("tiny");
    config->budget[1].micros_day = 730000000000; /* does not bind, so geos share nothing */
    struct market *market = open_market(config, 3, 7);
    market_set_geo(market, 1, 2, 0);
    market_set_geo(market, 1, 3, 1.5);
    market_step(market, 7 * 24);
    struct market_counts *geo = mem_array(14 * 4, sizeof *geo);
    market_geo_days(market, 1, 0, 13, market_now(market), (struct market_setting){7, 1}, geo);
    double before[4] = {0}, after[4] = {0};
    for (int d = 0; d < 14; d++)
        for (int g = 0; g < 4; g++)
            *(d < 7 ? &before[g] : &after[g]) += (double)geo[d * 4 + g].impressions;
    assert_true(before[2] > 0 && after[2] == 0);
    assert_true(fabs(after[3] / before[3] - 1.5) < .12 && fabs(after[0] / before[0] - 1) < .08);
    mem_free(geo);
    market_close(market);
}

static void a_worn_ad_is_clicked_less_and_recovers(void **state)
{
    (void)state;
    struct market_config *config = config_of("tiny");
    config->campaign[1].audience_people = 9000;
    struct market *market = open_market(config, 3, 28);
    struct market_counts worn = campaign_sum(market, 1, 21, 27, market_now(market));
    market_set_campaign_paused(market, 1, true);
    market_step(market, 60 * 24);
    market_set_campaign_paused(market, 1, false);
    market_step(market, 2 * 24);
    struct market_counts rested = campaign_sum(market, 1, 88, 89, market_now(market));
    assert_true((double)rested.clicks / (double)rested.impressions
                > 1.25 * (double)worn.clicks / (double)worn.impressions);
    market_close(market);
}

static void a_branch_shares_the_past_and_goes_its_own_way(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("tiny"), 3, 9);
    market_set_budget(market, 1, 465000000);
    market_step(market, 5 * 24);
    uint64_t past = fingerprint(market);
    market_set_bid(market, 2, 4650000);
    market_step(market, 7 * 24);
    struct market *other = market_branch(market, 14 * 24);
    assert_true(fingerprint(other) == past);
    market_step(other, 7 * 24);
    assert_true(fingerprint(other) != fingerprint(market));
    struct market *same = market_branch(market, 21 * 24);
    assert_true(fingerprint(same) == fingerprint(market));
    assert_int_equal(market_campaign_state(other, 1).budget_micros, 465000000);
    assert_int_equal(market_campaign_state(other, 2).bid_micros, 15000000);
    market_close(same);
    market_close(other);
    market_close(market);
}

/* All chances there can be, in all geos: sums stay what they are. */
static void an_absurd_market_stays_within_its_numbers(void **state)
{
    (void)state;
    struct market_config *config = config_of("tiny");
    config->geos = MARKET_GEOS_MAX;
    config->ads = 4; /* two of brand, two of which one stands for all of the next campaign */
    config->ad[2].campaign = config->ad[3].campaign = 1;
    config->noise_sd = 1;
    config->campaign[1].opportunities_day = 1e10;
    config->campaign[1].price_usd = 100;
    config->campaign[1].bid_micros = 1000000000000;
    config->campaign[1].audience_people = 1e10;
    config->budget[1].micros_day = 1000000000000000;
    struct market *market = open_market(config, 5, 3);
    struct market_counts sum = campaign_sum(market, 1, 0, 2, market_now(market)), ad[3];
    market_ad_days(market, 2, 0, 2, market_now(market), (struct market_setting){7, 1}, ad);
    assert_true(sum.impressions > 1000000000 && sum.cost_micros > sum.impressions);
    assert_true(ad[0].impressions > 0 && ad[0].cost_micros > 0);
    market_close(market);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seed_is_one_life_however_it_is_stepped),
        cmocka_unit_test(the_life_of_seed_73_is_known),
        cmocka_unit_test(rows_geos_ads_and_campaigns_tell_the_same),
        cmocka_unit_test(a_binding_budget_is_spent_and_a_loose_one_is_not),
        cmocka_unit_test(google_overspends_busy_days_but_never_the_month),
        cmocka_unit_test(a_large_move_starts_learning_and_a_small_one_does_not),
        cmocka_unit_test(what_is_paused_delivers_nothing),
        cmocka_unit_test(a_higher_bid_wins_more_and_pays_more),
        cmocka_unit_test(a_geo_setting_moves_that_geo_alone),
        cmocka_unit_test(an_absurd_market_stays_within_its_numbers),
        cmocka_unit_test(a_branch_shares_the_past_and_goes_its_own_way),
        cmocka_unit_test(a_worn_ad_is_clicked_less_and_recovers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
