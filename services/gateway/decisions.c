/* What people do to a proposal: each names the content hash they saw (If-Match), and the ledger
 * derives the person from the token. */
#include "proposals.h"

#include "gateway_core_sql.h"
#include "refusal.h"
#include "request.h"

#include <string.h>

struct seen {
    struct uuid id;
    struct hash hash;
    int32_t version;
};

/* The proposal that the path names, as the caller saw it. *ret_found is false when that was
 * answered already. */
static bool find(struct call *call, struct seen *seen, bool *ret_found, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    const char *header = http_header(call->exchange, "If-Match");
    *ret_found = false;
    if (!uuid_parse(http_param(call->exchange, "id"), &seen->id)) {
        refusal_unknown(call);
        return true;
    }
    db_arg_uuid(&args, &seen->id);
    if (!db_query(call->work->db, SQL_FIND, &args, &rows, err))
        return false;
    if (PQntuples(rows) == 0)
        refusal_unknown(call);
    else if (!header)
        call_problem(call, 428, "if_match_missing", "send the ETag of the proposal you looked at",
                     NULL, "If-Match is required");
    else if (!request_if_match(header, &seen->hash)
             || !bytes_equal(bytes_of(seen->hash.bytes, HASH_BYTES), db_bytes(rows, 0, 0)))
        call_problem(call, 412, "changed", "look at it again", NULL,
                     "it is not what you saw: If-Match differs from its content hash");
    else
        *ret_found = true;
    if (*ret_found)
        seen->version = db_i32(rows, 0, 1);
    return true;
}

static void answer_done(struct call *call, const struct seen *seen, const char *result,
                        const char *sentence, int32_t missing)
{
    char id[UUID_TEXT];
    uuid_text(&seen->id, id);
    buffer_format(&call->body, "{\"id\":\"%s\",\"result\":\"%s\",\"missing\":%d,\"sentence\":", id,
                  result, missing);
    call_add_text(&call->body, sentence);
    buffer_add_text(&call->body, "}\n");
    call->work->said = true;
    call_answer(call, 200);
}

static bool read_decision(struct call *call, struct decision *decision)
{
    struct fault fault;
    if (request_decision(http_body(call->exchange), call->work->arena, decision, &fault))
        return true;
    call_fault(call, &fault);
    return false;
}

static bool decide(struct call *call, const char *verdict, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct decision decision;
    struct seen seen;
    bool found;
    if (!read_decision(call, &decision))
        return true;
    if (!find(call, &seen, &found, err))
        return false;
    if (!found)
        return true;
    db_arg_uuid(&args, &seen.id);
    db_arg_bytes(&args, bytes_of(seen.hash.bytes, HASH_BYTES));
    db_arg_text(&args, verdict);
    db_arg_text(&args, call->token);
    db_arg_text(&args, decision.reason);
    if (!db_query(call->work->db, SQL_DECIDE, &args, &rows, err))
        return false;
    if (strcmp(db_text(rows, 0, 0), "refused") == 0)
        refusal_of_person(call, db_text(rows, 0, 1));
    else
        answer_done(call, &seen, db_text(rows, 0, 0), db_text(rows, 0, 1), db_i32(rows, 0, 2));
    return true;
}

bool proposals_approve(struct call *call, struct err *err)
{
    return decide(call, "approve", err);
}

bool proposals_reject(struct call *call, struct err *err)
{
    return decide(call, "reject", err);
}

bool proposals_withdraw(struct call *call, struct err *err)
{
    return decide(call, "withdraw", err);
}

bool proposals_cancel(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct decision decision;
    struct seen seen;
    bool found;
    if (!read_decision(call, &decision))
        return true;
    if (!find(call, &seen, &found, err))
        return false;
    if (!found)
        return true;
    db_arg_uuid(&args, &seen.id);
    db_arg_i32(&args, seen.version);
    db_arg_bytes(&args, bytes_of(seen.hash.bytes, HASH_BYTES));
    db_arg_text(&args, decision.reason);
    db_arg_text(&args, call->token);
    if (!db_query(call->work->db, SQL_CANCEL, &args, &rows, err))
        return false;
    if (strcmp(db_text(rows, 0, 0), "refused") == 0)
        refusal_of_cancel(call, db_text(rows, 0, 1));
    else
        answer_done(call, &seen, "cancelled", "cancelled", 0);
    return true;
}

bool proposals_resolve(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct decision decision;
    struct fault fault;
    struct seen seen;
    bool found;
    if (!request_resolution(http_body(call->exchange), call->work->arena, &decision, &fault)) {
        call_fault(call, &fault);
        return true;
    }
    if (!find(call, &seen, &found, err))
        return false;
    if (!found)
        return true;
    db_arg_uuid(&args, &seen.id);
    db_arg_bytes(&args, bytes_of(seen.hash.bytes, HASH_BYTES));
    db_arg_text(&args, decision.outcome);
    db_arg_text(&args, call->token);
    db_arg_text(&args, decision.reason);
    if (!db_query(call->work->db, SQL_RESOLVE, &args, &rows, err))
        return false;
    if (strcmp(db_text(rows, 0, 0), "refused") == 0)
        refusal_of_person(call, db_text(rows, 0, 1));
    else
        answer_done(call, &seen, db_text(rows, 0, 0), db_text(rows, 0, 1), 0);
    return true;
}

bool proposals_roll_back(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct decision decision;
    struct seen seen;
    bool found;
    if (!read_decision(call, &decision))
        return true;
    if (!find(call, &seen, &found, err))
        return false;
    if (!found)
        return true;
    db_arg_uuid(&args, &seen.id);
    db_arg_text(&args, decision.reason);
    db_arg_text(&args, call->token);
    if (!db_query(call->work->db, SQL_ROLLBACK, &args, &rows, err))
        return false;
    const char *result = db_text(rows, 0, 0), *reason = db_text(rows, 0, 1);
    if (strcmp(result, "ok") == 0)
        answer_done(call, &seen, "rolling_back", "rolling back to what was before", 0);
    else if (strcmp(result, "unsent") == 0)
        answer_done(call, &seen, "failed", reason, 0);
    else if (strcmp(result, "wait") == 0)
        call_problem(call, 409, "not_yet", "try again shortly", NULL, "%s", reason);
    else if (strcmp(result, "conflict") == 0)
        call_problem(call, 409, "conflict", "change it by a new proposal", NULL, "%s", reason);
    else
        refusal_of_person(call, reason);
    return true;
}
