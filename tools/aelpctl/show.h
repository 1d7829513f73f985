/* show: one proposal for people: what it does, whether it may, who said what, what happened. */
#pragma once

#include "cli.h"
#include "json.h"

/* A table of these members (NULL ends them), or all of them with -o json; `none` is said when there
 * is no item. */
void show_items(const struct cli *cli, const json_t *items, const char *const columns[],
                const char *none);
/* The same of what a GET lists. */
int show_list(struct cli *cli, const char *path, const char *const columns[], const char *none);
/* What holds it, kill switch or calendar lock, or "". */
const char *show_why(const json_t *proposal);
/* "waits: kill switch is on (stop, since ...)" on stderr, if something holds it. */
void show_wait(const json_t *proposal, const char *waits);
void show_print(const struct cli *cli, const json_t *proposal);
