#include "ledger_checks.h"

#include "aelp_audit_sql.h"
#include "mem.h"

/* clang-format off */
const struct ledger_check ledger_checks[] = {
    {"versions",  "a saga's events are numbered from 1 without a gap",               SQL_CHECK_VERSIONS},
    {"chain",     "each event goes on from the one before it, about one content",    SQL_CHECK_CHAIN},
    {"legal",     "each step is one that its role may take",                         SQL_CHECK_LEGAL},
    {"state",     "a saga's state is that of its last event",                        SQL_CHECK_STATE},
    {"content",   "a saga's rows are those that its content hash is of",             SQL_CHECK_CONTENT},
    {"leaf",      "a leaf says, byte for byte, what its event says",                 SQL_CHECK_LEAF},
    {"notes",     "a step's note is the one that its leaf names, if not erased",     SQL_CHECK_NOTES},
    {"leaves",    "each event has one leaf or waits for it, each leaf has an event", SQL_CHECK_LEAVES},
    {"decisions", "each decision is an event that says the same",                    SQL_CHECK_DECISIONS},
    {"quorum",    "each approval had its people, none with a hand in the change",    SQL_CHECK_QUORUM},
    {"execution", "what was executed had been approved, and was begun once",         SQL_CHECK_EXECUTION},
    {"attempts",  "attempts are fenced without a gap, and only live ones sent",      SQL_CHECK_ATTEMPTS},
    {"outcomes",  "each outcome is an event, and each event an outcome",             SQL_CHECK_OUTCOMES},
    {"caps",      "no live change is over its cap",                                  SQL_CHECK_CAPS},
    {"uses",      "caps were used once by what was executed, and by nothing else",   SQL_CHECK_USES},
    {"readbacks", "what was applied was read back at its platform",                  SQL_CHECK_READBACKS},
    {"readings",  "what platforms show comes of attempts or of outside edits",       SQL_CHECK_READINGS},
};
/* clang-format on */
const size_t ledger_check_count = COUNT(ledger_checks);

bool ledger_checks_prepare(struct db *db, struct err *err)
{
    return db_exec(db, SQL_AUDIT_PATIENCE, NULL, err);
}

bool ledger_check_run(struct db *db, const struct ledger_check *check, PGresult **ret_found,
                      struct err *err)
{
    return db_query(db, check->sql, NULL, ret_found, err) || err_context(err, "%s", check->name);
}
