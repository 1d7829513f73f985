/* micro: the three answers have what ADR-32's schemas require, with the right types. */
#include "micro.h"

#include "mem.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct micro_endpoint endpoints[] = {
    {.name = "guardrail_saga_proposed_all",
     .subject = "saga.proposed.>",
     .requests = 730,
     .errors = 3,
     .nanoseconds = 46500000},
    {.name = "guardrail_saga_executed_all",                           .subject = "saga.executed.>"     },
};
static const struct micro micro = {
    .name = "guardrail",
    .version = "0.2.0",
    .description = "clears or blocks",
    .id = "00ff00ff00ff00ff",
    .started_micros = 1700000000123456,
    .endpoints = endpoints,
    .endpoint_count = COUNT(endpoints),
};

static json_t *answer(enum micro_verb verb)
{
    struct buffer text = {0};
    micro_answer(&micro, verb, &text);
    json_t *json = json_loadb((const char *)text.data, text.length, 0, NULL);
    assert_non_null(json);
    buffer_done(&text);
    return json;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

static void each_answer_names_its_type_and_the_instance(void **state)
{
    static const char *const types[] = {"io.nats.micro.v1.ping_response",
                                        "io.nats.micro.v1.info_response",
                                        "io.nats.micro.v1.stats_response"};
    (void)state;
    for (int verb = MICRO_PING; verb <= MICRO_STATS; verb++) {
        json_t *json = answer((enum micro_verb)verb);
        assert_string_equal(text_of(json, "type"), types[verb]);
        assert_string_equal(text_of(json, "name"), "guardrail");
        assert_string_equal(text_of(json, "id"), "00ff00ff00ff00ff");
        assert_string_equal(text_of(json, "version"), "0.2.0");
        assert_true(json_is_object(json_object_get(json, "metadata")));
        json_decref(json);
    }
}

static void info_lists_the_routes(void **state)
{
    (void)state;
    json_t *json = answer(MICRO_INFO);
    const json_t *list = json_object_get(json, "endpoints");
    assert_string_equal(text_of(json, "description"), "clears or blocks");
    assert_int_equal(json_array_size(list), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *endpoint = json_array_get(list, i);
        assert_string_equal(text_of(endpoint, "name"), endpoints[i].name);
        assert_string_equal(text_of(endpoint, "subject"), endpoints[i].subject);
        assert_string_equal(text_of(endpoint, "queue_group"), "q");
        assert_true(json_is_object(json_object_get(endpoint, "metadata")));
    }
    json_decref(json);
}

static void stats_count_and_average_also_when_nothing_came(void **state)
{
    static const struct {
        json_int_t requests, errors, total, average;
    } cases[] = {
        {730, 3, 46500000, 63698},
        {0,   0, 0,        0    },
    };
    (void)state;
    json_t *json = answer(MICRO_STATS);
    assert_string_equal(text_of(json, "started"), "2023-11-14T22:13:20.123456Z");
    for (size_t i = 0; i < COUNT(cases); i++) {
        const json_t *one = json_array_get(json_object_get(json, "endpoints"), i);
        assert_int_equal(json_integer_value(json_object_get(one, "num_requests")),
                         cases[i].requests);
        assert_int_equal(json_integer_value(json_object_get(one, "num_errors")), cases[i].errors);
        assert_int_equal(json_integer_value(json_object_get(one, "processing_time")),
                         cases[i].total);
        assert_int_equal(json_integer_value(json_object_get(one, "average_processing_time")),
                         cases[i].average);
        assert_string_equal(text_of(one, "last_error"), "");
    }
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_names_its_type_and_the_instance),
        cmocka_unit_test(info_lists_the_routes),
        cmocka_unit_test(stats_count_and_average_also_when_nothing_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
