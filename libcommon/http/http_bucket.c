/* http_bucket: tokens come in continuously and are counted when one is wanted. */
#include "http_bucket.h"

#include <assert.h>

struct http_bucket http_bucket_full(double rate_per_s, double burst, int64_t now_ms)
{
    assert(rate_per_s > 0 && burst >= 1);
    return (struct http_bucket){rate_per_s, burst, burst, now_ms};
}

int64_t http_bucket_take(struct http_bucket *bucket, int64_t now_ms)
{
    if (now_ms > bucket->filled_ms) {
        bucket->tokens += (double)(now_ms - bucket->filled_ms) * bucket->rate_per_s / 1000;
        if (bucket->tokens > bucket->burst)
            bucket->tokens = bucket->burst;
        bucket->filled_ms = now_ms;
    }
    if (bucket->tokens >= 1) {
        bucket->tokens -= 1;
        return 0;
    }
    return 1 + (int64_t)((1 - bucket->tokens) * 1000 / bucket->rate_per_s);
}
