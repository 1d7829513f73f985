#include "rules.h"

#include "caps.h"

#include <math.h>
#include <string.h>

static struct ruling kill_switch(const struct proposal *proposal, struct arena *arena)
{
    const struct law *law = proposal->law;
    const char *scope = law->accounts[0] ? law->accounts : law->kind;
    if (law->level == LEVEL_RUN)
        return (struct ruling){.sentence = law->lock[0]
                                   ? arena_format(arena, "it will wait: %s", law->lock)
                                   : "kill switch is off"};
    return (struct ruling){
        .outcome = RULE_WAITS,
        .value = law->level,
        .sentence = arena_format(arena, "kill switch is on (%s) for %s",
                                 law->level == LEVEL_STOP ? "stop" : "freeze", scope),
    };
}

static int minutes_up(double seconds)
{
    double minutes = seconds / 60;
    if (minutes >= INT32_MAX)
        return INT32_MAX;
    return (int)minutes + (minutes > (int)minutes);
}

static struct ruling freshness(const struct proposal *proposal, struct arena *arena)
{
    double oldest_s = 0;
    for (size_t i = 0; i < proposal->count; i++) {
        const struct saga_fact *fact = &proposal->fact[i];
        if (isnan(fact->live_age_s))
            return (struct ruling){
                RULE_WAITS, 0, observed_age_s_max,
                arena_format(arena, "budget %s was never read at the platform", fact->resource)};
        if (fact->live_age_s > observed_age_s_max)
            return (struct ruling){
                RULE_WAITS, fact->live_age_s, observed_age_s_max,
                arena_format(arena, "budget %s was last read %d minutes ago, more than %d",
                             fact->resource, minutes_up(fact->live_age_s),
                             minutes_up(observed_age_s_max))};
        if (fact->live_age_s > oldest_s)
            oldest_s = fact->live_age_s;
    }
    return (struct ruling){RULE_PASSES, oldest_s, observed_age_s_max,
                           "every budget was read in the last 10 minutes"};
}

static struct ruling in_flight(const struct proposal *proposal, struct arena *arena)
{
    for (size_t i = 0; i < proposal->count; i++)
        if (proposal->fact[i].busy)
            return (struct ruling){RULE_WAITS, 1, 0,
                                   arena_format(arena, "budget %s has another change in flight",
                                                proposal->fact[i].resource)};
    return (struct ruling){.sentence = "no other change is in flight"};
}

static struct ruling budget_shape(const struct proposal *proposal, struct arena *arena)
{
    for (size_t i = 0; i < proposal->count; i++) {
        const struct saga_fact *fact = &proposal->fact[i];
        const char *why = fact->shared ? "is shared: it would move every campaign that uses it"
            : !fact->daily             ? "is not a daily budget"
            : !fact->enabled           ? "is not enabled"
                                       : NULL;
        if (why)
            return (struct ruling){RULE_FAILS, 1, 0,
                                   arena_format(arena, "budget %s %s", fact->resource, why)};
    }
    return (struct ruling){.sentence = "daily budgets of their own"};
}

static const struct rule rules[] = {
    {"kill_switch",  kill_switch    },
    {"per_change",   caps_per_change},
    {"per_day",      caps_per_day   },
    {"drift",        caps_drift     },
    {"freshness",    freshness      },
    {"in_flight",    in_flight      },
    {"budget_shape", budget_shape   },
};

const struct rule *rule_find(const char *name)
{
    for (size_t i = 0; i < COUNT(rules); i++)
        if (strcmp(rules[i].name, name) == 0)
            return &rules[i];
    return NULL;
}
