#include "budgets.h"

#include "accounts.h"
#include "api.h"
#include "show.h"

#include <stdio.h>
#include <string.h>

/* A gateway that never came to an end would be asked for ever. */
enum { pages_max = 500 };

static bool is_name(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
    return strspn(text, letters) == strlen(text);
}

/* All pages' items. */
static int load(struct cli *cli, const char *query, json_t *items)
{
    char path[400], cursor[40] = "";
    int code = EXIT_DONE;
    for (int page = 0; !code && page < pages_max; page++) {
        OWNED(json_t) *answer = NULL;
        snprintf(path, sizeof path, "/api/v1/budgets?limit=200%s%s%s", query,
                 *cursor ? "&cursor=" : "", cursor);
        code = api_get(cli, path, &answer);
        json_array_extend(items, json_object_get(answer, "items"));
        snprintf(cursor, sizeof cursor, "%s", api_text(answer, "next_cursor"));
        if (!*cursor)
            break;
    }
    return code;
}

static const char *mark(const json_t *item, const char *member, const char *text)
{
    return json_is_true(json_object_get(item, member)) ? text : "";
}

/* What people must know before they propose a change of it. */
static void add_marks(json_t *item)
{
    char marks[80];
    bool daily = strcmp(api_text(item, "period"), "daily") == 0;
    snprintf(marks, sizeof marks, "%s%s%s%s", mark(item, "in_flight", ", in flight"),
             mark(item, "shared", ", shared"), mark(item, "paused", ", paused"),
             daily ? "" : ", not daily");
    json_object_set_new(item, "marks", json_string(*marks ? marks + 2 : ""));
}

int run_budgets_list(struct cli *cli)
{
    static const char *const columns[] = {"account", "target", "daily", "currency",
                                          "read_at", "marks",  "name",  NULL};
    char account[ACCOUNT_TEXT] = "", query[300];
    OWNED(json_t) *items = json_array();
    const char *platform = cli->flags.platform ? cli->flags.platform : "";
    (void)account_given(cli, account);
    if (!is_name(platform) || !is_name(account))
        return cli_fail(EXIT_USAGE, "aelpctl accounts list", "'%s' is no %s",
                        is_name(platform) ? account : platform,
                        is_name(platform) ? "account" : "platform");
    snprintf(query, sizeof query, "%s%s%s%s", *platform ? "&platform=" : "", platform,
             *account ? "&account=" : "", account);
    int code = load(cli, query, items);
    if (code)
        return code;
    for (size_t i = 0; i < json_array_size(items) && !cli->json; i++)
        add_marks(json_array_get(items, i));
    show_items(cli, items, columns,
               "no budget of your accounts was read yet (accounts list: which there are)");
    return EXIT_DONE;
}
