/* counts: three counters see the same orders, late and each in its own way. */
#include "markets.h"

static void a_later_look_never_shows_fewer_claims(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("tiny"), 17, 60);
    struct market_counts last = {0};
    int64_t day = 20, first = 0;
    for (int64_t as_of = (day + 1) * 24; as_of <= 60 * 24; as_of += 24) {
        struct market_counts counts = campaign_sum(market, 1, (int)day - 6, (int)day, as_of);
        assert_true(counts.conversions >= last.conversions);
        assert_true(counts.conversions_on_day >= last.conversions_on_day);
        assert_int_equal(counts.cost_micros, campaign_sum(market, 1, 14, 20, 60 * 24).cost_micros);
        first = first ? first : counts.conversions;
        last = counts;
    }
    assert_true(last.conversions > first + first / 10);
    market_close(market);
}

/* What was shown at a moment is shown for that moment later too. */
static void the_past_is_known_as_it_was_known_then(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("tiny"), 17, 10);
    market_step(market, 13);
    int64_t then = market_now(market);
    struct market_counts was = campaign_sum(market, 2, 0, 10, then);
    int sources = market_ga4_sources(market);
    size_t rows = (size_t)(11 * sources) * sizeof(struct market_ga4_counts);
    struct market_ga4_counts *ga4 = mem_new(rows), *again = mem_new(rows);
    market_ga4_days(market, 0, 10, then, ga4);
    market_step(market, 20 * 24);
    struct market_counts is = campaign_sum(market, 2, 0, 10, then);
    market_ga4_days(market, 0, 10, then, again);
    assert_memory_equal(&was, &is, sizeof was);
    assert_memory_equal(ga4, again, rows);
    mem_free(ga4);
    mem_free(again);
    market_close(market);
}

/* Ads and geos: whole days exactly; of the running day what their campaign had by then. */
static void a_running_day_grows_at_every_level(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("tiny"), 17, 10);
    struct market_setting setting = {7, 1};
    market_step(market, 30);
    struct market_counts early[4], noon, late[4];
    market_geo_days(market, 1, 10, 10, 10 * 24 + 6, setting, early);
    market_ad_days(market, 3, 10, 10, 10 * 24 + 12, setting, &noon);
    market_geo_days(market, 1, 10, 10, 10 * 24 + 24, setting, late);
    for (int g = 0; g < 4; g++)
        assert_true(early[g].impressions > 0 && early[g].impressions < late[g].impressions / 2);
    assert_true(noon.impressions > 0 && noon.clicks <= noon.impressions);
    market_geo_days(market, 1, 12, 12, market_now(market), setting, early);
    assert_int_equal(early[0].impressions, 0);
    market_close(market);
}

/* Exponential lag h behind a same-session mass m, then a delay: claims by click day are in after
 * `age` whole days with a share that lies between those of the click hours' ends. */
static void maturity_follows_the_lag_it_was_drawn_with(void **state)
{
    (void)state;
    struct market_config *config = config_of("quiet");
    double half_life = config->channel[1].lag_half_life_days,
           mass = config->channel[1].same_session;
    config->claim_delay_hours = 0;
    for (int c = 0; c < config->channels; c++)
        if (c != 1) /* of two clicks of one platform the earlier claims nothing, so alone */
            config->channel[c].touch_click = config->channel[c].own_click = 0;
    struct market *market = open_market(config, 23, 140);
    double last = 0;
    for (int age = 0; age < 12; age++) {
        double share =
            market_truth_maturity(market, 1, 5, 100, (struct market_setting){30, 0}, age);
        double from = mass + (1 - mass) * (1 - exp2(-age / half_life));
        double to = mass + (1 - mass) * (1 - exp2(-(age + 1) / half_life));
        assert_true(share >= last && share > from - .02 && share < to + .02);
        last = share;
    }
    assert_true(market_truth_maturity(market, 1, 5, 100, (struct market_setting){30, 0}, 35) == 1);
    market_close(market);
}

