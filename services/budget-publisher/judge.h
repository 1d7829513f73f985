/* judge: what a reading of the platform means for an order. Pure; reference: docs/saga.md, A9. */
#pragma once

#include "platform.h"

/* One budget of one order: what it is to become, and what is known of it. */
struct want {
    const char *account, *resource;
    int64_t before_micros, after_micros;
    bool seen; /* at the last reading; then live_micros is its amount */
    int64_t live_micros;
    struct platform_reply looked; /* what the reading itself came to */
    struct platform_reply sent;   /* what the last set came to */
};

enum verdict {
    VERDICT_SEND,
    VERDICT_ASK, /* only the change history can tell */
    VERDICT_WAIT,
    VERDICT_APPLIED,
    VERDICT_NOT_APPLIED,
    VERDICT_CONFLICT,
    VERDICT_UNKNOWN,
};

/* What the platform's change history says of the order's budgets since its first send. */
enum trace {
    TRACE_NOT_ASKED,
    TRACE_NONE,       /* nothing was written */
    TRACE_WRITTEN,    /* something was, by whomever */
    TRACE_UNREADABLE, /* it can't be known from there */
    TRACE_LATER,      /* it could not be read just now, or does not show the send yet */
};

/* Before sending. `back`: it is a rollback. `sent`: an earlier attempt may have arrived. */
enum verdict judge_standing(const struct want wants[], size_t count, bool back, bool sent,
                            enum trace trace);
/* After sending, with every budget's reply and read-back. */
enum verdict judge_sent(const struct want wants[], size_t count);
/* After a validate-only request, which changes nothing: no read-back. */
enum verdict judge_trial(const struct want wants[], size_t count);
