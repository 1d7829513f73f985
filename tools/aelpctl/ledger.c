#include "ledger.h"

#include <string.h>

/* Class 22 is about what was typed, and a sentence of its own: its code says nothing more. */
static const char *sentence(const char *text)
{
    static const char prefix[] = "postgres 22xxx: ";
    return strncmp(text, prefix, strlen("postgres 22")) == 0 ? text + strlen(prefix) : text;
}

static int failed(const struct err *err)
{
    if (err->kind == ERR_RETRY)
        return cli_fail(EXIT_UNREACHABLE, "./aelp status shows what runs", "%s", err->text);
    return cli_fail(err->kind == ERR_REJECT ? EXIT_USAGE : EXIT_ERROR, NULL, "%s",
                    sentence(err->text));
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

int ledger_admin(const struct cli *cli, const char *sql, const struct db_args *args,
                 PGresult **ret_rows)
{
    OWNED(ledger) *db = NULL;
    int code = ledger_open(cli->settings.admin_url, "AELP2_ADMIN_URL", &db);
    return code ? code : ledger_query(db, sql, args, ret_rows);
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
