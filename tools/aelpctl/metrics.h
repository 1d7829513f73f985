/* metrics: what each number means. Straight on Postgres. */
#pragma once

#include "cli.h"

int run_metrics_list(struct cli *cli);
int run_metrics_show(struct cli *cli);
