/* The shop: three shapes of the same orders, pages, what changes later, and who is who. */
#include "asking.h"

#include "person.h"

#include <jansson.h>
#include <stdlib.h>

static int setup(void **state)
{
    static struct asking asking;
    asking_open_staged(&asking, "tiny", 10);
    asking.shop_token = "shpat_1";
    snprintf(asking.authorization, sizeof asking.authorization, "Bearer sk_test_1");
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

static const char *const orders = "/admin/api/2026-10/orders.json";

static json_int_t member(const json_t *list, size_t index, const char *name)
{
    return json_integer_value(json_object_get(json_array_get(list, index), name));
}

static void pages_go_on_where_the_link_says(void **state)
{
    struct asking *asking = *state;
    json_t *json = get(asking, orders,
                       (const struct http_pair[]){
                           {"limit", "3" },
                           {NULL,    NULL}
    });
    json_int_t last = member(json_object_get(json, "orders"), 2, "id");
    assert_int_equal(json_array_size(json_object_get(json, "orders")), 3);
    json_decref(json);
    assert_string_equal(asking->reply.field[0].name, "Link");
    char cursor[320];
    const char *at = strstr(asking->reply.field[0].value, "page_info=");
    assert_non_null(at);
    snprintf(cursor, sizeof cursor, "%.*s", (int)strcspn(at + 10, ">"), at + 10);
    json = get(asking, orders,
               (const struct http_pair[]){
                   {"limit",     "3"   },
                   {"page_info", cursor},
                   {NULL,        NULL  }
    });
    assert_int_equal(member(json_object_get(json, "orders"), 0, "id"), last - 1);
    json_decref(json);
    cursor[0] = 'z';
    json = get(asking, orders,
               (const struct http_pair[]){
                   {"page_info", cursor},
                   {NULL,        NULL  }
    });
    assert_int_equal(asking->reply.status, 400);
    json_decref(json);
}

static void since_id_goes_upwards_and_times_narrow(void **state)
{
    struct asking *asking = *state;
    json_t *json = get(asking, orders,
                       (const struct http_pair[]){
                           {"since_id", "0" },
                           {"limit",    "2" },
                           {NULL,       NULL}
    });
    assert_true(member(json_object_get(json, "orders"), 0, "id")
                < member(json_object_get(json, "orders"), 1, "id"));
    json_decref(json);
    json = get(asking, orders,
               (const struct http_pair[]){
                   {"created_at_max", "2026-11-10T00:00:00-05:00"},
                   {NULL,             NULL                       }
    });
    assert_int_equal(json_array_size(json_object_get(json, "orders")), 0);
    json_decref(json);
    json = get(asking, orders,
               (const struct http_pair[]){
                   {"created_at_min", "last week"},
                   {NULL,             NULL       }
    });
    assert_int_equal(asking->reply.status, 400);
    json_decref(json);
}

/* Cents over all charges, less what was given back. */
static int64_t kept_cents(struct asking *asking)
{
    char after[32] = "ch_9999999999";
    int64_t total = 0;
    for (bool more = true; more;) {
        json_t *json = get(asking, "/v1/charges",
                           (const struct http_pair[]){
                               {"limit",          "100"},
                               {"starting_after", after},
                               {NULL,             NULL }
        });
        json_t *data = json_object_get(json, "data");
        size_t count = json_array_size(data);
        for (size_t i = 0; i < count; i++)
            total += member(data, i, "amount") - member(data, i, "amount_refunded");
        more = json_is_true(json_object_get(json, "has_more"));
        snprintf(after, sizeof after, "%s",
                 count ? json_string_value(json_object_get(json_array_get(data, count - 1), "id"))
                       : "");
        json_decref(json);
    }
    return total;
}

static int64_t refunds_cents(struct asking *asking)
{
    json_t *json = get(asking, "/v1/refunds",
                       (const struct http_pair[]){
                           {"limit", "100"},
                           {NULL,    NULL }
    });
    json_t *data = json_object_get(json, "data");
    int64_t total = 0;
    for (size_t i = 0; i < json_array_size(data); i++)
        total += member(data, i, "amount");
    assert_false(json_is_true(json_object_get(json, "has_more")));
    json_decref(json);
    return total;
}

static void charges_less_refunds_is_what_the_books_keep(void **state)
{
    struct asking *asking = *state;
    int64_t charged = 0;
    struct market_orders all =
        market_orders(asking->world.stage.market, 0, market_now(asking->world.stage.market));
    assert_true(all.count > 100);
    for (size_t i = 0; i < all.count; i++)
        charged += (all.order[i].value_micros + 5000) / 10000;
    int64_t given_back = refunds_cents(asking);
    assert_true(given_back > 0);
    assert_int_equal(kept_cents(asking), charged - given_back);
}

static void the_export_has_a_line_an_order_of_its_days(void **state)
{
    struct asking *asking = *state;
    asking->queries = (const struct http_pair[]){
        {"from", "2026-11-12"},
        {"to",   "2026-11-13"},
        {NULL,   NULL        }
    };
    const char *csv = ask(asking, "GET", "/shop/orders.csv", "");
    size_t lines = 0;
    for (const char *at = csv; (at = strchr(at, '\n')); at++)
        lines++;
    struct market_orders days = market_orders(asking->world.stage.market, 24, 72);
    assert_int_equal(lines, days.count + 1);
    assert_contains(csv, "2026-11-12T");
    assert_null(strstr(csv, "2026-11-14T00:00:00-05:00,2026-11-14"));
}

static void nobody_reads_without_a_token(void **state)
{
    struct asking *asking = *state;
    asking->shop_token = "shpat_2";
    asking->authorization[strlen(asking->authorization) - 1] = '2';
    static const char *const paths[] = {"/v1/charges", "/v1/refunds", "/shop/orders.csv"};
    ask(asking, "GET", orders, "");
    assert_int_equal(asking->reply.status, 401);
    for (size_t i = 0; i < COUNT(paths); i++) {
        assert_null(strstr(ask(asking, "GET", paths[i], ""), "example"));
        assert_int_equal(asking->reply.status, 401);
    }
}

static void a_number_is_always_the_same_person(void **state)
{
    (void)state; /* people need no world */
    struct person quiet, loud, other;
    person_make(4650, false, &quiet);
    person_make(4650, true, &loud);
    person_make(4651, false, &other);
    assert_string_not_equal(quiet.email, loud.email);
    assert_int_equal(strcasecmp(quiet.email, loud.email), 0);
    assert_string_equal(quiet.phone, loud.phone);
    assert_string_not_equal(quiet.email, other.email);
    assert_contains(quiet.email, ".example");
}

static void the_bucket_of_reads_fills_and_leaks(void **state)
{
    struct asking *asking = *state;
    ask(asking, "PUT", "/_world/faults", "{\"shop\":{\"reads_per_s\":1}}");
    for (int i = 0; i < 20; i++) {
        ask(asking, "GET", "/admin/api/2026-10/orders/count.json", "");
        assert_int_equal(asking->reply.status, 200);
    }
    ask(asking, "GET", "/admin/api/2026-10/orders/count.json", "");
    assert_int_equal(asking->reply.status, 429);
    assert_int_equal(asking->reply.retry_after_s, 1);
    asking->now_micros += 1000000;
    ask(asking, "GET", "/admin/api/2026-10/orders/count.json", "");
    assert_int_equal(asking->reply.status, 200);
    assert_string_equal(asking->reply.field[0].value, "20/20");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, asking_teardown)
    const struct CMUnitTest tests[] = {
        TEST(pages_go_on_where_the_link_says),
        TEST(since_id_goes_upwards_and_times_narrow),
        TEST(charges_less_refunds_is_what_the_books_keep),
        TEST(the_export_has_a_line_an_order_of_its_days),
        TEST(nobody_reads_without_a_token),
        TEST(a_number_is_always_the_same_person),
        TEST(the_bucket_of_reads_fills_and_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
