/* Listing and deciding; proposing is in propose.c, showing in show.c. */
#include "proposals.h"

#include "api.h"
#include "show.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

int run_list(struct cli *cli)
{
    static const char *const columns[] = {"id",         "state",    "kind", "mode",
                                          "created_at", "headline", NULL};
    char path[200], none[80] = "no proposals yet";
    const char *state = cli->flags.state, *limit = cli->flags.limit ? cli->flags.limit : "20";
    snprintf(path, sizeof path, "/api/v1/proposals?limit=%.10s%s%.40s", limit,
             state ? "&state=" : "", state ? state : "");
    if (state)
        snprintf(none, sizeof none, "no proposals that are %.40s", state);
    return show_list(cli, path, columns, none);
}

/* "" where it is no decision. */
static const char *verdict_of(const char *action)
{
    return strcmp(action, "approvals") == 0  ? "approve"
        : strcmp(action, "rejections") == 0  ? "reject"
        : strcmp(action, "withdrawals") == 0 ? "withdraw"
                                             : "";
}

/* The proposal as it is now, whose hash the decision binds; asks, then posts to `action`. */
static int act(struct cli *cli, const char *action, const char *outcome, const char *question)
{
    char path[100];
    OWNED(json_t) *proposal = NULL, *answer = NULL;
    int code = api_show(cli, cli->args[0], &proposal);
    if (code)
        return code;
    cli_say("%s", api_text(proposal, "headline"));
    if (strcmp(action, "approvals") == 0)
        show_wait(proposal, "it will wait"); /* which stops nobody */
    if (question && !cli_confirm(cli, question))
        return cli_fail(EXIT_ERROR, NULL, "nothing was done");
    OWNED(json_t) *body = json_object();
    if (cli->flags.reason)
        json_object_set_new(body, "reason", json_string(cli->flags.reason));
    if (outcome)
        json_object_set_new(body, "outcome", json_string(outcome));
    snprintf(path, sizeof path, "/api/v1/proposals/%s/%s", api_text(proposal, "id"), action);
    const struct api_request request = {
        .method = "POST",
        .path = path,
        .body = body,
        .if_match = api_text(proposal, "hash"),
    };
    code = api_call(cli, &request, &answer);
    if (code)
        return code;
    snprintf(cli->decided, sizeof cli->decided, "%s %s", api_text(proposal, "id"),
             verdict_of(action));
    if (cli->json)
        print_json(answer);
    else
        printf("%s\n", api_text(answer, "sentence"));
    return EXIT_DONE;
}

int run_approve(struct cli *cli)
{
    return act(cli, "approvals", NULL, "Approve this?");
}

int run_reject(struct cli *cli)
{
    return act(cli, "rejections", NULL, NULL);
}

int run_withdraw(struct cli *cli)
{
    return act(cli, "withdrawals", NULL, NULL);
}

int run_cancel(struct cli *cli)
{
    return act(cli, "cancel", NULL, NULL);
}

int run_resolve(struct cli *cli)
{
    const char *outcome = cli->flags.outcome;
    if (strcmp(outcome, "not-applied") == 0)
        outcome = "not_applied";
    return act(cli, "resolve", outcome, "Say so for good?");
}

int run_rollback(struct cli *cli)
{
    return act(cli, "rollback", NULL, "Put back what was before?");
}

int run_whoami(struct cli *cli)
{
    OWNED(json_t) *me = NULL;
    int code = api_get(cli, "/api/v1/me", &me);
    if (code)
        return code;
    if (cli->json) {
        print_json(me);
        return EXIT_DONE;
    }
    const json_t *roles = json_object_get(me, "roles");
    printf("person  %s\nroles  ", api_text(me, "person"));
    for (size_t i = 0; i < json_array_size(roles); i++)
        printf(" %s", json_string_value(json_array_get(roles, i)));
    printf("\nat      %s\n", cli->settings.url);
    return EXIT_DONE;
}
