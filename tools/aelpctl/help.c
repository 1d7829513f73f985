/* Help is made from the table of commands, and so is completion. */
#include "cli.h"

#include "mem.h"

#include <stdio.h>
#include <string.h>

static const char examples[] =
    "Examples\n"
    "  aelpctl proposals propose budget --platform google --target campaignBudgets/9 \\\n"
    "      --daily 52.50 --reason \"sells out every evening\"\n"
    "  aelpctl proposals approve 0199a1b2-c3d4\n\n";

static const char footer[] =
    "\nSettings come from flags, then AELP2_URL, AELP2_TOKEN or AELP2_TOKEN_FILE and the like,\n"
    "then ~/.config/aelp2/config (NAME=VALUE lines).\n"
    "Data goes to stdout, talk to stderr. An ID may be cut to its first 13 characters, as lists\n"
    "show it.\n"
    "Exit codes: 0 done, 1 error, 2 usage, 3 not found, 4 refused by policy, 5 conflict or stale,\n"
    "6 waiting timed out, 7 unreachable.\n";

static void print_usage(const struct command *command)
{
    char text[80];
    snprintf(text, sizeof text, "%s%s%s %s", command->noun, command->verb ? " " : "",
             command->verb ? command->verb : "", command->args);
    printf("%-36s %s\n", text, command->help);
}

void help_print(const char *noun)
{
    if (!noun) {
        printf("aelpctl: propose, approve and watch changes; stop them; prove them.\n\n");
        cli_print(stdout, examples);
    }
    printf("Commands\n");
    for (size_t i = 0; i < command_count; i++)
        if (!noun || strcmp(commands[i].noun, noun) == 0) {
            printf("  ");
            print_usage(&commands[i]);
        }
    cli_print(stdout, "\n  aelpctl COMMAND --help tells its flags.\n");
    fputs(footer, stdout);
}

void help_print_command(const struct command *command)
{
    struct flags none = {0};
    size_t count, common;
    const struct flag *flags = cli_flags(&none, &count, &common);
    printf("%s ", cli_command());
    print_usage(command);
    for (size_t i = 0; i < count; i++) {
        bool needed = false;
        if (cli_takes(command->flags, flags[i].name, &needed) || i < common)
            printf("      --%-15s %s%s\n", flags[i].name, flags[i].help, needed ? " (needed)" : "");
    }
    fputs(footer, stdout);
}

static void print_verbs(const char *noun, const char *between)
{
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].verb && strcmp(commands[i].noun, noun) == 0)
            printf("%s%s", commands[i].verb, between);
}

static bool is_first(size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(commands[i].noun, commands[at].noun) == 0)
            return false;
    return true;
}

static void print_nouns(const char *between)
{
    for (size_t i = 0; i < command_count; i++)
        if (is_first(i))
            printf("%s%s", commands[i].noun, between);
}

static void print_flags(const char *between)
{
    struct flags none = {0};
    size_t count, common;
    const struct flag *flags = cli_flags(&none, &count, &common);
    for (size_t i = 0; i < count; i++)
        printf("--%s%s", flags[i].name, between);
}

/* "bash|zsh|fish" as words. */
static void print_choices(const char *args)
{
    for (; *args; args++)
        putchar(*args == '|' ? ' ' : *args);
}

static bool takes_path(const struct command *command)
{
    return strcmp(command->args, "FILE") == 0 || strcmp(command->args, "DIR") == 0;
}

/* Rows of a case: how many words stand before, and which: what may stand here. */
static void print_places(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &commands[i];
        bool file = takes_path(command);
        if (command->verb && is_first(i)) {
            printf("    1,%s,*) list='", command->noun);
            print_verbs(command->noun, " ");
            printf("' ;;\n");
        }
        if (!file && !strchr(command->args, '|'))
            continue;
        printf("    %d,%s,%s) ", command->verb ? 2 : 1, command->noun,
               command->verb ? command->verb : "*");
        if (!file) {
            printf("list='");
            print_choices(command->args);
        }
        puts(file ? "_aelpctl_files \"$word\"; return ;;" : "' ;;");
    }
}

/* The words before the command may be "aelpctl", "./aelp ctl" or "aelp ctl --as ben". */
static const char bash_head[] =
    "_aelpctl_files() {\n"
    "    local IFS=$'\\n'\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    COMPREPLY=($(compgen -f -- \"$1\"))\n"
    "}\n"
    "_aelpctl() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} at=1 list= place\n"
    "    if [[ ${COMP_WORDS[0]##*/} == aelp ]]; then\n"
    "        [[ ${COMP_WORDS[1]} == ctl ]] || return 0\n"
    "        at=2\n"
    "        [[ ${COMP_WORDS[2]} != --as ]] || at=4\n"
    "    fi\n"
    "    place=$((COMP_CWORD - at)),${COMP_WORDS[at]},${COMP_WORDS[at + 1]}\n"
    "    [[ $word != -* ]] || place=flag\n"
    "    case $place in\n";

/* For zsh the same script runs under bashcompinit, which has no mapfile. */
static void print_bash(void)
{
    fputs(bash_head, stdout);
    printf("    flag) list='");
    print_flags(" ");
    printf("' ;;\n    0,*) list='");
    print_nouns(" ");
    printf("' ;;\n");
    print_places();
    printf("    esac\n    COMPREPLY=($(compgen -W \"$list\" -- \"$word\"))\n"
           "}\ncomplete -F _aelpctl aelpctl aelp\n");
}

static void print_fish_arguments(const struct command *command)
{
    bool file = takes_path(command);
    if (!file && !strchr(command->args, '|'))
        return;
    printf("complete -c aelpctl -n '__fish_seen_subcommand_from %s' ",
           command->verb ? command->verb : command->noun);
    if (file) {
        puts("-F");
        return;
    }
    printf("-a '");
    print_choices(command->args);
    puts("'");
}

/* In single quotes, as fish reads them. */
static void print_quoted(const char *text)
{
    putchar('\'');
    for (; *text; text++) {
        if (strchr("'\\", *text))
            putchar('\\');
        putchar(*text);
    }
    putchar('\'');
}

static void print_fish(void)
{
    struct flags none = {0};
    size_t count, common;
    const struct flag *flags = cli_flags(&none, &count, &common);
    printf("complete -c aelpctl -f\n");
    for (size_t i = 0; i < command_count; i++) {
        if (is_first(i))
            printf("complete -c aelpctl -n __fish_use_subcommand -a %s\n", commands[i].noun);
        if (commands[i].verb) {
            printf("complete -c aelpctl -n '__fish_seen_subcommand_from %s' -a %s -d ",
                   commands[i].noun, commands[i].verb);
            print_quoted(commands[i].help);
            putchar('\n');
        }
        print_fish_arguments(&commands[i]);
    }
    for (size_t i = 0; i < count; i++)
        printf("complete -c aelpctl -l %s\n", flags[i].name);
}

int run_completion(struct cli *cli)
{
    const char *shell = cli->args[0];
    if (strcmp(shell, "fish") == 0)
        print_fish();
    else if (strcmp(shell, "bash") == 0)
        print_bash();
    else if (strcmp(shell, "zsh") == 0) {
        printf("autoload -U +X bashcompinit && bashcompinit\n");
        print_bash();
    } else
        return cli_fail(EXIT_USAGE, NULL, "completion: bash, zsh or fish, not %s", shell);
    return EXIT_DONE;
}
