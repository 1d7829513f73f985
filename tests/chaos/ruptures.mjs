// ruptures: how ledger, log and world could be broken, each with the rule that must then fail.
// Where only a superuser could have done it, that is who does it. The rules of audit verify are
// broken in tests/attack/tamper_test.mjs.
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
        what: "a leaf that was rewritten together with its hash",
        sql: `UPDATE saga.event SET leaf = leaf || ' ', leaf_hash = sha256('\\x00'::bytea || leaf || ' ')
               WHERE saga_id = ${last("confirmed")} AND to_state = 'confirmed'`,
        rule: "the log grows from what was signed, and all of it is witnessed",
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
