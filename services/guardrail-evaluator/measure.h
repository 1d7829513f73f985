/* measure: what became of a change, some time after it was carried out. Pure.
 *
 * A change that did no harm is confirmed. Only harm orders a rollback; an edit by human hands after
 * our change is theirs to make, and noted. What harm is stands in the table of measure.c, whose
 * rows need metrics: as long as nothing delivers any, it is empty and nothing is rolled back on its
 * own. */
#pragma once

#include "facts.h"

struct executed {
    const struct saga_fact *fact; /* one per effect, read freshly */
    size_t count;
};

struct harm {
    const char *name;
    /* A sentence that says what is hurt, in the arena; NULL: nothing. */
    const char *(*test)(const struct executed *executed, struct arena *arena);
};

/* A table ends with a row without a name. */
extern const struct harm harms[];

/* The first harm in the table, or NULL; *ret_sentence is set with it. */
const struct harm *harm_find(const struct harm table[], const struct executed *executed,
                             struct arena *arena, const char **ret_sentence);
/* "" when everything still stands as we set it, otherwise what was changed since. */
const char *measure_note(const struct executed *executed, struct arena *arena);
