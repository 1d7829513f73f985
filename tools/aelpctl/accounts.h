/* accounts: the ad accounts, and how far changes may go in them. */
#pragma once

#include "cli.h"

int run_accounts_list(struct cli *cli);
int run_accounts_add(struct cli *cli);
int run_mode_set(struct cli *cli);
