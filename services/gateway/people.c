#include "people.h"

#include "gateway_core_sql.h"
#include "refusal.h"
#include "request.h"

#include <string.h>

bool people_me(struct call *call, struct err *err)
{
    char id[UUID_TEXT];
    (void)err;
    uuid_text(&call->caller.person, id);
    buffer_format(&call->body, "{\"person\":\"%s\",\"roles\":%s}\n", id, call->caller.roles);
    call_answer(call, 200);
    return true;
}

bool people_decisions(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    char id[UUID_TEXT];
    db_arg_text(&args, call->token);
    if (!db_query(call->work->db, SQL_MY_DECISIONS, &args, &rows, err))
        return false;
    uuid_text(&call->caller.person, id);
    buffer_format(&call->body, "{\"person\":\"%s\",\"items\":%s}\n", id, db_text(rows, 0, 0));
    call_answer(call, 200);
    return true;
}

bool people_disown(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct disowned disowned;
    struct fault fault;
    if (!request_disowned(http_body(call->exchange), &disowned, &fault)) {
        call_fault(call, &fault);
        return true;
    }
    DB_ARRAY(&args, i64, i, disowned.count, disowned.decisions[i]);
    db_arg_text(&args, call->token);
    if (!db_query(call->work->db, SQL_DISOWN, &args, &rows, err))
        return false;
    if (db_bool(rows, 0, 0)) {
        refusal_of_person(call, db_text(rows, 0, 1));
        return true;
    }
    buffer_format(&call->body, "{\"items\":%s}\n", db_text(rows, 0, 2));
    call->work->said = true;
    call_answer(call, 200);
    return true;
}

bool people_accounts(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    if (!db_query(call->work->db, SQL_ACCOUNTS, NULL, &rows, err))
        return false;
    buffer_format(&call->body, "{\"items\":%s}\n", db_text(rows, 0, 0));
    call_answer(call, 200);
    return true;
}

bool people_controls(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, call->token);
    if (!db_query(call->work->db, SQL_CONTROLS, &args, &rows, err))
        return false;
    buffer_format(&call->body, "{\"items\":%s}\n", db_text(rows, 0, 0));
    call_answer(call, 200);
    return true;
}

bool people_control(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct control control;
    struct fault fault;
    if (!request_control(http_body(call->exchange), call->work->arena, &control, &fault)) {
        call_fault(call, &fault);
        return true;
    }
    db_arg_text(&args, control.scope);
    db_arg_text(&args, control.level);
    db_arg_text(&args, call->token);
    db_arg_text(&args, control.reason);
    if (!db_query(call->work->db, SQL_CONTROL, &args, &rows, err))
        return false;
    const char *result = db_text(rows, 0, 0), *sentence = db_text(rows, 0, 1);
    if (strcmp(result, "refused") == 0 || strcmp(result, "unknown") == 0) {
        refusal_of_person(call, sentence);
        return true;
    }
    buffer_format(&call->body, "{\"result\":\"%s\",\"sentence\":", result);
    call_add_text(&call->body, sentence);
    buffer_add_text(&call->body, "}\n");
    call->work->said = true;
    call_answer(call, 200);
    return true;
}
