/* refusal: the ledger's sentences as statuses and codes. */
#include "refusal.h"

#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static json_t *problem_of(struct call *call)
{
    struct err err = {0};
    json_t *problem = NULL;
    assert_true(json_parse(buffer_view(&call->body), 65536, &problem, &err));
    assert_string_equal(call->type, "application/problem+json");
    assert_int_equal(json_integer_value(json_object_get(problem, "status")), call->status);
    return problem;
}

static void a_sentence_has_a_status_and_a_code(void **state)
{
    static const struct {
        const char *sentence;
        int status;
        const char *code;
    } cases[] = {
        {"there is no such proposal",                               404, "unknown"      },
        {"there is no such decision of yours",                      404, "unknown"      },
        {"this token was revoked",                                  401, "token_refused"},
        {"it is executing already",                                 409, "state"        },
        {"it changed since you saw it",                             412, "changed"      },
        {"expired",                                                 409, "state"        },
        {"a rejection needs a reason",                              422, "invalid"      },
        {"you proposed this change: somebody else must approve it", 403, "own_change"   },
        {"there is no platform, account or kind 'x'; known: *",     422, "invalid"      },
        {"you are not an approver",                                 403, "not_allowed"  },
        {"your limit is 5 decisions an hour",                       403, "not_allowed"  },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct call *call = call_new(NULL, NULL);
        refusal_of_person(call, cases[i].sentence);
        OWNED(json_t) *problem = problem_of(call);
        assert_int_equal(call->status, cases[i].status);
        assert_string_equal(json_string_value(json_object_get(problem, "code")), cases[i].code);
        assert_string_equal(json_string_value(json_object_get(problem, "detail")),
                            cases[i].sentence);
        call_free(call);
    }
}

static void a_cancel_is_refused_for_its_state_its_person_or_its_proof(void **state)
{
    static const struct {
        const char *rule;
        int status;
        const char *code;
    } cases[] = {
        {"proposer",               403, "not_proposer" },
        {"changed",                409, "state"        },
        {"state",                  409, "state"        },
        {"this token has expired", 401, "token_refused"},
        {"unknown token",          401, "token_refused"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct call *call = call_new(NULL, NULL);
        refusal_of_cancel(call, cases[i].rule);
        OWNED(json_t) *problem = problem_of(call);
        assert_int_equal(call->status, cases[i].status);
        assert_string_equal(json_string_value(json_object_get(problem, "code")), cases[i].code);
        call_free(call);
    }
}

static void a_proposals_refusal_names_the_field(void **state)
{
    static const struct {
        const char *sentence;
        size_t effects;
        const char *code, *pointer;
    } cases[] = {
        {"kind: there is no x",             0, "invalid",                "/kind"            },
        {"after: a budget is zero or more", 1, "invalid",                "/effects/0/daily" },
        {"after: a budget is zero or more", 2, "invalid",                "/effects"         },
        {"target: not known",               1, "invalid",                "/effects/0/target"},
        {"request: used before",            1, "idempotency_key_reused", "Idempotency-Key"  },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct call *call = call_new(NULL, NULL);
        refusal_of_proposal(call, cases[i].effects, cases[i].sentence);
        OWNED(json_t) *problem = problem_of(call);
        const json_t *error = json_array_get(json_object_get(problem, "errors"), 0);
        assert_int_equal(call->status, 422);
        assert_string_equal(json_string_value(json_object_get(problem, "code")), cases[i].code);
        assert_string_equal(json_string_value(json_object_get(error, "pointer")), cases[i].pointer);
        call_free(call);
    }
}

static void a_ledger_that_is_away_may_be_asked_again(void **state)
{
    struct err err = {.kind = ERR_RETRY, .text = "connection refused"};
    struct call *call = call_new(NULL, NULL);
    (void)state;
    call_failed(call, &err);
    OWNED(json_t) *problem = problem_of(call);
    assert_int_equal(call->status, 503);
    assert_true(json_is_true(json_object_get(problem, "retryable")));
    assert_string_equal(call->fields[0].name, "Retry-After");
    call_free(call);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_has_a_status_and_a_code),
        cmocka_unit_test(a_cancel_is_refused_for_its_state_its_person_or_its_proof),
        cmocka_unit_test(a_proposals_refusal_names_the_field),
        cmocka_unit_test(a_ledger_that_is_away_may_be_asked_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
