#include "caps.h"

#include "share.h"

#include <assert.h>
#include <string.h>

/* One cap of one effect: this part of this whole may be bp. */
struct cap {
    const struct saga_fact *fact;
    int64_t part, whole, bp;
    int64_t room; /* what is left for this effect's own change */
};

static bool raises(const struct saga_fact *fact)
{
    return fact->after_micros > fact->before_micros;
}

static int64_t size_of(const struct saga_fact *fact)
{
    return raises(fact) ? fact->after_micros - fact->before_micros
                        : fact->before_micros - fact->after_micros;
}

/* A sum that stays in range however large its terms are: over every cap is over. */
static int64_t plus(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* What the proposal changes in this fact's account: in its direction, or up and down netted. */
static int64_t account_change(const struct proposal *proposal, const struct saga_fact *fact)
{
    int64_t sum = 0;
    for (size_t i = 0; i < proposal->count; i++)
        if (strcmp(proposal->fact[i].account, fact->account) == 0
            && raises(&proposal->fact[i]) == raises(fact))
            sum = plus(sum, size_of(&proposal->fact[i]));
    return sum;
}

static int64_t account_net(const struct proposal *proposal, const struct saga_fact *fact)
{
    int64_t sum = 0;
    for (size_t i = 0; i < proposal->count; i++)
        if (strcmp(proposal->fact[i].account, fact->account) == 0)
            sum += proposal->fact[i].after_micros - proposal->fact[i].before_micros;
    return sum;
}

/* "at most $52.50": the value nearest to the wish that this cap allows, in the account's units. */
static const char *limit_text(const struct cap *cap, struct arena *arena)
{
    const struct saga_fact *fact = cap->fact;
    int64_t unit = fact->unit_micros;
    int64_t room = cap->room > 0 ? cap->room : 0;
    int64_t limit;
    assert(unit > 0);
    if (raises(fact)) {
        limit = plus(fact->before_micros, room) / unit * unit;
        if (limit <= fact->before_micros)
            return "no raise is left";
    } else {
        limit = room < fact->before_micros ? fact->before_micros - room : 0;
        limit += limit % unit ? unit - limit % unit : 0;
        if (limit >= fact->before_micros)
            return "no cut is left";
    }
    return arena_format(arena, "%s %s", raises(fact) ? "at most" : "at least",
                        money_text(arena, limit, fact->currency, unit));
}

static struct ruling ruling_of(const struct cap *cap)
{
    return (struct ruling){
        .outcome = share_within(cap->part, cap->whole, cap->bp) ? RULE_PASSES : RULE_FAILS,
        .value = share_percent(cap->part, cap->whole),
        .bound = (double)cap->bp / 100,
    };
}

/* The fullest of those that pass stands for all. */
static void keep_fullest(struct ruling *kept, const struct ruling *ruling)
{
    if (!kept->sentence || ruling->value > kept->value)
        *kept = *ruling;
}

/* A budget's own cap and its account's. From zero there is no percentage of the budget: per_change
 * has an allowance in its place, and only the account's cap holds. False: *kept is what fails. */
static bool keep_or_fail(struct ruling *kept, const struct saga_fact *fact,
                         const struct ruling own_and_account[static 2])
{
    for (size_t k = fact->before_micros == 0 ? 1 : 0; k < 2; k++) {
        if (own_and_account[k].outcome != RULE_PASSES) {
            *kept = own_and_account[k];
            return false;
        }
        keep_fullest(kept, &own_and_account[k]);
    }
    return true;
}

static struct ruling or_nothing(struct ruling kept)
{
    if (!kept.sentence)
        kept.sentence = "nothing to count";
    return kept;
}

static struct ruling from_zero(const struct proposal *proposal, const struct saga_fact *fact,
                               struct arena *arena)
{
    int64_t most = proposal->law->from_zero_micros;
    const char *sentence = most == 0
        ? arena_format(arena, "budget %s starts from zero: this kind has no allowance for that",
                       fact->resource)
        : arena_format(arena, "budget %s starts from zero: at most %s", fact->resource,
                       money_text(arena, most, fact->currency, fact->unit_micros));
    return (struct ruling){
        .outcome = fact->after_micros > most ? RULE_FAILS : RULE_PASSES,
        .value = (double)fact->after_micros / 1e6,
        .bound = (double)most / 1e6,
        .sentence = sentence,
    };
}

static const char *change_text(const struct proposal *proposal, const struct cap *cap, bool passes,
                               struct arena *arena)
{
    const struct saga_fact *fact = cap->fact;
    const char *share = arena_format(arena, "%s%s", raises(fact) ? "+" : "-",
                                     share_text(arena, cap->part, cap->whole));
    const char *name =
        proposal->count > 1 ? arena_format(arena, "budget %s: ", fact->resource) : "";
    const char *bound = share_bp_text(arena, cap->bp);
    if (passes)
        return arena_format(arena, "%s%s, within %s", name, share, bound);
    return arena_format(arena, "%s%s > %s: %s", name, share, bound, limit_text(cap, arena));
}

struct ruling caps_per_change(const struct proposal *proposal, struct arena *arena)
{
    struct ruling kept = {0};
    for (size_t i = 0; i < proposal->count; i++) {
        const struct saga_fact *fact = &proposal->fact[i];
        struct cap cap = {fact, size_of(fact), fact->before_micros, proposal->law->change_bp,
                          share_most(fact->before_micros, proposal->law->change_bp)};
        struct ruling ruling =
            fact->before_micros == 0 ? from_zero(proposal, fact, arena) : ruling_of(&cap);
        if (fact->before_micros > 0)
            ruling.sentence = change_text(proposal, &cap, ruling.outcome == RULE_PASSES, arena);
        if (ruling.outcome != RULE_PASSES)
            return ruling;
        keep_fullest(&kept, &ruling);
    }
    return or_nothing(kept);
}

/* Of a budget or of its account, whose name is `name`: used already, and this change beside it. */
static struct ruling day_cap(const struct cap *cap, int64_t used, const char *what,
                             const char *name, struct arena *arena)
{
    struct ruling ruling = ruling_of(cap);
    const char *bound = share_bp_text(arena, cap->bp);
    ruling.sentence = ruling.outcome == RULE_PASSES
        ? arena_format(arena, "%s %s uses %s of its %s today", what, name,
                       share_text(arena, cap->part, cap->whole), bound)
        : arena_format(arena, "%s %s already used %s of its %s today: %s", what, name,
                       share_text(arena, used, cap->whole), bound, limit_text(cap, arena));
    return ruling;
}

static struct ruling no_base(const struct proposal *proposal, const struct saga_fact *fact,
                             struct arena *arena)
{
    return (struct ruling){RULE_WAITS, 0, (double)proposal->law->day_bp / 100,
                           arena_format(arena,
                                        "budget %s has no base yet today: it must be read first",
                                        fact->resource)};
}

struct ruling caps_per_day(const struct proposal *proposal, struct arena *arena)
{
    int64_t bp = proposal->law->day_bp;
    struct ruling kept = {0};
    for (size_t i = 0; i < proposal->count; i++) {
        const struct saga_fact *fact = &proposal->fact[i];
        if (fact->base_micros < 0 || fact->account_base_micros < 0)
            return no_base(proposal, fact, arena);
        int64_t all = account_change(proposal, fact);
        int64_t others = plus(fact->account_used_micros, all - size_of(fact));
        struct cap own = {fact, plus(fact->used_micros, size_of(fact)), fact->base_micros, bp,
                          share_most(fact->base_micros, bp) - fact->used_micros};
        struct cap account = {fact, plus(fact->account_used_micros, all), fact->account_base_micros,
                              bp, share_most(fact->account_base_micros, bp) - others};
        struct ruling rulings[] = {
            day_cap(&own, fact->used_micros, "budget", fact->resource, arena),
            day_cap(&account, others, "account", fact->account, arena),
        };
        if (!keep_or_fail(&kept, fact, rulings))
            return kept;
    }
    return or_nothing(kept);
}

static struct ruling drift_cap(const struct cap *cap, const char *what, const char *name,
                               struct arena *arena)
{
    struct ruling ruling = ruling_of(cap);
    const char *share = share_text(arena, cap->part, cap->whole);
    const char *bound = share_bp_text(arena, cap->bp);
    ruling.sentence = ruling.outcome == RULE_PASSES
        ? arena_format(arena, "%s %s would stand %s above 28 days ago, within %s", what, name,
                       share, bound)
        : arena_format(arena, "%s %s would stand %s above 28 days ago, over %s: %s", what, name,
                       share, bound, limit_text(cap, arena));
    return ruling;
}

static int32_t greater(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int64_t above(int64_t value, int64_t base)
{
    return value > base ? value - base : 0;
}

struct ruling caps_drift(const struct proposal *proposal, struct arena *arena)
{
    const struct law *law = proposal->law;
    struct ruling kept = {0};
    for (size_t i = 0; i < proposal->count; i++) {
        const struct saga_fact *fact = &proposal->fact[i];
        if (!raises(fact))
            continue;
        if (fact->drift_base_micros < 0 || fact->account_drift_base_micros < 0
            || fact->account_live_micros < 0)
            return no_base(proposal, fact, arena);
        int64_t base = fact->drift_base_micros, account_base = fact->account_drift_base_micros;
        int64_t account_after = fact->account_live_micros + account_net(proposal, fact);
        int64_t bp = greater(law->target_drift_bp, fact->target_ramp_bp);
        int64_t account_bp = greater(law->account_drift_bp, fact->account_ramp_bp);
        int64_t most = share_most(base, bp), account_most = share_most(account_base, account_bp);
        struct cap own = {fact, above(fact->after_micros, base), base, bp,
                          plus(base, most) - fact->before_micros};
        struct cap account = {fact, above(account_after, account_base), account_base, account_bp,
                              plus(account_base, account_most) - (account_after - size_of(fact))};
        struct ruling rulings[] = {
            drift_cap(&own, "budget", fact->resource, arena),
            drift_cap(&account, "account", fact->account, arena),
        };
        if (!keep_or_fail(&kept, fact, rulings))
            return kept;
    }
    return or_nothing(kept);
}
