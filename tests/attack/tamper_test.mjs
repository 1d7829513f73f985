// Whoever has the database itself may write anything. `audit verify` then says what they touched:
// each check is broken once, by the superuser, and names the saga and the rule.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startAudit } from "../support/audit.mjs";
import { bin, root, run } from "../support/process.mjs";
import { waitFor } from "../support/wait.mjs";
import { openArena } from "./arena.mjs";

let arena, audit, witnessVkey, checks;
const sagas = {}; // by what became of them
const publisher = "budget-publisher";

before(async () => {
    arena = await openArena();
    audit = await startAudit(arena.aelp2);
    const { stdout } = await run(join(bin, "aelp-witness"), ["vkey", "--dir", audit.witnessDir]);
    witnessVkey = stdout.trim();
    await live();
    await waitFor(async () => await arena.one("SELECT count(*)::int FROM audit.pending") === 0
        && await arena.one("SELECT audit.size() = max(size) FROM audit.checkpoint"), { what: "all is signed" });
    await arena.aelp2.halt("audit-writer"); // nothing of what follows shall be ordered
});
after(() => arena?.destroy());

// One saga of each fate, and two budgets that somebody else moved.
async function live() {
    sagas.note = await arena.executed({ kind: "noop.note", note: "as people read it" });
    sagas.executed = await arena.executed();
    sagas.failed = await arena.executing();
    await arena.finish(sagas.failed, "not_applied");
    sagas.rolledBack = await arena.executed();
    await arena.quiet(sagas.rolledBack);
    await arena.must(arena.door("guardrail-evaluator", "begin_rollback", sagas.rolledBack));
    await arena.must(arena.door(publisher, "take_over", sagas.rolledBack));
    await arena.permit(sagas.rolledBack);
    await arena.must(arena.door(publisher, "finish", sagas.rolledBack, { outcome: "applied", back: true }));
    sagas.resolved = await arena.executing();
    await arena.permit(sagas.resolved);
    await arena.finish(sagas.resolved, "unknown");
    await arena.must(arena.door("gateway", "resolve", sagas.resolved, { outcome: "applied" }));
    const { account, resource, micros } = sagas.resolved.budget;
    await arena.observe(account, [resource], micros * 1.05);
    sagas.again = await arena.approved({ kind: "noop.note" });
    await arena.must(arena.door("gateway", "decide", sagas.again, { verdict: "withdraw" }));
    await arena.approve(sagas.again, "cyd");
    sagas.rejected = await arena.approved();
    await arena.must(arena.door("slack-bridge", "decide", sagas.rejected, { verdict: "reject", by: "cyd" }));
    sagas.cleared = await arena.propose();
    await arena.clear(sagas.cleared);
    const edited = await arena.addBudget();
    await arena.observe(edited.account, [edited.resource], 90_000_000);
    await arena.must(arena.door("gateway", "set_control", null, { scope: "google", level: "stop" }));
}

async function verify() {
    const { code, stdout, stderr } = await run(join(bin, "aelpctl"), ["audit", "verify", "-o", "json"], { env: {
        PATH: process.env.PATH, HOME: arena.aelp2.dir, AELP2_WITNESS_URL: audit.witnessUrl,
        AELP2_LOG_VKEY: audit.logVkey, AELP2_WITNESS_VKEY: witnessVkey,
        AELP2_AUDITOR_URL: arena.aelp2.secret("auditor.database_url"),
    } });
    return { code, stderr, ...JSON.parse(stdout || "{}") };
}

// Breaks a table for the time of `look`, and puts back every row as it was.
async function broken(table, sql, look) {
    const client = await arena.sql.connect();
    try {
        await client.query(`SET session_replication_role = replica; CREATE TEMP TABLE kept AS TABLE ${table}`);
        const { rows, rowCount } = await client.query(sql);
        assert.ok(rowCount > 0, "nothing was broken");
        return await look(rows);
    } finally {
        await client.query(`DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE
            SELECT * FROM kept`);
        client.release(true);
    }
}

