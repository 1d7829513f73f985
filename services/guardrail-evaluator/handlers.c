/* What happens to a batch: load, judge, advance, note what was done for safety. One round trip a
 * step, whatever the size of the batch; the frame opens and commits the transaction. */
#include "guardrail.h"

#include "clock.h"
#include "judge.h"
#include "log.h"
#include "look.h"
#include "measure.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

enum { due_max = 512 };

/* Looking for what is due costs some microseconds for each open saga: it may take this part of the
 * time, and rests for the others. */
static const int64_t due_part = 50;

static bool sagas_of(struct work *work, const struct batch *batch, struct uuid **ret_sagas,
                     struct err *err)
{
    struct uuid *sagas = arena_array(work->arena, batch->count, sizeof *sagas);
    for (size_t i = 0; i < batch->count; i++)
        if (!saga_look(batch->message[i].body, &sagas[i], err))
            return false;
    *ret_sagas = sagas;
    return true;
}

/* Facts stand in the order of the sagas, so one walk along both finds each saga's own. */
struct facts {
    const struct saga_fact *fact;
    size_t count, at;
};

static const struct saga_fact *facts_next(struct facts *facts, const struct uuid *saga,
                                          size_t *ret_count)
{
    while (facts->at < facts->count
           && memcmp(facts->fact[facts->at].saga.bytes, saga->bytes, sizeof saga->bytes) < 0)
        facts->at++;
    const struct saga_fact *first = facts->count ? &facts->fact[facts->at] : NULL;
    *ret_count = 0;
    while (facts->at < facts->count && uuid_equal(&facts->fact[facts->at].saga, saga)) {
        facts->at++;
        (*ret_count)++;
    }
    return first;
}

static bool facts_load(struct work *work, const struct uuid sagas[], size_t count,
                       struct facts *ret_facts, struct err *err)
{
    struct saga_fact *fact = NULL;
    *ret_facts = (struct facts){0};
    if (count > 0
        && !saga_load_facts(work->db, work->arena, sagas, count, &fact, &ret_facts->count, err))
        return false;
    ret_facts->fact = fact;
    return true;
}

/* Verdicts and a move, or neither while it waits; what isn't clear has an event for safety. */
static void apply(const struct proposed *proposed, const struct judgement *judgement,
                  struct saga_moves *moves, struct safety_event *event)
{
    const struct saga_seen *saga = &proposed->saga;
    for (size_t i = 0; i < judgement->count; i++) {
        const struct ruling *ruling = &judgement->verdict[i].ruling;
        saga_verdicts_add(moves,
                          &(struct saga_verdict){saga->id, saga->content,
                                                 judgement->verdict[i].rule,
                                                 ruling->outcome == RULE_PASSES, ruling->value,
                                                 ruling->bound, ruling->sentence});
    }
    if (judgement->fate == JUDGED_CLEAR) {
        saga_moves_add(moves, saga, "cleared", "");
        return;
    }
    bool blocked = judgement->fate == JUDGED_BLOCKED;
    if (blocked)
        saga_moves_add(moves, saga, "blocked", judgement->sentence);
    *event = (struct safety_event){saga->id, saga->version, blocked ? "blocked" : "waiting",
                                   judgement->rule, judgement->sentence};
}

/* `changed` and `state`: somebody else was quicker. Any other refusal is a matter for us. */
static void tell_refused(const struct saga_moves *moves)
{
    for (size_t i = 0; i < moves->count; i++) {
        const struct saga_move *move = &moves->move[i];
        if (move->result != SAGA_REFUSED || strcmp(move->rule, "changed") == 0
            || strcmp(move->rule, "state") == 0)
            continue;
        char saga[UUID_TEXT];
        uuid_text(&move->saga.id, saga);
        log_warn("move refused", LOG_TEXT("saga", saga), LOG_TEXT("to", move->to),
                 LOG_TEXT("rule", move->rule));
    }
}

/* Without those that were not blocked after all, because the saga went elsewhere meanwhile. */
static size_t events_true(struct safety_event events[], size_t count,
                          const struct saga_moves *moves)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct saga_move *move = saga_moves_find(moves, &events[i].saga);
        if (!move || move->result == SAGA_MOVED)
            events[kept++] = events[i];
    }
    return kept;
}

static bool judge_all(struct work *work, const struct proposed proposed[], size_t count,
                      struct facts *facts, struct err *err)
{
    struct saga_moves moves = saga_moves_in(work->arena, count);
    struct safety_event *events = arena_array(work->arena, count, sizeof *events);
    struct judgement *judgement = arena_new_bytes(work->arena, sizeof *judgement);
    size_t event_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct proposal proposal = {.law = proposed[i].law};
        proposal.fact = facts_next(facts, &proposed[i].saga.id, &proposal.count);
        judge(&proposal, work->arena, judgement);
        apply(&proposed[i], judgement, &moves, &events[event_count]);
        event_count += judgement->fate != JUDGED_CLEAR;
    }
    if (!saga_advance(work->db, &moves, err))
        return false;
    tell_refused(&moves);
    event_count = events_true(events, event_count, &moves);
    return store_add_safety_events(work->db, events, event_count, err);
}

