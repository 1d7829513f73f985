#include "command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: aelp-migrate COMMAND [--root DIR] [--secrets DIR] [--url-template URL] [--partial]\n"
    "\n";

static const char options_help[] =
    "\n"
    "  --root DIR          the source tree with the SQL files (default: .)\n"
    "  --secrets DIR       where passwords and urls lie, one file each; missing ones are made\n"
    "  --url-template URL  of the database, with {role} and {password}\n"
    "  --partial           skip grants on objects that don't exist, for a part of the schema\n"
    "\n"
    "DATABASE_URL (or DATABASE_URL_FILE) is aelp_migrate's, for up and status.\n";

static const struct option long_options[] = {
    {"root",         required_argument, NULL, 'r'},
    {"secrets",      required_argument, NULL, 's'},
    {"url-template", required_argument, NULL, 'u'},
    {"partial",      no_argument,       NULL, 'p'},
    {"help",         no_argument,       NULL, 'h'},
    {NULL,           0,                 NULL, 0  },
};

static void print_help(const struct command commands[], size_t count)
{
    fputs(usage, stdout);
    for (size_t i = 0; i < count; i++)
        printf("  %-8s %s\n", commands[i].name, commands[i].help);
    fputs(options_help, stdout);
}

static bool parse_options(int argc, char **argv, struct options *options, bool *ret_help,
                          struct err *err)
{
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, "h", long_options, NULL)) != -1;) {
        switch (letter) {
        case 'r':
            options->root = optarg;
            break;
        case 's':
            options->secrets = optarg;
            break;
        case 'u':
            options->url_template = optarg;
            break;
        case 'p':
            options->partial = true;
            break;
        case 'h':
            *ret_help = true;
            break;
        default:
            return err_set(err, ERR_REJECT, "unknown option or missing value: %s",
                           argv[optind - 1]);
        }
    }
    return true;
}

bool command_parse(const struct command commands[], size_t count, int argc, char **argv,
                   struct options *options, const struct command **ret_command, struct err *err)
{
    bool help = false;
    if (!parse_options(argc, argv, options, &help, err))
        return false;
    if (help) {
        print_help(commands, count);
        exit(EXIT_SUCCESS);
    }
    if (argc - optind != 1)
        return err_set(err, ERR_REJECT, "one command is needed; see --help");
    for (size_t i = 0; i < count; i++)
        if (strcmp(argv[optind], commands[i].name) == 0) {
            *ret_command = &commands[i];
            return true;
        }
    return err_set(err, ERR_REJECT, "no command '%s'; see --help", argv[optind]);
}

int command_exit(bool ok, const struct err *err)
{
    if (ok)
        return EXIT_SUCCESS;
    fprintf(stderr, "aelp-migrate: %s\n", err->text);
    return err->kind == ERR_REJECT ? 2 : EXIT_FAILURE;
}
