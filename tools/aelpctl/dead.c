#include "dead.h"

#include "aelpctl_core_sql.h"
#include "ledger.h"
#include "table.h"

#include <stdio.h>

int run_dead_list(struct cli *cli)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    int64_t limit = 50;
    if (cli->flags.limit && !cli_number(cli->flags.limit, 1, 1000, &limit))
        return cli_fail(EXIT_USAGE, NULL, "--limit: 1 to 1000");
    db_arg_i32(&args, (int32_t)limit);
    int code = ledger_admin(cli, SQL_DEAD_LIST, &args, &rows);
    if (!code)
        print_rows(cli, rows, "no dead letters");
    return code;
}

int run_dead_replay(struct cli *cli)
{
    OWNED(PGresult) *rows = NULL;
    DB_ARGS args = {0};
    db_array_open(&args, db_type_i64);
    for (size_t i = 0; i < cli->arg_count; i++) {
        int64_t id;
        if (!cli_number(cli->args[i], 1, INT64_MAX, &id))
            return cli_fail(EXIT_USAGE, "aelpctl dead list", "'%s' is not the id of a dead letter",
                            cli->args[i]);
        db_arg_i64(&args, id);
    }
    db_array_close(&args);
    int code = ledger_admin(cli, SQL_DEAD_REPLAY, &args, &rows);
    if (code)
        return code;
    int32_t count = db_i32(rows, 0, 0);
    if (count == 0)
        return cli_fail(EXIT_UNKNOWN, "aelpctl dead list", "there is none of these");
    cli_say("%d said again", count);
    return EXIT_DONE;
}
