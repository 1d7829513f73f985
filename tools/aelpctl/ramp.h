/* ramp: for some days budgets may drift further. Straight on Postgres, as the kill switch is. */
#pragma once

#include "cli.h"

int run_ramp_list(struct cli *cli);
int run_ramp_set(struct cli *cli);
int run_ramp_end(struct cli *cli);
