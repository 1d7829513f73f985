/* aelpctl: the command line. Through the API for proposals; straight to Postgres for what must
 * work when everything else is down (kill), for admins, and for the audit log. */
#include "accounts.h"
#include "audit.h"
#include "budgets.h"
#include "calendar.h"
#include "cli.h"
#include "control.h"
#include "dead.h"
#include "dq.h"
#include "mem.h"
#include "metrics.h"
#include "mine.h"
#include "people.h"
#include "platforms.h"
#include "proposals.h"
#include "ramp.h"
#include "watch.h"

/* clang-format off */
const struct command commands[] = {
    {"proposals", "propose", "budget|note", 1, 1, "platform account target daily reason ttl key no-wait", run_propose, "propose a change"},
    {"proposals", "list",    "",   0, 0, "state limit",             run_list,     "the newest proposals, and what became of them"},
    {"proposals", "show",    "ID", 1, 1, "",                        run_show,     "a proposal with its verdicts, decisions and events"},
    {"proposals", "approve", "ID", 1, 1, "reason",                  run_approve,  "approve what is shown"},
    {"proposals", "reject",  "ID", 1, 1, "reason!",                 run_reject,   "end it, and say why"},
    {"proposals", "withdraw","ID", 1, 1, "reason",                  run_withdraw, "take your approval back"},
    {"proposals", "cancel",  "ID", 1, 1, "reason",                  run_cancel,   "take your own proposal back"},
    {"proposals", "mine",    "",   0, 0, "",                        run_mine,     "what was decided in your name in the last 7 days"},
    {"proposals", "disown",  "DECISION...", 1, CLI_ARGS_MAX, "",    run_disown,   "not me: takes decisions of your name back, freezes everything"},
    {"proposals", "watch",   "ID", 1, 1, "timeout until",           run_watch,    "follow it to its end"},
    {"proposals", "resolve", "ID", 1, 1, "outcome! reason!",        run_resolve,  "say what a platform shows after an unknown outcome"},
    {"proposals", "rollback","ID", 1, 1, "reason!",                 run_rollback, "put back what was before"},
    {"kill",      NULL, "[SCOPE]", 0, 1, "freeze reason",           run_kill,     "stop all changes, or those of a platform, account or kind"},
    {"resume",    NULL, "[SCOPE]", 0, 1, "reason",                  run_resume,   "go on; takes two people within ten minutes"},
    {"control",   NULL, "",        0, 0, "",                        run_control,  "what is stopped, since when, and by whom"},
    {"calendar",  "list",    "",   0, 0, "",                        run_calendar_list,   "when changes wait, and why"},
    {"calendar",  "lock",    "[SCOPE]", 0, 1, "from! to! reason!",  run_calendar_lock,   "no change of all, a platform or an account begins then"},
    {"calendar",  "unlock",  "ID", 1, 1, "",                        run_calendar_unlock, "lift a lock"},
    {"calendar",  "days",    "",   0, 0, "from to",                 run_calendar_days,   "holidays, promos, outages and locks: the next 90 days, or those named"},
    {"calendar",  "add",     "KIND MARKET NAME", 3, 3, "from! to!", run_calendar_add,    "a promo, price_change, outage or tracking_break, in a market (us) or *"},
    {"calendar",  "remove",  "ID", 1, 1, "",                        run_calendar_remove, "what was added"},
    {"metrics",   "list",    "",   0, 0, "",                        run_metrics_list,    "what each number means"},
    {"metrics",   "show",    "ID", 1, 1, "",                        run_metrics_show,    "one definition, all versions"},
    {"ramp",      "list",    "",   0, 0, "",                        run_ramp_list, "what may drift further, until when"},
    {"ramp",      "set",     "PLATFORM/ID", 1, 1, "target from! to! drift! account-drift! reason", run_ramp_set, "let budgets drift further for some days; takes two approvers"},
    {"ramp",      "end",     "ID", 1, 1, "",                        run_ramp_end,  "end it now"},
    {"platforms", "list",    "",   0, 0, "",                        run_platforms_list, "what data is pulled from, and how fresh it is"},
    {"platforms", "add",     "ga4/ID|shopify/NAME|stripe/NAME", 1, 1, "tz! world", run_platforms_add, "a GA4 property or a shop; ad accounts are there already"},
    {"platforms", "check",   "[ACCOUNT]", 0, 1, "timeout",          run_platforms_check, "ask each whether it would answer with our credentials"},
    {"platforms", "backfill","ACCOUNT", 1, 1, "days! timeout",      run_platforms_backfill, "pull so many days up to yesterday, and watch"},
    {"dead",      "list",    "",   0, 0, "limit",                   run_dead_list,   "messages that could not be handled, with the reason"},
    {"dead",      "replay",  "ID...", 1, CLI_ARGS_MAX, "",          run_dead_replay, "say them again"},
    {"people",    "list",    "",   0, 0, "",                        run_people_list, "who there is, with roles"},
    {"people",    "add",     "NAME", 1, 1, "email",                 run_people_add,  "add a person"},
    {"people",    "token",   "PERSON", 1, 1, "label days",          run_people_token, "a new token for a person, shown once"},
    {"people",    "role",    "PERSON ROLE", 2, 2, "scope day-max hour-max take", run_people_role, "give a role, or --take it"},
    {"people",    "deactivate", "PERSON", 1, 1, "",                 run_people_deactivate, "a person who left"},
    {"people",    "erase",   "PERSON", 1, 1, "",                    run_people_erase, "for good: name, links, tokens, roles and notes; needs --yes in a script"},
    {"people",    "erase-note", "PROPOSAL VERSION", 2, 2, "",       run_people_erase_note, "one text; version 0 is the proposal's note, others as its events"},
    {"people",    "link-slack", "PERSON TEAM USER", 3, 3, "",       run_people_link_slack, "whose clicks in Slack are whose"},
    {"people",    "unlink-slack", "PERSON", 1, 1, "",               run_people_unlink_slack, "nobody's clicks are theirs any more"},
    {"people",    "secret",  "NAME", 1, 1, "",                      run_people_secret, "a secret that proofs are checked with, from stdin: slack_signing"},
    {"accounts",  "list",    "",   0, 0, "",                        run_accounts_list, "the ad accounts"},
    {"accounts",  "add",     "PLATFORM/ID", 1, 1, "currency! tz! unit! world", run_accounts_add, "an ad account"},
    {"budgets",   "list",    "",   0, 0, "platform account",        run_budgets_list,  "what may be changed: its daily amount as last read, what is in flight"},
    {"mode",      "set",     "SCOPE MODE", 2, 2, "",                run_mode_set,    "shadow, dry_run or live; for *, world, a platform or an account"},
    {"dq",        "run",     "",   0, 0, "dry-run source from to timeout", run_dq_run, "check the data by its suites, now; fails when a critical rule doesn't hold"},
    {"dq",        "show",    "[CHECK]", 0, 1, "",                   run_dq_show,      "the newest checks, or what each rule of one found"},
    {"audit",     "verify",  "",   0, 0, "policy",                  run_audit_verify, "check the ledger's rules, recompute the whole log"},
    {"audit",     "prove",   "ID", 1, 1, "",                        run_audit_prove,  "the proof file of a proposal, to stdout"},
    {"audit",     "check",   "FILE", 1, 1, "policy",                run_audit_check,  "what a proof file proves, without the database"},
    {"audit",     "root",    "FILE", 1, 1, "",                      run_audit_root,   "the Merkle root of hex leaves, one a line"},
    {"audit",     "export",  "DIR", 1, 1, "",                       run_audit_export, "the log as files: checkpoint, tiles and entries (C2SP tlog-tiles)"},
    {"whoami",    NULL, "",        0, 0, "",                        run_whoami,       "whose token this is"},
    {"completion", NULL, "bash|zsh|fish", 1, 1, "",                 run_completion,   "a completion script for your shell"},
};
/* clang-format on */
const size_t command_count = COUNT(commands);

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
