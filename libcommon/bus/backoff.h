/* backoff: how long to wait before the next try. Pure: the draw comes from outside. */
#pragma once

#include <stdint.h>

/* base * 2^tries, at most `max_ms`, of which the lower half is certain and the upper half drawn, so
 * that many who failed together do not come back together. */
int64_t backoff_ms(unsigned tries, int64_t base_ms, int64_t max_ms, uint32_t draw);

/* Counts failures of one thing and says when to try it again. Zero-initialise. */
struct backoff {
    unsigned tries;
    int64_t due_ms; /* boot time */
};

void backoff_failed(struct backoff *backoff, int64_t base_ms, int64_t max_ms, int64_t now_ms);
void backoff_worked(struct backoff *backoff);
