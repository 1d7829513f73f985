/* ledger: straight to Postgres, as the login that a command needs. */
#pragma once

#include "cli.h"
#include "db.h"

typedef struct db ledger;
DEFINE_OWNED(ledger, db_close)

/* `url` of the settings, `name` for the message when there is none. EXIT_DONE, or it was said. */
int ledger_open(const char *url, const char *name, struct db **ret_db);
/* One statement, its rows, and what went wrong said. */
int ledger_query(struct db *db, const char *sql, const struct db_args *args, PGresult **ret_rows);
/* The same as aelp_admin, over a connection of its own. */
int ledger_admin(const struct cli *cli, const char *sql, const struct db_args *args,
                 PGresult **ret_rows);
/* The same as aelp_ctl. */
int ledger_ctl(const struct cli *cli, const char *sql, const struct db_args *args,
               PGresult **ret_rows);
/* What it lists, as show_items shows it. */
int ledger_ctl_table(struct cli *cli, const char *sql, const struct db_args *args,
                     const char *const columns[], const char *none);
/* The same, asked with the person's token alone. */
int ledger_ctl_list(struct cli *cli, const char *sql, const char *const columns[],
                    const char *none);
/* A door that answers a result and a sentence. */
int ledger_ctl_ask(struct cli *cli, const char *sql, const struct db_args *args);
/* The same of what the first argument numbers. */
int ledger_ctl_ask_of_id(struct cli *cli, const char *sql);
/* As aelp_admin, where nothing is answered: `said` tells that it is done. */
int ledger_admin_change(const struct cli *cli, const char *sql, const struct db_args *args,
                        const char *said);
