/* auction: the closed form has the published values, and is the mean of the events it stands for.
 */
#include "auction.h"
#include "draw.h"
#include "real.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void second_price_has_the_reference_values(void **state)
{
    static const double vectors[][3] = {
        {.5,  .03354874, .01351930 },
        {1,   .24959170, .18140986 },
        {1.5, .5,        .49251089 },
        {2,   .68419789, .81177031 },
        {3,   .87600501, 1.27617964},
    };
    (void)state;
    struct auction second = {MARKET_SECOND_PRICE, log(1.5), .6, 0};
    struct auction first = {MARKET_FIRST_PRICE, log(1.5), .6, 0};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        double bid = vectors[i][0];
        struct auction_result result = auction_expect(&second, bid);
        assert_true(fabs(result.win - vectors[i][1]) < 6e-9);
        assert_true(fabs(result.cost - vectors[i][2]) < 6e-9);
        result = auction_expect(&first, bid);
        assert_true(fabs(result.cost - bid * vectors[i][1]) < 3e-8);
    }
}

static void a_reserve_is_a_floor_of_bid_and_price(void **state)
{
    (void)state;
    struct auction auction = {MARKET_SECOND_PRICE, log(1.5), .6, 1.2};
    assert_true(auction_expect(&auction, 1.19).win == 0);
    struct auction_result result = auction_expect(&auction, 1.3);
    assert_true(result.cost / result.win > 1.2 && result.cost / result.win < 1.3);
}

static void gsp_pays_less_for_lower_slots_and_never_more_than_the_bid(void **state)
{
    (void)state;
    struct auction gsp = {MARKET_GSP3, log(1.5), .6, .1};
    struct auction_result last = {0};
    for (double bid = .3; bid < 9; bid *= 1.3) {
        struct auction_result result = auction_expect(&gsp, bid);
        assert_true(result.win > last.win && result.cost > last.cost);
        assert_true(result.cost < bid * result.win);
        last = result;
    }
    assert_true(last.win > .98);
}

struct moments {
    double sum, squares;
};

static void moments_add(struct moments *moments, double value)
{
    moments->sum += value;
    moments->squares += value * value;
}

static void assert_mean(const struct moments *moments, double count, double expected,
                        const char *what)
{
    double mean = moments->sum / count;
    double se = sqrt((moments->squares / count - mean * mean) / count);
    if (fabs(mean - expected) > 4 * se)
        fail_msg("%s: events give %g +- %g, the closed form %g", what, mean, se, expected);
}

enum { hours = 2000 };

static void assert_identity(const struct auction *auction, const struct auction_hour *hour,
                            double bid, uint64_t seed)
{
    struct auction_means means = auction_macro(auction, hour, bid);
    struct moments shown = {0}, clicks = {0}, orders = {0}, cost = {0}, reached = {0};
    for (int64_t i = 0; i < hours; i++) {
        struct auction_events events =
            auction_micro(auction, hour, bid, draw_key(seed, DRAW_MICRO, 1, i));
        moments_add(&shown, (double)events.impressions);
        moments_add(&clicks, (double)events.clicks);
        moments_add(&orders, (double)events.orders);
        moments_add(&cost, events.cost);
        moments_add(&reached, (double)events.reached);
    }
    assert_mean(&shown, hours, means.impressions, "impressions");
    assert_mean(&clicks, hours, means.clicks, "clicks");
    assert_mean(&orders, hours, means.orders, "orders");
    assert_mean(&cost, hours, means.cost, "cost");
    assert_mean(&reached, hours, means.reached, "reach");
}

static const struct {
    double median, log_sd, bid, click_rate;
    enum market_pays pays;
} platforms[] = {
    {1.9,  .55, 2.1,  .09,  MARKET_PER_CLICK     }, /* Google */
    {11.5, .45, 12.4, .013, MARKET_PER_IMPRESSION}, /* Meta */
    {6.3,  .6,  6.1,  .009, MARKET_PER_IMPRESSION}, /* TikTok */
    {1.3,  .6,  1.5,  .05,  MARKET_PER_CLICK     }, /* Microsoft */
    {31.0, .35, 27.5, .006, MARKET_PER_IMPRESSION}, /* LinkedIn */
};

static void events_average_to_the_closed_form(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof platforms / sizeof *platforms; p++)
        for (enum market_auction kind = MARKET_SECOND_PRICE; kind <= MARKET_GSP3; kind++) {
            struct auction auction = {kind, log(platforms[p].median), platforms[p].log_sd,
                                      platforms[p].median / 5};
            struct auction_hour hour = {.opportunities = 173,
                                        .clumping = 6,
                                        .pool_people = 465,
                                        .click_rate = 5 * platforms[p].click_rate,
                                        .order_rate = .17,
                                        .pays = platforms[p].pays};
            assert_identity(&auction, &hour, platforms[p].bid, 73 + p * 3 + kind);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(second_price_has_the_reference_values),
        cmocka_unit_test(a_reserve_is_a_floor_of_bid_and_price),
        cmocka_unit_test(gsp_pays_less_for_lower_slots_and_never_more_than_the_bid),
        cmocka_unit_test(events_average_to_the_closed_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
