/* session: a connection to a scratch server for each test, and another program beside it. */
#pragma once

#include "db.h"

#include "db/scratch.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct db *db;
static struct err err;

static inline int open_db(void **state)
{
    (void)state;
    err = (struct err){0};
    return db_open(&db, scratch_url, "db_test", &err) ? 0 : -1;
}

static inline int close_db(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static inline void must(bool ok)
{
    if (!ok)
        fail_msg("%s", err.text);
}

static inline int64_t number_of(const char *sql)
{
    OWNED(PGresult) *rows = NULL;
    must(db_query(db, sql, NULL, &rows, &err));
    return db_i64(rows, 0, 0);
}

/* As another program would: straight through libpq. */
static inline void beside(const char *sql)
{
    PGconn *conn = PQconnectdb(scratch_url);
    OWNED(PGresult) *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    PQfinish(conn);
    assert_true(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

#define ON_DB(name) cmocka_unit_test_setup_teardown(name, open_db, close_db)
