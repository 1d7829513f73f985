/* mine: what was decided in one's own name, wherever; and "not me". Through the API. */
#pragma once

#include "cli.h"

int run_mine(struct cli *cli);
int run_disown(struct cli *cli);
/* On a terminal, once each: decisions that were not made by this program and that Slack did not
 * tell of. Which were said is kept beside the settings, not in the ledger: whoever else has the
 * token can't have them pass for said. */
void mine_tell(struct cli *cli);