// rule: the check that must name it; of: the saga it must name, null where it is none's. sql(id): of
// that saga, quoted.
const tampers = [
    { what: "an event that was taken out", rule: "versions", of: "executed", table: "saga.event",
        sql: (id) => `DELETE FROM saga.event WHERE saga_id = ${id} AND version = 2` },
    { what: "a beginning that was taken out", rule: "versions", of: "note", table: "saga.event",
        sql: (id) => `DELETE FROM saga.event WHERE saga_id = ${id} AND version = 1` },
    { what: "an event that begins elsewhere", rule: "chain", of: "note", table: "saga.event",
        sql: (id) => `UPDATE saga.event SET from_state = 'approved' WHERE saga_id = ${id} AND version = 2` },
    { what: "an approval of another content", rule: "chain", of: "note", table: "saga.event",
        sql: (id) => `UPDATE saga.event SET content_hash = sha256('x') WHERE saga_id = ${id} AND version = 3` },
    { what: "a step that its role may not take", rule: "legal", of: "executed", table: "saga.event",
        sql: (id) => `UPDATE saga.event SET role = 'aelp_guardrail_evaluator'
            WHERE saga_id = ${id} AND to_state = 'approved'` },
    { what: "an event under another's name", rule: "legal", of: "resolved", table: "saga.event",
        sql: (id) => `UPDATE saga.event SET event = 'executed' WHERE saga_id = ${id} AND event = 'unknown'` },
    { what: "a state without its event", rule: "state", of: "rejected", table: "saga.saga",
        sql: (id) => `UPDATE saga.saga SET state = 'approved' WHERE id = ${id}` },
    { what: "a saga that hangs on another leaf", rule: "state", of: "note", table: "saga.saga",
        sql: (id) => `UPDATE saga.saga SET last_leaf = sha256('x') WHERE id = ${id}` },
    { what: "a saga that was taken out", rule: "state", of: "note", table: "saga.saga",
        sql: (id) => `DELETE FROM saga.saga WHERE id = ${id}` },
    { what: "an effect nobody approved", rule: "content", of: "executed", table: "saga.effect",
        sql: (id) => `UPDATE saga.effect SET after_micros = after_micros - 10000 WHERE saga_id = ${id}` },
    { what: "an effect that a note was given", rule: "content", of: "note", table: "saga.effect",
        sql: (id) => `INSERT INTO saga.effect SELECT ${id}, 1, min(id), 5, 6 FROM saga.target` },
    { what: "a reason that reads otherwise now", rule: "content", of: "note", table: "saga.note",
        sql: (id) => `UPDATE saga.note SET text = 'as it reads now' WHERE saga_id = ${id} AND version = 0` },
    { what: "a reason that was emptied", rule: "content", of: "note", table: "saga.note",
        sql: (id) => `UPDATE saga.note SET salt = NULL, text = NULL, hash = NULL WHERE saga_id = ${id} AND version = 0` },
    { what: "a rejection for another reason", rule: "notes", of: "rejected", table: "saga.note",
        sql: (id) => `UPDATE saga.note SET text = 'another' WHERE saga_id = ${id} AND version > 0` },
    { what: "a step's note that was taken out", rule: "notes", of: "rejected", table: "saga.note",
        sql: (id) => `DELETE FROM saga.note WHERE saga_id = ${id} AND version > 0` },
    { what: "a stop for another reason", rule: "notes", of: null, table: "saga.record_note",
        sql: () => "UPDATE saga.record_note SET text = 'another'" },
    { what: "a stop's reason that was taken out", rule: "notes", of: null, table: "saga.record_note",
        sql: () => "DELETE FROM saga.record_note" },
    { what: "a hand in it that was hidden", rule: "content", of: "note", table: "saga.contributor",
        sql: (id) => `DELETE FROM saga.contributor WHERE saga_id = ${id}` },
    { what: "a proposal in another's name", rule: "leaf", of: "note", table: "saga.event",
        sql: (id) => `UPDATE saga.event SET person_id = '${arena.people.bob.id}' WHERE saga_id = ${id} AND version = 1` },
    { what: "an event at another time", rule: "leaf", of: "note", table: "saga.event",
        sql: (id) => `UPDATE saga.event SET at = at + interval '1 us' WHERE saga_id = ${id} AND version = 2` },
    { what: "a leaf with something behind it", rule: "leaf", of: "note", table: "saga.event",
        sql: (id) => `UPDATE saga.event SET leaf = leaf || '\\x0a' WHERE saga_id = ${id} AND version = 2` },
    { what: "a right that another login gave", rule: "leaf", of: null, table: "saga.event",
        sql: () => "UPDATE saga.event SET role = 'aelp_ctl' WHERE event = 'person_role'" },
    { what: "a leaf that was dropped", rule: "leaves", of: "note", table: "audit.leaf_of",
        sql: (id) => `DELETE FROM audit.leaf_of
            WHERE event = (SELECT seq FROM saga.event WHERE saga_id = ${id} AND version = 2)` },
    { what: "a leaf of nothing", rule: "leaves", of: null, table: "audit.leaf_of",
        sql: () => "INSERT INTO audit.leaf_of SELECT max(index) + 1, -1 FROM audit.leaf_of" },
    { what: "an event that waits for a second leaf", rule: "leaves", of: "note", table: "audit.pending",
        sql: (id) => `INSERT INTO audit.pending SELECT seq, leaf_hash FROM saga.event WHERE saga_id = ${id} AND version = 2` },
    { what: "a decision that was taken out", rule: "decisions", of: "executed", table: "saga.decision",
        sql: (id) => `DELETE FROM saga.decision WHERE saga_id = ${id}` },
    { what: "a decision that another made", rule: "decisions", of: "executed", table: "saga.decision",
        sql: (id) => `UPDATE saga.decision SET person_id = '${arena.people.cyd.id}' WHERE saga_id = ${id}` },
    { what: "an approval that was none", rule: "quorum", of: "executed", table: "saga.decision",
        sql: (id) => `UPDATE saga.decision SET verdict = 'withdraw' WHERE saga_id = ${id}` },
    { what: "an approval by who had a hand in it", rule: "quorum", of: "again", table: "saga.contributor",
        sql: (id) => `INSERT INTO saga.contributor VALUES (${id}, '${arena.people.cyd.id}')` },
    { what: "approvals under a lower quorum than the kind's", rule: "quorum", of: "executed", table: "saga.kind",
        sql: () => "UPDATE saga.kind SET quorum = 2" },
    { what: "an approval under no policy", rule: "quorum", of: "executed", table: "saga.decision",
        sql: (id) => `UPDATE saga.decision SET policy = 77 WHERE saga_id = ${id}` },
    { what: "an execution that was taken out", rule: "execution", of: "executed", table: "saga.execution",
        sql: (id) => `DELETE FROM saga.execution WHERE saga_id = ${id}` },
    { what: "an execution nobody approved", rule: "execution", of: "cleared", table: "saga.execution",
        sql: (id) => `INSERT INTO saga.execution VALUES (${id}, 'live', false, now(), 1)` },
    { what: "a rollback that was hidden", rule: "execution", of: "rolledBack", table: "saga.execution",
        sql: (id) => `UPDATE saga.execution SET back = false WHERE saga_id = ${id}` },
    { what: "an attempt that was taken out", rule: "attempts", of: "rolledBack", table: "saga.attempt",
        sql: (id) => `DELETE FROM saga.attempt WHERE saga_id = ${id} AND fence = 1` },
    { what: "a send in shadow mode", rule: "attempts", of: "executed", table: "saga.execution",
        sql: (id) => `UPDATE saga.execution SET mode = 'shadow' WHERE saga_id = ${id}` },
    { what: "a failure that was a success", rule: "outcomes", of: "failed", table: "saga.attempt",
        sql: (id) => `UPDATE saga.attempt SET outcome = 'applied' WHERE saga_id = ${id}` },
    { what: "a doubt that was hidden", rule: "outcomes", of: "resolved", table: "saga.attempt",
        sql: (id) => `UPDATE saga.attempt SET outcome = NULL WHERE saga_id = ${id}` },
    { what: "a change over its cap", rule: "caps", of: "executed", table: "saga.effect",
        sql: (id) => `UPDATE saga.effect SET before_micros = before_micros / 2 WHERE saga_id = ${id}` },
    { what: "a change that used no cap", rule: "uses", of: "executed", table: "saga.spend_use",
        sql: (id) => `DELETE FROM saga.spend_use WHERE saga_id = ${id}` },
    { what: "a cap that was used twice", rule: "uses", of: "executed", table: "saga.spend_use",
        sql: (id) => `INSERT INTO saga.spend_use (saga_id, account_id, target_id, day, at, delta_micros)
            SELECT saga_id, account_id, target_id, day, at, delta_micros FROM saga.spend_use WHERE saga_id = ${id}` },
    { what: "a read-back of another value", rule: "readbacks", of: "executed", table: "saga.observed",
        sql: (id) => `UPDATE saga.observed o SET daily_micros = o.daily_micros + 10000
            FROM saga.attempt a JOIN saga.effect e USING (saga_id)
            WHERE a.saga_id = ${id} AND o.target_id = e.target_id AND o.at = a.finished_at` },
    { what: "an edit made outside that was hidden", rule: "readings", of: null, table: "saga.spend_use",
        sql: () => "DELETE FROM saga.spend_use WHERE saga_id IS NULL" },
    { what: "a live value nobody read", rule: "readings", of: null, table: "saga.target",
        sql: () => "UPDATE saga.target SET live_micros = live_micros + 10000 WHERE id = 1" },
    { what: "a reading that nothing explains", rule: "readings", of: null, table: "saga.observed",
        sql: () => `INSERT INTO saga.observed SELECT target_id, at + interval '1 us', 1, source
            FROM saga.observed WHERE target_id = 1` },
    { what: "a leaf that was rewritten with its hash", rule: "log", of: null, table: "saga.event",
        sql: () => `UPDATE saga.event SET leaf = leaf || ' ', leaf_hash = sha256('\\x00'::bytea || leaf || ' ')
            WHERE event = 'person_role'` },
    { what: "a checkpoint that was touched", rule: "log", of: null, table: "audit.checkpoint",
        sql: () => `UPDATE audit.checkpoint SET note = note || 'x'
            WHERE size = (SELECT max(size) FROM audit.checkpoint)` },
];

