#include "mutate.h"

#include "operation.h"
#include "render.h"
#include "wire.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct done {
    struct outcome outcome;
    const char *why; /* refused: its code; NULL: applied */
};

struct run {
    const struct mutation *mutation;
    struct operations operations;
    const json_t *list;
    size_t count;
    bool partial, validate, full; /* full: MUTABLE_RESOURCE */
    size_t struck;                /* the operation a fault fails, or SIZE_MAX */
    struct done *done;
    struct failures failures;
};

static const char *const kind_operations[RESOURCE_KINDS] = {
    [RESOURCE_CAMPAIGN] = "campaign_operation",
    [RESOURCE_CAMPAIGN_BUDGET] = "campaign_budget_operation",
};
static const char *const kind_results[RESOURCE_KINDS] = {
    [RESOURCE_CAMPAIGN] = "campaignResult",
    [RESOURCE_CAMPAIGN_BUDGET] = "campaignBudgetResult",
};

static bool reject_whole(struct run *run, const char *category, const char *code,
                         const char *message)
{
    struct failure failure = {0};
    (void)failure_set(&failure, category, code, "%s", message); /* always false */
    failures_add(&run->failures, run->mutation->arena, &failure);
    return false;
}

static bool open_run(struct run *run, const json_t *body)
{
    const struct mutation *mutation = run->mutation;
    run->list = wire_member(body, mutation->bulk ? "mutate_operations" : "operations");
    run->count = json_array_size(run->list);
    run->partial = wire_flag(body, "partial_failure");
    run->validate = wire_flag(body, "validate_only");
    const json_t *content = wire_member(body, "response_content_type");
    const char *name = json_string_value(content);
    run->full = (name && strcmp(name, "MUTABLE_RESOURCE") == 0) || json_integer_value(content) == 2;
    if (run->count == 0)
        return reject_whole(run, "requestError", "REQUIRED_FIELD_MISSING",
                            "Required field is missing: operations.");
    if (run->count > MUTATE_OPERATIONS_MAX)
        return reject_whole(run, "requestError", "TOO_MANY_MUTATE_OPERATIONS",
                            "Too many mutate operations in the request.");
    if (!ledger_has_room(mutation->ledger, run->count)
        || mutation->account->change_count + run->count > ACCOUNT_CHANGES_MAX)
        return reject_whole(run, "internalError", "INTERNAL_ERROR",
                            "The world's ledger is full: POST /_world/reset.");
    run->done = arena_array(mutation->arena, run->count, sizeof *run->done);
    run->struck = faults_strike(mutation->faults, FAULT_PARTIAL, true)
        ? (size_t)faults_draw(mutation->faults, run->count)
        : SIZE_MAX;
    return true;
}

/* The operation's own object and kind; in bulk it is wrapped under its resource's name. */
static const json_t *unwrap(const struct run *run, size_t index, enum resource_kind *ret_kind,
                            struct failure *failure)
{
    const json_t *operation = json_array_get(run->list, index);
    *ret_kind = run->mutation->kind;
    failure_add_path(failure, run->mutation->bulk ? "mutate_operations" : "operations",
                     (int64_t)index);
    if (!run->mutation->bulk)
        return operation;
    for (int kind = 0; kind < RESOURCE_KINDS; kind++) {
        const json_t *inner =
            kind_operations[kind] ? wire_member(operation, kind_operations[kind]) : NULL;
        if (!inner)
            continue;
        *ret_kind = (enum resource_kind)kind;
        failure_add_path(failure, kind_operations[kind], -1);
        return inner;
    }
    (void)failure_set(failure, "requestError", "OPERATION_REQUIRED",
                      "The mutate operation names no known resource."); /* always false */
    return NULL;
}

static bool run_one(struct run *run, size_t index, struct failure *failure)
{
    struct done *done = &run->done[index];
    enum resource_kind kind;
    const json_t *operation = unwrap(run, index, &kind, failure);
    done->outcome.kind = kind;
    if (!operation)
        return false;
    if (!operation_apply(&run->operations, kind, operation, index, &done->outcome, failure))
        return false;
    return index != run->struck
        || failure_set(failure, "databaseError", "CONCURRENT_MODIFICATION",
                       "Multiple requests were attempting to modify the same resource at once.");
}

/* Applies what can be applied; true when the edit is worth keeping. */
static void run_all(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        struct failure failure = {0};
        size_t mark = edit_mark(&run->operations.edit);
        if (run_one(run, i, &failure))
            continue;
        edit_undo_to(&run->operations.edit, mark);
        run->done[i].why = failure.code;
        failures_add(&run->failures, run->mutation->arena, &failure);
    }
}

