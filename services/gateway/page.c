#include "page.h"

bool page_limit(const struct http_exchange *exchange, int64_t *ret_limit, struct fault *fault)
{
    return http_query_int(exchange, "limit", 1, 200, 50, ret_limit)
        || fault_set(fault, "must be 1 to 200", "limit");
}

void page_answer(struct call *call, const PGresult *rows, int64_t limit)
{
    int count = PQntuples(rows);
    bool more = count > limit;
    if (more)
        count = (int)limit;
    buffer_add_text(&call->body, "{\"items\":[");
    for (int row = 0; row < count; row++) {
        buffer_add_text(&call->body, row ? ",\n" : "");
        buffer_add_text(&call->body, db_text(rows, row, 1));
    }
    buffer_add_text(&call->body, "],\"next_cursor\":");
    if (more)
        buffer_format(&call->body, "\"%s\"}\n", db_text(rows, count - 1, 0));
    else
        buffer_add_text(&call->body, "null}\n");
    call_answer(call, 200);
}
