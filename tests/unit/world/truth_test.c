/* The market behind the control routes: its clock, and what it says was really so. */
#include "asking.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static int setup(void **state)
{
    static struct asking asking;
    asking_open_staged(&asking, "tiny", 20);
    *state = &asking;
    return 0;
}

static json_t *get(struct asking *asking, const char *path, const struct http_pair *queries)
{
    asking->queries = queries;
    json_t *json = json_loads(ask(asking, "GET", path, ""), 0, NULL);
    asking->queries = NULL;
    assert_non_null(json);
    return json;
}

static double real(const json_t *json, const char *name)
{
    return json_number_value(json_object_get(json, name));
}

static void the_books_are_told_a_day_each(void **state)
{
    struct asking *asking = *state;
    json_t *days = get(asking, "/_world/truth/orders",
                       (const struct http_pair[]){
                           {"from", "2026-11-10"},
                           {"to",   "2026-11-19"},
                           {NULL,   NULL        }
    });
    int64_t total = 0;
    for (size_t i = 0; i < json_array_size(days); i++)
        total += (int64_t)real(json_array_get(days, i), "orders");
    assert_int_equal(json_array_size(days), 10);
    int64_t hour = stage_hour_of_day(&asking->world.stage, asking->world.stage.start_day + 9);
    assert_int_equal(total, market_orders(asking->world.stage.market, hour, hour + 240).count);
    json_decref(days);
}

static void contributions_and_the_baseline_make_the_whole(void **state)
{
    struct asking *asking = *state;
    json_t *truth = get(asking, "/_world/truth/contributions", NULL);
    const json_t *base = json_object_get(truth, "base"), *none = json_object_get(truth, "none");
    json_t *channels = json_object_get(truth, "channels"), *channel;
    double sum = real(none, "orders_expected") + real(truth, "interaction"), cost = 0;
    size_t i;
    json_array_foreach(channels, i, channel)
    {
        sum += real(channel, "orders");
        cost += real(channel, "cost_usd");
    }
    assert_true(json_array_size(channels) > 0 && cost > 0);
    assert_true(fabs(sum - real(base, "orders_expected")) <= 1e-6 * sum);
    assert_true(fabs(cost - real(base, "cost_usd")) <= 1e-6 * cost);
    assert_string_equal(json_string_value(json_object_get(truth, "to")), "2026-11-20");
    json_decref(truth);
}

static void a_curve_rises_with_its_scale(void **state)
{
    struct asking *asking = *state;
    const char *name = market_config(asking->world.stage.market)->channel[0].name;
    json_t *curve = get(asking, "/_world/truth/curves",
                        (const struct http_pair[]){
                            {"channel", name     },
                            {"scales",  "0,0.5,1"},
                            {NULL,      NULL     }
    });
    json_t *points = json_object_get(curve, "points");
    assert_int_equal(json_array_size(points), 3);
    assert_true(fabs(real(json_array_get(points, 0), "cost_usd")) <= 0);
    assert_true(real(json_array_get(points, 2), "orders")
                > real(json_array_get(points, 0), "orders"));
    json_decref(curve);
}

static void what_is_asked_wrongly_is_refused(void **state)
{
    struct asking *asking = *state;
    static const struct {
        const char *path;
        struct http_pair query;
        int status;
    } cases[] = {
        {"/_world/truth/everything",    {NULL, NULL},           404},
        {"/_world/truth/curves",        {"channel", "no_such"}, 400},
        {"/_world/truth/contributions", {"from", "20261110"},   400},
        {"/_world/truth/orders",        {"from", "2031-01-01"}, 400},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_decref(get(asking, cases[i].path,
                        (const struct http_pair[]){
                            cases[i].query, {NULL, NULL}
        }));
        assert_int_equal(asking->reply.status, cases[i].status);
    }
    ask(asking, "POST", "/_world/advance", "{\"days\":-1}");
    assert_int_equal(asking->reply.status, 400);
    ask(asking, "POST", "/_world/reset", "{\"preset\":\"\"}");
    assert_int_equal(asking->reply.status, 200);
    ask(asking, "POST", "/_world/advance", "{\"days\":1}");
    assert_int_equal(asking->reply.status, 409);
    ask(asking, "POST", "/_world/reset", "{\"preset\":\"no such\"}");
    assert_int_equal(asking->reply.status, 400);
    assert_int_equal(asking->world.account->campaign_count, 14);
}

static void nothing_happens_while_a_truth_is_found(void **state)
{
    struct asking *asking = *state;
    int64_t hours = market_now(asking->world.stage.market);
    asking->world.stage.pins++;
    asking->now_micros += 5 * 3600 * 1000000LL;
    ask(asking, "GET", "/_world/clock", "");
    assert_int_equal(market_now(asking->world.stage.market), hours);
    ask(asking, "POST", "/_world/advance", "{\"days\":1}");
    assert_int_equal(asking->reply.status, 409);
    asking->world.stage.pins--;
    ask(asking, "GET", "/_world/clock", "");
    assert_int_equal(market_now(asking->world.stage.market), hours + 5);
}

static void a_start_date_moves_the_clock(void **state)
{
    struct asking *asking = *state;
    ask(asking, "POST", "/_world/reset",
        "{\"preset\":\"tiny\",\"history_days\":5,\"start_date\":\"2025-03-01\"}");
    assert_contains(ask(asking, "GET", "/_world/clock", ""),
                    "\"now\":\"2025-03-06 00:00:00.000000\"");
    assert_contains(ask(asking, "POST", "/_world/advance", "{\"days\":4}"),
                    "\"now\":\"2025-03-10 01:00:00.000000\""); /* summer time has begun */
    assert_contains(ask(asking, "GET", "/_world/clock", ""), "\"hours\":217}");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, asking_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_books_are_told_a_day_each),
        TEST(contributions_and_the_baseline_make_the_whole),
        TEST(a_curve_rises_with_its_scale),
        TEST(what_is_asked_wrongly_is_refused),
        TEST(nothing_happens_while_a_truth_is_found),
        TEST(a_start_date_moves_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
