/* http_exchange: one request and its answer, as a handler sees them.
 *
 * A handler answers before it returns, or calls http_keep and answers later. Each exchange is
 * answered exactly once, also when its client has gone meanwhile: the answer is then dropped and
 * the memory released. After the answer the exchange is not touched again.
 * Answers are given on the loop's thread (http_server_post leads there). While an exchange is
 * kept, one other thread may read the request; its texts and body live until the answer. */
#pragma once

#include "bytes.h"

#include <stdint.h>

struct http_exchange;

/* Both NUL-terminated and decoded. */
struct http_pair {
    const char *name, *value;
};

const char *http_method(const struct http_exchange *exchange); /* "GET" */
const char *http_path(const struct http_exchange *exchange);   /* decoded, without the query */
const char *http_request_id(const struct http_exchange *exchange);
struct bytes http_body(const struct http_exchange *exchange);
/* NULL: there is none. The first of several; names of headers in any case. */
const char *http_header(const struct http_exchange *exchange, const char *name);
const char *http_query(const struct http_exchange *exchange, const char *name);
/* What `:name` of the route's pattern matched; "*" is the rest of the path behind a final `*`. */
const char *http_param(const struct http_exchange *exchange, const char *name);
/* A decimal within min..max; ret_value gets otherwise when the name is absent; false: present but
 * not that. */
bool http_query_int(const struct http_exchange *exchange, const char *name, int64_t min,
                    int64_t max, int64_t otherwise, int64_t *ret_value) MUST_CHECK;

/* Everything in it is copied before http_answer returns. Date, Content-Length, Connection and
 * X-Request-Id are added; fields must not name them and hold no line break. */
struct http_answer {
    int status;
    const char *type; /* Content-Type, or NULL */
    struct bytes body;
    const struct http_pair *fields;
    size_t field_count;
};

void http_answer(struct http_exchange *exchange, const struct http_answer *answer);
/* The same, but the body's memory is taken over instead of copied: for long ones. Head without a
 * body. */
void http_answer_taking(struct http_exchange *exchange, const struct http_answer *head,
                        struct buffer *body);
void http_answer_json(struct http_exchange *exchange, int status, struct bytes body);
/* RFC 9457 with code and request_id; code is stable snake_case, the text is for people. */
void http_answer_problem(struct http_exchange *exchange, int status, const char *code,
                         const char *format, ...) PRINTF_LIKE(4, 5);
void http_answer_problem_with(struct http_exchange *exchange, int status, const char *code,
                              const char *detail, const struct http_pair *fields,
                              size_t field_count);

void http_keep(struct http_exchange *exchange);
bool http_gone(const struct http_exchange *exchange); /* loop's thread only */

/* Instead of an answer, or of the rest of a streamed one: the connection is closed as it is. For
 * simulations of platforms that lose replies; the exchange is over. */
void http_drop(struct http_exchange *exchange);

/* A streamed answer (SSE), on the loop's thread; false: the client had gone and the exchange is
 * over. When the client goes later, is cut off because it does not read, or the server stops,
 * on_gone is called once, never from within these functions, and the exchange is over. After
 * that, or after http_stream_end, it is not touched again. */
typedef void http_gone_fn(void *arg);
bool http_stream_start(struct http_exchange *exchange, const struct http_answer *head,
                       http_gone_fn *on_gone, void *arg) MUST_CHECK;
void http_stream_add(struct http_exchange *exchange, struct bytes data);
void http_stream_end(struct http_exchange *exchange);
