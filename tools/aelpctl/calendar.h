/* calendar: what holds for some days: locks under which no change begins, and ramps. Straight on
 * Postgres, as the kill switch is. */
#pragma once

#include "cli.h"

int run_calendar_list(struct cli *cli);
int run_calendar_lock(struct cli *cli);
int run_calendar_unlock(struct cli *cli);
int run_ramp_list(struct cli *cli);
int run_ramp_set(struct cli *cli);
int run_ramp_end(struct cli *cli);
