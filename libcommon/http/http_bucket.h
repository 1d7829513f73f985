/* http_bucket: a token bucket, one token a request. Pure; time is an argument. */
#pragma once

#include <stdint.h>

struct http_bucket {
    double rate_per_s, burst;
    double tokens;
    int64_t filled_ms;
};

struct http_bucket http_bucket_full(double rate_per_s, double burst, int64_t now_ms);
/* 0: a token was taken; else how long until there is one. */
int64_t http_bucket_take(struct http_bucket *bucket, int64_t now_ms);
