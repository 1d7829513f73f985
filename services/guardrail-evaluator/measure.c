#include "measure.h"

#include "share.h"

const struct harm harms[] = {
    {NULL, NULL}
};

const struct harm *harm_find(const struct harm table[], const struct executed *executed,
                             struct arena *arena, const char **ret_sentence)
{
    for (const struct harm *harm = table; harm->name; harm++) {
        const char *sentence = harm->test(executed, arena);
        if (sentence) {
            *ret_sentence = sentence;
            return harm;
        }
    }
    return NULL;
}

const char *measure_note(const struct executed *executed, struct arena *arena)
{
    for (size_t i = 0; i < executed->count; i++) {
        const struct saga_fact *fact = &executed->fact[i];
        if (fact->live_micros != fact->after_micros)
            return arena_format(
                arena, "changed since by someone else: budget %s is %s now, not %s", fact->resource,
                money_text(arena, fact->live_micros, fact->currency, fact->unit_micros),
                money_text(arena, fact->after_micros, fact->currency, fact->unit_micros));
    }
    return "";
}
