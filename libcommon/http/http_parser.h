/* http_parser: what the rest needs of an HTTP/1 request parser; llhttp stands behind it
 * (docs/adr/0003-llhttp-from-the-distribution.md).
 *
 * It is given a whole header block that http_wire has passed, then the body in pieces. */
#pragma once

#include "http_exchange.h"

struct http_parser;

struct http_head {
    const char *method; /* static */
    char *target;       /* in the block, NUL-terminated */
    int minor;          /* HTTP/1.minor */
    bool keep_alive;
    bool chunked;
    uint64_t content_length;
    size_t header_count;
};

enum http_body_verdict {
    HTTP_BODY_MORE,
    HTTP_BODY_WHOLE,
    HTTP_BODY_BROKEN,
    HTTP_BODY_TOO_LARGE,
};

struct http_parser *http_parser_new(void);
void http_parser_free(struct http_parser *parser);
/* Begins a request. Texts of the head and of headers[0..header_count) point into block, which is
 * changed to end them with NUL. False: not HTTP/1, or more than header_max headers. */
bool http_parser_head(struct http_parser *parser, char *block, size_t length,
                      struct http_pair headers[], size_t header_max,
                      struct http_head *ret_head) MUST_CHECK;
/* Takes of data what belongs to this request's body and adds the content to body, unless that
 * would hold more than body_max. */
enum http_body_verdict http_parser_body(struct http_parser *parser, struct bytes data,
                                        struct buffer *body, size_t body_max, size_t *ret_used);
