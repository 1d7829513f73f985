/* http_answer: the bytes of an answer, put behind one another in one buffer and sent in one write.
 */
#include "http_answer.h"

#include "http_status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DETAIL_TEXT = 512 };

static void add_number(struct buffer *out, size_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    buffer_add(out, digits + at, sizeof digits - at);
}

static void add_field(struct buffer *out, const char *name, const char *value)
{
    assert(!strpbrk(name, "\r\n: ") && !strpbrk(value, "\r\n"));
    buffer_add_text(out, name);
    buffer_add_text(out, ": ");
    buffer_add_text(out, value);
    buffer_add_text(out, "\r\n");
}

static void add_status_line(struct buffer *out, int status)
{
    buffer_add_text(out, "HTTP/1.1 ");
    add_number(out, (size_t)status);
    buffer_add_text(out, " ");
    buffer_add_text(out, http_status_phrase(status));
    buffer_add_text(out, "\r\n");
}

void http_answer_add_head(struct http_exchange *exchange, const struct http_answer *answer,
                          enum http_framing framing)
{
    assert(answer->status >= 200 && answer->status <= 599);
    struct buffer *out = http_connection_outgoing(exchange);

    add_status_line(out, answer->status);
    add_field(out, "Date", http_server_date(exchange->server));
    add_field(out, "X-Request-Id", exchange->request_id);
    if (answer->type)
        add_field(out, "Content-Type", answer->type);
    for (size_t i = 0; i < answer->field_count; i++)
        add_field(out, answer->fields[i].name, answer->fields[i].value);
    if (framing == HTTP_FRAMING_LENGTH && answer->status != 204 && answer->status != 304) {
        buffer_add_text(out, "Content-Length: ");
        add_number(out, answer->body.length);
        buffer_add_text(out, "\r\n");
    } else if (framing == HTTP_FRAMING_CHUNKED) {
        buffer_add_text(out, "Transfer-Encoding: chunked\r\n");
    }
    if (exchange->last)
        buffer_add_text(out, "Connection: close\r\n");
    else if (exchange->intake.head.minor == 0)
        buffer_add_text(out, "Connection: keep-alive\r\n");
    buffer_add_text(out, "\r\n");
}

void http_answer(struct http_exchange *exchange, const struct http_answer *answer)
{
    if (exchange->state == CONNECTION_CLOSED) {
        http_connection_let_go(exchange);
        return;
    }
    assert(exchange->state == CONNECTION_HANDLING && !exchange->answered);
    assert(answer->body.length == 0 || (answer->status != 204 && answer->status != 304));

    if (exchange->server->closing)
        exchange->last = true;
    http_answer_add_head(exchange, answer, HTTP_FRAMING_LENGTH);
    if (!exchange->head_only)
        buffer_add(http_connection_outgoing(exchange), answer->body.data, answer->body.length);
    http_connection_answered(exchange, answer->status);
}

void http_answer_taking(struct http_exchange *exchange, const struct http_answer *head,
                        struct buffer *body)
{
    struct http_answer answer = *head;
    assert(head->body.length == 0);
    answer.body = buffer_view(body);
    if (exchange->state == CONNECTION_CLOSED || exchange->head_only) {
        http_answer(exchange, &answer);
        buffer_done(body);
        return;
    }
    assert(exchange->state == CONNECTION_HANDLING && !exchange->answered);
    if (exchange->server->closing)
        exchange->last = true;
    http_answer_add_head(exchange, &answer, HTTP_FRAMING_LENGTH);
    http_connection_flush(exchange); /* so that the next buffer is mostly an empty one */
    if (exchange->state == CONNECTION_CLOSED) {
        http_connection_let_go(exchange);
        buffer_done(body);
        return;
    }
    struct buffer *out = http_connection_outgoing(exchange);
    if (out->length == 0) {
        struct buffer empty = *out;
        *out = *body;
        *body = empty;
    } else {
        buffer_add(out, body->data, body->length);
    }
    buffer_done(body);
    http_connection_answered(exchange, answer.status);
}

void http_answer_json(struct http_exchange *exchange, int status, struct bytes body)
{
    struct http_answer answer = {.status = status, .type = "application/json", .body = body};
    http_answer(exchange, &answer);
}

static void add_json_text(struct buffer *out, const char *text)
{
    buffer_add_text(out, "\"");
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            buffer_format(out, "\\%c", byte);
        else if (byte < ' ')
            buffer_format(out, "\\u%04x", byte);
        else
            buffer_add(out, text, 1);
    }
    buffer_add_text(out, "\"");
}

void http_answer_problem_with(struct http_exchange *exchange, int status, const char *code,
                              const char *detail, const struct http_pair *fields,
                              size_t field_count)
{
    struct buffer body = {0};
    buffer_format(&body, "{\"type\":\"urn:aelp2:problem:%s\",\"title\":\"%s\",\"status\":%d,", code,
                  http_status_phrase(status), status);
    buffer_add_text(&body, "\"detail\":");
    add_json_text(&body, detail);
    buffer_format(&body, ",\"code\":\"%s\",\"request_id\":\"%s\"}\n", code, exchange->request_id);
    struct http_answer answer = {.status = status,
                                 .type = "application/problem+json",
                                 .body = buffer_view(&body),
                                 .fields = fields,
                                 .field_count = field_count};
    http_answer(exchange, &answer);
    buffer_done(&body);
}

void http_answer_problem(struct http_exchange *exchange, int status, const char *code,
                         const char *format, ...)
{
    char detail[DETAIL_TEXT];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof detail, format, args); /* a long one is cut */
    va_end(args);
    http_answer_problem_with(exchange, status, code, detail, NULL, 0);
}
