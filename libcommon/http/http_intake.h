/* http_intake: the incoming side of a connection: bytes in, whole requests out. No I/O, no clock.
 *
 * The caller writes what it received into the room, reports its length, and steps until MORE:
 *
 *     room = http_intake_room(&intake, &length);  … read …  http_intake_received(&intake, read);
 *     while ((step = http_intake_step(&intake)) != HTTP_INTAKE_MORE) …
 *
 * MORE -> HEAD -> (MORE)* -> REQUEST -> http_intake_next -> …, and REFUSED ends everything.
 * What steps come does not depend on how the bytes were cut into reads. */
#pragma once

#include "http_parser.h"
#include "http_target.h"
#include "http_wire.h"

enum http_intake_step {
    HTTP_INTAKE_MORE,    /* bytes are missing */
    HTTP_INTAKE_HEAD,    /* the head is there: set body_max, then step on */
    HTTP_INTAKE_REQUEST, /* the body too */
    HTTP_INTAKE_REFUSED, /* status and detail say why; the rest of the bytes means nothing */
};

struct http_intake {
    /* The request; texts live until http_intake_next. */
    struct http_head head;
    struct http_target target;
    struct http_pair headers[HTTP_HEADERS_MAX];
    struct buffer body;
    size_t body_max; /* the caller's, after HEAD */
    int status;      /* once refused */
    const char *detail;

    /* Its own. */
    enum { HTTP_INTAKE_IN_HEAD, HTTP_INTAKE_IN_BODY, HTTP_INTAKE_WHOLE, HTTP_INTAKE_BROKEN } state;
    bool accept_chunked;
    struct http_wire wire;
    struct http_parser *parser;
    char *input;        /* [0..head_length) the head, [taken..received) not yet looked at */
    size_t head_length; /* 0 while IN_HEAD */
    size_t taken, received;
    uint64_t body_raw; /* bytes of the body as they came, chunk framing included */
};

void http_intake_open(struct http_intake *intake, bool accept_chunked);
void http_intake_close(struct http_intake *intake);
char *http_intake_room(struct http_intake *intake, size_t *ret_length); /* 0: full, next first */
void http_intake_received(struct http_intake *intake, size_t length);
enum http_intake_step http_intake_step(struct http_intake *intake);
void http_intake_next(struct http_intake *intake);
void http_intake_forget(struct http_intake *intake); /* all that came; for a connection that ends */
bool http_intake_is_empty(const struct http_intake *intake); /* nothing of a next request is here */
const char *http_intake_header(const struct http_intake *intake, const char *name);
