#include "regexp.h"

#include "mem.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <assert.h>
#include <pcre2.h>
#include <string.h>

struct regexp {
    pcre2_code *code;
    pcre2_match_data *found;
    pcre2_match_context *limits;
};

/* Groups within groups that must be looked at apart, and their memory. */
enum { descents_max = 10000, depth_max = 100, heap_kib_max = 64, workspace_ints = 4096 };

struct regexp *regexp_new(const char *pattern)
{
    const uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_DOLLAR_ENDONLY
        | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_START_OPTIMIZE;
    size_t length = strlen(pattern);
    int error;
    PCRE2_SIZE at;
    uint32_t back_references = 0;
    if (length > REGEXP_BYTES_MAX)
        return NULL;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, length, options, &error, &at, NULL);
    if (!code || pcre2_pattern_info(code, PCRE2_INFO_BACKREFMAX, &back_references) != 0
        || back_references > 0) {
        pcre2_code_free(code);
        return NULL;
    }
    struct regexp *regexp = mem_new(sizeof *regexp);
    *regexp =
        (struct regexp){code, pcre2_match_data_create(1, NULL), pcre2_match_context_create(NULL)};
    assert(regexp->found && regexp->limits); /* or memory is out */
    pcre2_set_match_limit(regexp->limits, descents_max);
    pcre2_set_depth_limit(regexp->limits, depth_max);
    pcre2_set_heap_limit(regexp->limits, heap_kib_max);
    return regexp;
}

void regexp_free(struct regexp *regexp)
{
    if (!regexp)
        return;
    pcre2_match_context_free(regexp->limits);
    pcre2_match_data_free(regexp->found);
    pcre2_code_free(regexp->code);
    mem_free(regexp);
}

/* What goes beyond the limits fits nothing. */
bool regexp_fits(const struct regexp *regexp, const char *text)
{
    int workspace[workspace_ints];
    size_t length = strlen(text);
    /* Of all matches from the start the longest comes first; 0: there is no room for the others. */
    int found = pcre2_dfa_match(regexp->code, (PCRE2_SPTR)text, length, 0, 0, regexp->found,
                                regexp->limits, workspace, workspace_ints);
    return found >= 0 && pcre2_get_ovector_pointer(regexp->found)[1] == length;
}
