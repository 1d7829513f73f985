/* trip_look: budgets as they stand, grouped by account. */
#include "trip.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { names_max = 400 }; /* in one request */

static int by_account(const void *a, const void *b)
{
    const struct want *x = *(struct want *const *)a, *y = *(struct want *const *)b;
    int order = strcmp(x->account, y->account);
    return order ? order : strcmp(x->resource, y->resource);
}

static int by_resource(const void *a, const void *b)
{
    return strcmp(((const struct platform_budget *)a)->resource,
                  ((const struct platform_budget *)b)->resource);
}

static void ask(struct arena *arena, struct want *const wants[], size_t count,
                struct platform_read *ret_read)
{
    const char **names = arena_array(arena, count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = wants[i]->resource;
    *ret_read = (struct platform_read){
        .account = wants[0]->account, .resources = names, .resource_count = count};
}

static void take(const struct platform_read *read, struct want *const wants[])
{
    qsort(read->budgets, read->budget_count, sizeof *read->budgets, by_resource);
    for (size_t i = 0; i < read->resource_count; i++) {
        struct platform_budget key = {.resource = wants[i]->resource};
        const struct platform_budget *found =
            bsearch(&key, read->budgets, read->budget_count, sizeof key, by_resource);
        wants[i]->looked = read->reply;
        wants[i]->seen = read->reply.fate == PLATFORM_OK && found;
        wants[i]->live_micros = found ? found->micros : 0;
    }
}

/* How many of the wants go into one request. */
static size_t run_length(struct want *const wants[], size_t count)
{
    size_t length = 1;
    while (length < count && length < names_max
           && strcmp(wants[length]->account, wants[0]->account) == 0)
        length++;
    return length;
}

void trips_look(const struct carrier *carrier, struct trip *trips[], size_t count)
{
    struct arena *arena = carrier->work->arena;
    size_t want_count = 0, filled = 0, read_count = 0;
    for (size_t i = 0; i < count; i++)
        want_count += trips[i]->order->effect_count;
    struct want **wants = arena_array(arena, want_count, sizeof(struct want *));
    struct platform_read *reads = arena_array(arena, want_count, sizeof *reads);
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < trips[i]->order->effect_count; n++)
            wants[filled++] = &trips[i]->wants[n];
    qsort(wants, want_count, sizeof(struct want *), by_account);

    for (size_t at = 0; at < want_count; at += reads[read_count++].resource_count)
        ask(arena, wants + at, run_length(wants + at, want_count - at), &reads[read_count]);
    platform_read_budgets(carrier->platform, arena, reads, read_count);
    size_t at = 0;
    for (size_t i = 0; i < read_count; i++) {
        take(&reads[i], wants + at);
        at += reads[i].resource_count;
    }
    assert(at == want_count);
}
