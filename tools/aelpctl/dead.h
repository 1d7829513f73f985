/* dead: messages that no redelivery could help. */
#pragma once

#include "cli.h"

int run_dead_list(struct cli *cli);
int run_dead_replay(struct cli *cli);
