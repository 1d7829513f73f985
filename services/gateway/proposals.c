/* Making, listing and showing proposals; deciding them is in decisions.c. */
#include "proposals.h"

#include "gateway_core_sql.h"
#include "page.h"
#include "refusal.h"
#include "request.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The effects as the ledger takes them: four arrays. */
static void add_effects(struct db_args *args, const struct proposal *proposal)
{
    DB_ARRAY(args, i32, i, proposal->effect_count, 1);
    DB_ARRAY(args, text, i, proposal->effect_count, proposal->effects[i].account);
    DB_ARRAY(args, text, i, proposal->effect_count, proposal->effects[i].target);
    DB_ARRAY(args, i64, i, proposal->effect_count, proposal->effects[i].daily_micros);
}

static void answer_created(struct call *call, const PGresult *rows)
{
    char id[UUID_TEXT], hash[2 * HASH_BYTES + 1], text[128];
    struct uuid uuid = db_uuid(rows, 0, 0);
    uuid_text(&uuid, id);
    hex_encode(db_bytes(rows, 0, 2), hash);
    buffer_format(&call->body, "{\"id\":\"%s\",\"version\":%d,\"hash\":\"%s\"}\n", id,
                  db_i32(rows, 0, 1), hash);
    snprintf(text, sizeof text, "\"%s\"", hash);
    call_field(call, "ETag", text);
    snprintf(text, sizeof text, "/api/v1/proposals/%s", id);
    call_field(call, "Location", text);
    bool created = db_bool(rows, 0, 3);
    if (!created)
        call_field(call, "Idempotent-Replay", "true");
    call_answer(call, created ? 201 : 200);
}

static bool create(struct call *call, const struct proposal *proposal, const struct uuid *request,
                   struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, proposal->kind);
    db_arg_uuid(&args, request);
    db_arg_text(&args, proposal->note);
    db_arg_uuid(&args, proposal->has_replaces ? &proposal->replaces : NULL);
    db_arg_i64(&args, proposal->ttl_s);
    add_effects(&args, proposal);
    db_arg_text(&args, call->token);
    if (!db_query(call->work->db, SQL_PROPOSE, &args, &rows, err))
        return false;
    if (!db_null(rows, 0, 4)) {
        refusal_of_proposal(call, proposal->effect_count, db_text(rows, 0, 4));
        return true;
    }
    call->work->said = true;
    service_count("proposals_total", 1);
    answer_created(call, rows);
    return true;
}

bool proposals_create(struct call *call, struct err *err)
{
    struct proposal proposal;
    struct fault fault;
    struct uuid request;
    const char *key = http_header(call->exchange, "Idempotency-Key");
    if (!key) {
        call_problem(call, 400, "idempotency_key_missing",
                     "send the same key when you send the same request again", NULL,
                     "Idempotency-Key is required");
        return true;
    }
    if (!request_id(&call->caller.person, key, &request)) {
        (void)fault_set(&fault, "must be 1 to 64 visible characters", "Idempotency-Key");
        call_fault(call, &fault);
        return true;
    }
    if (!request_proposal(http_body(call->exchange), call->work->arena, &proposal, &fault)) {
        call_fault(call, &fault);
        return true;
    }
    return create(call, &proposal, &request, err);
}

struct page {
    const char *state;
    bool has_before, has_prefix;
    struct uuid before, first, last;
    int64_t limit;
};

/* The cursor is the last id of the page before, in hex. */
static bool read_page(const struct http_exchange *exchange, struct page *page, struct fault *fault)
{
    static const char states[] = " proposed cleared approved executing executed confirmed blocked "
                                 "rejected expired stale cancelled failed rolling_back rolled_back "
                                 "rollback_failed ";
    char word[40], rule[sizeof states + 32];
    *page = (struct page){.state = http_query(exchange, "state")};
    const char *cursor = http_query(exchange, "cursor"), *prefix = http_query(exchange, "id");
    snprintf(word, sizeof word, " %s ", page->state ? page->state : "proposed");
    if (!strstr(states, word)) {
        snprintf(rule, sizeof rule, "is not one of the states:%.*s", (int)sizeof states - 2,
                 states);
        return fault_set(fault, rule, "state");
    }
    if (!page_limit(exchange, &page->limit, fault))
        return false;
    page->has_before = cursor != NULL;
    if (cursor && !hex_decode(cursor, page->before.bytes, sizeof page->before.bytes))
        return fault_set(fault, "must be the next_cursor of a page", "cursor");
    page->has_prefix = prefix != NULL;
    if (prefix && !request_id_range(prefix, &page->first, &page->last))
        return fault_set(fault, "must be the beginning of an id", "id");
    return true;
}

bool proposals_list(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    struct page page;
    struct fault fault;
    if (!read_page(call->exchange, &page, &fault)) {
        call_fault(call, &fault);
        return true;
    }
    db_arg_text(&args, page.state);
    db_arg_uuid(&args, page.has_before ? &page.before : NULL);
    db_arg_i64(&args, page.limit + 1);
    db_arg_uuid(&args, page.has_prefix ? &page.first : NULL);
    db_arg_uuid(&args, page.has_prefix ? &page.last : NULL);
    if (!db_query(call->work->db, SQL_LIST, &args, &rows, err))
        return false;
    page_answer(call, rows, page.limit);
    return true;
}

bool proposals_show(struct call *call, struct err *err)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    char tag[2 * HASH_BYTES + 3];
    struct uuid id;
    if (!uuid_parse(http_param(call->exchange, "id"), &id)) {
        refusal_unknown(call);
        return true;
    }
    db_arg_uuid(&args, &id);
    db_arg_text(&args, call->token);
    if (!db_query(call->work->db, SQL_SHOW, &args, &rows, err))
        return false;
    if (PQntuples(rows) == 0) {
        refusal_unknown(call);
        return true;
    }
    tag[0] = '"';
    hex_encode(db_bytes(rows, 0, 0), tag + 1);
    memcpy(tag + sizeof tag - 2, "\"", 2);
    call_field(call, "ETag", tag);
    buffer_add_text(&call->body, db_text(rows, 0, 1));
    buffer_add_text(&call->body, "\n");
    call_answer(call, 200);
    return true;
}
