/* settings: where the API and the databases are, and whose token to show. */
#pragma once

#include "cli.h"

/* The config file's lines stand in for variables that the environment lacks; flags win. */
bool settings_load(struct cli *cli, struct err *err) MUST_CHECK;
