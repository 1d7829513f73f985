/* suite: what must hold of one table's rows, as data: suites/<table>.json.
 *
 * Pure. A suite with a mistake is refused with its file and field named; it is our own file, so the
 * process that has it does not start. */
#pragma once

#include "err.h"
#include "kind.h"
#include "mem.h"

enum {
    SUITE_RULES_MAX = 24,
    SUITE_COLUMNS_MAX = 8,
    SUITE_SOURCES_MAX = 8,
    SUITE_KEY_MAX = 4,
    SUITE_WORDS_MAX = 12,
};

struct words {
    const char *word[SUITE_WORDS_MAX];
    size_t count;
};

enum severity {
    SEVERITY_WARNING,  /* people should look */
    SEVERITY_CRITICAL, /* nothing is learned from this data */
};

struct suite_rule {
    const char *name;
    const struct kind *kind;
    enum severity severity;
    struct words columns;
    const char *sentence; /* what holds, for people: "No campaign has more clicks than ..." */
    struct {              /* as the kind's parameters stand, by their types */
        double number;
        struct words words;
        const char *name;
    } value[KIND_PARAMETERS_MAX];
};

struct suite {
    const char *table;         /* of schema ingest */
    struct words sources;      /* whose data it is about: "google", "ga4" */
    const char *account, *day; /* its columns that hold these */
    struct words key; /* its columns that name a thing beside account and day; may be none */
    struct suite_rule rules[SUITE_RULES_MAX];
    size_t rule_count;
};

/* `file` is for the error's text. Everything lives in the arena. */
bool suite_read(struct arena *arena, const char *file, const char *text, struct suite **ret_suite,
                struct err *err) MUST_CHECK;
bool suite_covers(const struct suite *suite, const char *source);
const char *severity_text(enum severity severity);
