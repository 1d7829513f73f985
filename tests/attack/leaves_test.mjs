// The ledger proves itself: leaves, hashes and chains computed again here, from the columns.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { leafHash, sha256 } from "../support/tlog.mjs";
import { openArena } from "./arena.mjs";

let arena, events;
const rows = async (sql, ...values) => (await arena.sql.query(sql, values)).rows;
before(async () => {
    arena = await openArena();
    await arena.executed();
    await arena.executed({ note: "with a note\nof two lines" });
    const changed = await arena.executed();
    await arena.quiet(changed);
    await arena.must(arena.door("guardrail-evaluator", "begin_rollback", changed));
    const first = await arena.propose({ by: "bob", note: "first", payload: "payload" });
    const second = await arena.propose({ by: "ann", replaces: first.id });
    await arena.clear(second);
    await arena.must(arena.door("gateway", "decide", second, { verdict: "reject", by: "cyd", reason: "no" }));
    await arena.must(arena.door("ctl", "set_control", null, { level: "stop", by: "olga" }));
    events = await rows(`SELECT e.*, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at_text
        FROM saga.event e ORDER BY seq`);
});
after(() => arena?.destroy());

test("each event has one leaf, hashed as RFC 6962 hashes it, pending or ordered once", async () => {
    const pending = new Map((await rows("SELECT seq, hash FROM audit.pending")).map(({ seq, hash }) => [seq, hash]));
    assert.equal(pending.size, events.length);
    for (const event of events) {
        assert.ok(leafHash(event.leaf).equals(event.leaf_hash));
        assert.ok(pending.get(event.seq).equals(event.leaf_hash));
    }
    assert.equal(new Set(events.map(({ leaf_hash: hash }) => hash.toString("hex"))).size, events.length);
});

test("each leaf says what its event's columns say, and its saga's former leaf", async () => {
    const notes = new Map((await rows("SELECT * FROM saga.note"))
        .map((note) => [`${note.saga_id} ${note.version}`, sha256(note.salt, note.text).toString("hex")]));
    const last = new Map();
    const policies = new Map((await rows("SELECT id, policy FROM saga.saga")).map(({ id, policy }) => [id, policy]));
    for (const event of events.filter(({ saga_id: id }) => id)) {
        const id = event.saga_id;
        const former = last.get(id);
        assert.equal(event.leaf.toString(), ["aelp/event/v1", `saga ${id}`, `version ${event.version}`,
            `from ${event.from_state}`, `to ${event.to_state}`, `role ${event.role}`, `person ${event.person_id ?? "-"}`,
            `content ${event.content_hash.toString("hex")}`, `at ${event.at_text}`,
            `note ${notes.get(`${id} ${event.version}`) ?? "-"}`, `policy ${policies.get(id)}`,
            `prev ${former?.leaf_hash.toString("hex") ?? "-"}`, ""].join("\n"));
        assert.equal(event.version, (former?.version ?? 0) + 1);
        assert.equal(event.from_state, former?.to_state ?? "");
        last.set(id, event);
    }
    for (const { id, state, version, last_leaf: leaf } of await rows("SELECT * FROM saga.saga")) {
        assert.equal(state, last.get(id).to_state);
        assert.equal(version, last.get(id).version);
        assert.ok(leaf.equals(last.get(id).leaf_hash));
    }
});

test("records of people and control have leaves of their own, a line a fact", () => {
    const records = events.filter(({ saga_id: id }) => !id);
    assert.ok(records.length > 10);
    for (const { leaf, event, role, person_id: person, at_text: at } of records) {
        const lines = leaf.toString().split("\n");
        assert.deepEqual(lines.slice(0, 5), ["aelp/record/v1", `type ${event}`, `role ${role}`,
            `person ${person ?? "-"}`, `at ${at}`]);
        assert.match(lines[5], /^text /);
        assert.match(lines[6], /^note (-|[0-9a-f]{64})$/);
        assert.equal(lines.length, 8);
    }
});

// From rows alone, as design.md's line text has it.
async function contentHash(saga) {
    const effects = await rows(`SELECT e.n, t.account_id, t.resource, e.before_micros, e.after_micros, a.currency
        FROM saga.effect e JOIN saga.target t ON t.id = e.target_id JOIN saga.account a ON a.id = t.account_id WHERE saga_id = $1 ORDER BY n`, saga.id);
    const people = await rows("SELECT person_id FROM saga.contributor WHERE saga_id = $1 ORDER BY 1", saga.id);
    const [note] = await rows("SELECT * FROM saga.note WHERE saga_id = $1 AND version = 0", saga.id);
    const [{ undo }] = await rows("SELECT undo FROM saga.kind WHERE kind = $1 AND version = $2", saga.kind,
        saga.kind_version);
    const lines = ["aelp/change/v1", `kind ${saga.kind} ${saga.kind_version}`, `mode ${saga.mode}`,
        `policy ${saga.policy}`, `proposer ${saga.proposer_role}`,
        `contributors ${people.map(({ person_id: id }) => id).join(",") || "-"}`, `expires ${saga.expires_text}`,
        ...effects.map((e) => `effect ${e.n} ${e.account_id} ${e.resource} daily_micros ${e.before_micros} ${e.after_micros} ${e.currency}`),
        `undo ${undo}`, `payload ${sha256(saga.payload).toString("hex")}`,
        `note ${note ? sha256(note.salt, note.text).toString("hex") : "-"}`, `replaces ${saga.replaces ?? "-"}`, ""];
    return sha256(lines.join("\n"));
}

