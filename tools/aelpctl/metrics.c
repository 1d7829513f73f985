#include "metrics.h"

#include "aelpctl_core_sql.h"
#include "ledger.h"
#include "show.h"
#include "table.h"

int run_metrics_list(struct cli *cli)
{
    static const char *const columns[] = {"id", "numerator", "denominator", "unit", "use", NULL};
    DB_ARGS args = {0};
    return ledger_ctl_table(cli, SQL_METRICS_LIST, &args, columns, "nothing is defined");
}

int run_metrics_show(struct cli *cli)
{
    static const char *const columns[] = {"version", "name",   "numerator", "denominator",
                                          "clock",   "window", "maturity",  "unit",
                                          "use",     NULL};
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_arg_text(&args, cli->args[0]);
    int code = ledger_ctl(cli, SQL_METRICS_SHOW, &args, &rows);
    if (code)
        return code;
    if (PQntuples(rows) == 0)
        return cli_fail(EXIT_UNKNOWN, "aelpctl metrics list", "there is no metric '%s'",
                        cli->args[0]);
    OWNED(json_t) *items = rows_json(rows);
    show_items(cli, items, columns, "");
    return EXIT_DONE;
}
