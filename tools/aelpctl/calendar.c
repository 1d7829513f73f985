#include "calendar.h"

#include "aelpctl_core_sql.h"
#include "ledger.h"
#include "table.h"

#include <string.h>

static int list(struct cli *cli, const char *sql, const char *none)
{
    OWNED(ledger) *db = NULL;
    OWNED(PGresult) *rows = NULL;
    int code = ledger_open(cli->settings.ctl_url, "AELP2_CTL_URL", &db);
    if (!code)
        code = ledger_query(db, sql, NULL, &rows);
    if (code)
        return code;
    if (PQntuples(rows) == 0)
        cli_say("%s", none);
    if (PQntuples(rows) > 0 || cli->json)
        print_rows(cli, rows);
    return EXIT_DONE;
}

/* A door that answers a result and a sentence. */
static int ask(struct cli *cli, const char *sql, const struct db_args *args)
{
    OWNED(ledger) *db = NULL;
    OWNED(PGresult) *rows = NULL;
    int code = ledger_open(cli->settings.ctl_url, "AELP2_CTL_URL", &db);
    if (!code)
        code = ledger_query(db, sql, args, &rows);
    if (code)
        return code;
    if (strcmp(db_text(rows, 0, 0), "refused") == 0)
        return cli_fail(EXIT_REFUSED, NULL, "refused: %s", db_text(rows, 0, 1));
    cli_say("%s", db_text(rows, 0, 1));
    return EXIT_DONE;
}

static int ask_of_id(struct cli *cli, const char *sql)
{
    DB_ARGS args = {0};
    int64_t id;
    if (!cli_number(cli->args[0], 1, INT64_MAX, &id))
        return cli_fail(EXIT_USAGE, NULL, "'%s' is not a number, as lists show it", cli->args[0]);
    db_arg_i64(&args, id);
    db_arg_text(&args, cli->settings.token);
    return ask(cli, sql, &args);
}

int run_calendar_list(struct cli *cli)
{
    return list(cli, SQL_CALENDAR_LIST, "nothing is locked, now or later");
}

int run_calendar_lock(struct cli *cli)
{
    DB_ARGS args = {0};
    db_arg_text(&args, cli->arg_count ? cli->args[0] : "*");
    db_arg_text(&args, cli->flags.from);
    db_arg_text(&args, cli->flags.to);
    db_arg_text(&args, cli->flags.reason);
    db_arg_text(&args, cli->settings.token);
    return ask(cli, SQL_CALENDAR_LOCK, &args);
}

int run_calendar_unlock(struct cli *cli)
{
    if (!cli_confirm(cli, "Let changes begin again?"))
        return cli_fail(EXIT_ERROR, NULL, "nothing was done");
    return ask_of_id(cli, SQL_CALENDAR_UNLOCK);
}

int run_ramp_list(struct cli *cli)
{
    return list(cli, SQL_RAMP_LIST, "no ramp is set, now or later");
}

int run_ramp_set(struct cli *cli)
{
    DB_ARGS args = {0};
    int64_t drift, account_drift;
    if (!cli_number(cli->flags.drift, 0, 200, &drift)
        || !cli_number(cli->flags.account_drift, 0, 200, &account_drift))
        return cli_fail(EXIT_USAGE, NULL, "--drift and --account-drift: percent, 0 to 200");
    db_arg_text(&args, cli->args[0]);
    db_arg_text(&args, cli->flags.target ? cli->flags.target : "");
    db_arg_text(&args, cli->flags.from);
    db_arg_text(&args, cli->flags.to);
    db_arg_i32(&args, (int32_t)drift * 100);
    db_arg_i32(&args, (int32_t)account_drift * 100);
    db_arg_text(&args, cli->settings.token);
    db_arg_text(&args, cli->flags.reason ? cli->flags.reason : "");
    return ask(cli, SQL_RAMP_SET, &args);
}

int run_ramp_end(struct cli *cli)
{
    return ask_of_id(cli, SQL_RAMP_END);
}
