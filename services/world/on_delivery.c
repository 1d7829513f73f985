#include "on_delivery.h"

#include "http_client.h"
#include "json_writer.h"

#include <assert.h>

struct delivering {
    uv_work_t work;
    struct reply *reply;
    struct http_result result;
    void (*done)(void *arg);
    void *arg;
};

static void deliver(uv_work_t *work)
{
    struct delivering *delivering = work->data;
    const struct delivery *delivery = &delivering->reply->delivery;
    const struct http_pair headers[] = {
        {"Content-Type",              "application/x-www-form-urlencoded"},
        {"X-Slack-Request-Timestamp", delivery->timestamp                },
        {"X-Slack-Signature",         delivery->signature                },
    };
    struct http_client_settings settings = {0};
    struct http_call call = {
        .method = "POST",
        .url = delivery->url,
        .headers = headers,
        .header_count = COUNT(headers),
        .body = delivery->body,
        .write = true,
    };
    struct http_client *client = http_client_new(&settings);
    http_client_run(client, &call, 1);
    delivering->result = call.result;
    call.result = (struct http_result){0};
    http_call_done(&call);
    http_client_free(client);
}

/* Reopens the reply's object for one more member. */
static void on_done(uv_work_t *work, int status)
{
    struct delivering *delivering = work->data;
    struct buffer *out = &delivering->reply->body;
    struct http_result *result = &delivering->result;
    assert(status == 0 && out->length > 0 && out->data[out->length - 1] == '}');
    out->length--;
    struct json_writer writer = {.out = out, .comma = true};
    writer_key(&writer, "delivered");
    writer_open(&writer, '{');
    writer_key(&writer, "status");
    writer_number(&writer, result->status);
    writer_key(&writer, "body");
    writer_text(&writer, result->body.length ? (const char *)result->body.data : "");
    writer_key(&writer, "duration_ms");
    writer_number(&writer, result->duration_ms);
    writer_key(&writer, "failure");
    writer_text(&writer, result->text);
    writer_close(&writer, '}');
    writer_close(&writer, '}');
    buffer_done(&result->body);
    buffer_done(&result->headers);
    delivering->done(delivering->arg);
    mem_free(delivering);
}

void delivery_begin(uv_loop_t *loop, struct reply *reply, void (*done)(void *arg), void *arg)
{
    struct delivering *delivering = mem_new(sizeof *delivering);
    delivering->reply = reply;
    delivering->done = done;
    delivering->arg = arg;
    delivering->work.data = delivering;
    int status = uv_queue_work(loop, &delivering->work, deliver, on_done);
    assert(status == 0);
}
