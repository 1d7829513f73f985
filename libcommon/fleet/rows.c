/* rows: the fleet itself. A new service is a row here and a folder in services/. */
#include "fleet.h"

#include "mem.h"

/* What every service may do with the bus. */
#define BUS_GRANTS                                                                                 \
    "USAGE ON SCHEMA bus", "EXECUTE ON FUNCTION bus.bury", "EXECUTE ON FUNCTION bus.attempt_mark", \
        "EXECUTE ON FUNCTION bus.attempt_clear"

/* Reading the ledger. Writing goes only through saga's functions. */
#define LEDGER_GRANTS                                                                             \
    "USAGE ON SCHEMA saga", "SELECT ON saga.saga", "SELECT ON saga.open", "SELECT ON saga.event", \
        "SELECT ON saga.effect", "SELECT ON saga.verdict", "SELECT ON saga.kind",                 \
        "SELECT ON saga.target", "SELECT ON saga.account", "SELECT ON saga.control",              \
        "SELECT ON saga.execution", "SELECT ON saga.attempt"

/* Reading the log and the leaves that it holds: proofs and verification. */
#define AUDIT_GRANTS                                                                               \
    "USAGE ON SCHEMA saga", "SELECT ON saga.event", "USAGE ON SCHEMA audit",                       \
        "SELECT ON audit.pending", "SELECT ON audit.leaf_of", "SELECT ON audit.edge",              \
        "SELECT ON audit.checkpoint", "SELECT ON audit.minimum", "EXECUTE ON FUNCTION audit.size", \
        "EXECUTE ON FUNCTION audit.tile_hashes", "EXECUTE ON FUNCTION audit.place_of",             \
        "EXECUTE ON FUNCTION saga.content"

const struct fleet_stream fleet_streams[] = {
    {"SAGA",  "saga.>",  "limits",    24L * 14, 4L << 30},
    {"DATA",  "data.>",  "limits",    24L * 14, 1L << 30},
    {"JOBS",  "job.>",   "workqueue", 24L * 7,  1L << 30},
    {"AUDIT", "audit.>", "limits",    24L * 14, 1L << 30},
};
const size_t fleet_stream_count = COUNT(fleet_streams);

const struct fleet_owner fleet_owners[] = {
    {"saga_owner",
     {"USAGE ON SCHEMA bus", "INSERT ON bus.outbox", "USAGE ON SCHEMA audit",
      "INSERT ON audit.pending", "USAGE ON SCHEMA people", "EXECUTE ON FUNCTION people._prove",
      "EXECUTE ON FUNCTION people._revoke", "SELECT ON people.person", "SELECT ON people.surface",
      "SELECT ON people.grant_of", "SELECT ON people.slack_link"}                               },
    {"people_owner",
     {"USAGE ON SCHEMA saga", "EXECUTE ON FUNCTION saga._record",
      "EXECUTE ON FUNCTION saga._erase_notes"}                                                  },
    {"audit_owner",
     {"USAGE ON SCHEMA saga", "SELECT ON saga.event", "USAGE ON SCHEMA bus",
      "EXECUTE ON FUNCTION bus.lease_check"}                                                    },
    {"guardrail_owner",
     {"USAGE ON SCHEMA saga", "SELECT ON saga.calendar_lock", "SELECT ON saga.account"}         },
    {"ops_owner",
     {"USAGE ON SCHEMA saga", "SELECT ON saga.clock", "EXECUTE ON FUNCTION saga._advance_clock"}},
    {"budget_owner",
     {"USAGE ON SCHEMA saga", "SELECT ON saga.saga", "SELECT ON saga.effect",
      "SELECT ON saga.target", "SELECT ON saga.account", "SELECT ON saga.execution",
      "SELECT ON saga.attempt", "SELECT ON saga.observed"}                                      },
};
const size_t fleet_owner_count = COUNT(fleet_owners);

