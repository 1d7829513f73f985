/* verdict: from what the rules found to whether the data may be used, and what people are told.
 * Pure. */
#pragma once

#include "suite.h"

#include <stdint.h>

struct finding {
    const struct suite *suite;
    const struct suite_rule *rule;
    int64_t offending;    /* things that break the rule; 0: it holds */
    const char *examples; /* a JSON array of five at most */
    int64_t took_ms;
};

struct verdict {
    bool passed;                                      /* every critical rule holds */
    size_t rule_count, critical_count, warning_count; /* of these, those that are broken */
    const char *sentence;
};

/* `of` says what was checked: "google/123, 2026-11-01 to 2026-11-07". */
void verdict_of(struct arena *arena, const char *of, const struct finding findings[], size_t count,
                struct verdict *ret_verdict);
bool finding_holds(const struct finding *finding);
/* The rule's own sentence, with how often it isn't so. */
const char *finding_sentence(struct arena *arena, const struct finding *finding);