static void a_platform_claims_an_order_once(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("demo"), 5, 14);
    const struct market_config *config = market_config(market);
    struct market_orders orders = market_orders(market, 0, market_now(market));
    int several = 0;
    for (size_t i = 0; i < orders.count; i++) {
        const struct market_touch *touch = market_order_touches(market, &orders.order[i]);
        int claims[MARKET_LINKEDIN + 1] = {0}, all = 0;
        for (uint32_t t = 0; t < orders.order[i].touches; t++) {
            int channel = config->campaign[touch[t].campaign].channel;
            if (t > 0)
                assert_true(touch[t].hour >= touch[t - 1].hour);
            if (touch[t].report_hour == INT32_MAX)
                continue;
            all++;
            assert_int_equal(claims[config->channel[channel].platform]++, 0);
        }
        several += all > 1;
    }
    assert_true(several > (int)orders.count / 20);
    market_close(market);
}

static void a_wider_window_claims_more(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("tiny"), 17, 45);
    static const struct market_setting settings[] = {
        {1,  0},
        {7,  0},
        {28, 0},
        {28, 1},
        {28, 7},
    };
    struct market_counts day;
    int64_t last = 0;
    for (size_t i = 0; i < COUNT(settings); i++) {
        int64_t sum = 0;
        for (int d = 0; d < 14; d++) {
            market_campaign_days(market, 1, d, d, market_now(market), settings[i], &day);
            sum += day.conversions;
        }
        assert_true(sum > last);
        last = sum;
    }
    market_close(market);
}

static void ga4_is_late_loses_some_and_names_the_last_click(void **state)
{
    (void)state;
    struct market *market = open_market(config_of("quiet"), 5, 30);
    int sources = market_ga4_sources(market), campaigns = market_config(market)->campaigns;
    size_t count = (size_t)sources;
    struct market_ga4_counts *early = mem_array(count, sizeof *early);
    struct market_ga4_counts *done = mem_array(count, sizeof *done);
    market_ga4_days(market, 20, 20, 21 * 24, early);
    market_ga4_days(market, 20, 20, 30 * 24, done);
    int64_t before = 0, after = 0, sessions_before = 0, sessions_after = 0, paid = 0;
    for (int s = 0; s < sources; s++) {
        before += early[s].key_events;
        after += done[s].key_events;
        sessions_before += early[s].sessions;
        sessions_after += done[s].sessions;
        paid += s < campaigns ? done[s].key_events : 0;
        assert_true(done[s].users <= done[s].sessions);
    }
    struct market_orders orders = market_orders(market, 20 * 24, 21 * 24);
    assert_true(before < after * 7 / 10 && sessions_before < sessions_after * 7 / 10);
    assert_true(after < (int64_t)orders.count && after > (int64_t)orders.count * 9 / 10);
    int64_t clicked = 0;
    for (size_t i = 0; i < orders.count; i++) {
        const struct market_touch *touch = market_order_touches(market, &orders.order[i]);
        int last = -1;
        for (uint32_t t = 0; t < orders.order[i].touches; t++)
            last = touch[t].click ? touch[t].campaign : last;
        clicked += last >= 0;
        if (orders.order[i].ga4_source >= 0 && orders.order[i].ga4_source < campaigns)
            assert_int_equal(orders.order[i].ga4_source, last);
    }
    assert_true(fabs((double)paid / (double)clicked - .75) < .08); /* a quarter refuses */
    assert_string_equal(market_ga4_source(market, 0).medium, "cpc");
    assert_string_equal(market_ga4_source(market, sources - 4).source, "(direct)");
    mem_free(early);
    mem_free(done);
    market_close(market);
}

