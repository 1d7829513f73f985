/* budgets: what a change may be about. */
#pragma once

#include "cli.h"

int run_budgets_list(struct cli *cli);
