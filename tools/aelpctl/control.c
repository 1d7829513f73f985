#include "control.h"

#include "aelpctl_core_sql.h"
#include "ledger.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

static int set(struct cli *cli, struct db *db, const char *level)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, cli->arg_count ? cli->args[0] : "*");
    db_arg_text(&args, level);
    db_arg_text(&args, cli->settings.token);
    db_arg_text(&args, cli->flags.reason ? cli->flags.reason : "");
    int code = ledger_query(db, SQL_SET_CONTROL, &args, &rows);
    if (code)
        return code;
    const char *sentence = db_text(rows, 0, 1);
    if (strcmp(db_text(rows, 0, 0), "refused") == 0)
        return cli_fail(EXIT_REFUSED, "aelpctl whoami shows your roles", "refused: %s", sentence);
    cli_say("%s", sentence);
    return EXIT_DONE;
}

/* What was sent before the stop may still arrive; it is shown so that nobody is surprised. */
static int show_in_flight(struct cli *cli, struct db *db)
{
    OWNED(PGresult) *rows = NULL;
    int code = ledger_query(db, SQL_IN_FLIGHT, NULL, &rows);
    if (code)
        return code;
    if (PQntuples(rows) == 0)
        cli_say("nothing is in flight");
    if (PQntuples(rows) > 0 || cli->json)
        print_rows(cli, rows);
    return EXIT_DONE;
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
