/* What people do to a proposal: each names the content hash they saw (If-Match), and the ledger
 * derives the person from the token. */
#include "proposals.h"

#include "gateway_core_sql.h"
#include "refusal.h"
#include "request.h"

#include <string.h>

/* What a caller said, about the proposal they saw. */
struct asked {
    struct decision said;
    struct uuid id;
    struct hash seen;
    int32_t version;
};

/* The proposal that the path names, if it still is what was seen. False: answered, or err. */
static bool find(struct call *call, struct asked *asked, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    const char *header = http_header(call->exchange, "If-Match");
    if (!uuid_parse(http_param(call->exchange, "id"), &asked->id)) {
        refusal_unknown(call);
        return false;
    }
    db_arg_uuid(&args, &asked->id);
    if (!db_query(call->work->db, SQL_FIND, &args, &rows, err))
        return false;
    if (PQntuples(rows) == 0)
        refusal_unknown(call);
    else if (!header)
        call_problem(call, 428, "if_match_missing", "send the ETag of the proposal you looked at",
                     NULL, "If-Match is required");
    else if (!request_if_match(header, &asked->seen)
             || !bytes_equal(hash_view(&asked->seen), db_bytes(rows, 0, 0)))
        call_problem(call, 412, "changed", "look at it again", NULL,
                     "it is not what you saw: If-Match differs from its content hash");
    else
        asked->version = db_i32(rows, 0, 1);
    return call->status == 0;
}

typedef bool read_fn(struct bytes body, struct arena *arena, struct decision *ret_said,
                     struct fault *fault);

/* False: answered already (call->status says so), or err. */
static bool hear(struct call *call, read_fn *read, struct asked *asked, struct err *err)
{
    struct fault fault;
    if (read(http_body(call->exchange), call->work->arena, &asked->said, &fault))
        return find(call, asked, err);
    call_fault(call, &fault);
    return false;
}

static void answer_done(struct call *call, const struct asked *asked, const char *result,
                        const char *sentence, int32_t missing)
{
    char id[UUID_TEXT];
    uuid_text(&asked->id, id);
    buffer_format(&call->body, "{\"id\":\"%s\",\"result\":\"%s\",\"missing\":%d,\"sentence\":", id,
                  result, missing);
    call_add_text(&call->body, sentence);
    buffer_add_text(&call->body, "}\n");
    call->work->said = true;
    call_answer(call, 200);
}

/* The two doors alike: a verdict is given, an outcome told. */
static bool judge(struct call *call, const struct asked *asked, const char *sql,
                  const char *verdict, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_uuid(&args, &asked->id);
    db_arg_bytes(&args, hash_view(&asked->seen));
    db_arg_text(&args, verdict);
    db_arg_text(&args, call->token);
    db_arg_text(&args, asked->said.reason);
    if (!db_query(call->work->db, sql, &args, &rows, err))
        return false;
    if (strcmp(db_text(rows, 0, 0), "refused") == 0)
        refusal_of_person(call, db_text(rows, 0, 1));
    else
        answer_done(call, asked, db_text(rows, 0, 0), db_text(rows, 0, 1), db_i32(rows, 0, 2));
    return true;
}

static bool decide(struct call *call, const char *verdict, struct err *err)
{
    struct asked asked;
    if (!hear(call, request_decision, &asked, err))
        return call->status != 0;
    return judge(call, &asked, SQL_DECIDE, verdict, err);
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
    struct asked asked;
    if (!hear(call, request_decision, &asked, err))
        return call->status != 0;
    db_arg_uuid(&args, &asked.id);
    db_arg_i32(&args, asked.version);
    db_arg_bytes(&args, hash_view(&asked.seen));
    db_arg_text(&args, asked.said.reason);
    db_arg_text(&args, call->token);
    if (!db_query(call->work->db, SQL_CANCEL, &args, &rows, err))
        return false;
    if (strcmp(db_text(rows, 0, 0), "refused") == 0)
        refusal_of_cancel(call, db_text(rows, 0, 1));
    else
        answer_done(call, &asked, "cancelled", "cancelled", 0);
    return true;
}

bool proposals_resolve(struct call *call, struct err *err)
{
    struct asked asked;
    if (!hear(call, request_resolution, &asked, err))
        return call->status != 0;
    return judge(call, &asked, SQL_RESOLVE, asked.said.outcome, err);
}

bool proposals_roll_back(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct asked asked;
    if (!hear(call, request_decision, &asked, err))
        return call->status != 0;
    db_arg_uuid(&args, &asked.id);
    db_arg_text(&args, asked.said.reason);
    db_arg_text(&args, call->token);
    if (!db_query(call->work->db, SQL_ROLLBACK, &args, &rows, err))
        return false;
    const char *result = db_text(rows, 0, 0), *reason = db_text(rows, 0, 1);
    if (strcmp(result, "ok") == 0)
        answer_done(call, &asked, "rolling_back", "rolling back to what was before", 0);
    else if (strcmp(result, "unsent") == 0)
        answer_done(call, &asked, "failed", reason, 0);
    else if (strcmp(result, "wait") == 0)
        call_problem(call, 409, "not_yet", "try again shortly", NULL, "%s", reason);
    else if (strcmp(result, "conflict") == 0)
        call_problem(call, 409, "conflict", "change it by a new proposal", NULL, "%s", reason);
    else
        refusal_of_person(call, reason);
    return true;
}
