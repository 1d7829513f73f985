/* Suites as data: what is read of them, and that a mistake is named with its file and field. */
#include "suite.h"

#include "quality.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int arena_open(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int arena_close(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

#define HEAD                                                                                    \
    "{\"table\": \"orders\", \"sources\": [\"shop\"], \"account\": \"shop\", \"day\": \"at\", " \
    "\"key\": [\"order_id\"], \"rules\": ["
#define NAMED(name) \
    "{\"name\": \"" name "\", \"severity\": \"critical\", \"sentence\": \"It holds.\", "
#define RULE(rest) HEAD NAMED("holds") rest "}]}"

static void a_suite_is_read_with_its_rules_parameters(void **state)
{
    struct suite *suite = NULL;
    struct err err = {0};
    (void)state;
    assert_true(suite_read(arena, "orders.json",
                           RULE("\"kind\": \"missing\", \"columns\": [\"paid\", \"state\"], "
                                "\"days\": 9, \"recent\": 3, "
                                "\"ended\": [\"gone\", \"lost\"]"),
                           &suite, &err));
    assert_string_equal(suite->table, "orders");
    assert_string_equal(suite->account, "shop");
    assert_string_equal(suite->key.word[0], "order_id");
    assert_true(suite_covers(suite, "shop"));
    assert_false(suite_covers(suite, "google"));
    assert_int_equal(suite->rule_count, 1);
    const struct suite_rule *rule = &suite->rules[0];
    assert_string_equal(rule->kind->name, "missing");
    assert_int_equal(rule->severity, SEVERITY_CRITICAL);
    assert_int_equal(rule->columns.count, 2);
    assert_true(rule->value[0].number == 9);
    assert_int_equal(rule->value[2].words.count, 2);
    assert_string_equal(rule->value[2].words.word[1], "lost");
}

static void a_mistake_is_named_with_its_file_and_field(void **state)
{
    static const struct {
        const char *text, *says;
    } mistakes[] = {
        {"[]",                                                                                                "suites/orders.json: table: is missing"          },
        {"{",
         "suites/orders.json: JSON: line 1, column 1: string or '}' expected near end of file"                                                                 },
        {"{\"table\": \"Orders\"}",
         "suites/orders.json: table: is no name of lower-case letters, digits and _"                                                                           },
        {"{\"table\": \"orders\", \"sources\": []}",
         "suites/orders.json: sources: has 0, needs 1 to 8"                                                                                                    },
        {HEAD "]}",                                                                                           "suites/orders.json: rules: has 0, needs 1 to 24"},
        {HEAD "4]}",                                                                                          "suites/orders.json: rules[0]: is no object"     },
        {RULE("\"columns\": [\"a\"]"),                                                                        "suites/orders.json: rules[0].kind: is missing"  },
        {RULE("\"kind\": \"uniqe\""),
         "suites/orders.json: rules[0].kind: there is no kind 'uniqe'"                                                                                         },
        {RULE("\"kind\": \"monotone\", \"columns\": [\"a\"]"),
         "suites/orders.json: rules[0].columns: has 1, needs 2 to 2"                                                                                           },
        {RULE("\"kind\": \"unique\", \"columns\": [\"a\\\" OR true --\"]"),
         "suites/orders.json: rules[0].columns: its word 1 is no name"                                                                                         },
        {RULE("\"kind\": \"unique\", \"columns\": [\"a\", \"a\"]"),
         "suites/orders.json: rules[0].columns: has a twice"                                                                                                   },
        {RULE("\"kind\": \"fresh\""),                                                                         "suites/orders.json: rules[0].hours: is missing" },
        {RULE("\"kind\": \"fresh\", \"hours\": 0.5"),
         "suites/orders.json: rules[0].hours: is no number from 1 to 240"                                                                                      },
        {RULE("\"kind\": \"fresh\", \"hours\": \"26\""),
         "suites/orders.json: rules[0].hours: is no number from 1 to 240"                                                                                      },
        {RULE("\"kind\": \"fresh\", \"hours\": 26, \"column\": \"a\""),
         "suites/orders.json: rules[0].column: the kind fresh has no such member"                                                                              },
        {RULE("\"kind\": \"referential\", \"columns\": [\"a\"], \"in\": \"x;\""),
         "suites/orders.json: rules[0].in: is no name of lower-case letters, digits and _"                                                                     },
        {HEAD "{\"name\": \"a\", \"kind\": \"fresh\", \"severity\": \"fatal\"}]}",
         "suites/orders.json: rules[0].severity: is neither critical nor warning"                                                                              },
        {HEAD
         "{\"name\": \"a\", \"kind\": \"fresh\", \"severity\": \"warning\", \"sentence\": \"x\"}]}", "suites/orders.json: rules[0].sentence: is no sentence of 200 bytes at most that ends "
         "with "
         "a full stop"                            },
        {HEAD NAMED("a") "\"kind\": \"fresh\", \"hours\": 26}, " NAMED(
             "a") "\"kind\": \"fresh\", \"hours\": 26}]}",
         "suites/orders.json: rules[1]: there is a rule a already"                                                                                             },
        {HEAD NAMED("a") "\"kind\": \"fresh\", \"hours\": 26}], \"tables\": 1}",
         "suites/orders.json: tables: there is no such member"                                                                                                 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        struct suite *suite = NULL;
        struct err err = {0};
        assert_false(suite_read(arena, "orders.json", mistakes[i].text, &suite, &err));
        assert_int_equal(err.kind, ERR_FATAL);
        assert_string_equal(err.text, mistakes[i].says);
    }
}

static void every_suite_of_this_build_is_right_and_every_kind_is_used(void **state)
{
    struct quality *quality = NULL;
    struct err err = {0};
    bool used[32] = {false};
    (void)state;
    assert_true(quality_new(&quality, &err));
    for (size_t s = 0; quality_suite(quality, s); s++)
        for (size_t r = 0; r < quality_suite(quality, s)->rule_count; r++)
            for (size_t k = 0; kind_at(k); k++)
                used[k] |= quality_suite(quality, s)->rules[r].kind == kind_at(k);
    for (size_t k = 0; kind_at(k); k++)
        assert_true(used[k]);
    quality_free(quality);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suite_is_read_with_its_rules_parameters),
        cmocka_unit_test(a_mistake_is_named_with_its_file_and_field),
        cmocka_unit_test(every_suite_of_this_build_is_right_and_every_kind_is_used),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
