#include "calendar.h"

#include "aelpctl_core_sql.h"
#include "ledger.h"

int run_calendar_list(struct cli *cli)
{
    static const char *const columns[] = {"id", "scope", "from", "to", "reason", "by", NULL};
    return ledger_ctl_list(cli, SQL_CALENDAR_LIST, columns, "nothing is locked, now or later");
}

int run_calendar_lock(struct cli *cli)
{
    DB_ARGS args = {0};
    db_arg_text(&args, cli->arg_count ? cli->args[0] : "*");
    db_arg_text(&args, cli->flags.from);
    db_arg_text(&args, cli->flags.to);
    db_arg_text(&args, cli->flags.reason);
    db_arg_text(&args, cli->settings.token);
    return ledger_ctl_ask(cli, SQL_CALENDAR_LOCK, &args);
}

int run_calendar_unlock(struct cli *cli)
{
    if (!cli_confirm(cli, "Let changes begin again?"))
        return cli_fail(EXIT_ERROR, NULL, "nothing was done");
    return ledger_ctl_ask_of_id(cli, SQL_CALENDAR_UNLOCK);
}
