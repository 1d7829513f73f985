/* What shops say was bought is read whole or refused by its place; nothing personal is in an error.
 */
#include "orders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char shopify[] =
    "{\"orders\":[{\"id\":450789469,\"created_at\":\"2026-11-20T10:00:00-05:00\",\"currency\":"
    "\"USD\",\"total_price\":\"119.90\",\"cancelled_at\":null,\"email\":\"Ann@shop.example\","
    "\"phone\":null,\"customer\":{\"id\":207},\"refunds\":[{\"transactions\":[{\"kind\":\"refund\","
    "\"status\":\"success\",\"amount\":\"19.90\"},{\"kind\":\"refund\",\"status\":\"failure\","
    "\"amount\":\"5\"},{\"kind\":\"void\",\"status\":\"success\",\"amount\":\"7\"}]}]},"
    "{\"id\":\"7\",\"test\":true},"
    "{\"id\":8,\"created_at\":\"2026-11-20T15:00:00Z\",\"currency\":\"jpy\",\"total_price\":"
    "\"20\",\"cancelled_at\":\"2026-11-21T00:00:00Z\"}]}";

static const char stripe[] =
    "{\"object\":\"list\",\"has_more\":true,\"data\":[{\"id\":\"ch_1\",\"status\":\"succeeded\","
    "\"amount\":1999,\"amount_refunded\":500,\"currency\":\"usd\",\"created\":1763632800,"
    "\"billing_details\":{\"email\":\"bob@shop.example\",\"phone\":\"+1 555 123 4567\"},"
    "\"customer\":\"cus_1\"},{\"id\":\"ch_2\",\"status\":\"failed\"}]}";

static const char csv[] =
    "currency,order_id,note,ordered_at,value,cancelled,email\r\n"
    "EUR,A-1,\"a \"\"quoted\"\", note\n over two lines\",2026-11-20T10:00:00Z,"
    "12.5,true,\"cy@shop.example\"\r\n"
    "\n"
    "EUR,A-2,,2026-11-20T10:00:01+01:00,0,,";

static struct arena *arena;

static bool reads(enum orders_form form, const char *text, struct orders *ret, struct err *err)
{
    return orders_read(arena, form, bytes_of(text, strlen(text)), ret, err);
}

