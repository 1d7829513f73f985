/* http_breaker: a late failure of an earlier request keeps an open breaker open. */
#include "http_breaker.h"

static bool is_tripped(const struct http_breaker *breaker)
{
    return breaker->failures >= HTTP_BREAKER_FAILURES_MAX;
}

bool http_breaker_admits(struct http_breaker *breaker, int64_t now_ms)
{
    if (!is_tripped(breaker))
        return true;
    if (now_ms < breaker->open_until_ms || breaker->probing)
        return false;
    breaker->probing = true;
    return true;
}

void http_breaker_succeeded(struct http_breaker *breaker)
{
    *breaker = (struct http_breaker){0};
}

void http_breaker_failed(struct http_breaker *breaker, int64_t now_ms, int64_t open_ms)
{
    breaker->probing = false;
    if (breaker->failures < HTTP_BREAKER_FAILURES_MAX)
        breaker->failures++;
    if (is_tripped(breaker))
        breaker->open_until_ms = now_ms + open_ms;
}

void http_breaker_untried(struct http_breaker *breaker)
{
    breaker->probing = false;
}
