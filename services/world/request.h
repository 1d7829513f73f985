/* request, reply: one exchange as the world's core sees it: no sockets, no clock.
 *
 * Besides what to answer, a reply says how to misbehave while doing so. */
#pragma once

#include "http_exchange.h"
#include "mem.h"

struct request {
    const char *method, *path; /* the path is decoded and has no query */
    struct bytes body;
    int64_t now_micros;
    /* By name, NULL when absent; names of headers in any case. */
    const char *(*header)(const void *source, const char *name);
    const char *(*query)(const void *source, const char *name);
    const void *source;
    struct arena *arena; /* emptied after the reply was sent */
};

enum reply_fate {
    REPLY_SENT,
    REPLY_DROPPED, /* the connection is closed instead */
    REPLY_CUT,     /* closed in the middle of the body */
    REPLY_HELD,    /* nothing, until the client goes */
};

/* A signed click to be posted before the reply is given; its outcome joins the reply. */
struct delivery {
    const char *url; /* NULL: none */
    const char *timestamp, *signature;
    struct bytes body;
};

struct reply;

/* What takes long: run on a thread of its own, then done on the one that asked, and only then the
 * reply is given. */
struct job {
    void (*run)(void *arg, struct reply *reply); /* NULL: none */
    void (*done)(void *arg);
    void *arg; /* in the request's arena */
};

enum { REPLY_FIELDS_MAX = 2 };

struct reply {
    int status;
    const char *type; /* Content-Type */
    struct buffer body;
    char request_id[32];                      /* "" : none */
    int64_t retry_after_s;                    /* 0: none */
    struct http_pair field[REPLY_FIELDS_MAX]; /* more headers */
    size_t field_count;
    int64_t delay_ms;
    enum reply_fate fate;
    struct delivery delivery; /* in the request's arena */
    struct job job;
};

const char *request_header(const struct request *request, const char *name);
const char *request_query(const struct request *request, const char *name);
/* A decimal within 0..max; otherwise when absent or no such number. */
int64_t request_query_number(const struct request *request, const char *name, int64_t max,
                             int64_t otherwise);

/* The body's fields; false: it is no form, or too long a one. */
struct form {
    const struct http_pair *pairs;
    size_t count;
};

bool request_form(const struct request *request, struct form *ret_form) MUST_CHECK;
const char *form_get(const struct form *form, const char *name); /* NULL: absent */

/* Texts live as long as the request's arena. */
void reply_add_field(struct reply *reply, const char *name, const char *value);
void reply_done(struct reply *reply);
