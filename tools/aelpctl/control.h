/* control: the kill switch, straight on Postgres, so that it works when nothing else does. */
#pragma once

#include "cli.h"
#include "json.h"

int run_kill(struct cli *cli);
int run_resume(struct cli *cli);
int run_control(struct cli *cli);
/* "waits: kill switch is on (stop, since ...)" on stderr, if that is what it waits for. */
bool control_say_wait(struct cli *cli, const json_t *proposal, const char *waits);
