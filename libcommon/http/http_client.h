/* http_client: requests to other machines, from a thread that may wait.
 *
 * A client belongs to one thread. http_client_run sends a set of calls side by side and returns
 * when each has its outcome.
 * Reads are tried up to three times with full-jitter back-off, obeying Retry-After, unless the
 * call says otherwise.
 * Writes go out at most once: a fresh connection, no redirect, no retry, and a last look at the
 * boot clock when the connection stands and before the first byte of the request.
 * Each host has a breaker (opens after three failures in a row) and a token bucket.
 * Error texts name the host and the reason, never a URL, header or body. */
#pragma once

#include "http_exchange.h"

struct http_client;

struct http_client_settings {
    const char *user_agent;    /* NULL: "aelp2" */
    double host_rate_per_s;    /* 0: 50 */
    double host_burst;         /* 0: 50 */
    int host_connections_max;  /* 0: 8 */
    const char *ca_file;       /* NULL: the system's */
    int64_t breaker_open_ms;   /* 0: 10 000 */
    int64_t backoff_base_ms;   /* 0: 200; a wait is drawn from 0..base * 2^try, at most 10 s */
    volatile const bool *stop; /* or NULL; once true nothing more is begun and reads are given up */
};

enum http_outcome {
    HTTP_ANSWERED, /* status and body are whole */
    HTTP_NOT_SENT, /* no byte of the request left this machine */
    HTTP_UNKNOWN,  /* it may have been received; for a write: read back before anything else */
};

struct http_result {
    enum http_outcome outcome;
    int status; /* 0 unless a status line came */
    struct buffer body;
    struct buffer headers; /* as received; see http_call_header */
    int tries;
    bool too_large;        /* the answer was larger than allowed */
    int64_t again_boot_ms; /* HTTP_NOT_SENT since the host rests: when it no longer does */
    int64_t duration_ms;
    char text[160]; /* why not HTTP_ANSWERED, or "" */
};

struct http_call {
    const char *method; /* "GET" */
    const char *url;    /* http or https */
    const struct http_pair *headers;
    size_t header_count;
    struct bytes body;
    bool write;                  /* changes something over there */
    int tries_max;               /* of a read; 0: 3 */
    int64_t send_before_boot_ms; /* writes: not_sent from this boot time on; 0: any time */
    int64_t start_boot_ms;       /* not begun before this boot time; 0: at once */
    int64_t timeout_ms;          /* per try; 0: 20 000, which is also a write's most */
    size_t body_bytes_max;       /* of the answer; 0: 8 MiB */
    struct http_result result;   /* zeroed by the caller; http_call_done releases it */
};

struct http_client *http_client_new(const struct http_client_settings *settings);
void http_client_free(struct http_client *client);
/* calls may name the same host; url, headers and body are borrowed until it returns. */
void http_client_run(struct http_client *client, struct http_call calls[], size_t count);

/* The last response's header, trimmed, or NULL; name in any case. */
const char *http_call_header(const struct http_call *call, const char *name);
const char *http_result_header(const struct http_result *result, const char *name);
void http_call_done(struct http_call *call);

typedef struct http_client http_client;
DEFINE_OWNED(http_client, http_client_free)
