/* calendar: locks under which no change begins, and the days that are not like others. Straight on
 * Postgres, as the kill switch is. */
#pragma once

#include "cli.h"

int run_calendar_list(struct cli *cli);
int run_calendar_lock(struct cli *cli);
int run_calendar_unlock(struct cli *cli);
int run_calendar_days(struct cli *cli);
int run_calendar_add(struct cli *cli);
int run_calendar_remove(struct cli *cli);
