#include "cli.h"

#include "mem.h"
#include "mine.h"
#include "settings.h"
#include "utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *cli_command(void)
{
    const char *typed = getenv("AELP2_COMMAND");
    return typed && *typed ? typed : "aelpctl";
}

void cli_print(FILE *file, const char *text)
{
    static const char ours[] = "aelpctl ";
    for (const char *at; (at = strstr(text, ours)); text = at + sizeof ours - 1)
        fprintf(file, "%.*s%s ", (int)(at - text), text, cli_command());
    fputs(text, file);
}

int cli_fail(int code, const char *next, const char *format, ...)
{
    va_list args;
    fputs("aelpctl: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\n", stderr);
    if (next) {
        fputs("  next: ", stderr);
        cli_print(stderr, next);
        fputs("\n", stderr);
    }
    return code;
}

void cli_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\n", stderr);
}

void cli_plain(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = ' ';
}

bool cli_number(const char *text, int64_t min, int64_t max, int64_t *ret_number)
{
    char *end;
    errno = 0;
    int64_t number = strtoll(text, &end, 10);
    if (end == text || *end || errno || number < min || number > max)
        return false;
    *ret_number = number;
    return true;
}

bool cli_confirm(const struct cli *cli, const char *question)
{
    char answer[8] = "";
    if (cli->flags.yes || !isatty(STDIN_FILENO))
        return true;
    fprintf(stderr, "%s [y/N] ", question);
    if (!fgets(answer, sizeof answer, stdin))
        return false;
    return answer[0] == 'y' || answer[0] == 'Y';
}

bool cli_takes(const char *list, const char *name, bool *ret_needed)
{
    size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)); at += length) {
        char behind = at[length];
        if ((at == list || at[-1] == ' ') && (behind == '\0' || behind == ' ' || behind == '!')) {
            *ret_needed = behind == '!';
            return true;
        }
    }
    return false;
}

static int unknown_flag(const struct cli *cli, const struct flag flags[], size_t count,
                        const char *name)
{
    const char *names[64];
    char next[80];
    for (size_t i = 0; i < count; i++)
        names[i] = flags[i].name;
    const char *near = nearest(name, names, count);
    snprintf(next, sizeof next, near ? "did you mean --%s?" : "aelpctl help", near ? near : "");
    return cli_fail(EXIT_USAGE, next, "%s%s%s takes no --%s",
                    cli->command ? cli->command->noun : "aelpctl",
                    cli->command && cli->command->verb ? " " : "",
                    cli->command && cli->command->verb ? cli->command->verb : "", name);
}

/* argv[*at] is "--name", "--name=value" or "-o"; takes its value, too. */
static int read_flag(struct cli *cli, int argc, char **argv, int *at)
{
    size_t count, common;
    bool needed;
    const struct flag *flags = cli_flags(&cli->flags, &count, &common);
    const char *name = strcmp(argv[*at], "-o") == 0 ? "output" : argv[*at] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    for (size_t i = 0; i < count; i++) {
        if (strlen(flags[i].name) != length || strncmp(flags[i].name, name, length) != 0)
            continue;
        if (i >= common && cli->command && !cli_takes(cli->command->flags, flags[i].name, &needed))
            break;
        if (flags[i].set && !equals) {
            *flags[i].set = true;
            return EXIT_DONE;
        }
        if (flags[i].set || (!equals && *at + 1 == argc))
            return cli_fail(EXIT_USAGE, NULL, "--%s %s", flags[i].name,
                            flags[i].set ? "takes no value" : "needs a value");
        *flags[i].text = equals ? equals + 1 : argv[++*at];
        if (!utf8_valid(bytes_of_text(*flags[i].text)))
            return cli_fail(EXIT_USAGE, NULL, "--%s: its text is not UTF-8", flags[i].name);
        return EXIT_DONE;
    }
    return unknown_flag(cli, flags, count, name);
}

static bool is_noun(const char *word)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i].noun, word) == 0)
            return true;
    return false;
}

static int unknown_command(const char *noun, const char *verb)
{
    const char *words[64];
    char next[80];
    size_t count = 0;
    bool known = is_noun(noun);
    if (known && !verb) {
        snprintf(next, sizeof next, "aelpctl %s --help", noun);
        return cli_fail(EXIT_USAGE, next, "%s needs a verb", noun);
    }
    for (size_t i = 0; i < command_count && count < COUNT(words); i++)
        if (!known || (commands[i].verb && strcmp(commands[i].noun, noun) == 0))
            words[count++] = known ? commands[i].verb : commands[i].noun;
    const char *near = nearest(known ? verb : noun, words, count);
    if (near)
        snprintf(next, sizeof next, "did you mean aelpctl %s%s%s?", known ? noun : near,
                 known ? " " : "", known ? near : "");
    else
        snprintf(next, sizeof next, "aelpctl help");
    return cli_fail(EXIT_USAGE, next, "there is no command '%s%s%s'", noun, known ? " " : "",
                    known ? verb : "");
}

