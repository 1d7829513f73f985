/* http_wire: the strict look at a request's header block before the parser sees it.
 *
 * Parsers differ in what they forgive, and smuggling lives in the difference. Whatever two parsers
 * could read in two ways is refused here: a CR or LF without the other, folded lines, control
 * bytes, more or fewer than one Host, two Content-Length, and any Transfer-Encoding. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
    HTTP_HEAD_BYTES_MAX = 16 * 1024, /* request line, headers and the empty line */
    HTTP_HEADERS_MAX = 100,
};

/* Zeroed before each request. */
struct http_wire {
    bool accept_chunked;
    size_t checked;    /* bytes looked at */
    size_t line_start; /* of the line that checked is in */
    unsigned lines;    /* ended ones, the request line included */
    unsigned hosts, lengths, codings;
    int status;         /* 400, 411, 431 once refused, else 0 */
    const char *detail; /* why */
};

enum http_wire_verdict { HTTP_WIRE_MORE, HTTP_WIRE_WHOLE, HTTP_WIRE_REFUSED };

/* head is the block from its first byte, length what of it (and behind it) has come so far; bytes
 * looked at before must be the same. When WHOLE, the block is head[0..wire->checked). */
enum http_wire_verdict http_wire_check(struct http_wire *wire, const char *head, size_t length);
