// ruptures: how ledger, log, Slack and world could be broken, each with the rule that must then fail.
// Where only a superuser could have done it, that is who does it. The rules of audit verify are
// broken in tests/attack/tamper_test.mjs.
const last = (state) =>
    `(SELECT saga_id FROM saga.event WHERE to_state = '${state}' ORDER BY seq DESC LIMIT 1)`;
const applied = (mutations) => mutations.findIndex((entry) => entry.applied);
// The one that put back what another had set.
const reverted = (mutations) => mutations.findIndex((entry, at) => entry.applied
    && mutations.slice(0, at).some((other) => other.applied && other.resource_id === entry.resource_id
        && other.before_micros === entry.after_micros && other.after_micros === entry.before_micros));
const inTheStop = `(SELECT at + interval '1.2 s' FROM saga.control
    WHERE scope = '*' AND level = 'stop' AND person_id IS NOT NULL ORDER BY id LIMIT 1)`;

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
    {
        what: "a change taken back in the ledger alone",
        world: (mutations) => mutations.filter((_, at) => at !== reverted(mutations)),
        rule: "the world applied what was executed, once and in order",
    },
    {
        what: "a change taken back in the world twice",
        world: (mutations) => [...mutations, mutations[reverted(mutations)]],
        rule: "the world applied what was executed, once and in order",
    },
    {
        what: "a send while everything was stopped",
        sql: `UPDATE saga.attempt SET sent_at = ${inTheStop}
               WHERE NOT back AND fence = 1 AND saga_id = ${last("rolled_back")}`,
        rule: "nothing was permitted to go out while it was stopped",
    },
    {
        what: "a begin while everything was stopped",
        sql: `UPDATE saga.execution SET begun_at = ${inTheStop} WHERE saga_id = ${last("confirmed")}`,
        rule: "nothing was begun while it was stopped",
    },
    {
        what: "a stop that nobody lifted",
        sql: `DELETE FROM saga.control
               WHERE id = (SELECT max(id) FROM saga.control WHERE level = 'run' AND effective)`,
        rule: "nothing stays stopped",
    },
    {
        what: "a stop that one person lifted",
        sql: "DELETE FROM saga.control WHERE level = 'run' AND NOT effective",
        rule: "what was let out again two people let out",
    },
    {
        what: "a change taken back twice",
        sql: `INSERT INTO saga.event (saga_id, version, event, from_state, to_state, role, leaf, leaf_hash, at)
              SELECT saga_id, version + 10, event, from_state, to_state, role, leaf, leaf_hash, at
                FROM saga.event WHERE saga_id = ${last("rolled_back")} AND to_state = 'rolled_back'`,
        rule: "what was taken back was taken back once, or it is known why not",
    },
    {
        what: "a change given up on that nobody had touched",
        sql: `UPDATE saga.event SET to_state = 'rollback_failed'
               WHERE saga_id = ${last("rolled_back")} AND to_state = 'rolled_back'`,
        rule: "what could not be taken back had been changed by another",
    },
    {
        what: "a rollback that was forgotten",
        sql: "DELETE FROM saga.event WHERE to_state = 'rolling_back'",
        rule: "what people heard is kept",
    },
    {
        what: "a click that was forgotten",
        sql: "DELETE FROM slack.click",
        rule: "what people heard is kept",
    },
    {
        what: "a decision in Slack that nobody clicked",
        sql: `DELETE FROM slack.click WHERE proof_hash = (SELECT proof_hash FROM saga.decision
               WHERE surface = 'aelp_slack_bridge' LIMIT 1)`,
        rule: "what was decided in Slack has its click",
    },
    {
        what: "a person who was not told",
        sql: "UPDATE saga.notice SET told_at = NULL",
        rule: "who decided elsewhere was told in Slack",
    },
    {
        what: "a click without an answer",
        sql: "UPDATE slack.click SET stage = 'stored' WHERE id = (SELECT max(id) FROM slack.click)",
        rule: "no click waits for an answer",
    },
    {
        what: "a card that stayed behind",
        sql: "UPDATE slack.post SET shown = shown - 1 WHERE id = (SELECT max(id) FROM slack.post)",
        rule: "every card shows where its saga is",
    },
    {
        what: "a card that kept its buttons",
        slack: (messages) => messages.map((one) => ({ ...one, message: { ...one.message,
            blocks: [{ type: "actions", elements: [{ action_id: "approve" }] }] } })),
        rule: "no message in Slack asks for what is decided",
    },
];
