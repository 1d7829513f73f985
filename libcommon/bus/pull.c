#include "pull.h"

static const int64_t refusal_ms = 100;
static const int64_t retry_base_ms = 250;
static const int64_t retry_max_ms = 5000;

int64_t pull_want(const struct pull *pull, int64_t queued, int64_t now_ms)
{
    if (now_ms < pull->backoff.due_ms || queued > PULL_BATCH || pull->pending > PULL_BATCH / 2)
        return 0;
    return PULL_BATCH - pull->pending;
}

void pull_asked(struct pull *pull, int64_t count, int64_t now_ms)
{
    pull->pending += count;
    pull->heard_ms = now_ms;
    pull->confirmed = false;
}

static void heard(struct pull *pull, int64_t now_ms)
{
    pull->heard_ms = now_ms;
    pull->confirmed = true;
    pull->seen = true;
    backoff_worked(&pull->backoff);
}

static void refused(struct pull *pull, int64_t now_ms)
{
    pull->pending = 0;
    pull->confirmed = false;
    pull->seen = false;
    backoff_failed(&pull->backoff, retry_base_ms, retry_max_ms, now_ms);
}

static void lower(struct pull *pull, int64_t count)
{
    pull->pending = pull->pending > count ? pull->pending - count : 0;
}

void pull_message(struct pull *pull, int64_t now_ms)
{
    lower(pull, 1);
    heard(pull, now_ms);
}

void pull_said(struct pull *pull, int status, int64_t lapsed, int64_t now_ms)
{
    switch (status) {
    case PULL_HEARTBEAT:
        heard(pull, now_ms);
        break;
    case PULL_NO_MESSAGES:
    case PULL_TIMEOUT:
        heard(pull, now_ms);
        lower(pull, lapsed >= 0 ? lapsed : pull->pending);
        break;
    default: /* deleted, shut down, refused: the request is gone */
        refused(pull, now_ms);
        break;
    }
}

bool pull_may_be_refused(const struct pull *pull, int64_t now_ms)
{
    return pull->pending > 0 && !pull->confirmed && now_ms - pull->heard_ms <= refusal_ms;
}

void pull_watch(struct pull *pull, int64_t now_ms)
{
    int64_t patience_ms = pull->seen ? (int64_t)2 * PULL_HEARTBEAT_MS : PULL_PROBE_MS;
    if (pull->pending == 0 || now_ms - pull->heard_ms <= patience_ms)
        return;
    pull->pending = 0;
    pull->seen = false;
}
