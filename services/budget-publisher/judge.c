#include "judge.h"

#include <assert.h>

struct tally {
    size_t missing, before, after, other; /* as read */
    size_t done, refused, open;           /* as answered */
};

static struct tally tally_of(const struct want wants[], size_t count)
{
    struct tally tally = {0};
    for (size_t i = 0; i < count; i++) {
        const struct want *want = &wants[i];
        enum platform_fate fate = want->sent.fate;
        if (!want->seen)
            tally.missing++;
        else if (want->live_micros == want->after_micros)
            tally.after++;
        else if (want->live_micros == want->before_micros)
            tally.before++;
        else
            tally.other++;
        if (fate == PLATFORM_OK)
            tally.done++;
        else if (fate == PLATFORM_PERMANENT || fate == PLATFORM_AUTH)
            tally.refused++;
        else
            tally.open++;
    }
    return tally;
}

static enum verdict untouched(enum trace trace)
{
    switch (trace) {
    case TRACE_NOT_ASKED:
        return VERDICT_ASK;
    case TRACE_NONE:
        return VERDICT_SEND;
    case TRACE_LATER:
        return VERDICT_WAIT;
    case TRACE_WRITTEN:
    case TRACE_UNREADABLE:
        break;
    }
    return VERDICT_UNKNOWN;
}

/* What we may have sent to one account was all or nothing, so a mixture after a send is another
 * hand's or half of two accounts: a person must look. On the way back, before a send, it is what
 * the ledger ordered: what reads as wanted needs nothing, and setting it again changes nothing. */
enum verdict judge_standing(const struct want wants[], size_t count, bool back, bool sent,
                            enum trace trace)
{
    assert(count > 0);
    struct tally tally = tally_of(wants, count);
    if (tally.missing > 0)
        return sent ? VERDICT_UNKNOWN : VERDICT_NOT_APPLIED;
    if (tally.after == count)
        return VERDICT_APPLIED;
    if (tally.before == count)
        return sent ? untouched(trace) : VERDICT_SEND;
    if (back && !sent && tally.other == 0)
        return VERDICT_SEND;
    return sent && tally.after > 0 ? VERDICT_UNKNOWN : VERDICT_CONFLICT;
}

/* Who waits comes back as `sent`, when nothing can arrive any more, and is judged by the above. */
enum verdict judge_sent(const struct want wants[], size_t count)
{
    assert(count > 0);
    struct tally tally = tally_of(wants, count);
    if (tally.open > 0 || tally.missing > 0)
        return VERDICT_WAIT;
    if (tally.done == count)
        return tally.after == count ? VERDICT_APPLIED : VERDICT_WAIT;
    if (tally.refused == count)
        return tally.before == count ? VERDICT_NOT_APPLIED : VERDICT_WAIT;
    return VERDICT_UNKNOWN;
}

enum verdict judge_trial(const struct want wants[], size_t count)
{
    struct tally tally = tally_of(wants, count);
    if (tally.open > 0)
        return VERDICT_WAIT;
    return tally.refused > 0 ? VERDICT_NOT_APPLIED : VERDICT_APPLIED;
}
