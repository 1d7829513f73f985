// ruptures: how ledger, log and world could be broken, each with the rule that must then fail.
// Where only a superuser could have done it, that is who does it.
const last = (state) =>
    `(SELECT saga_id FROM saga.event WHERE to_state = '${state}' ORDER BY seq DESC LIMIT 1)`;
const applied = (mutations) => mutations.findIndex((entry) => entry.applied);

export const ruptures = [
    {
        what: "a saga executed twice",
        sql: `INSERT INTO saga.event (saga_id, version, event, from_state, to_state, role, leaf,
                                      leaf_hash, at)
              SELECT saga_id, version + 10, event, from_state, to_state, role, leaf, leaf_hash, at
                FROM saga.event WHERE saga_id = ${last("executed")} AND to_state = 'executed'`,
        rule: "what was approved was executed once, or ended otherwise",
    },
    {
        what: "an event that was taken out",
        sql: `DELETE FROM saga.event WHERE saga_id = ${last("executed")} AND version = 2`,
        rule: "versions run from 1 without a gap",
    },
    {
        what: "a leaf that was dropped",
        sql: "DELETE FROM audit.leaf_of WHERE index = 7",
        rule: "an event has one leaf, and a leaf its event",
    },
    {
        what: "a leaf that was given away twice",
        sql: "INSERT INTO audit.leaf_of SELECT max(index) + 1, -1 FROM audit.leaf_of",
        rule: "leaves are numbered without a gap",
    },
    {
        what: "a leaf that was rewritten together with its hash",
        sql: `UPDATE saga.event SET leaf = leaf || ' ', leaf_hash = sha256('\\x00'::bytea || leaf || ' ')
               WHERE saga_id = ${last("confirmed")} AND to_state = 'confirmed'`,
        rule: "the log grows from what was signed, and all of it is witnessed",
    },
    {
        what: "an event that says other than its leaf",
        sql: `UPDATE saga.event SET role = 'aelp_gateway'
               WHERE saga_id = ${last("executed")} AND to_state = 'executed'`,
        rule: "a leaf says what its event says",
    },
    {
        what: "a step that its role may not take",
        sql: `UPDATE saga.event SET role = 'aelp_guardrail_evaluator'
               WHERE saga_id = ${last("approved")} AND to_state = 'approved'`,
        rule: "each step is one that its role may take",
    },
    {
        what: "a state without its event",
        sql: `UPDATE saga.saga SET state = 'executed' WHERE id = ${last("confirmed")}`,
        rule: "the state is the last event's",
    },
    {
        what: "an approval by the proposer",
        sql: `UPDATE saga.decision SET person_id = (SELECT person_id FROM saga.contributor LIMIT 1)
               WHERE saga_id = ${last("executed")}`,
        rule: "what was executed had been approved",
    },
    {
        what: "an execution nobody began",
        sql: `DELETE FROM saga.execution WHERE saga_id = ${last("executed")}`,
        rule: "what was not approved was not executed",
    },
    {
        what: "a budget beyond its day's cap",
        sql: `UPDATE saga.spend_use SET delta_micros = delta_micros * 10
               WHERE id = (SELECT id FROM saga.spend_use ORDER BY abs(delta_micros) DESC LIMIT 1)`,
        rule: "no budget moved over its day's cap",
    },
    {
        what: "an account beyond its day's cap",
        sql: "UPDATE saga.day_base SET base_micros = base_micros / 1000",
        rule: "no account moved over its day's cap",
    },
    {
        what: "a change that used no cap",
        sql: "DELETE FROM saga.spend_use WHERE id = (SELECT max(id) FROM saga.spend_use)",
        rule: "caps were used by what was executed and nothing else",
    },
    {
        what: "a change over its cap",
        sql: `UPDATE saga.effect SET after_micros = before_micros * 2
               WHERE saga_id = (SELECT saga_id FROM saga.spend_use LIMIT 1)`,
        rule: "no change is over its cap",
    },
    {
        what: "a saga that is stuck",
        sql: `INSERT INTO saga.open VALUES (${last("confirmed")})`,
        rule: "nothing is stuck but what is unknown",
    },
    {
        what: "a budget that stays held",
        sql: `UPDATE saga.target SET busy = ${last("confirmed")} WHERE id = 1`,
        rule: "no budget is held but by what is unknown",
    },
    {
        what: "a message that was given up",
        sql: "INSERT INTO bus.outbox (subject, body) VALUES ('saga.proposed.noop.note', '')",
        rule: "the outbox is empty",
    },
    {
        what: "an answer that was lost",
        sql: `DELETE FROM saga.event WHERE saga_id = ${last("confirmed")}`,
        rule: "what was answered is kept",
    },
    {
        what: "a mutation that arrived twice",
        world: (mutations) => [...mutations, mutations[applied(mutations)]],
        rule: "the world applied what was executed, once and in order",
    },
    {
        what: "a mutation that never arrived",
        world: (mutations) => mutations.filter((_, at) => at !== applied(mutations)),
        rule: "the world applied what was executed, once and in order",
    },
];
