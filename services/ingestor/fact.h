/* fact: the rows of a page as they are kept, and which of them say something new. Pure. */
#pragma once

#include "report.h"

/* What the level doesn't keep is "" or 0, so that two facts of a level can be compared. */
struct fact {
    struct report_row row;
    const char *setting, *currency;
};

/* The newest vintage there is of the n-th fact. */
struct known {
    size_t n;
    struct fact fact;
};

/* A page's facts, by day and key; texts are the report's, which must outlive them. REJECT: a key
 * that comes twice on a day, a day nobody asked for, a number that is none. */
bool facts_of(struct arena *arena, const struct report *report, int32_t from, int32_t to,
              struct fact **ret_facts, struct err *err) MUST_CHECK;
bool fact_same(const struct fact *a, const struct fact *b);
/* Puts those that have no vintage, or another one, in front, in their order; how many. */
size_t facts_new(struct arena *arena, struct fact facts[], size_t count, const struct known known[],
                 size_t known_count);
