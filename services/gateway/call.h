/* call: one request on its way through a worker, and the answer being made for it.
 *
 * It belongs to the loop, then to one worker, then to the loop again. */
#pragma once

#include "fault.h"
#include "http_exchange.h"
#include "service.h"

struct call;

/* Runs on a worker. False: Postgres failed; then the desk answers. */
typedef bool call_fn(struct call *call, struct err *err);

enum { CALL_FIELDS_MAX = 4, CALLER_ROLES = 128 };

struct caller {
    int64_t asked_ms; /* boot time, before the ledger was asked whose token it is; 0: it was not */
    struct uuid person;
    char roles[CALLER_ROLES]; /* JSON array */
};

struct call {
    struct http_exchange *exchange; /* NULL: nobody waits; `done` alone is called */
    call_fn *run;
    /* On the loop, instead of answering, when the status is below 400. */
    void (*done)(struct call *call, void *arg);
    void *done_arg;
    int64_t due_ms; /* boot time; when it is still queued then, it is given up */
    struct call *next;

    const char *token; /* in the exchange */
    bool bare;         /* `run` has its person proved by a door that asks less than signing in */
    struct caller caller;
    struct work *work; /* while it runs */

    int status; /* 0: not answered yet */
    const char *type;
    struct buffer body;
    struct http_pair fields[CALL_FIELDS_MAX];
    size_t field_count;
    struct buffer texts; /* of the fields' values, NUL-terminated */
    int64_t number;      /* for `done` */
};

struct call *call_new(struct http_exchange *exchange, call_fn *run);
void call_free(struct call *call);

void call_add_text(struct buffer *body, const char *text); /* as a JSON string */
void call_field(struct call *call, const char *name, const char *value);
/* The body is in call->body. */
void call_answer(struct call *call, int status);
/* RFC 9457. hint, and fault's place in the request, where there is one; either may be NULL. */
void call_problem(struct call *call, int status, const char *code, const char *hint,
                  const struct fault *fault, const char *format, ...) PRINTF_LIKE(6, 7);
/* 422, naming the field. */
void call_fault(struct call *call, const struct fault *fault);
/* Postgres failed. */
void call_failed(struct call *call, const struct err *err);

/* On the loop: what was made goes out with the headers that every answer has. The call is over. */
void call_send(struct call *call);
/* The same without a worker. */
void call_refuse(struct http_exchange *exchange, int status, const char *code, const char *hint,
                 const char *detail);

/* The headers that every answer has. */
extern const struct http_pair call_security[];
extern const size_t call_security_count;
