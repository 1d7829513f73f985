#include "mine.h"

#include "api.h"
#include "folder.h"
#include "mem.h"
#include "show.h"
#include "table.h"
#include "uuid.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { said_max = 5, line_text = API_ID + 24, kept_bytes_max = 64 * 1024 };

static const char decisions_path[] = "/api/v1/me/decisions";
static const char disown_question[] =
    "Not you? These proposals are rejected and everything is frozen until two people resume.";

int run_mine(struct cli *cli)
{
    static const char *const columns[] = {"id",          "at",       "verdict", "surface",
                                          "disowned_at", "headline", NULL};
    return show_list(cli, decisions_path, columns,
                     "nothing was decided in your name in the last 7 days");
}

static int print_answers(const struct cli *cli, const json_t *items)
{
    int code = EXIT_DONE;
    if (cli->json)
        print_json(items);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        if (!cli->json)
            printf("%" PRId64 ": %s\n", api_int(item, "decision"), api_text(item, "sentence"));
        if (strcmp(api_text(item, "result"), "refused") == 0)
            code = EXIT_REFUSED;
    }
    return code;
}

int run_disown(struct cli *cli)
{
    OWNED(json_t) *body = json_object(), *answer = NULL;
    json_t *ids = json_array();
    int64_t id;
    json_object_set_new(body, "decisions", ids);
    for (size_t i = 0; i < cli->arg_count; i++) {
        if (!cli_number(cli->args[i], 1, INT64_MAX, &id))
            return cli_fail(EXIT_USAGE, "aelpctl proposals mine", "'%s' is no decision's number",
                            cli->args[i]);
        json_array_append_new(ids, json_integer(id));
    }
    if (!cli_confirm(cli, disown_question))
        return cli_fail(EXIT_ERROR, NULL, "nothing was done");
    int code = api_call(
        cli,
        &(struct api_request){.method = "POST", .path = "/api/v1/me/disownments", .body = body},
        &answer);
    return code ? code : print_answers(cli, json_object_get(answer, "items"));
}

/* "" when there is no place for it. */
static void state_path(const char *person, char *path, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    path[0] = '\0';
    if (state && *state)
        snprintf(path, size, "%s/aelp2/told-%s", state, person);
    else if (home && *home)
        snprintf(path, size, "%s/.local/state/aelp2/told-%s", home, person);
}

static void read_told(const char *path, struct buffer *ret_told)
{
    char line[line_text];
    FILE *file = *path ? fopen(path, "re") : NULL;
    buffer_add_text(ret_told, "\n");
    while (file && fgets(line, sizeof line, file) && ret_told->length < kept_bytes_max)
        buffer_add_text(ret_told, line);
    if (file)
        fclose(file);
}

/* What can't be kept is said again next time. */
static void write_told(char *path, const struct buffer *told)
{
    folder_make_above(path, 0700);
    FILE *file = *path ? fopen(path, "we") : NULL;
    if (!file)
        return;
    (void)fwrite(told->data, 1, told->length, file);
    fclose(file);
}

static const char *surface_name(const char *role)
{
    return strcmp(role, "aelp_slack_bridge") == 0 ? "in Slack" : "on the web or by a command line";
}

static const char *verdict_done(const char *verdict)
{
    return strcmp(verdict, "approve") == 0 ? "approved"
        : strcmp(verdict, "reject") == 0   ? "rejected"
        : strcmp(verdict, "withdraw") == 0 ? "withdrew your approval of"
                                           : verdict;
}

/* Not told in Slack, not taken back, not said here, not done by this very command. */
static bool is_news(const struct cli *cli, const json_t *item, const char *line,
                    const struct buffer *told)
{
    char whole[line_text + 2], decided[sizeof cli->decided];
    snprintf(whole, sizeof whole, "\n%s\n", line);
    snprintf(decided, sizeof decided, "%s %s", api_text(item, "proposal"),
             api_text(item, "verdict"));
    return !*api_text(item, "told_at") && !*api_text(item, "disowned_at")
        && strcmp(decided, cli->decided) != 0 && !strstr((const char *)told->data, whole);
}

static void say(const json_t *const news[], size_t count)
{
    for (size_t i = 0; i < count && i < said_max; i++)
        cli_say("%s, %.16s UTC: you %s: %s", surface_name(api_text(news[i], "surface")),
                api_text(news[i], "at"), verdict_done(api_text(news[i], "verdict")),
                api_text(news[i], "headline"));
    if (count > said_max)
        cli_say("and %zu more: %s proposals mine", count - said_max, cli_command());
    cli_print(stderr, "  not you? aelpctl proposals disown");
    for (size_t i = 0; i < count && i < said_max; i++)
        fprintf(stderr, " %" PRId64, api_int(news[i], "id"));
    fputs("\n", stderr);
}

void mine_tell(struct cli *cli)
{
    char path[600], line[line_text];
    BUFFER told = {0};
    BUFFER now = {0};
    const json_t *news[200], *items;
    struct uuid person; /* which is part of a path */
    size_t count = 0;
    OWNED(json_t) *page = NULL;
    if (cli->json || !isatty(STDERR_FILENO) || api_get(cli, decisions_path, &page)
        || !uuid_parse(api_text(page, "person"), &person))
        return;
    items = json_object_get(page, "items");
    state_path(api_text(page, "person"), path, sizeof path);
    read_told(path, &told);
    for (size_t i = 0; i < json_array_size(items) && count < COUNT(news); i++) {
        const json_t *item = json_array_get(items, i);
        snprintf(line, sizeof line, "%s %" PRId64, api_text(item, "proposal"), api_int(item, "id"));
        if (is_news(cli, item, line, &told))
            news[count++] = item;
        buffer_format(&now, "%s\n", line);
    }
    if (count > 0 && cli->command->run != run_mine) /* which has just listed them */
        say(news, count);
    if (now.length > 0)
        write_told(path, &now);
}
