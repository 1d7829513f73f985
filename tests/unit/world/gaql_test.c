/* gaql: which queries are taken, and by which name the others are refused. */
#include "gaql.h"
#include "match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* 2026-11-21 10:00 in New York. */
static const int64_t now_micros = 1795273200LL * 1000000;

static struct gaql query;

/* The refusal's code, or NULL. */
static const char *refusal(const char *text, const char **ret_category)
{
    struct failure failure = {0};
    struct arena *memory = arena_new();
    struct gaql_context context = {
        .customer_id = 1234567890,
        .zone = ZONE_NEW_YORK,
        .now_micros = now_micros,
        .arena = memory,
    };
    bool ok = gaql_parse(text, &context, &query, &failure);
    *ret_category = failure.category;
    arena_free(memory);
    return ok ? NULL : failure.code;
}

#define BUDGETS "SELECT campaign_budget.id FROM campaign_budget "
#define CHANGES "SELECT change_event.user_email FROM change_event WHERE change_event."

static const char *const good[] = {
    "SELECT customer.id FROM customer",
    "select campaign.id, campaign_budget.amount_micros from campaign where campaign.id = 1001",
    BUDGETS,
    BUDGETS "WHERE campaign_budget.id IN (9, '13', 7) AND campaign_budget.amount_micros >= 10000",
    BUDGETS "WHERE campaign_budget.id NOT IN (1) LIMIT 5",
    BUDGETS "WHERE campaign_budget.id BETWEEN 3 AND 9",
    BUDGETS "WHERE campaign_budget.status = ENABLED AND campaign_budget.period = 'DAILY'",
    BUDGETS "WHERE campaign_budget.explicitly_shared = TRUE",
    BUDGETS "WHERE campaign_budget.name LIKE 'Brand%' AND campaign_budget.name NOT LIKE \"%x\"",
    BUDGETS "WHERE campaign_budget.name REGEXP_MATCH '.*[Tt]rail.*'",
    BUDGETS "WHERE campaign_budget.name = 'It\\'s'",
    BUDGETS "WHERE campaign_budget.name IS NOT NULL AND campaign_budget.id IS NULL",
    BUDGETS "WHERE campaign_budget.resource_name = 'customers/1234567890/campaignBudgets/9'",
    BUDGETS "ORDER BY campaign_budget.amount_micros DESC, campaign_budget.id ASC",
    BUDGETS "PARAMETERS omit_unselected_resource_names = true, include_drafts=false",
    CHANGES "change_date_time DURING LAST_14_DAYS LIMIT 10000",
    CHANGES "change_date_time >= '2026-11-20 10:00:00.000001' AND change_event.change_date_time "
            "<= '2026-11-22' LIMIT 1",
    CHANGES "change_date_time BETWEEN '2026-11-20' AND '2026-11-21 09:59:59' AND "
            "change_event.change_resource_name = 'customers/1234567890/campaignBudgets/9' AND "
            "change_event.change_resource_type = CAMPAIGN_BUDGET LIMIT 7",
};

static void good_queries_are_taken(void **state)
{
    const char *category;
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        const char *code = refusal(good[i], &category);
        if (code)
            fail_msg("%s: %s", code, good[i]);
    }
}

