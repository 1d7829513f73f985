/* http_stream: answers whose end is not known when they begin. */
#include "http_answer.h"

#include <assert.h>

bool http_stream_start(struct http_exchange *exchange, const struct http_answer *head,
                       http_gone_fn *on_gone, void *arg)
{
    if (exchange->state == CONNECTION_CLOSED) {
        http_connection_let_go(exchange);
        return false;
    }
    assert(exchange->state == CONNECTION_HANDLING && on_gone && head->body.length == 0);

    bool old = exchange->intake.head.minor == 0;
    if (old)
        exchange->last = true;
    exchange->chunked = !old;
    exchange->stream_status = head->status;
    exchange->state = CONNECTION_STREAMING;
    exchange->on_gone = on_gone;
    exchange->on_gone_arg = arg;
    http_answer_add_head(exchange, head, old ? HTTP_FRAMING_CLOSE : HTTP_FRAMING_CHUNKED);
    http_connection_flush(exchange);
    return true;
}

void http_stream_add(struct http_exchange *exchange, struct bytes data)
{
    assert(exchange->on_gone);
    if (exchange->state == CONNECTION_CLOSED || exchange->head_only || data.length == 0)
        return;

    struct buffer *out = http_connection_outgoing(exchange);
    if (exchange->chunked)
        buffer_format(out, "%zx\r\n", data.length);
    buffer_add(out, data.data, data.length);
    if (exchange->chunked)
        buffer_add_text(out, "\r\n");
    http_connection_flush(exchange);
    if (exchange->queue.length > exchange->server->settings.limits.queue_bytes_max)
        http_connection_close(exchange);
}

void http_stream_end(struct http_exchange *exchange)
{
    if (exchange->state == CONNECTION_CLOSED) {
        http_connection_let_go(exchange);
        return;
    }
    assert(exchange->state == CONNECTION_STREAMING);
    if (exchange->chunked && !exchange->head_only)
        buffer_add_text(http_connection_outgoing(exchange), "0\r\n\r\n");
    http_connection_answered(exchange, exchange->stream_status);
}

void http_drop(struct http_exchange *exchange)
{
    http_connection_close(exchange);
    http_connection_let_go(exchange);
}
