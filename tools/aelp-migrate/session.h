/* session: aelp_migrate's own connection, for scripts of many statements and for SET ROLE.
 *
 * Unlike db_query it speaks the simple protocol: a migration is a file, not a statement. */
#pragma once

#include "db.h"

/* One migration at a time: waits for the advisory lock and holds it until db_close. */
bool session_open(const char *url, struct db **ret_db, struct err *err) MUST_CHECK;
/* ret_rows may be NULL. ERR_RETRY: another transaction is in the way (lock time-out, deadlock). */
bool session_query(PGconn *conn, const char *sql, PGresult **ret_rows, struct err *err) MUST_CHECK;
/* Runs a script; its errors name path, line and column. */
bool session_run_file(PGconn *conn, const char *path, const char *text, struct err *err) MUST_CHECK;
void session_rollback(PGconn *conn);
