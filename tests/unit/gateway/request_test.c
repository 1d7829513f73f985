/* request: bodies and headers, read strictly. */
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void a_proposal_is_read_whole(void **state)
{
    struct proposal proposal;
    struct fault fault;
    (void)state;
    assert_true(request_proposal(
        bytes_of_text(
            "{\"kind\":\"budget.change\",\"note\":\"why\",\"ttl_s\":4650,"
            "\"replaces\":\"01a1fe7c-5793-4807-9f18-d775b141e65d\",\"effects\":["
            "{\"account\":\"google/1\",\"target\":\"campaignBudgets/9\",\"daily\":\"52.50\"},"
            "{\"account\":\"google/1\",\"target\":\"b/2\",\"daily_micros\":\"730000000\"}]}"),
        arena, &proposal, &fault));
    assert_string_equal(proposal.kind, "budget.change");
    assert_string_equal(proposal.note, "why");
    assert_int_equal(proposal.ttl_s, 4650);
    assert_true(proposal.has_replaces);
    assert_int_equal(proposal.effect_count, 2);
    assert_string_equal(proposal.effects[0].target, "campaignBudgets/9");
    assert_int_equal(proposal.effects[0].daily_micros, 52500000);
    assert_int_equal(proposal.effects[1].daily_micros, 730000000);
}

#define EFFECT(members) \
    "{\"kind\":\"k\",\"effects\":[{\"account\":\"a\",\"target\":\"t\"" members "}]}"

static void what_is_wrong_is_named_by_its_pointer(void **state)
{
    static const struct {
        const char *body, *pointer, *text;
    } cases[] = {
        {"",                                                  "/kind",                   "is missing"                        },
        {"[]",                                                "",                        "must be an object"                 },
        {"{\"kind\":7}",                                      "/kind",                   "must be a string"                  },
        {"{\"kind\":\"\"}",                                   "/kind",                   "is empty"                          },
        {"{\"kind\":\"k\",\"budget\":1}",                     "/budget",                 "is not a member of this request"   },
        {"{\"kind\":\"k\",\"ttl_s\":59}",                     "/ttl_s",                  "must be seconds, 60 to 604800"     },
        {"{\"kind\":\"k\",\"replaces\":\"x\"}",               "/replaces",               "must be the id of a proposal"      },
        {"{\"kind\":\"k\",\"effects\":{}}",                   "/effects",                "must be an array of at most 100"   },
        {"{\"kind\":\"k\",\"effects\":[7]}",                  "/effects/0",              "must be an object"                 },
        {"{\"kind\":\"k\",\"effects\":[{\"target\":\"t\"}]}", "/effects/0/account",      "is missing"                        },
        {EFFECT(""),                                          "/effects/0/daily",        "is missing"                        },
        {EFFECT(",\"daily\":52.5"),                           "/effects/0/daily",
         "must be a decimal in a string, such as \"52.50\""                                                                  },
        {EFFECT(",\"daily\":\"NaN\""),                        "/effects/0/daily",        "is not a decimal such as \"52.50\""},
        {EFFECT(",\"daily\":\"-1\""),                         "/effects/0/daily",        "is negative"                       },
        {EFFECT(",\"daily_micros\":-1"),                      "/effects/0/daily_micros",
         "must be micros, 0 to 1000000000000000"                                                                             },
        {EFFECT(",\"daily_micros\":1.5"),                     "/effects/0/daily_micros",
         "must be micros, 0 to 1000000000000000"                                                                             },
        {EFFECT(",\"daily\":\"1\",\"daily_micros\":1"),       "/effects/0/daily_micros",
         "is given twice: as daily and as daily_micros"                                                                      },
        {EFFECT(",\"daily\":\"1\",\"unit\":\"EUR\""),         "/effects/0/unit",
         "is not a member of this request"                                                                                   },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct proposal proposal;
        struct fault fault = {0};
        assert_false(request_proposal(bytes_of_text(cases[i].body), arena, &proposal, &fault));
        assert_string_equal(fault.pointer, cases[i].pointer);
        assert_string_equal(fault.text, cases[i].text);
    }
}

static void broken_json_and_doubled_members_are_refused(void **state)
{
    static const char *const bodies[] = {"{", "{\"kind\":\"k\",\"kind\":\"l\"}",
                                         "{\"kind\":\"\\u0000\"}", "{\"kind\":\"k\"} x", "\xff"};
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct proposal proposal;
        struct fault fault = {0};
        assert_false(request_proposal(bytes_of_text(bodies[i]), arena, &proposal, &fault));
        assert_true(fault.text[0] != '\0');
    }
}

