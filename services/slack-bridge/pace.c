#include "pace.h"

static const double posts_per_s = 1, posts_burst = 3;
static const double edits_per_s = 1, edits_burst = 10;
static const int64_t first_pause_ms = 1000;

void pace_open(struct pace *pace, int64_t now_ms)
{
    *pace = (struct pace){
        .posts = http_bucket_full(posts_per_s, posts_burst, now_ms),
        .edits = http_bucket_full(edits_per_s, edits_burst, now_ms),
        .notices = http_bucket_full(posts_per_s, posts_burst, now_ms),
    };
}

bool pace_is_paused(const struct pace *pace, int64_t now_ms)
{
    return now_ms < pace->paused_until_ms;
}

bool pace_take_post(struct pace *pace, int64_t now_ms)
{
    return !pace_is_paused(pace, now_ms) && http_bucket_take(&pace->posts, now_ms) == 0;
}

bool pace_take_edit(struct pace *pace, int64_t now_ms)
{
    return !pace_is_paused(pace, now_ms) && http_bucket_take(&pace->edits, now_ms) == 0;
}

bool pace_take_notice(struct pace *pace, int64_t now_ms)
{
    return !pace_is_paused(pace, now_ms) && http_bucket_take(&pace->notices, now_ms) == 0;
}

void pace_worked(struct pace *pace)
{
    pace->failures = 0;
}

static void pause_until(struct pace *pace, int64_t until_ms)
{
    if (until_ms > pace->paused_until_ms)
        pace->paused_until_ms = until_ms;
}

void pace_failed(struct pace *pace, int64_t now_ms)
{
    int64_t wait_ms = first_pause_ms;
    for (int i = 0; i < pace->failures && wait_ms < PACE_PAUSE_MS_MAX; i++)
        wait_ms *= 2;
    pace->failures++;
    pause_until(pace, now_ms + (wait_ms < PACE_PAUSE_MS_MAX ? wait_ms : PACE_PAUSE_MS_MAX));
}

void pace_told_to_wait(struct pace *pace, int64_t wait_ms, int64_t now_ms)
{
    pause_until(pace, now_ms + wait_ms);
}
