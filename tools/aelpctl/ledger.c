#include "ledger.h"

#include "show.h"
#include "table.h"

#include <string.h>

/* Class 22 is about what was typed, and a sentence of its own: its code says nothing more. */
static const char *plain(const char *text)
{
    static const char prefix[] = "postgres 22xxx: ";
    return strncmp(text, prefix, strlen("postgres 22")) == 0 ? text + strlen(prefix) : text;
}

static int failed(const struct err *err)
{
    if (err->kind == ERR_RETRY)
        return cli_fail(EXIT_UNREACHABLE, "./aelp status shows what runs", "%s", err->text);
    return cli_fail(err->kind == ERR_REJECT ? EXIT_USAGE : EXIT_ERROR, NULL, "%s",
                    plain(err->text));
}

int ledger_open(const char *url, const char *name, struct db **ret_db)
{
    struct err err = {0};
    if (!*url)
        return cli_fail(EXIT_USAGE, "./aelp ctl sets it for you", "%s or %s_FILE is not set", name,
                        name);
    return db_open(ret_db, url, "aelpctl", &err) ? EXIT_DONE : failed(&err);
}

int ledger_query(struct db *db, const char *sql, const struct db_args *args, PGresult **ret_rows)
{
    struct err err = {0};
    return db_query(db, sql, args, ret_rows, &err) ? EXIT_DONE : failed(&err);
}

static int run_as(const char *url, const char *name, const char *sql, const struct db_args *args,
                  PGresult **ret_rows)
{
    OWNED(ledger) *db = NULL;
    int code = ledger_open(url, name, &db);
    return code ? code : ledger_query(db, sql, args, ret_rows);
}

int ledger_admin(const struct cli *cli, const char *sql, const struct db_args *args,
                 PGresult **ret_rows)
{
    return run_as(cli->settings.admin_url, "AELP2_ADMIN_URL", sql, args, ret_rows);
}

int ledger_ctl(const struct cli *cli, const char *sql, const struct db_args *args,
               PGresult **ret_rows)
{
    return run_as(cli->settings.ctl_url, "AELP2_CTL_URL", sql, args, ret_rows);
}

int ledger_ctl_table(struct cli *cli, const char *sql, const struct db_args *args,
                     const char *const columns[], const char *none)
{
    OWNED(PGresult) *rows = NULL;
    int code = ledger_ctl(cli, sql, args, &rows);
    if (code)
        return code;
    OWNED(json_t) *items = rows_json(rows);
    show_items(cli, items, columns, none);
    return EXIT_DONE;
}

int ledger_ctl_list(struct cli *cli, const char *sql, const char *const columns[], const char *none)
{
    DB_ARGS args = {0};
    db_arg_text(&args, cli->settings.token);
    return ledger_ctl_table(cli, sql, &args, columns, none);
}

static const char *hint_of(const char *sentence)
{
    bool unknown = strncmp(sentence, "account: there is no ", 21) == 0;
    return unknown ? "aelpctl budgets list" : NULL;
}

int ledger_ctl_ask(struct cli *cli, const char *sql, const struct db_args *args)
{
    OWNED(PGresult) *rows = NULL;
    int code = ledger_ctl(cli, sql, args, &rows);
    if (code)
        return code;
    const char *sentence = db_text(rows, 0, 1);
    if (strcmp(db_text(rows, 0, 0), "refused") == 0)
        return cli_fail(EXIT_REFUSED, hint_of(sentence), "refused: %s", sentence);
    if (strcmp(db_text(rows, 0, 0), "unknown") == 0)
        return cli_fail(EXIT_UNKNOWN, NULL, "%s", sentence);
    cli_say("%s", sentence);
    return EXIT_DONE;
}

int ledger_ctl_ask_of_id(struct cli *cli, const char *sql)
{
    DB_ARGS args = {0};
    int64_t id;
    if (!cli_number(cli->args[0], 1, INT64_MAX, &id))
        return cli_fail(EXIT_USAGE, NULL, "'%s' is not a number, as lists show it", cli->args[0]);
    db_arg_i64(&args, id);
    db_arg_text(&args, cli->settings.token);
    return ledger_ctl_ask(cli, sql, &args);
}

int ledger_admin_change(const struct cli *cli, const char *sql, const struct db_args *args,
                        const char *said)
{
    OWNED(PGresult) *rows = NULL;
    int code = ledger_admin(cli, sql, args, &rows);
    if (!code)
        cli_say("%s", said);
    return code;
}