test("what nobody touched is whole, whatever became of it", async () => {
    const found = await verify();
    assert.equal(found.code, 0, JSON.stringify(found));
    assert.ok(found.leaves > 60 && found.witness_size === found.leaves, JSON.stringify(found));
    checks = found.checks;
});

test("each file of a check is run, and each check is broken here", () => {
    const files = readdirSync(join(root, "libcommon/audit/sql")).map((file) => /^check_(\w+)\.sql$/.exec(file)?.[1]);
    assert.deepEqual([...checks].sort(), files.filter(Boolean).sort());
    const rules = new Set(tampers.map(({ rule }) => rule).filter((rule) => rule !== "log"));
    assert.deepEqual([...rules].sort(), [...checks].sort());
});

for (const { what, rule, of, table, sql } of tampers)
    test(`found: ${what}`, () => broken(table, sql(of && `'${sagas[of].id}'::uuid`), async () => {
        const { code, found, stderr } = await verify();
        assert.equal(code, 1, stderr);
        assert.match(stderr, /the ledger is NOT whole: \d+ found/);
        const saga = of && sagas[of].id;
        assert.ok(found.some((one) => one.rule === rule && one.saga === saga), JSON.stringify(found, null, 1));
    }));

test("events below a minimum index are missed by no rule, only the note must be the log's", () => broken(
    "audit.minimum", `INSERT INTO audit.minimum SELECT index + 1, 'x' FROM audit.leaf_of
        WHERE event = (SELECT seq FROM saga.event WHERE saga_id = '${sagas.rolledBack.id}' AND to_state = 'executed')`,
    () => broken("saga.event", `DELETE FROM saga.event e USING audit.leaf_of l
        WHERE l.event = e.seq AND l.index < (SELECT max(index) FROM audit.minimum)`, async () => {
        const { code, found } = await verify();
        assert.equal(code, 1);
        assert.deepEqual(found.map(({ rule }) => rule), ["log"], JSON.stringify(found, null, 1));
    })));

test("put back row by row, the ledger is whole again", async () => {
    const { code, stderr } = await verify();
    assert.equal(code, 0, stderr);
});
