#include "verdict.h"

#include <inttypes.h>

enum { named_max = 6 };

bool finding_holds(const struct finding *finding)
{
    return finding->offending == 0;
}

const char *finding_sentence(struct arena *arena, const struct finding *finding)
{
    if (finding_holds(finding))
        return finding->rule->sentence;
    return arena_format(arena, "%s Not so %" PRId64 " time%s.", finding->rule->sentence,
                        finding->offending, finding->offending == 1 ? "" : "s");
}

/* The broken rules of one severity: "clicks_within_impressions (3), feed_is_fresh (1)". */
static const char *names_of(struct arena *arena, const struct finding findings[], size_t count,
                            enum severity severity)
{
    const char *names = "";
    size_t named = 0, more = 0;
    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];
        if (finding_holds(finding) || finding->rule->severity != severity)
            continue;
        if (named == named_max) {
            more++;
            continue;
        }
        names = arena_format(arena, "%s%s%s (%" PRId64 ")", names, named++ ? ", " : "",
                             finding->rule->name, finding->offending);
    }
    return more ? arena_format(arena, "%s and %zu more", names, more) : names;
}

void verdict_of(struct arena *arena, const char *of, const struct finding findings[], size_t count,
                struct verdict *ret_verdict)
{
    struct verdict verdict = {.rule_count = count};
    for (size_t i = 0; i < count; i++) {
        bool critical = findings[i].rule->severity == SEVERITY_CRITICAL;
        verdict.critical_count += critical && !finding_holds(&findings[i]);
        verdict.warning_count += !critical && !finding_holds(&findings[i]);
    }
    verdict.passed = verdict.critical_count == 0;
    bool clean = verdict.passed && verdict.warning_count == 0;
    if (clean)
        verdict.sentence = arena_format(arena, "%s: all %zu rules hold", of, count);
    else
        verdict.sentence =
            arena_format(arena, "%s: %s %s", of,
                         verdict.passed ? "no critical rule is broken; look at" : "broken:",
                         names_of(arena, findings, count,
                                  verdict.passed ? SEVERITY_WARNING : SEVERITY_CRITICAL));
    *ret_verdict = verdict;
}
