#include "backoff.h"

#include "hash.h"

int64_t backoff_ms(unsigned tries, int64_t base_ms, int64_t max_ms, uint32_t draw)
{
    int64_t whole = base_ms;
    while (tries-- > 0 && whole < max_ms)
        whole *= 2;
    if (whole > max_ms)
        whole = max_ms;
    return whole / 2 + draw % (uint32_t)(whole / 2 + 1);
}

void backoff_failed(struct backoff *backoff, int64_t base_ms, int64_t max_ms, int64_t now_ms)
{
    uint32_t draw;
    random_bytes(&draw, sizeof draw);
    backoff->due_ms = now_ms + backoff_ms(backoff->tries, base_ms, max_ms, draw);
    if (backoff->tries < 30)
        backoff->tries++;
}

void backoff_worked(struct backoff *backoff)
{
    *backoff = (struct backoff){0};
}
