/* show: one proposal for people: what it does, whether it may, who said what, what happened. */
#pragma once

#include "cli.h"
#include "json.h"

/* A table of these members of each item. */
void show_items(const struct cli *cli, const json_t *items, const char *const columns[],
                size_t count);
void show_print(const struct cli *cli, const json_t *proposal);
