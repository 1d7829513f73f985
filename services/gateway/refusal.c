#include "refusal.h"

#include <string.h>

/* The beginning of a sentence, and what it means to a client. The first row that fits wins. */
struct meaning {
    const char *begins;
    int status;
    const char *code, *hint;
};

static const char token_hint[] = "ask an admin: aelpctl people token";

static const struct meaning meanings[] = {
    {"unknown token",              401, "token_refused", token_hint                             },
    {"this token ",                401, "token_refused", token_hint                             },
    {"a service token",            401, "token_refused", token_hint                             },
    {"this person is not active",  401, "token_refused", token_hint                             },
    {"there is no such decision",  404, "unknown",       "aelpctl proposals mine"               },
    {"there is no such",           404, "unknown",       "aelpctl proposals list"               },
    {"it changed",                 412, "changed",       "look at it again"                     },
    {"it is ",                     409, "state",         NULL                                   },
    {"expired",                    409, "state",         "propose it anew"                      },
    {"it was replaced",            409, "replaced",      "look at the newer proposal"           },
    {"its outcome is not",         409, "state",         NULL                                   },
    {"nothing was changed",        409, "state",         NULL                                   },
    {"you approved it already",    409, "state",         NULL                                   },
    {"you have not approved",      409, "state",         NULL                                   },
    {"a rejection needs a reason", 422, "invalid",       "say why, for those who proposed it"   },
    {"say what you saw",           422, "invalid",       NULL                                   },
    {"reason:",                    422, "invalid",       NULL                                   },
    {"level:",                     422, "invalid",       NULL                                   },
    {"there is no platform",       422, "invalid",       NULL                                   },
    {"you proposed this change",   403, "own_change",    "another person with the role approver"},
    {"",                           403, "not_allowed",   "aelpctl whoami shows your roles"      },
};

/* The field that a proposal's refusal names, and where it stands in the request. */
static const struct {
    const char *field, *pointer, *of_one_effect;
} places[] = {
    {"kind",     "/kind",           NULL               },
    {"target",   "/effects",        "/effects/0/target"},
    {"after",    "/effects",        "/effects/0/daily" },
    {"effects",  "/effects",        NULL               },
    {"note",     "/note",           NULL               },
    {"replaces", "/replaces",       NULL               },
    {"request",  "Idempotency-Key", NULL               },
};

void refusal_unknown(struct call *call)
{
    refusal_of_person(call, "there is no such proposal");
}

void refusal_of_person(struct call *call, const char *sentence)
{
    const struct meaning *meaning = meanings;
    while (strncmp(meaning->begins, sentence, strlen(meaning->begins)) != 0)
        meaning++; /* ends: every sentence begins with "" */
    if (meaning->status == 401)
        call_field(call, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
    call_problem(call, meaning->status, meaning->code, meaning->hint, NULL, "%s", sentence);
}

void refusal_of_proposal(struct call *call, size_t effect_count, const char *sentence)
{
    struct fault fault;
    const char *colon = strstr(sentence, ": ");
    size_t length = colon ? (size_t)(colon - sentence) : 0;
    for (size_t i = 0; colon && i < COUNT(places); i++) {
        if (strlen(places[i].field) != length || strncmp(places[i].field, sentence, length) != 0)
            continue;
        bool exact = effect_count == 1 && places[i].of_one_effect;
        (void)fault_set(&fault, colon + 2, "%s",
                        exact ? places[i].of_one_effect : places[i].pointer);
        if (strcmp(places[i].field, "request") == 0)
            call_problem(call, 422, "idempotency_key_reused", "use a new key for a new request",
                         &fault, "%s", colon + 2);
        else if (strncmp(colon + 2, "no budget", 9) == 0)
            call_problem(call, 422, "invalid", "aelpctl budgets list", &fault, "%s: %s",
                         fault.pointer, fault.text);
        else
            call_fault(call, &fault);
        return;
    }
    refusal_of_person(call, sentence);
}

void refusal_of_cancel(struct call *call, const char *rule)
{
    if (strcmp(rule, "proposer") == 0)
        call_problem(call, 403, "not_proposer", "an approver can reject it instead", NULL,
                     "only who proposed it cancels it");
    else if (strcmp(rule, "changed") == 0)
        call_problem(call, 409, "state", "look at it again", NULL, "it moved on meanwhile");
    else if (strcmp(rule, "state") == 0)
        call_problem(call, 409, "state", NULL, NULL, "it is too late to cancel it");
    else
        refusal_of_person(call, rule);
}