static int begin(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void shopify_orders_have_refunds_and_cancellations(void **state)
{
    struct orders orders;
    struct err err = {0};
    (void)state;
    assert_true(reads(ORDERS_SHOPIFY, shopify, &orders, &err));
    assert_int_equal(orders.count, 2);
    const struct order *first = &orders.rows[0], *second = &orders.rows[1];
    assert_string_equal(first->id, "450789469");
    assert_int_equal(first->at_micros, 1795186800LL * 1000000);
    assert_string_equal(first->currency, "USD");
    assert_int_equal(first->value_micros, 119900000);
    assert_int_equal(first->refunded_micros, 19900000);
    assert_false(first->cancelled);
    assert_string_equal(first->email, "Ann@shop.example");
    assert_string_equal(first->customer, "207");
    assert_string_equal(second->id, "8");
    assert_string_equal(second->currency, "JPY");
    assert_true(second->cancelled);
    assert_string_equal(second->email, "");
}

/* Paid in yen, kept in euros: half of it went back. */
static void a_refund_in_the_customers_currency_is_put_into_the_orders(void **state)
{
    static const char page[] =
        "{\"orders\":[{\"id\":1,\"created_at\":\"2026-11-20T10:00:00Z\",\"currency\":\"EUR\","
        "\"total_price\":\"65.00\",\"total_price_set\":{\"presentment_money\":{\"amount\":"
        "\"10000\","
        "\"currency_code\":\"JPY\"}},\"refunds\":[{\"transactions\":[{\"kind\":\"refund\","
        "\"status\":"
        "\"success\",\"amount\":\"5000\",\"currency\":\"JPY\"}]}]}]}";
    struct orders orders;
    struct err err = {0};
    (void)state;
    assert_true(reads(ORDERS_SHOPIFY, page, &orders, &err));
    assert_int_equal(orders.rows[0].refunded_micros, 32500000);
}

static void stripe_charges_that_succeeded_count_and_pages_go_on(void **state)
{
    struct orders orders;
    struct err err = {0};
    (void)state;
    assert_true(reads(ORDERS_STRIPE, stripe, &orders, &err));
    assert_int_equal(orders.count, 1);
    assert_int_equal(orders.rows[0].at_micros, 1763632800LL * 1000000);
    assert_int_equal(orders.rows[0].value_micros, 19990000);
    assert_int_equal(orders.rows[0].refunded_micros, 5000000);
    assert_string_equal(orders.rows[0].phone, "+1 555 123 4567");
    assert_string_equal(orders.after, "ch_2");
    assert_true(reads(ORDERS_STRIPE, "{\"data\":[],\"has_more\":false}", &orders, &err));
    assert_int_equal(orders.count, 0);
    assert_null(orders.after);
}

static void csv_has_columns_in_any_order(void **state)
{
    struct orders orders;
    struct err err = {0};
    (void)state;
    assert_true(reads(ORDERS_CSV, csv, &orders, &err));
    assert_int_equal(orders.count, 2);
    assert_string_equal(orders.rows[0].id, "A-1");
    assert_int_equal(orders.rows[0].value_micros, 12500000);
    assert_true(orders.rows[0].cancelled);
    assert_string_equal(orders.rows[0].email, "cy@shop.example");
    assert_string_equal(orders.rows[1].id, "A-2");
    assert_int_equal(orders.rows[0].at_micros - orders.rows[1].at_micros, 3599LL * 1000000);
}

#define ORDER(members) "{\"orders\":[{\"id\":1," members "}]}"
#define CHARGE(members) "{\"data\":[{\"id\":\"c\",\"status\":\"succeeded\"," members "}]}"
#define HEAD "order_id,ordered_at,currency,value\n"

static void what_is_wrong_is_named_by_its_place_alone(void **state)
{
    static const struct {
        enum orders_form form;
        const char *text, *named;
    } cases[] = {
        {ORDERS_SHOPIFY, "{}",                                                                  "orders"              },
        {ORDERS_SHOPIFY, "[",                                                                   ""                    },
        {ORDERS_SHOPIFY, "{\"orders\":[{\"email\":\"secret@x.example\"}]}",                     "orders[0].id"        },
        {ORDERS_SHOPIFY, ORDER("\"created_at\":\"secret\""),                                    "orders[0].created_at"},
        {ORDERS_SHOPIFY, ORDER("\"created_at\":\"2026-11-20T10:00:00Z\",\"currency\":\"U1D\""),
         "orders[0].currency"                                                                                         },
        {ORDERS_SHOPIFY,
         ORDER("\"created_at\":\"2026-11-20T10:00:00Z\",\"currency\":\"USD\",\"total_price\":"
               "\"-1\""),
         "orders[0].total_price"                                                                                      },
        {ORDERS_STRIPE,  "{\"data\":7}",                                                        "data"                },
        {ORDERS_STRIPE,  "{\"data\":[],\"has_more\":true}",                                     "has_more"            },
        {ORDERS_STRIPE,  CHARGE("\"created\":-1"),                                              "data[0].created"     },
        {ORDERS_STRIPE,  CHARGE("\"created\":1,\"currency\":\"usd\",\"amount\":1.5"),
         "data[0].amount"                                                                                             },
        {ORDERS_CSV,     "",                                                                    "no column order_id"  },
        {ORDERS_CSV,     "order_id,ordered_at,currency,value,value\n",                          "value twice"         },
        {ORDERS_CSV,     HEAD "1,2026-11-20T10:00:00Z,USD\n",                                   "line 2: 3 fields"    },
        {ORDERS_CSV,     HEAD "1,2026-11-20T10:00:00Z,USD,secret\n",                            "line 2: value"       },
        {ORDERS_CSV,     HEAD "1,\"2026\"x,USD,1\n",                                            "line 2, field 2"     },
        {ORDERS_CSV,     HEAD "\"1\n",                                                          "line 2, field 1"     },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct orders orders;
        struct err err = {0};
        assert_false(reads(cases[i].form, cases[i].text, &orders, &err));
        assert_int_equal(err.kind, ERR_REJECT);
        assert_non_null(strstr(err.text, cases[i].named));
        assert_null(strstr(err.text, "secret"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(shopify_orders_have_refunds_and_cancellations, begin, end),
        cmocka_unit_test_setup_teardown(a_refund_in_the_customers_currency_is_put_into_the_orders,
                                        begin, end),
        cmocka_unit_test_setup_teardown(stripe_charges_that_succeeded_count_and_pages_go_on, begin,
                                        end),
        cmocka_unit_test_setup_teardown(csv_has_columns_in_any_order, begin, end),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_named_by_its_place_alone, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
