#include "control.h"

#include "aelpctl_core_sql.h"
#include "ledger.h"
#include "show.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

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
    static const char *const columns[] = {"scope", "level", "since", "by", NULL};
    return show_list(cli, "/api/v1/control", columns, "nothing was ever said");
}
