/* ga4: Google Analytics 4's Data API: reports, and the tokens they cost. */
#pragma once

#include "gate.h"

struct world;

enum { GA4_TOKENS_A_DAY = 200000, GA4_TOKENS_AN_HOUR = 40000 };

struct ga4 {
    const char *property; /* "123"; borrowed */
    struct gate gate;
    int64_t day, hour; /* of the quotas below, since 1970 */
    int64_t tokens_day, tokens_hour;
};

bool ga4_owns_path(const char *path);
void ga4_answer(struct world *world, const struct request *request, struct reply *reply);