bool on_proposed(struct work *work, const struct batch *batch, struct err *err)
{
    struct uuid *sagas;
    struct proposed *proposed;
    struct facts facts;
    size_t count, with_effects = 0;
    if (!sagas_of(work, batch, &sagas, err)
        || !store_load_proposals(work->db, work->arena, sagas, batch->count, &proposed, &count,
                                 err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (proposed[i].has_effects)
            sagas[with_effects++] = proposed[i].saga.id;
    return facts_load(work, sagas, with_effects, &facts, err)
        && judge_all(work, proposed, count, &facts, err);
}

static const char *overdue_note(const char *state)
{
    if (strcmp(state, "proposed") == 0)
        return "not judged in time";
    return strcmp(state, "cleared") == 0 ? "not approved in time" : "not executed in time";
}

/* Harm is rare, so each is ordered by itself. What must wait stays due for the next tick. */
static bool order_rollback(struct work *work, const struct saga_seen *saga, const char *rule,
                           const char *sentence, struct err *err)
{
    enum saga_rollback_result result;
    const char *why;
    struct safety_event event = {saga->id, saga->version, "rollback", rule, sentence};
    if (!saga_begin_rollback(work->db, work->arena, &saga->id, sentence, &result, &why, err))
        return false;
    if (result == SAGA_ROLLBACK_BEGUN)
        return store_add_safety_events(work->db, &event, 1, err);
    char text[UUID_TEXT];
    uuid_text(&saga->id, text);
    log_warn("rollback not begun", LOG_TEXT("saga", text), LOG_TEXT("rule", rule),
             LOG_TEXT("why", why));
    return true;
}

static bool settle(struct work *work, const struct due due[], size_t count, struct facts *facts,
                   struct err *err)
{
    struct saga_moves moves = saga_moves_in(work->arena, count);
    for (size_t i = 0; i < count; i++) {
        const char *sentence;
        struct executed executed;
        executed.fact = facts_next(facts, &due[i].saga.id, &executed.count);
        bool over = strcmp(due[i].state, "executed") == 0;
        const struct harm *harm =
            due[i].live ? harm_find(harms, &executed, work->arena, &sentence) : NULL;
        if (harm && !order_rollback(work, &due[i].saga, harm->name, sentence, err))
            return false;
        if (!harm)
            saga_moves_add(&moves, &due[i].saga, over ? "confirmed" : "expired",
                           over ? measure_note(&executed, work->arena)
                                : overdue_note(due[i].state));
    }
    if (!saga_advance(work->db, &moves, err))
        return false;
    tell_refused(&moves);
    return true;
}

bool on_executed(struct work *work, const struct batch *batch, struct err *err)
{
    struct uuid *sagas;
    struct due *due;
    struct facts none = {0};
    size_t count;
    return sagas_of(work, batch, &sagas, err)
        && store_load_executed(work->db, work->arena, sagas, batch->count, &due, &count, err)
        && settle(work, due, count, &none, err);
}

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct due *)a)->saga.id.bytes, ((const struct due *)b)->saga.id.bytes,
                  sizeof(struct uuid));
}

static bool load_due(struct work *work, struct due **ret_due, size_t *ret_count, struct err *err)
{
    struct guardrail *guardrail = work->state;
    int64_t begun_ns = clock_boot_ns();
    *ret_count = 0;
    if (begun_ns < guardrail->rest_until_ns)
        return true;
    if (!store_load_due(work->db, work->arena, due_max, ret_due, ret_count, err))
        return false;
    int64_t took_ns = clock_boot_ns() - begun_ns;
    guardrail->rest_until_ns = *ret_count == due_max ? 0 : begun_ns + took_ns * due_part;
    return true;
}

bool tick_due(struct work *work, struct err *err)
{
    struct due *due = NULL;
    struct facts facts;
    size_t count, live = 0;
    if (!load_due(work, &due, &count, err) || count == 0)
        return err->kind == ERR_NONE;
    struct uuid *sagas = arena_array(work->arena, count, sizeof *sagas);
    qsort(due, count, sizeof *due, by_id);
    for (size_t i = 0; i < count; i++)
        if (due[i].live)
            sagas[live++] = due[i].saga.id;
    work->said = true;
    return facts_load(work, sagas, live, &facts, err) && settle(work, due, count, &facts, err);
}