static void orders_are_in_time_and_change_later(void **state)
{
    (void)state;
    struct market_config *config = config_of("quiet");
    double value = (double)config->order_value_micros;
    struct market *market = open_market(config, 5, 60);
    struct market_orders orders = market_orders(market, 0, market_now(market));
    double sum = 0, cancelled = 0, refunded = 0, returning = 0;
    for (size_t i = 0; i < orders.count; i++) {
        const struct market_order *order = &orders.order[i];
        int64_t hour = order->second / 3600;
        assert_int_equal(order->id, i + 1);
        assert_true(i == 0 || order->second >= orders.order[i - 1].second);
        assert_true(order->cancel_hour == INT64_MAX || order->cancel_hour - hour >= 72);
        assert_true(order->refund_hour == INT64_MAX || order->refund_hour - hour >= 24);
        assert_true(order->refunded_micros <= order->value_micros);
        assert_true((order->refund_hour == INT64_MAX) == (order->refunded_micros == 0));
        sum += (double)order->value_micros;
        cancelled += order->cancel_hour != INT64_MAX;
        refunded += order->refund_hour != INT64_MAX;
        returning += !order->is_new;
    }
    double n = (double)orders.count;
    assert_true(fabs(sum / n / value - 1) < .02);
    assert_true(fabs(cancelled / n - .025) < .004 && fabs(refunded / n - .0585) < .005);
    assert_true(fabs(returning / 60 - 90) < 8);
    assert_int_equal(market_orders(market, 100, 200).order[0].second / 3600 >= 100, 1);

    const struct market_order *changed[100];
    size_t count = market_orders_changed(market, 30 * 24, 30 * 24 + 6, changed, 100);
    assert_true(count > 3 && count < 40);
    for (size_t i = 0; i < count; i++)
        assert_true((changed[i]->refund_hour >= 720 && changed[i]->refund_hour < 726)
                    || (changed[i]->cancel_hour >= 720 && changed[i]->cancel_hour < 726));
    market_close(market);
}

static struct market_event event_of(enum market_event_kind kind, double size, double depth)
{
    return (struct market_event){.name = "test",
                                 .kind = kind,
                                 .first_day = 10,
                                 .last_day = 12,
                                 .size = size,
                                 .depth = depth};
}

/* New orders, their value, claims, GA4 key events and cost of days 10 to 12 under an event. */
struct days {
    double orders, value, claims, key_events, cost;
};

static struct days with_event(enum market_event_kind kind, double size, double depth)
{
    struct market_config *config = config_of("quiet");
    config->event[config->events++] = event_of(kind, size, depth);
    struct market *market = open_market(config, 9, 18);
    struct days days = {0};
    struct market_orders orders = market_orders(market, 240, 312);
    for (size_t i = 0; i < orders.count; i++) {
        const struct market_touch *touch = market_order_touches(market, &orders.order[i]);
        days.orders++;
        days.value += (double)orders.order[i].value_micros;
        days.key_events += orders.order[i].ga4_source >= 0;
        for (uint32_t t = 0; t < orders.order[i].touches; t++)
            days.claims += touch[t].report_hour != INT32_MAX;
    }
    for (int c = 0; c < market_config(market)->campaigns; c++)
        days.cost += (double)campaign_sum(market, c, 10, 12, market_now(market)).impressions;
    market_close(market);
    return days;
}

static void events_do_what_their_names_say(void **state)
{
    (void)state;
    struct days usual = with_event(MARKET_HOLIDAY, 1, 0);
    struct days holiday = with_event(MARKET_HOLIDAY, 1.5, 0);
    assert_true(fabs(holiday.orders / usual.orders - 1.5) < .1);
    struct days promo = with_event(MARKET_PROMO, 1.5, .2);
    assert_true(fabs(promo.value / promo.orders / (usual.value / usual.orders) - .8) < .05);
    assert_true(with_event(MARKET_OUTAGE, 1, 0).orders == 0);
    struct days broken = with_event(MARKET_TRACKING, 1, .5);
    assert_true(broken.orders == usual.orders);
    assert_true(fabs(broken.claims / usual.claims - .5) < .05);
    assert_true(fabs(broken.key_events / usual.key_events - .5) < .05);
    struct days price = with_event(MARKET_PRICE, 1.1, 0);
    assert_true(fabs(price.value / usual.value - 1.1) < .01);
    assert_true(with_event(MARKET_COMPETITION, 1.3, 0).cost < usual.cost * .95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_look_never_shows_fewer_claims),
        cmocka_unit_test(the_past_is_known_as_it_was_known_then),
        cmocka_unit_test(a_running_day_grows_at_every_level),
        cmocka_unit_test(maturity_follows_the_lag_it_was_drawn_with),
        cmocka_unit_test(a_platform_claims_an_order_once),
        cmocka_unit_test(a_wider_window_claims_more),
        cmocka_unit_test(ga4_is_late_loses_some_and_names_the_last_click),
        cmocka_unit_test(orders_are_in_time_and_change_later),
        cmocka_unit_test(events_do_what_their_names_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