static const struct {
    const char *code, *text;
} bad[] = {
    {"EXPECTED_SELECT",                                    "FROM campaign"                                             },
    {"UNEXPECTED_END_OF_QUERY",                            ""                                                          },
    {"UNEXPECTED_END_OF_QUERY",                            "SELECT campaign.id,"                                       },
    {"BAD_FIELD_NAME",                                     "SELECT 7 FROM campaign"                                    },
    {"UNRECOGNIZED_FIELD",                                 "SELECT campaign.nonsense FROM campaign"                    },
    {"UNRECOGNIZED_FIELD",                                 "SELECT Campaign.id FROM campaign"                          },
    {"EXPECTED_FROM",                                      "SELECT campaign.id"                                        },
    {"EXPECTED_FROM",                                      "SELECT campaign.id campaign.name FROM campaign"            },
    {"BAD_RESOURCE_TYPE_IN_FROM_CLAUSE",                   "SELECT campaign.id FROM campaigns"                         },
    {"PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE",          "SELECT campaign.id FROM customer"                          },
    {"PROHIBITED_RESOURCE_TYPE_IN_WHERE_CLAUSE",           BUDGETS "WHERE campaign.id = 1"                             },
    {"PROHIBITED_FIELD_IN_WHERE_CLAUSE",                   CHANGES "old_resource = 'x'"                                },
    {"PROHIBITED_FIELD_IN_ORDER_BY_CLAUSE",                BUDGETS "ORDER BY campaign.id"                              },
    {"UNEXPECTED_INPUT",                                   BUDGETS "WHERE campaign_budget.id = 1 OR"                   },
    {"UNEXPECTED_INPUT",                                   BUDGETS "LIMIT 3 4"                                         },
    {"UNEXPECTED_INPUT",                                   BUDGETS "WHERE campaign_budget.id IN (1 2)"                 },
    {"UNEXPECTED_END_OF_QUERY",                            BUDGETS "WHERE campaign_budget.id"                          },
    {"UNEXPECTED_END_OF_QUERY",                            BUDGETS "WHERE campaign_budget.id ="                        },
    {"UNEXPECTED_END_OF_QUERY",                            BUDGETS "WHERE campaign_budget.id IN (1"                    },
    {"BAD_OPERATOR",                                       BUDGETS "WHERE campaign_budget.id IST 1"                    },
    {"BAD_OPERATOR",                                       BUDGETS "WHERE campaign_budget.id NOT = 1"                  },
    {"BAD_OPERATOR",                                       BUDGETS "WHERE campaign_budget.id IS 1"                     },
    {"OPERATOR_FIELD_MISMATCH",                            BUDGETS "WHERE campaign_budget.id LIKE '1'"                 },
    {"OPERATOR_FIELD_MISMATCH",                            BUDGETS "WHERE campaign_budget.name > 'a'"                  },
    {"OPERATOR_FIELD_MISMATCH",                            BUDGETS "WHERE campaign_budget.name CONTAINS ANY ('a')"     },
    {"OPERATOR_FIELD_MISMATCH",                            BUDGETS "WHERE campaign_budget.id DURING TODAY"             },
    {"BAD_NUMBER",                                         BUDGETS "WHERE campaign_budget.id = nine"                   },
    {"BAD_NUMBER",                                         BUDGETS "WHERE campaign_budget.id = 9.5"                    },
    {"BAD_NUMBER",                                         BUDGETS "WHERE campaign_budget.id = 9223372036854775808"    },
    {"BAD_ENUM_CONSTANT",                                  BUDGETS "WHERE campaign_budget.status = PAUSED"             },
    {"BAD_VALUE",                                          BUDGETS "WHERE campaign_budget.name = Brand"                },
    {"BAD_VALUE",                                          BUDGETS "WHERE campaign_budget.explicitly_shared = yes"     },
    {"BAD_VALUE",                                          BUDGETS "WHERE campaign_budget.resource_name = '9'"         },
    {"BAD_VALUE",                                          BUDGETS "WHERE campaign_budget.name REGEXP_MATCH '('"       },
    {"BAD_VALUE",                                          BUDGETS "WHERE campaign_budget.name REGEXP_MATCH '(a)\\\\1'"},
    {"INVALID_VALUE_WITH_LIKE_OPERATOR",                   BUDGETS "WHERE campaign_budget.name LIKE 7"                 },
    {"EXPECTED_LIST",                                      BUDGETS "WHERE campaign_budget.id IN 9"                     },
    {"EXPECTED_SINGLE_VALUE",                              BUDGETS "WHERE campaign_budget.id = (9)"                    },
    {"PROHIBITED_EMPTY_LIST_IN_CONDITION",                 BUDGETS "WHERE campaign_budget.id IN ()"                    },
    {"EXPECTED_AND",                                       BUDGETS "WHERE campaign_budget.id BETWEEN 1, 2"             },
    {"PROHIBITED_VALUE_COMBINATION_WITH_BETWEEN_OPERATOR",
     BUDGETS "WHERE campaign_budget.id BETWEEN 9 AND 3"                                                                },
    {"EXPECTED_BY",                                        BUDGETS "ORDER campaign_budget.id"                          },
    {"BAD_LIMIT_VALUE",                                    BUDGETS "LIMIT ten"                                         },
    {"LIMIT_VALUE_TOO_LOW",                                BUDGETS "LIMIT 0"                                           },
    {"BAD_PARAMETER_NAME",                                 BUDGETS "PARAMETERS speed = true"                           },
    {"BAD_PARAMETER_VALUE",                                BUDGETS "PARAMETERS include_drafts = 1"                     },
    {"BAD_SYMBOL",                                         BUDGETS "WHERE campaign_budget.id = 9;"                     },
    {"STRING_NOT_TERMINATED",                              BUDGETS "WHERE campaign_budget.name = 'x"                   },
    {"PROHIBITED_NEWLINE_IN_STRING",                       BUDGETS "WHERE campaign_budget.name = 'x\n'"                },
    {"BAD_ESCAPE_SEQUENCE",                                BUDGETS "WHERE campaign_budget.name = 'x\\n'"               },
    {"INVALID_DATE_FORMAT",                                CHANGES "change_date_time > '2026-11-31' LIMIT 1"           },
    {"INVALID_DATE_FORMAT",                                CHANGES "change_date_time > 20261120 LIMIT 1"               },
    {"INVALID_VALUE_WITH_DURING_OPERATOR",                 CHANGES "change_date_time DURING LAST_8_DAYS LIMIT 1"       },
};

