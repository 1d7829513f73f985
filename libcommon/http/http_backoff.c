/* http_backoff: jitter keeps callers that failed together from coming back together. */
#include "http_backoff.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

int64_t http_backoff_ms(int tries, int64_t base_ms, uint64_t random)
{
    assert(tries >= 1 && base_ms >= 0);
    int64_t most = base_ms;
    for (int i = 1; i < tries && most < HTTP_BACKOFF_MS_MAX; i++)
        most *= 2;
    if (most > HTTP_BACKOFF_MS_MAX)
        most = HTTP_BACKOFF_MS_MAX;
    return (int64_t)(random % (uint64_t)(most + 1));
}

bool http_retry_after_ms(const char *text, int64_t now_unix_s, int64_t *ret_ms)
{
    if (!text || !*text)
        return false;
    size_t digits = strspn(text, "0123456789");
    int64_t wait_s;
    if (text[digits] == '\0') {
        wait_s = digits < 10 ? strtoll(text, NULL, 10) : INT32_MAX;
    } else {
        time_t at = curl_getdate(text, NULL);
        if (at < 0)
            return false;
        wait_s = (int64_t)at - now_unix_s;
    }
    *ret_ms = wait_s > 0 ? wait_s * 1000 : 0;
    return true;
}

bool http_status_is_passing(int status)
{
    return status == 408 || status == 429 || status == 500 || status == 502 || status == 503
        || status == 504;
}
