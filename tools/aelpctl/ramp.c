#include "ramp.h"

#include "aelpctl_core_sql.h"
#include "ledger.h"

int run_ramp_list(struct cli *cli)
{
    static const char *const columns[] = {"id",    "account",       "target", "from", "to",
                                          "drift", "account_drift", "by",     NULL};
    return ledger_ctl_list(cli, SQL_RAMP_LIST, columns, "no ramp is set, now or later");
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
    return ledger_ctl_ask(cli, SQL_RAMP_SET, &args);
}

int run_ramp_end(struct cli *cli)
{
    return ledger_ctl_ask_of_id(cli, SQL_RAMP_END);
}
