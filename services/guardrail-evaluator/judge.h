/* judge: a proposal against the rules its kind lists. Pure. */
#pragma once

#include "rules.h"

struct judgement {
    enum { JUDGED_CLEAR, JUDGED_BLOCKED, JUDGED_WAITING } fate;
    const char *rule, *sentence; /* of the first rule that doesn't pass */
    /* Verdicts to keep; none while it waits. */
    struct {
        const char *rule;
        struct ruling ruling;
    } verdict[rules_max];
    size_t count;
};

/* The first rule in the kind's order that doesn't pass decides between blocked and waiting. A rule
 * that this release doesn't have blocks. */
void judge(const struct proposal *proposal, struct arena *arena, struct judgement *ret_judgement);
