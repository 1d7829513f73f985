/* ledger_checks: what must hold among the ledger's rows at every moment. A check looks for what
 * breaks its rule; nothing found means that it holds.
 *
 * Each is one statement in sql/check_<name>.sql, so that it sees one snapshot, and answers the
 * first 20 offenders: (saga or NULL, what is wrong). Events whose bodies were retired are not
 * missed; what a saga has left is still judged. */
#pragma once

#include "db.h"

struct ledger_check {
    const char *name;
    const char *sentence; /* what holds */
    const char *sql;
};

extern const struct ledger_check ledger_checks[];
extern const size_t ledger_check_count;

/* For the connection's life: statements may take their time. */
bool ledger_checks_prepare(struct db *db, struct err *err) MUST_CHECK;
bool ledger_check_run(struct db *db, const struct ledger_check *check, PGresult **ret_found,
                      struct err *err) MUST_CHECK;
