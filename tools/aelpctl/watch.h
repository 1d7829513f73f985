/* watch: following a proposal. */
#pragma once

#include "cli.h"

int run_watch(struct cli *cli);
/* Until the guardrails have cleared or blocked it, or the time is over; then shows it. A blocked
 * one is EXIT_REFUSED. */
int watch_judged(struct cli *cli, const char *id, int64_t most_ms);
