/* dq: the data-quality suites: what they say of the data, now or when it landed. */
#pragma once

#include "cli.h"

/* guardrail-evaluator does it and keeps what it finds; with --dry-run this program looks itself and
 * nothing is written. EXIT_ERROR: a critical rule doesn't hold. */
int run_dq_run(struct cli *cli);
int run_dq_show(struct cli *cli);
