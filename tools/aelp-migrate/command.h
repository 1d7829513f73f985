/* command: the command line, by a table of subcommands. */
#pragma once

#include "migrate.h"

#include <stddef.h>

struct command {
    const char *name;
    bool (*run)(const struct options *options, struct err *err);
    bool needs_database;
    const char *help;
};

/* --help is answered here and ends the process. */
bool command_parse(const struct command commands[], size_t count, int argc, char **argv,
                   struct options *options, const struct command **ret_command,
                   struct err *err) MUST_CHECK;
/* The exit status: 0, 1 failed, 2 wrong command line. Says on stderr what went wrong. */
int command_exit(bool ok, const struct err *err);