const struct fleet_member fleet_members[] = {
    {.name = "outbox-relay",
     .role = "aelp_outbox_relay",
     .says = {"saga.>", "data.>", "job.>", "audit.>"},
     .answers = {"bus.wake"},
     .grants = {BUS_GRANTS, "EXECUTE ON FUNCTION bus.outbox_due",
                "EXECUTE ON FUNCTION bus.outbox_done", "EXECUTE ON FUNCTION bus.lease_take",
                "EXECUTE ON FUNCTION bus.lease_drop", "EXECUTE ON FUNCTION bus.prune",
                "USAGE ON SCHEMA saga", "EXECUTE ON FUNCTION saga.resay",
                "EXECUTE ON FUNCTION saga.prune"},
     .help = "publishes what was committed, exactly what was committed"},
    {.name = "guardrail-evaluator",
     .role = "aelp_guardrail_evaluator",
     .schema = "guardrail",
     .hears = {"saga.proposed.>", "saga.executed.>"},
     .says = {"bus.wake"},
     .grants = {BUS_GRANTS, LEDGER_GRANTS, "EXECUTE ON FUNCTION saga.add_verdicts",
                "EXECUTE ON FUNCTION saga.advance", "EXECUTE ON FUNCTION saga.begin_rollback",
                "EXECUTE ON FUNCTION saga.cap_facts", "EXECUTE ON FUNCTION saga.level",
                "EXECUTE ON FUNCTION saga.locked", "USAGE ON SCHEMA guardrail",
                "SELECT, INSERT ON guardrail.safety_events"},
     .help = "clears or blocks proposals; expires, measures, confirms, orders rollbacks"},
    {.name = "budget-publisher",
     .role = "aelp_budget_publisher",
     .schema = "budget",
     .hears = {"saga.approved.budget.>", "saga.approved.noop.>", "saga.rolling_back.budget.>"},
     .says = {"bus.wake"},
     .grants = {BUS_GRANTS, LEDGER_GRANTS, "USAGE ON SCHEMA budget",
                "SELECT, INSERT, UPDATE, DELETE ON budget.task",
                "EXECUTE ON FUNCTION saga.begin_execution", "EXECUTE ON FUNCTION saga.permit_send",
                "EXECUTE ON FUNCTION saga.take_over", "EXECUTE ON FUNCTION saga.finish",
                "EXECUTE ON FUNCTION saga.observe"},
     .help = "applies and rolls back budgets at the platforms"},
    {.name = "audit-writer",
     .role = "aelp_audit_writer",
     .schema = "audit",
     .says = {"bus.wake"},
     .answers = {"query.audit.>"},
     .grants = {BUS_GRANTS, "EXECUTE ON FUNCTION bus.lease_take",
                "EXECUTE ON FUNCTION bus.lease_drop", AUDIT_GRANTS,
                "EXECUTE ON FUNCTION audit.order_pending", "EXECUTE ON FUNCTION audit.grow",
                "EXECUTE ON FUNCTION audit.publish", "EXECUTE ON FUNCTION audit.raise_minimum",
                "EXECUTE ON FUNCTION audit.retired_before"},
     .help = "orders the ledger's leaves into the Merkle tree, signs checkpoints, serves proofs"},
    {.name = "slack-bridge",
     .role = "aelp_slack_bridge",
     .schema = "slack",
     .hears = {"saga.>"},
     .says = {"bus.wake"},
     .grants = {BUS_GRANTS, LEDGER_GRANTS, "EXECUTE ON FUNCTION bus.lease_take",
                "EXECUTE ON FUNCTION bus.lease_drop", "SELECT ON saga.note",
                "SELECT ON saga.decision", "EXECUTE ON FUNCTION saga.decide",
                "EXECUTE ON FUNCTION saga.headline", "EXECUTE ON FUNCTION saga.disown",
                "EXECUTE ON FUNCTION saga.due_notices", "EXECUTE ON FUNCTION saga.end_notices",
                "USAGE ON SCHEMA people", "EXECUTE ON FUNCTION people.unlinked",
                "USAGE ON SCHEMA slack", "SELECT, INSERT, UPDATE, DELETE ON slack.post",
                "SELECT, INSERT, UPDATE, DELETE ON slack.digest",
                "SELECT, INSERT, UPDATE, DELETE ON slack.click"},
     .help = "asks people in Slack; hands their signed clicks to saga.decide"},
    {.name = "scheduler",
     .role = "aelp_scheduler",
     .schema = "ops",
     .emits = {"job.>"},
     .says = {"bus.wake"},
     .grants = {BUS_GRANTS, "EXECUTE ON FUNCTION bus.emit", "USAGE ON SCHEMA ops",
                "EXECUTE ON FUNCTION ops.now", "SELECT ON ops.flow",
                "SELECT, INSERT, UPDATE ON ops.ops_flow_runs", "SELECT, INSERT ON ops.ops_alerts"},
     .help = "emits jobs by the flows' clocks, notices what was missed"},
    {.name = "gateway",
     .role = "aelp_gateway",
     .says = {"bus.wake"},
     .grants = {BUS_GRANTS, LEDGER_GRANTS, "SELECT ON saga.decision", "SELECT ON saga.note",
                "SELECT ON saga.refusal", "EXECUTE ON FUNCTION saga.disown",
                "EXECUTE ON FUNCTION saga.my_decisions", "USAGE ON SCHEMA people",
                "EXECUTE ON FUNCTION people.names", "EXECUTE ON FUNCTION saga.propose",
                "EXECUTE ON FUNCTION saga.advance", "EXECUTE ON FUNCTION saga.decide",
                "EXECUTE ON FUNCTION saga.resolve", "EXECUTE ON FUNCTION saga.begin_rollback",
                "EXECUTE ON FUNCTION saga.set_control", "EXECUTE ON FUNCTION saga.headline",
                "EXECUTE ON FUNCTION saga.who"},
     .help = "the API over HTTP, and live events"                                                                 },

    {.name = "admin",
     .role = "aelp_admin",
     .person = true,
     .grants = {"USAGE ON SCHEMA people",
                "USAGE ON SCHEMA saga",
                "USAGE ON SCHEMA bus",
                "EXECUTE ON FUNCTION people.add_person",
                "EXECUTE ON FUNCTION people.add_token",
                "EXECUTE ON FUNCTION people.set_role",
                "EXECUTE ON FUNCTION people.revoke_tokens",
                "EXECUTE ON FUNCTION people.set_active",
                "EXECUTE ON FUNCTION people.link_slack",
                "EXECUTE ON FUNCTION people.set_secret",
                "EXECUTE ON FUNCTION people.list",
                "EXECUTE ON FUNCTION people.erase",
                "EXECUTE ON FUNCTION saga.erase_note",
                "EXECUTE ON FUNCTION saga.set_account",
                "EXECUTE ON FUNCTION saga.set_mode",
                "SELECT ON saga.calendar_lock",
                "EXECUTE ON FUNCTION saga.lock_calendar",
                "EXECUTE ON FUNCTION saga.unlock_calendar",
                "EXECUTE ON FUNCTION bus.dead_list",
                "EXECUTE ON FUNCTION bus.dead_replay",
                "USAGE ON SCHEMA ops",
                "EXECUTE ON FUNCTION ops.advance_clock"},
     .help = "people, links, accounts, modes and dead letters; used by hand through aelpctl"                     },
    {.name = "ctl",
     .role = "aelp_ctl",
     .person = true,
     .grants = {"USAGE ON SCHEMA saga", "EXECUTE ON FUNCTION saga.set_control",
                "EXECUTE ON FUNCTION saga.in_flight", "SELECT ON saga.calendar_lock",
                "EXECUTE ON FUNCTION saga.lock_calendar",
                "EXECUTE ON FUNCTION saga.unlock_calendar", "SELECT ON saga.ramp",
                "SELECT ON saga.target", "EXECUTE ON FUNCTION saga.set_ramp",
                "EXECUTE ON FUNCTION saga.end_ramp"},
     .help = "the kill switch, calendar locks and ramps straight on Postgres"},
    {.name = "auditor",
     .role = "aelp_auditor",
     .person = true,
     .grants = {AUDIT_GRANTS, "SELECT ON saga.saga", "SELECT ON saga.effect",
                "SELECT ON saga.contributor", "SELECT ON saga.decision", "SELECT ON saga.policy",
                "SELECT ON saga.kind", "SELECT ON saga.step", "SELECT ON saga.timing",
                "SELECT ON saga.execution", "SELECT ON saga.attempt", "SELECT ON saga.spend_use",
                "SELECT ON saga.account", "SELECT ON saga.target", "SELECT ON saga.observed"},
     .help = "proves and verifies the audit log, and can do nothing else"},
};
const size_t fleet_member_count = COUNT(fleet_members);
