#include "control.h"

#include "aelpctl_core_sql.h"
#include "api.h"
#include "ledger.h"
#include "mem.h"
#include "show.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

static const char levels_path[] = "/api/v1/control";

static void say_done(const char *scope, const char *level)
{
    const char *what = "go on";
    if (strcmp(level, "stop") == 0)
        what = "are stopped; two people resume";
    else if (strcmp(level, "freeze") == 0)
        what = "are frozen, and so are rollbacks; two people resume";
    if (strcmp(scope, "*") == 0)
        cli_say("all changes %s", what);
    else
        cli_say("changes of %s %s", scope, what);
}

static int set(struct cli *cli, struct db *db, const char *level)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    const char *scope = cli->arg_count ? cli->args[0] : "*";
    db_arg_text(&args, scope);
    db_arg_text(&args, level);
    db_arg_text(&args, cli->settings.token);
    db_arg_text(&args, cli->flags.reason ? cli->flags.reason : "");
    int code = ledger_query(db, SQL_SET_CONTROL, &args, &rows);
    if (code)
        return code;
    const char *result = db_text(rows, 0, 0), *sentence = db_text(rows, 0, 1);
    if (strcmp(result, "unknown") == 0)
        return cli_fail(EXIT_UNKNOWN, NULL, "%s", sentence);
    if (strcmp(result, "refused") == 0)
        return cli_fail(EXIT_REFUSED, "aelpctl whoami shows your roles", "refused: %s", sentence);
    if (strcmp(result, level) == 0)
        say_done(scope, level);
    else
        cli_say("%s", sentence);
    return EXIT_DONE;
}

/* What was sent before the stop may still arrive; it is shown so that nobody is surprised. */
static int show_in_flight(struct cli *cli, struct db *db)
{
    OWNED(PGresult) *rows = NULL;
    int code = ledger_query(db, SQL_IN_FLIGHT, NULL, &rows);
    if (!code)
        print_rows(cli, rows, "nothing is in flight");
    return code;
}

int run_kill(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    int code = ledger_open(cli->settings.ctl_url, "AELP2_CTL_URL", &db);
    if (!code)
        code = set(cli, db, cli->flags.freeze ? "freeze" : "stop");
    return code ? code : show_in_flight(cli, db);
}

int run_resume(struct cli *cli)
{
    OWNED(ledger) *db = NULL;
    if (!cli_confirm(cli, "Let changes go out again?"))
        return cli_fail(EXIT_ERROR, NULL, "nothing was done");
    int code = ledger_open(cli->settings.ctl_url, "AELP2_CTL_URL", &db);
    return code ? code : set(cli, db, "run");
}

int run_control(struct cli *cli)
{
    static const char *const columns[] = {"scope", "level", "since", "person", NULL};
    return show_list(cli, levels_path, columns, "nothing was ever said");
}

/* All, its kind, or an account of its effects, or that account's platform. */
static bool covers(const char *scope, const json_t *proposal)
{
    size_t length = strlen(scope);
    const json_t *effects = json_object_get(proposal, "effects");
    if (strcmp(scope, "*") == 0 || strcmp(scope, api_text(proposal, "kind")) == 0)
        return true;
    for (size_t i = 0; i < json_array_size(effects); i++) {
        const char *account = api_text(json_array_get(effects, i), "account");
        if (strncmp(scope, account, length) == 0 && strchr("/", account[length]))
            return true;
    }
    return false;
}

/* What lies before the platform waits under every level but run; the way back only when frozen. */
static bool holds(const char *level, const char *state)
{
    static const char *const before[] = {"proposed", "cleared", "approved"};
    if (strcmp(state, "rolling_back") == 0)
        return strcmp(level, "freeze") == 0;
    for (size_t i = 0; i < COUNT(before); i++)
        if (strcmp(state, before[i]) == 0)
            return strcmp(level, "run") != 0;
    return false;
}

bool control_say_wait(struct cli *cli, const json_t *proposal, const char *waits)
{
    OWNED(json_t) *page = NULL;
    if (!holds("freeze", api_text(proposal, "state")) || api_get(cli, levels_path, &page))
        return false;
    const json_t *items = json_object_get(page, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const char *scope = api_text(item, "scope"), *level = api_text(item, "level");
        const char *since = api_text(item, "since");
        if (!holds(level, api_text(proposal, "state")) || !covers(scope, proposal))
            continue;
        bool all = strcmp(scope, "*") == 0;
        cli_say("%s: kill switch is on (%s%s%s, since %.19s)", waits, level, all ? "" : " of ",
                all ? "" : scope, *since ? since : "ever");
        return true;
    }
    return false;
}
