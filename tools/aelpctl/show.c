#include "show.h"

#include "api.h"
#include "mem.h"
#include "proposals.h"
#include "table.h"
#include "uuid.h"

#include <stdio.h>
#include <string.h>

/* The first 13 characters of a proposal's id hold the millisecond. */
enum { id_shown = 13, time_shown = 19 };

static bool is_time(const char *column)
{
    size_t length = strlen(column);
    return length >= 2 && strcmp(column + length - 2, "at") == 0;
}

/* Who did it, by name; where there is none, by the beginning of the id. */
static void write_by(const json_t *item, char *text, size_t size)
{
    const char *name = api_text(item, "name"), *person = api_text(item, "person");
    snprintf(text, size, "%.*s", *name ? 200 : 8, *name ? name : *person ? person : "nobody");
}

/* A member as people read it: times to the second, people by name and the beginning of their id. */
static void write_cell(const json_t *item, const char *column, char *text, size_t size)
{
    const json_t *value = json_object_get(item, column);
    const char *plain = api_text(item, column);
    struct uuid id;
    if (json_is_integer(value))
        snprintf(text, size, "%lld", (long long)json_integer_value(value));
    else if (json_is_boolean(value))
        snprintf(text, size, "%s", json_is_true(value) ? "ok" : "no");
    else if (is_time(column))
        snprintf(text, size, "%.*s", time_shown, plain);
    else if (strcmp(column, "id") == 0 && uuid_parse(plain, &id))
        snprintf(text, size, "%.*s", id_shown, plain);
    else if (strcmp(column, "since") == 0)
        snprintf(text, size, "%.*s", time_shown, *plain ? plain : "ever");
    else if (strcmp(column, "by") == 0)
        write_by(item, text, size);
    else if (strcmp(column, "person") == 0)
        snprintf(text, size, "%s%s%.8s", api_text(item, "name"), *api_text(item, "name") ? " " : "",
                 plain);
    else
        snprintf(text, size, "%s", plain);
}

static void print_items(const struct cli *cli, const json_t *items, const char *const columns[])
{
    char text[4 * 4000 + 1]; /* a note has 4000 characters */
    struct table table = {0};
    for (const char *const *column = columns; *column; column++)
        table.head[table.columns++] = *column;
    for (size_t row = 0; row < json_array_size(items); row++)
        for (const char *const *column = columns; *column; column++) {
            write_cell(json_array_get(items, row), *column, text, sizeof text);
            table_add(&table, text);
        }
    table_print(cli, &table);
    table_done(&table);
}

void show_items(const struct cli *cli, const json_t *items, const char *const columns[],
                const char *none)
{
    if (cli->json)
        print_json(items);
    else if (json_array_size(items) == 0)
        cli_say("%s", none);
    else
        print_items(cli, items, columns);
}

int show_list(struct cli *cli, const char *path, const char *const columns[], const char *none)
{
    OWNED(json_t) *page = NULL;
    int code = api_get(cli, path, &page);
    if (!code)
        show_items(cli, json_object_get(page, "items"), columns, none);
    return code;
}

static void print_section(const struct cli *cli, const char *title, const json_t *items,
                          const char *const columns[])
{
    if (json_array_size(items) == 0)
        return;
    printf("\n%s\n", title);
    print_items(cli, items, columns);
}

static void print_why(const json_t *proposal)
{
    const json_t *verdicts = json_object_get(proposal, "verdicts");
    for (size_t i = 0; i < json_array_size(verdicts); i++) {
        const json_t *verdict = json_array_get(verdicts, i);
        if (json_is_false(json_object_get(verdict, "passed")))
            printf("why       %s\n", api_text(verdict, "sentence"));
    }
}

void show_print(const struct cli *cli, const json_t *proposal)
{
    static const char *const verdict[] = {"rule", "passed", "sentence", NULL};
    static const char *const decision[] = {"id",      "at",          "person", "verdict",
                                           "surface", "disowned_at", NULL};
    static const char *const refusal[] = {"at",       "person", "door", "surface",
                                          "sentence", "more",   NULL};
    static const char *const event[] = {"at", "version", "event", "person", "note", NULL};
    static const char *const attempt[] = {"fence", "back", "sent_at", "outcome", "evidence", NULL};
    if (cli->json) {
        print_json(proposal);
        return;
    }
    printf("%s\n\nid        %s\nstate     %s (%s)\n", api_text(proposal, "headline"),
           api_text(proposal, "id"), api_text(proposal, "state"), api_text(proposal, "mode"));
    print_why(proposal);
    if (*api_text(proposal, "note"))
        printf("note      %s\n", api_text(proposal, "note"));
    if (*api_text(proposal, "proposer"))
        printf("by        %s %.8s\n", api_text(proposal, "proposer_name"),
               api_text(proposal, "proposer"));
    printf("expires   %.19s\nhash      %s\n", api_text(proposal, "expires_at"),
           api_text(proposal, "hash"));
    print_section(cli, "Guardrails", json_object_get(proposal, "verdicts"), verdict);
    print_section(cli, "Decisions", json_object_get(proposal, "decisions"), decision);
    print_section(cli, "Events", json_object_get(proposal, "events"), event);
    print_section(cli, "Attempts", json_object_get(proposal, "attempts"), attempt);
    print_section(cli, "Refused", json_object_get(proposal, "refusals"), refusal);
}

const char *show_why(const json_t *proposal)
{
    return api_text(json_object_get(proposal, "waits"), "why");
}

void show_wait(const json_t *proposal, const char *waits)
{
    if (*show_why(proposal))
        cli_say("%s: %s", waits, show_why(proposal));
}

int run_show(struct cli *cli)
{
    OWNED(json_t) *proposal = NULL;
    int code = api_show(cli, cli->args[0], &proposal);
    if (code)
        return code;
    show_print(cli, proposal);
    show_wait(proposal, "waits");
    return EXIT_DONE;
}