const sagas = () => rows(`SELECT *, to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    AS expires_text FROM saga.saga`);

test("the content hash is that of the rows: each column that differs makes another", async () => {
    for (const saga of await sagas()) assert.ok((await contentHash(saga)).equals(saga.content_hash), saga.id);
    const [saga] = (await sagas()).filter(({ kind }) => kind === "budget.change");
    const bent = [
        "UPDATE saga.effect SET after_micros = after_micros + 10000 WHERE saga_id = $1",
        "UPDATE saga.effect SET before_micros = before_micros - 10000 WHERE saga_id = $1",
        "UPDATE saga.saga SET payload = 'x' WHERE id = $1", "UPDATE saga.saga SET mode = 'dry_run' WHERE id = $1",
        "UPDATE saga.saga SET expires_at = expires_at + interval '1 us' WHERE id = $1",
        "UPDATE saga.saga SET policy = policy + 1 WHERE id = $1", "UPDATE saga.saga SET kind_version = 9 WHERE id = $1",
        "UPDATE saga.saga SET proposer_role = 'aelp_mmm' WHERE id = $1",
        "UPDATE saga.saga SET replaces = gen_random_uuid() WHERE id = $1",
        "DELETE FROM saga.contributor WHERE saga_id = $1",
    ];
    await arena.sql.query("INSERT INTO saga.kind SELECT kind, 9, payload, proposers, publisher, rules, quorum, effects_min, "
        + "effects_max, change_bp, day_bp, target_drift_bp, account_drift_bp, from_zero_micros, ttl_max, exec_wait, "
        + "measure_wait, settle, undo FROM saga.kind WHERE kind = 'budget.change' AND version = 1");
    for (const sql of bent) {
        await arena.sql.query("CREATE TABLE public.kept AS SELECT * FROM saga.saga WHERE id = $1".replace("$1", `'${saga.id}'`));
        await arena.sql.query("CREATE TABLE public.kept_effect AS SELECT * FROM saga.effect; "
            + "CREATE TABLE public.kept_contributor AS SELECT * FROM saga.contributor");
        await arena.sql.query(sql, [saga.id]);
        const [now] = (await sagas()).filter(({ id }) => id === saga.id);
        await arena.attack(sql, contentHash(now).then((hash) => hash.equals(saga.content_hash)));
        await arena.sql.query(`DELETE FROM saga.saga WHERE id = '${saga.id}'; INSERT INTO saga.saga SELECT * FROM public.kept;
            DELETE FROM saga.effect; INSERT INTO saga.effect SELECT * FROM public.kept_effect;
            DELETE FROM saga.contributor; INSERT INTO saga.contributor SELECT * FROM public.kept_contributor;
            DROP TABLE public.kept, public.kept_effect, public.kept_contributor`);
    }
    assert.deepEqual(arena.through, []);
});

test("what the publisher is ordered to do is the rows, whatever the payload says", async () => {
    const budget = await arena.addBudget();
    await arena.control("run");
    const change = await arena.proposeBudget({ budget, payload: "budget 999999999" });
    await arena.clear(change);
    await arena.approve(change);
    const { rows: [order] } = await arena.begin(change);
    assert.deepEqual([Number(order.before_micros), Number(order.after_micros), order.resource],
        [budget.micros, change.after, budget.resource]);
    const { rows: [{ headline }] } = await arena.as("gateway").query("SELECT saga.headline($1)", [change.id]);
    assert.equal(headline,
        `google/1 ${budget.resource}: 100.00 → 105.00 USD a day (+5.0 %)`);
});

test("a message of the ledger is read back however often a saga was decided", async () => {
    await arena.sql.query("UPDATE saga.kind SET quorum = 2 WHERE kind = 'noop.note'");
    const change = await arena.propose();
    await arena.clear(change);
    for (let i = 0; i < 70; i++)
        for (const verdict of ["approve", "withdraw"])
            await arena.must(arena.door("gateway", "decide", change, { verdict }));
    const bodies = await rows("SELECT message_id, body FROM bus.outbox WHERE message_id LIKE $1", `${change.id}.%`);
    for (const { message_id: name, body } of bodies) {
        assert.equal(body.subarray(2, 38).toString(), change.id);
        let version = 0;
        body.subarray(39).forEach((byte, i) => { version |= (byte & 127) << (7 * i); });
        assert.ok(body.at(-1) < 128 && body.subarray(39, -1).every((byte) => byte >= 128), name);
        assert.equal(`${change.id}.${version}`, name);
    }
});

test("no bent row kept its hash", (t) => {
    t.diagnostic(`${arena.tried} bent rows and ${events.length} leaves checked`);
    assert.deepEqual(arena.through, []);
});
