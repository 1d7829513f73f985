/* control: the kill switch, straight on Postgres, so that it works when nothing else does. */
#pragma once

#include "cli.h"

int run_kill(struct cli *cli);
int run_resume(struct cli *cli);
int run_control(struct cli *cli);
