/* guardrail: the handlers of guardrail-evaluator; see README.md for the subjects. It has no state
 * of its own: what it needs to know stands in the ledger. */
#pragma once

#include "service.h"

handler_fn on_proposed;
handler_fn on_executed;
/* Expires what outstayed its time; measures and confirms what was executed. */
tick_fn tick_due;
