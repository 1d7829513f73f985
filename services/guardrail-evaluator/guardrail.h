/* guardrail: the service's state and its handlers; see README.md for the subjects. What it needs to
 * know stands in the ledger. */
#pragma once

#include "service.h"

struct guardrail {
    int64_t rest_until_ns; /* of the boot clock: the next look for what is due */
};

handler_fn on_proposed;
handler_fn on_executed;
/* Expires what outstayed its time; measures and confirms what was executed. */
tick_fn tick_due;