static void bad_queries_are_refused_by_the_apis_own_names(void **state)
{
    const char *category;
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *code = refusal(bad[i].text, &category);
        if (!code || strcmp(code, bad[i].code) != 0 || strcmp(category, "queryError") != 0)
            fail_msg("%s instead of %s: %s", code ? code : "taken", bad[i].code, bad[i].text);
    }
}

static const struct {
    const char *code, *text;
} bad_histories[] = {
    {"CHANGE_DATE_RANGE_INFINITE", "SELECT change_event.user_email FROM change_event LIMIT 1"},
    {"CHANGE_DATE_RANGE_INFINITE", CHANGES "change_date_time >= '2026-11-20' LIMIT 1"        },
    {"CHANGE_DATE_RANGE_NEGATIVE",
     CHANGES "change_date_time >= '2026-11-20' AND change_event.change_date_time < '2026-11-19' "
             "LIMIT 1"                                                                       },
    {"START_DATE_TOO_OLD",
     CHANGES "change_date_time BETWEEN '2026-10-21' AND '2026-11-20' LIMIT 1"                },
    {"LIMIT_NOT_SPECIFIED",        CHANGES "change_date_time DURING TODAY"                   },
    {"INVALID_LIMIT_CLAUSE",       CHANGES "change_date_time DURING TODAY LIMIT 10001"       },
};

static void the_change_history_needs_a_recent_range_and_a_limit(void **state)
{
    const char *category;
    (void)state;
    for (size_t i = 0; i < COUNT(bad_histories); i++) {
        const char *code = refusal(bad_histories[i].text, &category);
        if (!code || strcmp(code, bad_histories[i].code) != 0)
            fail_msg("%s instead of %s", code ? code : "taken", bad_histories[i].code);
        assert_string_equal(category, "changeEventError");
    }
}

static void like_knows_runs_single_characters_and_literals(void **state)
{
    (void)state;
    assert_true(match_like("Brand%", "Brand US"));
    assert_true(match_like("%long%", "Shopping long tail"));
    assert_true(match_like("%a%b%c", "xxaxxbxxbc"));
    assert_true(match_like("100[%] _ff", "100% off"));
    assert_true(match_like("", ""));
    assert_false(match_like("Brand", "Brand US"));
    assert_false(match_like("_", ""));
    assert_false(match_like("100[%]", "1000"));
    assert_false(match_like("%b", "ba"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_queries_are_taken),
        cmocka_unit_test(bad_queries_are_refused_by_the_apis_own_names),
        cmocka_unit_test(the_change_history_needs_a_recent_range_and_a_limit),
        cmocka_unit_test(like_knows_runs_single_characters_and_literals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