/* One entry an operation: applied, or why not. */
static void record(const struct run *run, bool kept)
{
    static const char *const verbs[] = {[0] = "",
                                        [CHANGE_CREATE] = "create",
                                        [CHANGE_UPDATE] = "update",
                                        [CHANGE_REMOVE] = "remove"};
    const struct mutation *mutation = run->mutation;
    for (size_t i = 0; i < run->count; i++) {
        const struct outcome *outcome = &run->done[i].outcome;
        const char *why = run->done[i].why;
        if (!why)
            why = kept ? "" : run->validate ? "VALIDATE_ONLY" : "REQUEST_REFUSED";
        struct ledger_entry entry = {
            .arrived_micros = mutation->now_micros,
            .request_hash = mutation->body_hash,
            .request = mutation->request,
            .customer_id = mutation->account->customer.id,
            .operation_index = (uint32_t)i,
            .resource = schema_resources[outcome->kind].name,
            .operation = verbs[outcome->operation],
            .resource_id = outcome->id,
            .before_micros = outcome->before_micros,
            .after_micros = outcome->after_micros,
            .applied = kept && !run->done[i].why,
            .why = why,
        };
        ledger_add(mutation->ledger, &entry);
    }
}

static void write_result(struct json_writer *writer, const struct run *run, const struct done *done)
{
    const struct account *account = run->mutation->account;
    enum resource_kind kind = done->outcome.kind;
    struct row row = {.account = account,
                      .budget = account_budget(account, done->outcome.id),
                      .campaign = account_campaign(account, done->outcome.id)};
    writer_open(writer, '{');
    if (!done->why) {
        render_name(writer, account->customer.id, kind, done->outcome.id);
        if (run->full && done->outcome.operation != CHANGE_REMOVE) {
            writer_camel_key(writer, schema_resources[kind].name);
            writer_open(writer, '{');
            render_name(writer, account->customer.id, kind, done->outcome.id);
            render_settables(writer, kind, done->outcome.settables, &row);
            writer_close(writer, '}');
        }
    }
    writer_close(writer, '}');
}

static void write_response(struct run *run, struct buffer *out)
{
    struct json_writer writer = {.out = out};
    const struct mutation *mutation = run->mutation;
    writer_open(&writer, '{');
    if (run->failures.count) {
        writer_key(&writer, "partialFailureError");
        failure_write_partial(&writer, &run->failures, mutation->version, mutation->request_id);
    }
    if (!run->validate) {
        writer_key(&writer, mutation->bulk ? "mutateOperationResponses" : "results");
        writer_open(&writer, '[');
        for (size_t i = 0; i < run->count; i++) {
            const struct done *done = &run->done[i];
            bool wrapped = mutation->bulk && !done->why;
            if (wrapped) {
                writer_open(&writer, '{');
                writer_key(&writer, kind_results[done->outcome.kind]);
            }
            write_result(&writer, run, done);
            if (wrapped)
                writer_close(&writer, '}');
        }
        writer_close(&writer, ']');
    }
    writer_close(&writer, '}');
}

bool mutate_run(const struct mutation *mutation, const json_t *body, struct buffer *out,
                struct failures *ret_failures)
{
    struct run run = {.mutation = mutation};
    if (!open_run(&run, body)) {
        *ret_failures = run.failures;
        return false;
    }
    run.operations.today = zone_day(mutation->account->customer.zone, mutation->now_micros);
    edit_begin(&run.operations.edit, mutation->account, mutation->arena);
    run_all(&run);
    bool refused = run.failures.count > 0 && !run.partial;
    bool kept = !refused && !run.validate;
    if (!kept)
        edit_undo_to(&run.operations.edit, 0);
    else
        edit_keep(&run.operations.edit, mutation->now_micros, CLIENT_API, mutation->user_email);
    record(&run, kept);
    if (refused) {
        *ret_failures = run.failures;
        return false;
    }
    write_response(&run, out);
    return true;
}

bool mutate_by_hand(struct account *account, struct arena *arena, int64_t budget_id,
                    int64_t amount_micros, const char *user_email, int64_t now_micros,
                    struct failure *failure)
{
    struct operations operations = {0};
    struct outcome outcome;
    char name[RESOURCE_NAME_TEXT];
    resource_name(account->customer.id, RESOURCE_CAMPAIGN_BUDGET, budget_id, name);
    json_t *operation =
        json_pack("{s:{s:s,s:I},s:s}", "update", "resource_name", name, "amount_micros",
                  (json_int_t)amount_micros, "update_mask", "amount_micros");
    assert(operation);
    edit_begin(&operations.edit, account, arena);
    bool ok =
        operation_apply(&operations, RESOURCE_CAMPAIGN_BUDGET, operation, 0, &outcome, failure);
    json_decref(operation);
    if (ok)
        edit_keep(&operations.edit, now_micros, CLIENT_WEB, account_keep_text(account, user_email));
    else
        edit_undo_to(&operations.edit, 0);
    return ok;
}
