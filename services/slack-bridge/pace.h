/* pace: when the next message may go to Slack. Pure; time is an argument.
 *
 * New messages go at about one a second and channel with a short burst; edits have a bucket of
 * their own, so that posting never keeps live buttons on screen, and so have direct messages, which
 * cards must not hold up. When Slack says wait, or does not answer, everything waits. */
#pragma once

#include "http_bucket.h"

#include <stdbool.h>

enum { PACE_PAUSE_MS_MAX = 30000 };

struct pace {
    struct http_bucket posts, edits, notices;
    int failures; /* in a row */
    int64_t paused_until_ms;
};

void pace_open(struct pace *pace, int64_t now_ms);
bool pace_is_paused(const struct pace *pace, int64_t now_ms);
/* True: one may go now, and is counted. */
bool pace_take_post(struct pace *pace, int64_t now_ms);
bool pace_take_edit(struct pace *pace, int64_t now_ms);
bool pace_take_notice(struct pace *pace, int64_t now_ms);
void pace_worked(struct pace *pace);
/* Slack did not answer, or failed: 1 s, 2 s, 4 s, ... PACE_PAUSE_MS_MAX. */
void pace_failed(struct pace *pace, int64_t now_ms);
/* Slack said 429 and when to come back. */
void pace_told_to_wait(struct pace *pace, int64_t wait_ms, int64_t now_ms);
