/* rules: what a proposal must satisfy before people are asked. One row a rule; a kind lists those
 * it needs by name.
 *
 * Pure: no I/O, no clock. Money is integer micros, compared exactly (in 128 bits) and inclusively:
 * 50.00 to 52.50 is within 5 %. Sentences are for the person who must act, so they name the cap,
 * the number and the limit. */
#pragma once

#include "facts.h"

#include <stdint.h>

enum { rules_max = 24 };

/* How old a platform's reading may be, in seconds. */
static const double observed_age_s_max = 600;

enum level { LEVEL_RUN, LEVEL_STOP, LEVEL_FREEZE };

/* What holds for all proposals of one kind on one set of accounts. */
struct law {
    const char *kind;
    const char *accounts; /* "google/123, meta/9"; "" for a kind without effects */
    enum level level;     /* of the kill switch */
    const char *lock;     /* "calendar lock 7 until ..."; "" for none */
    const char *rules[rules_max];
    size_t rule_count;
    int32_t change_bp, day_bp, target_drift_bp, account_drift_bp;
    int64_t from_zero_micros;
};

struct proposal {
    const struct law *law;
    const struct saga_fact *fact; /* one per effect */
    size_t count;
};

struct ruling {
    enum {
        RULE_PASSES,
        RULE_WAITS, /* can't be said yet, or not now: judged again later */
        RULE_FAILS,
    } outcome;
    double value, bound;
    const char *sentence; /* in the arena, or static */
};

struct rule {
    const char *name;
    struct ruling (*judge)(const struct proposal *proposal, struct arena *arena);
};

/* NULL: this release has no such rule. */
const struct rule *rule_find(const char *name);
