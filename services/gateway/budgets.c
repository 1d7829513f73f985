#include "budgets.h"

#include "gateway_core_sql.h"
#include "page.h"

/* The cursor is the last id of the page before. */
static bool read_page(const struct http_exchange *exchange, int64_t *ret_limit, int64_t *ret_cursor,
                      struct fault *fault)
{
    if (!http_query_int(exchange, "cursor", 1, INT64_MAX, 0, ret_cursor))
        return fault_set(fault, "must be the next_cursor of a page", "cursor");
    return page_limit(exchange, ret_limit, fault);
}

bool budgets_list(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct fault fault;
    int64_t limit = 0, cursor = 0;
    if (!read_page(call->exchange, &limit, &cursor, &fault)) {
        call_fault(call, &fault);
        return true;
    }
    db_arg_text(&args, call->token);
    db_arg_text(&args, http_query(call->exchange, "platform"));
    db_arg_text(&args, http_query(call->exchange, "account"));
    db_arg_i64(&args, cursor);
    db_arg_i64(&args, limit + 1);
    if (!db_query(call->work->db, SQL_BUDGETS, &args, &rows, err))
        return false;
    page_answer(call, rows, limit);
    return true;
}
