/* http_parser: llhttp, strict, stopped at the end of each message. */
#include "http_parser.h"

#include "mem.h"

#include <assert.h>
#include <llhttp.h>
#include <string.h>

enum { HEADERS_LIMIT = 128 }; /* callers ask for fewer */

struct http_parser {
    llhttp_t llhttp;
    llhttp_settings_t settings;
    /* For the length of one call: */
    struct http_pair *headers;
    size_t value_lengths[HEADERS_LIMIT];
    size_t header_count, header_max;
    char *target;
    size_t target_length;
    struct buffer *body;
    size_t body_max;
    /* For the length of one request: */
    bool head_whole, whole, too_large;
};

static int on_url(llhttp_t *llhttp, const char *at, size_t length)
{
    struct http_parser *parser = llhttp->data;
    parser->target = (char *)(uintptr_t)at;
    parser->target_length = length;
    return HPE_OK;
}

/* A trailer behind a chunked body is read over. */
static int on_header_field(llhttp_t *llhttp, const char *at, size_t length)
{
    struct http_parser *parser = llhttp->data;
    (void)length;
    if (parser->head_whole)
        return HPE_OK;
    if (parser->header_count == parser->header_max)
        return HPE_USER;
    parser->value_lengths[parser->header_count] = 0;
    parser->headers[parser->header_count++] = (struct http_pair){.name = at, .value = ""};
    return HPE_OK;
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t length)
{
    struct http_parser *parser = llhttp->data;
    if (parser->head_whole || length == 0)
        return HPE_OK;
    parser->headers[parser->header_count - 1].value = at;
    parser->value_lengths[parser->header_count - 1] = length;
    return HPE_OK;
}

/* Upgrades are not offered, so a request for one is an ordinary request. */
static int on_headers_complete(llhttp_t *llhttp)
{
    struct http_parser *parser = llhttp->data;
    parser->head_whole = true;
    llhttp->upgrade = 0;
    return 0;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t length)
{
    struct http_parser *parser = llhttp->data;
    assert(parser->body); /* a head call ends before the body's first byte */
    if (length > parser->body_max - parser->body->length) {
        parser->too_large = true;
        return HPE_USER;
    }
    buffer_add(parser->body, at, length);
    return HPE_OK;
}

static int on_message_complete(llhttp_t *llhttp)
{
    struct http_parser *parser = llhttp->data;
    parser->whole = true;
    return HPE_PAUSED;
}

struct http_parser *http_parser_new(void)
{
    struct http_parser *parser = mem_new(sizeof *parser);
    llhttp_settings_init(&parser->settings);
    parser->settings.on_url = on_url;
    parser->settings.on_header_field = on_header_field;
    parser->settings.on_header_value = on_header_value;
    parser->settings.on_headers_complete = on_headers_complete;
    parser->settings.on_body = on_body;
    parser->settings.on_message_complete = on_message_complete;
    llhttp_init(&parser->llhttp, HTTP_REQUEST, &parser->settings);
    parser->llhttp.data = parser;
    return parser;
}

void http_parser_free(struct http_parser *parser)
{
    mem_free(parser);
}

/* Only now, because llhttp reads the byte behind each text. */
static void end_texts(const struct http_parser *parser)
{
    parser->target[parser->target_length] = '\0';
    for (size_t i = 0; i < parser->header_count; i++) {
        char *name = (char *)(uintptr_t)parser->headers[i].name;
        name[strcspn(name, ":")] = '\0';
        size_t length = parser->value_lengths[i];
        char *value = (char *)(uintptr_t)parser->headers[i].value;
        while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
            length--;
        if (parser->value_lengths[i] > 0)
            value[length] = '\0';
    }
}

bool http_parser_head(struct http_parser *parser, char *block, size_t length,
                      struct http_pair headers[], size_t header_max, struct http_head *ret_head)
{
    assert(header_max <= HEADERS_LIMIT);
    llhttp_t *llhttp = &parser->llhttp;

    llhttp_reset(llhttp);
    parser->headers = headers;
    parser->header_count = 0;
    parser->header_max = header_max;
    parser->target = NULL;
    parser->body = NULL;
    parser->head_whole = parser->whole = parser->too_large = false;

    llhttp_errno_t error = llhttp_execute(llhttp, block, length);
    if (error != (parser->whole ? HPE_PAUSED : HPE_OK) || !parser->head_whole || !parser->target)
        return false;
    if (llhttp->http_major != 1 || llhttp->http_minor > 1)
        return false;
    end_texts(parser);

    bool chunked = (llhttp->flags & F_CHUNKED) != 0;
    *ret_head = (struct http_head){
        .method = llhttp_method_name((llhttp_method_t)llhttp->method),
        .target = parser->target,
        .minor = llhttp->http_minor,
        .keep_alive = llhttp_should_keep_alive(llhttp) != 0,
        .chunked = chunked,
        .content_length = chunked ? 0 : llhttp->content_length,
        .header_count = parser->header_count,
    };
    return true;
}

enum http_body_verdict http_parser_body(struct http_parser *parser, struct bytes data,
                                        struct buffer *body, size_t body_max, size_t *ret_used)
{
    assert(parser->head_whole);
    *ret_used = 0;
    if (parser->whole)
        return HTTP_BODY_WHOLE;
    if (data.length == 0)
        return HTTP_BODY_MORE;

    parser->body = body;
    parser->body_max = body_max;
    llhttp_errno_t error = llhttp_execute(&parser->llhttp, (const char *)data.data, data.length);
    parser->body = NULL;
    if (parser->too_large)
        return HTTP_BODY_TOO_LARGE;
    if (parser->whole && error == HPE_PAUSED) {
        const char *end = llhttp_get_error_pos(&parser->llhttp);
        *ret_used = (size_t)(end - (const char *)data.data);
        return HTTP_BODY_WHOLE;
    }
    if (error != HPE_OK)
        return HTTP_BODY_BROKEN;
    *ret_used = data.length;
    return HTTP_BODY_MORE;
}
