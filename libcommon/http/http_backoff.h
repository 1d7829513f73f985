/* http_backoff: how long to wait before a read is tried again. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { HTTP_BACKOFF_MS_MAX = 10000, HTTP_RETRY_AFTER_MS_MAX = 30000 };

/* Full jitter: evenly within 0..min(HTTP_BACKOFF_MS_MAX, base * 2^(tries - 1)); tries >= 1. */
int64_t http_backoff_ms(int tries, int64_t base_ms, uint64_t random);
/* Retry-After as seconds or as a date, from 0 on; false: absent or neither. */
bool http_retry_after_ms(const char *text, int64_t now_unix_s, int64_t *ret_ms);
/* Whether a read that got this status may be tried again. */
bool http_status_is_passing(int status);
