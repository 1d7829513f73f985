/* show: one proposal for people: what it does, whether it may, who said what, what happened. */
#pragma once

#include "cli.h"
#include "json.h"

void show_print(const struct cli *cli, const json_t *proposal);
