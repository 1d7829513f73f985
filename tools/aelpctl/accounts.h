/* accounts: the ad accounts, and how far changes may go in them. */
#pragma once

#include "cli.h"

enum { ACCOUNT_TEXT = 120 };

/* What --account names, "123" of --platform being google/123; false: there is no --account. */
bool account_given(const struct cli *cli, char account[static ACCOUNT_TEXT]);
int run_accounts_list(struct cli *cli);
int run_accounts_add(struct cli *cli);
int run_mode_set(struct cli *cli);
