/* judge: the whole decision table, from what was read, answered and found in the history. */
#include "judge.h"

#include "http/checks.h"

/* B: reads as before, A: as after, X: as neither, M: missing. */
static void set_live(struct want *want, char live)
{
    want->before_micros = 50000000;
    want->after_micros = 52500000;
    want->seen = live != 'M';
    want->live_micros = live == 'B' ? 50000000 : live == 'A' ? 52500000 : 51110000;
}

static size_t set_all(struct want wants[], const char *live)
{
    size_t count = strlen(live);
    for (size_t i = 0; i < count; i++)
        set_live(&wants[i], live[i]);
    return count;
}

static void an_order_never_sent_goes_only_where_all_reads_as_before(void **state)
{
    static const struct {
        const char *live;
        enum verdict verdict;
    } cases[] = {
        {"B",  VERDICT_SEND       },
        {"BB", VERDICT_SEND       },
        {"A",  VERDICT_APPLIED    },
        {"AA", VERDICT_APPLIED    },
        {"X",  VERDICT_CONFLICT   },
        {"BX", VERDICT_CONFLICT   },
        {"AB", VERDICT_CONFLICT   },
        {"M",  VERDICT_NOT_APPLIED},
        {"BM", VERDICT_NOT_APPLIED},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct want wants[2] = {0};
        size_t count = set_all(wants, cases[i].live);
        if (judge_standing(wants, count, false, false, TRACE_NOT_ASKED) != cases[i].verdict)
            fail_msg("%s", cases[i].live);
    }
}

static void a_rollback_goes_where_each_budget_reads_as_set_or_as_before(void **state)
{
    static const struct {
        const char *live;
        bool sent;
        enum verdict verdict;
    } cases[] = {
        {"BB", false, VERDICT_SEND    },
        {"AB", false, VERDICT_SEND    },
        {"BA", false, VERDICT_SEND    },
        {"AA", false, VERDICT_APPLIED },
        {"BX", false, VERDICT_CONFLICT},
        {"AX", false, VERDICT_CONFLICT},
        {"AB", true,  VERDICT_UNKNOWN },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct want wants[2] = {0};
        size_t count = set_all(wants, cases[i].live);
        if (judge_standing(wants, count, true, cases[i].sent, TRACE_NOT_ASKED) != cases[i].verdict)
            fail_msg("%s", cases[i].live);
    }
}

static void an_order_sent_before_goes_again_only_when_nothing_was_written(void **state)
{
    static const struct {
        const char *live;
        enum trace trace;
        enum verdict verdict;
    } cases[] = {
        {"B",  TRACE_NOT_ASKED,  VERDICT_ASK     },
        {"B",  TRACE_NONE,       VERDICT_SEND    },
        {"B",  TRACE_WRITTEN,    VERDICT_UNKNOWN },
        {"B",  TRACE_UNREADABLE, VERDICT_UNKNOWN },
        {"B",  TRACE_LATER,      VERDICT_WAIT    },
        {"BB", TRACE_NONE,       VERDICT_SEND    },
        {"A",  TRACE_NOT_ASKED,  VERDICT_APPLIED },
        {"AA", TRACE_NOT_ASKED,  VERDICT_APPLIED },
        {"X",  TRACE_NOT_ASKED,  VERDICT_CONFLICT},
        {"BX", TRACE_NOT_ASKED,  VERDICT_CONFLICT},
        {"AX", TRACE_NOT_ASKED,  VERDICT_UNKNOWN },
        {"AB", TRACE_NOT_ASKED,  VERDICT_UNKNOWN },
        {"M",  TRACE_NOT_ASKED,  VERDICT_UNKNOWN },
        {"AM", TRACE_NOT_ASKED,  VERDICT_UNKNOWN },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct want wants[2] = {0};
        size_t count = set_all(wants, cases[i].live);
        if (judge_standing(wants, count, false, true, cases[i].trace) != cases[i].verdict)
            fail_msg("%s with trace %d", cases[i].live, (int)cases[i].trace);
    }
}

static const enum platform_fate fates[] = {
    ['o'] = PLATFORM_OK,        ['p'] = PLATFORM_PERMANENT, ['a'] = PLATFORM_AUTH,
    ['t'] = PLATFORM_THROTTLED, ['l'] = PLATFORM_TRANSIENT, ['u'] = PLATFORM_UNKNOWN,
};

static void what_was_sent_is_settled_by_answer_and_reading_together(void **state)
{
    static const struct {
        const char *sent, *live;
        enum verdict verdict;
    } cases[] = {
        {"o",  "A",  VERDICT_APPLIED    },
        {"o",  "B",  VERDICT_WAIT       },
        {"o",  "X",  VERDICT_WAIT       },
        {"o",  "M",  VERDICT_WAIT       },
        {"p",  "B",  VERDICT_NOT_APPLIED},
        {"a",  "B",  VERDICT_NOT_APPLIED},
        {"p",  "A",  VERDICT_WAIT       },
        {"p",  "X",  VERDICT_WAIT       },
        {"u",  "A",  VERDICT_WAIT       },
        {"u",  "B",  VERDICT_WAIT       },
        {"t",  "B",  VERDICT_WAIT       },
        {"l",  "B",  VERDICT_WAIT       },
        {"oo", "AA", VERDICT_APPLIED    },
        {"oo", "AB", VERDICT_WAIT       },
        {"op", "AB", VERDICT_UNKNOWN    },
        {"pp", "BB", VERDICT_NOT_APPLIED},
        {"ou", "AB", VERDICT_WAIT       },
        {"pt", "BB", VERDICT_WAIT       },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct want wants[2] = {0};
        size_t count = set_all(wants, cases[i].live);
        for (size_t n = 0; n < count; n++)
            wants[n].sent.fate = fates[(unsigned char)cases[i].sent[n]];
        if (judge_sent(wants, count) != cases[i].verdict)
            fail_msg("answered %s, reads %s", cases[i].sent, cases[i].live);
    }
}

static void a_trial_needs_no_reading(void **state)
{
    static const struct {
        const char *sent;
        enum verdict verdict;
    } cases[] = {
        {"o",  VERDICT_APPLIED    },
        {"p",  VERDICT_NOT_APPLIED},
        {"op", VERDICT_NOT_APPLIED},
        {"u",  VERDICT_WAIT       },
        {"pl", VERDICT_WAIT       },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct want wants[2] = {0};
        size_t count = strlen(cases[i].sent);
        for (size_t n = 0; n < count; n++)
            wants[n].sent.fate = fates[(unsigned char)cases[i].sent[n]];
        assert_int_equal(judge_trial(wants, count), cases[i].verdict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_never_sent_goes_only_where_all_reads_as_before),
        cmocka_unit_test(a_rollback_goes_where_each_budget_reads_as_set_or_as_before),
        cmocka_unit_test(an_order_sent_before_goes_again_only_when_nothing_was_written),
        cmocka_unit_test(what_was_sent_is_settled_by_answer_and_reading_together),
        cmocka_unit_test(a_trial_needs_no_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
