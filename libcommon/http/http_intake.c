/* http_intake: invariants
 * 1. input is allocated once, so texts pointing into it stay good; the head is never moved while
 *    its request lives.
 * 2. http_wire has passed every head the parser sees.
 * 3. Body bytes are copied out as they come, so that the room behind the head is free again. */
#include "http_intake.h"

#include "mem.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

enum {
    INPUT_BYTES = 2 * HTTP_HEAD_BYTES_MAX,
    BODY_KEPT_BYTES = 64 * 1024, /* what an idle connection may hold on to */
    FRAMING_BYTES_MAX = 64 * 1024,
};

void http_intake_open(struct http_intake *intake, bool accept_chunked)
{
    intake->accept_chunked = accept_chunked;
    intake->wire.accept_chunked = accept_chunked;
    intake->parser = http_parser_new();
    intake->input = mem_grow(NULL, INPUT_BYTES, 1);
}

void http_intake_close(struct http_intake *intake)
{
    http_parser_free(intake->parser);
    mem_free(intake->input);
    buffer_done(&intake->body);
}

char *http_intake_room(struct http_intake *intake, size_t *ret_length)
{
    *ret_length = INPUT_BYTES - intake->received;
    return intake->input + intake->received;
}

void http_intake_received(struct http_intake *intake, size_t length)
{
    assert(length <= INPUT_BYTES - intake->received);
    intake->received += length;
}

bool http_intake_is_empty(const struct http_intake *intake)
{
    return intake->taken == intake->received && intake->state == HTTP_INTAKE_IN_HEAD;
}

const char *http_intake_header(const struct http_intake *intake, const char *name)
{
    for (size_t i = 0; i < intake->head.header_count; i++)
        if (strcasecmp(intake->headers[i].name, name) == 0)
            return intake->headers[i].value;
    return NULL;
}

static enum http_intake_step refuse(struct http_intake *intake, int status, const char *detail)
{
    intake->state = HTTP_INTAKE_BROKEN;
    intake->status = status;
    intake->detail = detail;
    return HTTP_INTAKE_REFUSED;
}

static bool method_is_known(const char *method)
{
    static const char *const known[] = {"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < COUNT(known); i++)
        if (strcmp(method, known[i]) == 0)
            return true;
    return false;
}

/* The parser and http_wire must agree on how the body is framed. */
static bool framing_is_plain(const struct http_intake *intake)
{
    if (intake->wire.codings == 0)
        return !intake->head.chunked;
    const char *coding = http_intake_header(intake, "transfer-encoding");
    return intake->head.chunked && coding && strcasecmp(coding, "chunked") == 0;
}

static enum http_intake_step take_head(struct http_intake *intake)
{
    if (!http_parser_head(intake->parser, intake->input, intake->wire.checked, intake->headers,
                          HTTP_HEADERS_MAX, &intake->head))
        return refuse(intake, 400, "not an HTTP/1 request");
    if (!framing_is_plain(intake))
        return refuse(intake, 400, "the body's framing is not plain");
    if (!method_is_known(intake->head.method))
        return refuse(intake, 501, "a method this server does not know");
    if (!http_target_parse(intake->head.target, &intake->target))
        return refuse(intake, 400, "malformed path or query");

    intake->head_length = intake->taken = intake->wire.checked;
    intake->state = HTTP_INTAKE_IN_BODY;
    return HTTP_INTAKE_HEAD;
}

static enum http_intake_step step_head(struct http_intake *intake)
{
    switch (http_wire_check(&intake->wire, intake->input, intake->received)) {
    case HTTP_WIRE_MORE:
        return HTTP_INTAKE_MORE;
    case HTTP_WIRE_REFUSED:
        return refuse(intake, intake->wire.status, intake->wire.detail);
    case HTTP_WIRE_WHOLE:
    default:
        return take_head(intake);
    }
}

/* Forgets body bytes already copied out, so that reads have room. */
static void free_room(struct http_intake *intake)
{
    size_t left = intake->received - intake->taken;
    if (intake->taken == intake->head_length)
        return;
    memmove(intake->input + intake->head_length, intake->input + intake->taken, left);
    intake->taken = intake->head_length;
    intake->received = intake->head_length + left;
}

static enum http_intake_step step_body(struct http_intake *intake)
{
    if (intake->head.content_length > intake->body_max)
        return refuse(intake, 413, "the body is larger than this path accepts");

    size_t used = 0;
    struct bytes data = bytes_of(intake->input + intake->taken, intake->received - intake->taken);
    enum http_body_verdict verdict =
        http_parser_body(intake->parser, data, &intake->body, intake->body_max, &used);
    intake->taken += used;
    intake->body_raw += used;

    if (verdict == HTTP_BODY_TOO_LARGE)
        return refuse(intake, 413, "the body is larger than this path accepts");
    if (verdict == HTTP_BODY_BROKEN)
        return refuse(intake, 400, "the body's framing is broken");
    if (intake->body_raw > 2 * (uint64_t)intake->body_max + FRAMING_BYTES_MAX)
        return refuse(intake, 400, "the body is mostly framing");
    if (verdict == HTTP_BODY_MORE) {
        free_room(intake);
        return HTTP_INTAKE_MORE;
    }
    intake->state = HTTP_INTAKE_WHOLE;
    return HTTP_INTAKE_REQUEST;
}

enum http_intake_step http_intake_step(struct http_intake *intake)
{
    switch (intake->state) {
    case HTTP_INTAKE_IN_HEAD:
        return step_head(intake);
    case HTTP_INTAKE_IN_BODY:
        return step_body(intake);
    case HTTP_INTAKE_WHOLE:
        return HTTP_INTAKE_REQUEST;
    case HTTP_INTAKE_BROKEN:
    default:
        return HTTP_INTAKE_REFUSED;
    }
}

void http_intake_next(struct http_intake *intake)
{
    assert(intake->state == HTTP_INTAKE_WHOLE);

    size_t left = intake->received - intake->taken;
    memmove(intake->input, intake->input + intake->taken, left);
    intake->received = left;
    intake->taken = intake->head_length = 0;
    intake->body_raw = 0;
    intake->head.header_count = 0;
    if (intake->body.capacity > BODY_KEPT_BYTES)
        buffer_done(&intake->body);
    else
        buffer_clear(&intake->body);
    intake->wire = (struct http_wire){.accept_chunked = intake->accept_chunked};
    intake->state = HTTP_INTAKE_IN_HEAD;
}

void http_intake_forget(struct http_intake *intake)
{
    intake->state = HTTP_INTAKE_BROKEN;
    intake->taken = intake->received = 0;
}
