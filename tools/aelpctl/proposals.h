/* proposals: what people do with them, through the API. */
#pragma once

#include "cli.h"

int run_propose(struct cli *cli);
int run_list(struct cli *cli);
int run_show(struct cli *cli);
int run_approve(struct cli *cli);
int run_reject(struct cli *cli);
int run_withdraw(struct cli *cli);
int run_cancel(struct cli *cli);
int run_resolve(struct cli *cli);
int run_rollback(struct cli *cli);
int run_whoami(struct cli *cli);