/* The words that are no flags, and the command that the first ones name. */
static int read_words(struct cli *cli, const char *words[], size_t count)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &commands[i];
        if (strcmp(command->noun, words[0]) != 0)
            continue;
        if (command->verb && (count < 2 || strcmp(command->verb, words[1]) != 0))
            continue;
        cli->command = command;
        size_t used = command->verb ? 2 : 1;
        for (size_t j = used; j < count; j++)
            cli->args[cli->arg_count++] = words[j];
        return EXIT_DONE;
    }
    return unknown_command(words[0], count > 1 ? words[1] : NULL);
}

static int check_command(struct cli *cli)
{
    const struct command *command = cli->command;
    const char *verb = command->verb ? command->verb : "";
    const char *space = command->verb ? " " : "";
    size_t count, common;
    const struct flag *flags = cli_flags(&cli->flags, &count, &common);
    if (cli->arg_count < command->args_min || cli->arg_count > command->args_max)
        return cli_fail(EXIT_USAGE, NULL, "usage: %s %s%s%s%s%s", cli_command(), command->noun,
                        space, verb, *command->args ? " " : "", command->args);
    for (size_t i = common; i < count; i++) {
        bool needed = false;
        if (cli_takes(command->flags, flags[i].name, &needed) && needed && flags[i].text
            && !*flags[i].text)
            return cli_fail(EXIT_USAGE, NULL, "%s%s%s needs --%s", command->noun, space, verb,
                            flags[i].name);
    }
    const char *output = cli->flags.output ? cli->flags.output : "table";
    cli->json = strcmp(output, "json") == 0;
    if (!cli->json && strcmp(output, "table") != 0)
        return cli_fail(EXIT_USAGE, NULL, "-o: table or json, not %s", output);
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    cli->color = isatty(STDOUT_FILENO) && !cli->flags.no_color && !(no_color && *no_color)
        && !(term && strcmp(term, "dumb") == 0);
    return EXIT_DONE;
}

static bool is_flag(const char *word)
{
    return strncmp(word, "--", 2) == 0 || strcmp(word, "-o") == 0;
}

/* Words first, because they say which flags there may be. */
static int read_line(struct cli *cli, int argc, char **argv)
{
    const char *words[CLI_ARGS_MAX];
    size_t count = 0;
    struct cli probe = {0}; /* without a command it takes every flag */
    for (int i = 1; i < argc; i++) {
        if (is_flag(argv[i])) {
            int code = read_flag(&probe, argc, argv, &i);
            if (code)
                return code;
        } else if (count < COUNT(words)) {
            words[count++] = argv[i];
        }
    }
    if (count == 0)
        return cli_fail(EXIT_USAGE, "aelpctl help", "there is no command");
    int code = read_words(cli, words, count);
    for (int i = 1; i < argc && !code; i++)
        if (is_flag(argv[i]))
            code = read_flag(cli, argc, argv, &i);
    return code ? code : check_command(cli);
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return argc < 2 || strcmp(argv[1], "help") == 0;
}

/* "aelpctl proposals approve --help" is about that one command, without a verb about the noun's. */
static int help(int argc, char **argv)
{
    for (size_t i = 0; i < command_count && argc > 2; i++)
        if (strcmp(commands[i].noun, argv[1]) == 0
            && (!commands[i].verb || strcmp(commands[i].verb, argv[2]) == 0)) {
            help_print_command(&commands[i]);
            return EXIT_DONE;
        }
    help_print(argc > 1 && is_noun(argv[1]) ? argv[1] : NULL);
    return argc < 2 ? EXIT_USAGE : EXIT_DONE;
}

int cli_main(int argc, char **argv)
{
    static struct cli cli; /* the settings' texts live as long as the process */
    struct err err = {0};
    if (wants_help(argc, argv))
        return help(argc, argv);
    int code = read_line(&cli, argc, argv);
    if (code)
        return code;
    if (!settings_load(&cli, &err))
        return cli_fail(EXIT_USAGE, "./aelp ctl sets these for you", "%s", err.text);
    code = cli.command->run(&cli);
    if (code == EXIT_DONE && strcmp(cli.command->noun, "proposals") == 0)
        mine_tell(&cli);
    return code;
}
