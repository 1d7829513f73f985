/* regexp: a stranger's pattern against whole texts, in bounded memory and work.
 *
 * The API's own engine, RE2, promises that; here PCRE2's automaton does, which looks at no byte
 * twice. */
#pragma once

#include "err.h"

#include <stdbool.h>

enum { REGEXP_BYTES_MAX = 200 };

struct regexp;

/* NULL: no pattern, or one that refers back to what it matched. */
struct regexp *regexp_new(const char *pattern) MUST_CHECK;
void regexp_free(struct regexp *regexp);
bool regexp_fits(const struct regexp *regexp, const char *text);