static void a_decision_may_be_empty_and_a_resolution_may_not(void **state)
{
    struct decision decision;
    struct fault fault;
    (void)state;
    assert_true(request_decision(bytes_of_text(""), arena, &decision, &fault));
    assert_string_equal(decision.reason, "");
    assert_false(request_resolution(bytes_of_text(""), arena, &decision, &fault));
    assert_string_equal(fault.pointer, "/outcome");
    assert_false(request_resolution(bytes_of_text("{\"outcome\":\"maybe\",\"reason\":\"r\"}"),
                                    arena, &decision, &fault));
    assert_string_equal(fault.text, "must be applied or not_applied");
    assert_true(request_resolution(bytes_of_text("{\"outcome\":\"applied\",\"reason\":\"r\"}"),
                                   arena, &decision, &fault));
}

static void a_disownment_names_decisions(void **state)
{
    static const char *const wrong[] = {"{}", "{\"decisions\":[]}", "{\"decisions\":[-17]}",
                                        "{\"decisions\":[\"17\"]}",
                                        "{\"decisions\":[17],\"person\":\"x\"}"};
    struct disowned disowned;
    struct fault fault;
    (void)state;
    assert_true(request_disowned(bytes_of_text("{\"decisions\":[17,4650]}"), &disowned, &fault));
    assert_int_equal(disowned.count, 2);
    assert_int_equal(disowned.decisions[1], 4650);
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(request_disowned(bytes_of_text(wrong[i]), &disowned, &fault));
}

static void if_match_is_one_strong_tag_of_a_hash(void **state)
{
    static const char hex[] = "93658d90cee89319a1877367ccf5364db003a850ed68422c2d1084a0ceb16363";
    char tag[80];
    struct hash hash;
    (void)state;
    snprintf(tag, sizeof tag, "\"%s\"", hex);
    assert_true(request_if_match(tag, &hash));
    assert_int_equal(hash.bytes[0], 0x93);
    assert_false(request_if_match(hex, &hash));
    assert_false(request_if_match("*", &hash));
    assert_false(request_if_match("\"\"", &hash));
    snprintf(tag, sizeof tag, "W/\"%s\"", hex);
    assert_false(request_if_match(tag, &hash));
}

static void the_same_key_of_two_people_is_two_requests(void **state)
{
    struct uuid ana = uuid_random(), ben = uuid_random(), one, two, again;
    (void)state;
    assert_true(request_id(&ana, "4650", &one));
    assert_true(request_id(&ben, "4650", &two));
    assert_true(request_id(&ana, "4650", &again));
    assert_false(uuid_equal(&one, &two));
    assert_true(uuid_equal(&one, &again));
    assert_false(request_id(&ana, "", &one));
    assert_false(request_id(&ana, "a b", &one));
    assert_false(request_id(
        &ana, "12345678901234567890123456789012345678901234567890123456789012345", &one));
}

static void the_beginning_of_an_id_is_a_range_of_ids(void **state)
{
    struct uuid first, last;
    char text[UUID_TEXT];
    (void)state;
    assert_true(request_id_range("01a1fe7c-57", &first, &last));
    uuid_text(&first, text);
    assert_string_equal(text, "01a1fe7c-5700-0000-0000-000000000000");
    uuid_text(&last, text);
    assert_string_equal(text, "01a1fe7c-57ff-ffff-ffff-ffffffffffff");
    assert_false(request_id_range("01a", &first, &last));
    assert_false(request_id_range("01a1fe7c57", &first, &last));
    assert_false(request_id_range("zzzz", &first, &last));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proposal_is_read_whole),
        cmocka_unit_test(what_is_wrong_is_named_by_its_pointer),
        cmocka_unit_test(broken_json_and_doubled_members_are_refused),
        cmocka_unit_test(a_decision_may_be_empty_and_a_resolution_may_not),
        cmocka_unit_test(a_disownment_names_decisions),
        cmocka_unit_test(if_match_is_one_strong_tag_of_a_hash),
        cmocka_unit_test(the_same_key_of_two_people_is_two_requests),
        cmocka_unit_test(the_beginning_of_an_id_is_a_range_of_ids),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
