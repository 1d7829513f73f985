/* guardrail: the service's state and its handlers; see README.md for the subjects. What it needs to
 * know stands in the ledger. */
#pragma once

#include "quality.h"
#include "service.h"

struct guardrail {
    int64_t rest_until_ns;   /* of the boot clock: the next look for what is due */
    struct quality *quality; /* the runner's, once it runs */
};

handler_fn on_proposed;
handler_fn on_executed;
/* Expires what outstayed its time; measures and confirms what was executed. */
tick_fn tick_due;

handler_fn on_landed;
/* Reads the suites. */
bool start_checks(struct service *service, struct err *err);
/* Checks what landed, or what a person asked for. */
run_fn run_checks;
tick_fn tick_prune_checks;
