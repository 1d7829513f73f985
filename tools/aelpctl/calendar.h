/* calendar: locks under which no change begins. Straight on Postgres, as the kill switch is. */
#pragma once

#include "cli.h"

int run_calendar_list(struct cli *cli);
int run_calendar_lock(struct cli *cli);
int run_calendar_unlock(struct cli *cli);
