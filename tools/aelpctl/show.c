#include "show.h"

#include "api.h"
#include "control.h"
#include "mem.h"
#include "proposals.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

static void print_section(const struct cli *cli, const char *title, const json_t *items,
                          const char *const columns[], size_t count)
{
    struct table table = {.columns = count};
    if (json_array_size(items) == 0)
        return;
    memcpy(table.head, columns, count * sizeof *columns);
    for (size_t row = 0; row < json_array_size(items); row++)
        for (size_t i = 0; i < count; i++) {
            const json_t *value = json_object_get(json_array_get(items, row), columns[i]);
            char number[32], short_text[24];
            const char *text = json_is_string(value) ? json_string_value(value) : "";
            if (json_is_integer(value)) {
                snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
                text = number;
            } else if (json_is_boolean(value)) {
                text = json_is_true(value) ? "ok" : "no";
            } else if (strcmp(columns[i], "at") == 0 || strcmp(columns[i], "sent_at") == 0) {
                snprintf(short_text, 20, "%s", text);
                text = short_text;
            } else if (strcmp(columns[i], "person") == 0) {
                snprintf(short_text, 9, "%s", text);
                text = short_text;
            }
            table_add(&table, text);
        }
    printf("\n%s\n", title);
    table_print(cli, &table);
    table_done(&table);
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
    static const char *const verdict[] = {"rule", "passed", "sentence"};
    static const char *const decision[] = {"at", "person", "verdict", "surface"};
    static const char *const event[] = {"at", "version", "event", "person", "note"};
    static const char *const attempt[] = {"fence", "back", "sent_at", "outcome", "evidence"};
    if (cli->json) {
        print_json(proposal);
        return;
    }
    printf("%s\n\nid        %s\nstate     %s (%s)\n", api_text(proposal, "headline"),
           api_text(proposal, "id"), api_text(proposal, "state"), api_text(proposal, "mode"));
    print_why(proposal);
    if (*api_text(proposal, "note"))
        printf("note      %s\n", api_text(proposal, "note"));
    printf("expires   %.19s\nhash      %s\n", api_text(proposal, "expires_at"),
           api_text(proposal, "hash"));
    print_section(cli, "Guardrails", json_object_get(proposal, "verdicts"), verdict,
                  COUNT(verdict));
    print_section(cli, "Decisions", json_object_get(proposal, "decisions"), decision,
                  COUNT(decision));
    print_section(cli, "Events", json_object_get(proposal, "events"), event, COUNT(event));
    print_section(cli, "Attempts", json_object_get(proposal, "attempts"), attempt, COUNT(attempt));
}

int run_show(struct cli *cli)
{
    OWNED(json_t) *proposal = NULL;
    int code = api_show(cli, cli->args[0], &proposal);
    if (code)
        return code;
    show_print(cli, proposal);
    (void)control_say_wait(cli, proposal, "waits"); /* said or not, it was shown */
    return EXIT_DONE;
}
