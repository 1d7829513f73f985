#include "call.h"

#include "http_status.h"
#include "json.h"
#include "log.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct http_pair call_security[] = {
    {"Cache-Control",           "no-store"                                  },
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy",         "no-referrer"                               },
    {"X-Content-Type-Options",  "nosniff"                                   },
};
const size_t call_security_count = COUNT(call_security);

struct call *call_new(struct http_exchange *exchange, call_fn *run)
{
    struct call *call = mem_new(sizeof *call);
    call->exchange = exchange;
    call->run = run;
    return call;
}

void call_free(struct call *call)
{
    buffer_done(&call->body);
    buffer_done(&call->texts);
    mem_free(call);
}

void call_field(struct call *call, const char *name, const char *value)
{
    assert(call->field_count < CALL_FIELDS_MAX);
    /* An offset for now: the buffer may move. */
    call->fields[call->field_count++] =
        (struct http_pair){name, (const char *)(uintptr_t)call->texts.length};
    buffer_add(&call->texts, value, strlen(value) + 1);
}

void call_answer(struct call *call, int status)
{
    assert(call->status == 0);
    call->status = status;
    if (!call->type)
        call->type = "application/json";
}

void call_add_text(struct buffer *body, const char *text)
{
    if (!json_write_text(bytes_of_text(text), body))
        buffer_add_text(body, "\"?\""); /* not UTF-8 */
}

static void add_member(struct buffer *body, const char *name, const char *value)
{
    buffer_format(body, ",\"%s\":", name);
    call_add_text(body, value);
}

static void add_problem(struct buffer *body, const char *request_id, int status, const char *code,
                        const char *detail)
{
    buffer_format(body, "{\"type\":\"urn:aelp2:problem:%s\",\"status\":%d,\"code\":\"%s\"", code,
                  status, code);
    add_member(body, "title", http_status_phrase(status));
    add_member(body, "detail", detail);
    add_member(body, "request_id", request_id);
}

void call_problem(struct call *call, int status, const char *code, const char *hint,
                  const struct fault *fault, const char *format, ...)
{
    char detail[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof detail, format, args); /* a long one is cut */
    va_end(args);

    buffer_clear(&call->body);
    add_problem(&call->body, call->exchange ? http_request_id(call->exchange) : "", status, code,
                detail);
    if (hint)
        add_member(&call->body, "hint", hint);
    if (fault) {
        buffer_add_text(&call->body, ",\"errors\":[{\"pointer\":");
        call_add_text(&call->body, fault->pointer);
        add_member(&call->body, "text", fault->text);
        buffer_add_text(&call->body, "}]");
    }
    buffer_format(&call->body, ",\"retryable\":%s}\n", status == 503 ? "true" : "false");
    call->type = "application/problem+json";
    call_answer(call, status);
}

void call_fault(struct call *call, const struct fault *fault)
{
    call_problem(call, 422, "invalid", NULL, fault, "%s: %s", fault->pointer, fault->text);
}

void call_failed(struct call *call, const struct err *err)
{
    if (err->kind == ERR_RETRY) {
        call_field(call, "Retry-After", "1");
        call_problem(call, 503, "ledger_away", "the same request again is safe", NULL,
                     "the ledger does not answer at the moment");
    } else if (err->kind == ERR_REJECT) {
        call_problem(call, 422, "invalid", NULL, NULL, "the ledger refuses this: %s", err->text);
    } else {
        log_error("ledger", LOG_TEXT("why", err->text),
                  LOG_TEXT("request", call->exchange ? http_request_id(call->exchange) : ""));
        call_problem(call, 500, "internal", "tell whoever runs this the request id", NULL,
                     "something is wrong on this side");
    }
}

void call_send(struct call *call)
{
    struct http_pair fields[CALL_FIELDS_MAX + COUNT(call_security)];
    memcpy(fields, call_security, sizeof call_security);
    for (size_t i = 0; i < call->field_count; i++)
        fields[COUNT(call_security) + i] =
            (struct http_pair){call->fields[i].name,
                               (const char *)call->texts.data + (uintptr_t)call->fields[i].value};
    struct http_answer answer = {
        .status = call->status,
        .type = call->type,
        .body = buffer_view(&call->body),
        .fields = fields,
        .field_count = COUNT(call_security) + call->field_count,
    };
    http_answer(call->exchange, &answer);
    call_free(call);
}

void call_refuse(struct http_exchange *exchange, int status, const char *code, const char *hint,
                 const char *detail)
{
    struct call *call = call_new(exchange, NULL);
    if (status == 401)
        call_field(call, "WWW-Authenticate", "Bearer");
    if (status == 503)
        call_field(call, "Retry-After", "1");
    call_problem(call, status, code, hint, NULL, "%s", detail);
    call_send(call);
}
