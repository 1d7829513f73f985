/* pull: one task: fetch its pages, archive each, read it, and keep what is new of it.
 *
 * A crash anywhere leaves the task to be leased again. Then its pages are fetched anew; what was
 * kept before adds nothing, so the result is the same. */
#pragma once

#include "ingestor.h"
#include "store.h"

/* What became of the task. */
enum pulled {
    PULLED_WHOLE,
    PULLED_LOST,   /* another has it by now */
    PULLED_LATER,  /* try again in wait_ms */
    PULLED_FAILED, /* a person must look */
};

struct pull {
    struct work *work;
    const struct config *config;
    struct platform *platform;
    const struct task *task;
    /* answered: */
    enum pulled pulled;
    bool failure;    /* of LATER: it counts as one */
    int64_t wait_ms; /* of LATER */
    char why[240];
};

/* False: the task stays leased and comes back when the lease has run out. */
bool pull_task(struct pull *pull, struct err *err) MUST_CHECK;
