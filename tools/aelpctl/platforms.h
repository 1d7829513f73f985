/* platforms: what data is pulled from: how fresh it is, whether it would answer, older days. */
#pragma once

#include "cli.h"

int run_platforms_list(struct cli *cli);
int run_platforms_add(struct cli *cli);
int run_platforms_check(struct cli *cli);
int run_platforms_backfill(struct cli *cli);
