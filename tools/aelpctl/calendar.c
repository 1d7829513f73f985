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

int run_calendar_days(struct cli *cli)
{
    static const char *const columns[] = {"from", "to", "kind", "scope", "name", "id", NULL};
    DB_ARGS args = {0};
    db_arg_text(&args, cli->flags.from);
    db_arg_text(&args, cli->flags.to);
    return ledger_ctl_table(cli, SQL_CALENDAR_DAYS, &args, columns, "no such days");
}

int run_calendar_add(struct cli *cli)
{
    DB_ARGS args = {0};
    db_arg_text(&args, cli->args[0]);
    db_arg_text(&args, cli->args[1]);
    db_arg_text(&args, cli->flags.from);
    db_arg_text(&args, cli->flags.to);
    db_arg_text(&args, cli->args[2]);
    db_arg_text(&args, cli->settings.token);
    return ledger_ctl_ask(cli, SQL_CALENDAR_ADD, &args);
}

int run_calendar_remove(struct cli *cli)
{
    return ledger_ctl_ask_of_id(cli, SQL_CALENDAR_REMOVE);
}
