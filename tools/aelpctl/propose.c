/* Proposing, and the guardrails' answer, which mostly comes at once. */
#include "proposals.h"

#include "accounts.h"
#include "api.h"
#include "mem.h"
#include "table.h"
#include "uuid.h"
#include "watch.h"

#include <stdio.h>
#include <string.h>

static const int64_t answer_wait_ms = 10000;

/* The only account of the platform, when none is named. */
static int find_account(struct cli *cli, char account[static ACCOUNT_TEXT])
{
    OWNED(json_t) *page = NULL;
    const char *platform = cli->flags.platform;
    size_t found = 0;
    if (account_given(cli, account))
        return EXIT_DONE;
    if (!platform)
        return cli_fail(EXIT_USAGE, NULL, "proposals propose budget needs --platform");
    int code = api_get(cli, "/api/v1/accounts", &page);
    if (code)
        return code;
    const json_t *items = json_object_get(page, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        if (strcmp(api_text(item, "platform"), platform) != 0)
            continue;
        snprintf(account, ACCOUNT_TEXT, "%s", api_text(item, "id"));
        found++;
    }
    if (found == 1)
        return EXIT_DONE;
    return cli_fail(found ? EXIT_USAGE : EXIT_UNKNOWN, "aelpctl accounts list",
                    found ? "%s has several accounts: name one with --account"
                          : "there is no account of the platform %s",
                    platform);
}

static int add_budget(struct cli *cli, json_t *body)
{
    char account[ACCOUNT_TEXT];
    if (!cli->flags.target || !cli->flags.daily)
        return cli_fail(EXIT_USAGE, NULL, "proposals propose budget needs --target and --daily");
    int code = find_account(cli, account);
    if (code)
        return code;
    json_object_set_new(body, "kind", json_string("budget.change"));
    json_t *effect = json_object(), *effects = json_array();
    json_object_set_new(effect, "account", json_string(account));
    json_object_set_new(effect, "target", json_string(cli->flags.target));
    json_object_set_new(effect, "daily", json_string(cli->flags.daily));
    json_array_append_new(effects, effect);
    json_object_set_new(body, "effects", effects);
    return EXIT_DONE;
}

static int fill(struct cli *cli, json_t *body)
{
    int64_t ttl_s = 0;
    if (!cli->flags.reason || !*cli->flags.reason)
        return cli_fail(EXIT_USAGE, "the approvers read it", "proposals propose needs --reason");
    json_object_set_new(body, "note", json_string(cli->flags.reason));
    if (cli->flags.ttl && !cli_number(cli->flags.ttl, 60, 604800, &ttl_s))
        return cli_fail(EXIT_USAGE, NULL, "--ttl: seconds, 60 to 604800");
    if (cli->flags.ttl)
        json_object_set_new(body, "ttl_s", json_integer(ttl_s));
    if (strcmp(cli->args[0], "budget") == 0)
        return add_budget(cli, body);
    if (strcmp(cli->args[0], "note") != 0)
        return cli_fail(EXIT_USAGE, NULL, "proposals propose: budget or note, not %s",
                        cli->args[0]);
    json_object_set_new(body, "kind", json_string("noop.note"));
    return EXIT_DONE;
}

int run_propose(struct cli *cli)
{
    char key[UUID_TEXT];
    OWNED(json_t) *body = json_object(), *made = NULL;
    struct uuid random = uuid_random();
    uuid_text(&random, key);
    int code = fill(cli, body);
    if (code)
        return code;
    const struct api_request request = {
        .method = "POST",
        .path = "/api/v1/proposals",
        .body = body,
        .idempotency = cli->flags.key ? cli->flags.key : key,
    };
    code = api_call(cli, &request, &made);
    if (code)
        return code;
    if (!cli->flags.no_wait)
        return watch_judged(cli, api_text(made, "id"), answer_wait_ms);
    if (cli->json)
        print_json(made);
    else
        printf("%s\n", api_text(made, "id"));
    return EXIT_DONE;
}
