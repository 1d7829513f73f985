/* http_breaker: spares a host that fails, and us the waiting. Pure; time is an argument.
 *
 *     closed --three failures in a row--> open --open_ms--> half-open --one probe--> closed | open
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { HTTP_BREAKER_FAILURES_MAX = 3 };

struct http_breaker {
    int failures;          /* in a row */
    int64_t open_until_ms; /* means something from HTTP_BREAKER_FAILURES_MAX failures on */
    bool probing;          /* half-open, and its one request is out */
};

/* True obliges the caller to report exactly one of the three below. */
bool http_breaker_admits(struct http_breaker *breaker, int64_t now_ms);
void http_breaker_succeeded(struct http_breaker *breaker);
void http_breaker_failed(struct http_breaker *breaker, int64_t now_ms, int64_t open_ms);
void http_breaker_untried(struct http_breaker *breaker); /* says nothing about the host */
