/* taxonomy: what people's names of campaigns say: angle, audience, funnel, brand, market.
 *
 * The words are data (taxonomy.json): {"funnel": {"retargeting": ["retargeting", "rmkt"]}, ...}. A
 * name is cut into words of letters and digits; the longest phrase that is known counts, and
 * "funnel:retargeting" says it outright. Two values for one dimension are none. Pure. */
#pragma once

#include "bytes.h"
#include "mem.h"

enum taxonomy_dimension {
    TAXONOMY_BRAND, /* brand, non-brand, competitor */
    TAXONOMY_FUNNEL,
    TAXONOMY_AUDIENCE,
    TAXONOMY_ANGLE,
    TAXONOMY_MARKET,
    TAXONOMY_DIMENSIONS,
};

extern const char *const taxonomy_names[TAXONOMY_DIMENSIONS];

struct taxonomy;

/* An unknown dimension, an empty value, a word twice with two meanings: ERR_REJECT. */
struct taxonomy *taxonomy_new(struct bytes json, struct err *err) MUST_CHECK;
void taxonomy_free(struct taxonomy *taxonomy);

/* NULL where the name says nothing, or two things. Values live as long as the taxonomy. */
struct taxonomy_tags {
    const char *value[TAXONOMY_DIMENSIONS];
};

/* O(words · log of the taxonomy's). */
void taxonomy_parse(const struct taxonomy *taxonomy, const char *name, struct taxonomy_tags *ret);
