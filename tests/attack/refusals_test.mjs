// What was refused is kept: by whom, where and why; and nobody fills the disk with it.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { openArena } from "./arena.mjs";

let arena;
const rows = async (sql, ...values) => (await arena.sql.query(sql, values)).rows;
const kept = () => rows("SELECT door, role, person_id AS person, saga_id AS saga, sentence, more::int FROM saga.refusal ORDER BY id");
before(async () => {
    arena = await openArena();
});
beforeEach(() => arena.sql.query("DELETE FROM saga.refusal"));
after(() => arena?.destroy());

test("a refused decision is kept with its person, its surface and the rule", async () => {
    const change = await arena.propose();
    await arena.clear(change);
    await arena.door("gateway", "decide", change, { verdict: "approve", by: "ann" });
    await arena.door("slack-bridge", "decide", change, { verdict: "approve", by: "vic" });
    await arena.door("gateway", "decide", change, { verdict: "approve", kind: "token", proof: ["guess"] });
    const row = (role, person, sentence) => ({ door: "decide", role, person, saga: change.id, sentence, more: 0 });
    assert.deepEqual(await kept(), [
        row("aelp_gateway", arena.people.ann.id, "you proposed this change: somebody else must approve it"),
        row("aelp_slack_bridge", arena.people.vic.id, "you are not an approver"),
        row("aelp_gateway", null, "unknown token")]);
    await arena.must(arena.door("gateway", "decide", change, { verdict: "approve" }));
    assert.equal((await kept()).length, 3);
});

test("a refused proposal, rollback, resolution and disowning are kept", async () => {
    const { bob } = arena.people;
    const change = await arena.proposeBudget({ after: -1 });
    assert.match(change.refusal, /^after: /);
    const done = await arena.approved({ kind: "budget.change" });
    await arena.door("gateway", "begin_rollback", done);
    await arena.door("gateway", "resolve", done, { outcome: "applied" });
    await arena.door("gateway", "disown", done, { decision: "4650", by: "bob" });
    assert.deepEqual((await kept()).map(({ door, person, saga }) => [door, person, saga]), [
        ["propose", arena.people.ann.id, null], ["rollback", bob.id, done.id], ["resolve", bob.id, done.id],
        ["disown", bob.id, null]]);
});

test("a role keeps thirty a minute, counts the rest, and others are not pushed out", async () => {
    const change = await arena.propose();
    await arena.clear(change);
    const tries = (count) => Promise.all(Array.from({ length: count }, () =>
        arena.door("gateway", "decide", change, { verdict: "approve", by: "ann" })));
    for (let n = 0; n < 8; n++) await tries(5);
    await arena.door("slack-bridge", "decide", change, { verdict: "approve", by: "ann" });
    const ours = (await kept()).filter(({ role }) => role === "aelp_gateway");
    assert.ok(ours.length >= 30 && ours.length < 40, `${ours.length} rows`);
    assert.equal(ours.reduce((sum, { more }) => sum + 1 + more, 0), 40);
    assert.equal((await kept()).length, ours.length + 1);
    await arena.sql.query("UPDATE saga.refusal SET at = at - interval '61 s'");
    await tries(1);
    assert.equal((await kept()).filter(({ role }) => role === "aelp_gateway").length, ours.length + 1);
});

test("in one call a thousand refusals are thirty rows", async () => {
    const change = await arena.propose();
    const all = Array.from({ length: 1000 }, () => change);
    await arena.as("gateway").query("SELECT * FROM saga.decide($1, $2, 'approve', 'token', '{guess}', '')",
        [all.map(({ id }) => id), all.map(({ hash }) => hash)]);
    const found = await kept();
    assert.deepEqual([found.length, found.at(-1).more], [30, 970]);
});

test("after 90 days they go", async () => {
    const change = await arena.propose();
    const refused = () => arena.door("gateway", "decide", change, { verdict: "approve", by: "ann" });
    await refused();
    await arena.sql.query("UPDATE saga.refusal SET at = at - interval '90 days'");
    await refused();
    assert.equal((await kept()).length, 1);
});

test("waiting is no refusal: a begin that waits leaves nothing", async () => {
    const change = await arena.approved();
    await arena.control("stop");
    for (let n = 0; n < 3; n++) await arena.door("budget-publisher", "begin_execution", change);
    assert.deepEqual(await kept(), []);
    await arena.control("run");
});
