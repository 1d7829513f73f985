#include "accounts.h"

#include "aelpctl_core_sql.h"
#include "ledger.h"
#include "show.h"

#include <stdio.h>
#include <string.h>

bool account_given(const struct cli *cli, char account[static ACCOUNT_TEXT])
{
    const char *given = cli->flags.account, *platform = cli->flags.platform;
    bool whole = given && (strchr(given, '/') || !platform);
    if (given)
        snprintf(account, ACCOUNT_TEXT, "%s%s%s", whole ? "" : platform, whole ? "" : "/", given);
    return given;
}

int run_accounts_list(struct cli *cli)
{
    static const char *const columns[] = {"id", "currency", "tz", "unit_micros", NULL};
    return show_list(cli, "/api/v1/accounts", columns, "no accounts yet");
}

int run_accounts_add(struct cli *cli)
{
    DB_ARGS args = {0};
    int64_t unit = 10000;
    if (cli->flags.unit && !cli_number(cli->flags.unit, 1, 1000000000, &unit))
        return cli_fail(EXIT_USAGE, NULL, "--unit: micros, such as 10000");
    db_arg_text(&args, cli->args[0]);
    db_arg_text(&args, cli->flags.currency);
    db_arg_text(&args, cli->flags.tz);
    db_arg_i64(&args, unit);
    db_arg_bool(&args, cli->flags.world);
    return ledger_admin_change(cli, SQL_SET_ACCOUNT, &args, "done");
}

int run_mode_set(struct cli *cli)
{
    DB_ARGS args = {0};
    if (strcmp(cli->args[1], "live") == 0
        && !cli_confirm(cli, "live lets changes reach the platform. Go on?"))
        return cli_fail(EXIT_ERROR, NULL, "nothing was done");
    db_arg_text(&args, cli->args[0]);
    db_arg_text(&args, cli->args[1]);
    return ledger_admin_change(cli, SQL_SET_MODE, &args, "done");
}
