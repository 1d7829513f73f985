/* cli: the command line: what a command is, what it gets, and what its end means. */
#pragma once

#include "err.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The documented exit codes. */
enum {
    EXIT_DONE = 0,
    EXIT_ERROR = 1,
    EXIT_USAGE = 2,
    EXIT_UNKNOWN = 3,   /* not found */
    EXIT_REFUSED = 4,   /* by policy */
    EXIT_CONFLICT = 5,  /* or stale */
    EXIT_TIMED_OUT = 6, /* waiting */
    EXIT_UNREACHABLE = 7,
};

/* Values of flags; NULL or false: not given. */
struct flags {
    const char *output, *url, *account, *platform, *target, *daily, *reason, *ttl, *key, *state,
        *limit, *timeout, *until, *outcome, *email, *label, *days, *scope, *day_max, *hour_max,
        *currency, *tz, *unit, *policy, *from, *to, *drift, *account_drift, *source;
    bool no_color, yes, no_wait, freeze, take, world, dry_run;
};

struct flag {
    const char *name;
    const char **text; /* or NULL: */
    bool *set;
    const char *help;
};

/* From flags, then the environment, then ~/.config/aelp2/config. */
struct settings {
    const char *url, *token;
    const char *admin_url, *ctl_url, *auditor_url;
    const char *log_vkey, *witness_vkey, *witness_url;
};

enum { CLI_ARGS_MAX = 32 };

struct cli {
    const struct command *command;
    struct flags flags;
    struct settings settings;
    const char *args[CLI_ARGS_MAX]; /* behind the verb */
    size_t arg_count;
    bool json, color;
    char decided[64]; /* what this command decided itself: "PROPOSAL approve"; or "" */
};

struct command {
    const char *noun, *verb; /* verb NULL: the noun is the whole command */
    const char *args;        /* shown: "ID..." */
    size_t args_min, args_max;
    const char *flags; /* names it takes, "!" behind those it needs: "reason! outcome!" */
    int (*run)(struct cli *cli);
    const char *help;
};

/* main.c's table. */
extern const struct command commands[];
extern const size_t command_count;

int cli_main(int argc, char **argv);

/* Flags every command takes are in the first `common` rows. */
const struct flag *cli_flags(struct flags *flags, size_t *ret_count, size_t *ret_common);
/* Is the flag in a command's list, "reason! outcome!", and is it needed? */
bool cli_takes(const char *list, const char *name, bool *ret_needed);
void help_print(const char *noun); /* NULL: of all */
void help_print_command(const struct command *command);
int run_completion(struct cli *cli);

/* What people typed to get here: "aelpctl", or as AELP2_COMMAND has it: "./aelp ctl". */
const char *cli_command(void);
/* A text of ours, with the commands in it as people type them. */
void cli_print(FILE *file, const char *text);
/* All on stderr. Returns the code, so that a command writes `return cli_fail(...)`. next: what to
 * do about it, or NULL. */
int cli_fail(int code, const char *next, const char *format, ...) PRINTF_LIKE(3, 4);
void cli_say(const char *format, ...) PRINTF_LIKE(1, 2);

/* Other people's texts must not move the terminal's cursor: what it would obey becomes a space. */
void cli_plain(char *text);
/* The candidate nearest to a mistyped word; NULL: none is near. */
const char *nearest(const char *word, const char *const candidates[], size_t count);
/* A decimal number within bounds; false: text is none. */
bool cli_number(const char *text, int64_t min, int64_t max, int64_t *ret_number) MUST_CHECK;
/* On a terminal, asks; without one, or with --yes, it is yes. */
bool cli_confirm(const struct cli *cli, const char *question);
