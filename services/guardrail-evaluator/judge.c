#include "judge.h"

#include <assert.h>

static struct ruling ruling_by_name(const struct proposal *proposal, const char *name,
                                    struct arena *arena)
{
    const struct rule *rule = rule_find(name);
    if (rule)
        return rule->judge(proposal, arena);
    return (struct ruling){RULE_FAILS, 0, 0,
                           arena_format(arena,
                                        "%s needs the rule %s, which this release doesn't have",
                                        proposal->law->kind, name)};
}

void judge(const struct proposal *proposal, struct arena *arena, struct judgement *ret_judgement)
{
    const struct law *law = proposal->law;
    assert(law->rule_count <= rules_max);
    ret_judgement->fate = JUDGED_CLEAR;
    ret_judgement->count = 0;
    for (size_t i = 0; i < law->rule_count; i++) {
        struct ruling ruling = ruling_by_name(proposal, law->rules[i], arena);
        assert(ruling.sentence);
        if (ruling.outcome != RULE_PASSES && ret_judgement->fate == JUDGED_CLEAR) {
            ret_judgement->rule = law->rules[i];
            ret_judgement->sentence = ruling.sentence;
            ret_judgement->fate = ruling.outcome == RULE_FAILS ? JUDGED_BLOCKED : JUDGED_WAITING;
        }
        if (ret_judgement->fate == JUDGED_WAITING) {
            ret_judgement->count = 0;
            return;
        }
        if (ruling.outcome != RULE_WAITS) {
            ret_judgement->verdict[ret_judgement->count].rule = law->rules[i];
            ret_judgement->verdict[ret_judgement->count++].ruling = ruling;
        }
    }
}
