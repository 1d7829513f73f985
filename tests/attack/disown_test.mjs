// "Not me": who takes a decision back, what that stops, and that nobody does it for somebody else.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";

import { waitFor } from "../support/wait.mjs";
import { openArena } from "./arena.mjs";

let arena;
before(async () => {
    arena = await openArena();
});
after(() => arena?.destroy());

const level = () => arena.one("SELECT saga._level('{}', 'noop.note')");

// A person of the test's own, and a proposal that they approved.
let people = 0;
async function approvedBy({ member = "gateway", kind = "noop.note", linked = true } = {}) {
    const name = `person ${++people}`;
    const person = await arena.addPerson(name, ["approver"]);
    if (!linked) await arena.sql.query("DELETE FROM people.slack_link WHERE person_id = $1", [person.id]);
    const change = await (kind === "noop.note" ? arena.propose({ kind }) : arena.proposeBudget({ kind }));
    await arena.clear(change);
    await arena.must(arena.door(member, "decide", change, { verdict: "approve", by: name }));
    return { name, person, change, decision: await arena.decisionOf(change, name) };
}

const disown = (member, { name, change, decision }, options) =>
    arena.door(member, "disown", change, { by: name, decision, ...options });

async function untouched(what, { change }, tries) {
    const ledger = await arena.ledger(change);
    const control = await arena.one("SELECT count(*) FROM saga.control");
    for (const [name, member, options] of tries)
        await arena.attack(`${what}: ${name}`, arena.door(member, "disown", change,
            { raises: ["22P02", "22021"], ...options }).then(({ went }) => went));
    assert.equal(await arena.ledger(change), ledger, what);
    assert.equal(await arena.one("SELECT count(*) FROM saga.control"), control, what);
}

test("by the other channel a decision is taken back: rejected, frozen, its credential gone, and all of it logged",
    async () => {
        for (const [member, other, gone] of [["gateway", "slack-bridge", "token"], ["slack-bridge", "gateway", "Slack link"]]) {
            await arena.control("run");
            const mine = await approvedBy({ member });
            const { rows: [answer] } = await disown(other, mine);
            assert.equal(answer.sentence, "the proposal is rejected; everything is frozen until two people resume; "
                + `the ${gone} that it was decided with is taken away`);
            assert.equal(await arena.state(mine.change), "rejected");
            assert.equal(await level(), "freeze");
            assert.equal(await arena.one(`SELECT n.text FROM saga.note n JOIN saga.saga s
                ON s.id = n.saga_id AND s.version = n.version WHERE s.id = $1`, mine.change.id), "disowned by its approver");
            const { rows } = await arena.sql.query(`SELECT event FROM saga.event WHERE person_id = $1
                AND saga_id IS NULL ORDER BY seq DESC LIMIT 2`, [mine.person.id]);
            assert.deepEqual(rows.map(({ event }) => event).sort(), ["control", "disowned"]);
            const next = await arena.propose();
            await arena.clear(next);
            await arena.attack("a decision with what was taken away", arena.door(member, "decide", next,
                { verdict: "approve", by: mine.name }).then(({ went }) => went));
        }
        await arena.control("run");
    });

test("again it is no second time: one record, one freeze, and a resume is not undone", async () => {
    const mine = await approvedBy();
    await arena.must(disown("slack-bridge", mine));
    await arena.control("run");
    const records = () => arena.one("SELECT count(*) FROM saga.event WHERE event = 'disowned' AND person_id = $1",
        mine.person.id);
    const { proof } = arena.proof("slack-bridge", mine.name, mine.change, "disown", mine.decision);
    const replayed = { kind: "slack", proof };
    const both = await Promise.all([disown("slack-bridge", mine, replayed), disown("slack-bridge", mine, replayed)]);
    for (const { rows } of both) assert.equal(rows[0].result, "already");
    assert.equal(await records(), "1");
    assert.equal(await level(), "run");
});

test("what is executed stays, with its record, and the answer says who decides on going back", async () => {
    const mine = await approvedBy({ kind: "budget.change" });
    await arena.begin(mine.change);
    await arena.permit(mine.change);
    await arena.finish(mine.change);
    const { rows: [answer] } = await arena.must(disown("slack-bridge", mine));
    assert.match(answer.sentence, /^the change is executed and stays: people decide on a rollback; everything is frozen/);
    assert.equal(await arena.state(mine.change), "executed");
    await arena.control("run");
});

test("a disown and a begin at once: either nothing begins, or what began is frozen before it is sent", async () => {
    for (let round = 0; round < 6; round++) {
        const mine = await approvedBy({ kind: "budget.change" });
        const [begun] = await Promise.all([arena.door("budget-publisher", "begin_execution", mine.change),
            disown("slack-bridge", mine)]);
        const sent = begun.went && await arena.door("budget-publisher", "permit_send", mine.change);
        await arena.attack("a send of what was taken back", sent?.went);
        assert.equal(await arena.state(mine.change), begun.went ? "executing" : "rejected");
        await arena.control("run");
    }
});

test("of two approvals one is taken back, and the proposal with it", async () => {
    await arena.sql.query("UPDATE saga.kind SET quorum = 2 WHERE kind = 'noop.note'");
    const mine = await approvedBy();
    await arena.must(arena.door("slack-bridge", "decide", mine.change, { verdict: "approve", by: "cyd" }));
    assert.equal(await arena.state(mine.change), "approved");
    await arena.must(disown("slack-bridge", mine));
    assert.equal(await arena.state(mine.change), "rejected");
    assert.equal(await arena.one("SELECT saga._missing($1, $2, 2, '{}')", mine.change.id, mine.change.hash), 1);
    await arena.control("run");
    await arena.sql.query("UPDATE saga.kind SET quorum = 1 WHERE kind = 'noop.note'");
});

test("whoever left, or is no approver any more, still takes back what was done in their name", async () => {
    for (const leave of [(id) => arena.as("admin").query("SELECT people.set_active($1, false)", [id]),
        (id) => arena.as("admin").query("SELECT people.set_role($1, 'approver', '*', NULL, NULL, false)", [id])])
        for (const member of ["gateway", "slack-bridge"]) {
            const mine = await approvedBy();
            await leave(mine.person.id);
            await arena.must(disown(member, mine));
            assert.equal(await arena.state(mine.change), "rejected");
            await arena.control("run");
        }
});

test("nobody takes back another's decision, nor with a proof that is not theirs", async () => {
    const mine = await approvedBy();
    const theirs = await approvedBy();
    const { change, decision, person } = mine;
    const random = randomBytes(32).toString("hex");
    const click = (options) => ({ decision, kind: "slack", proof: arena.click({ user: person.slack, action: "disown",
        value: `${change.id} ${decision}`, ...options }) });
    const now = Math.floor(Date.now() / 1000);
    const approval = arena.proof("slack-bridge", mine.name, change, "approve").proof;
    await untouched("not mine", mine, [
        ["another's token", "gateway", { decision, by: theirs.name }],
        ["the proposer's token", "gateway", { decision, by: "ann" }],
        ["an operator's token", "gateway", { decision, by: "olga" }],
        ["another's click", "slack-bridge", { decision, by: theirs.name }],
        ["a made-up token", "gateway", { decision, kind: "token", proof: [random] }],
        ["the token's hash", "gateway", { decision, kind: "token",
            proof: [createHash("sha256").update(person.token).digest("hex")] }],
        ["no token", "gateway", { decision, kind: "token", proof: [] }],
        ["a null token", "gateway", { decision, kind: "token", proof: [null] }],
        ["a click through the gateway", "gateway", click()],
        ["a token through the bridge", "slack-bridge", { decision, kind: "token", proof: [person.token] }],
        ["a forged click", "slack-bridge", click({ secret: "guess" })],
        ["an old click", "slack-bridge", click({ stamp: now - 302 })],
        ["another team's click", "slack-bridge", click({ team: "T0OTHER" })],
        ["a stranger's click", "slack-bridge", click({ user: "U0STRANGER" })],
        ["a click on another decision", "slack-bridge", click({ value: `${change.id} ${theirs.decision}` })],
        ["a click on another proposal", "slack-bridge", click({ value: `${theirs.change.id} ${decision}` })],
        ["a click that approves", "slack-bridge", { decision, kind: "slack", proof: approval }],
        ["a click with more in it", "slack-bridge", click({ value: `${change.id} ${decision} disown` })],
        ["a decision that is not there", "gateway", { decision: "4650000000", by: mine.name }],
        ["no decision", "gateway", { decision: null, by: mine.name }],
        ...arena.members.filter((member) => !["gateway", "slack-bridge"].includes(member))
            .map((member) => [`through ${member}`, member, { decision, by: mine.name }]),
    ]);
    const { rows: hidden } = await arena.as("gateway").query("SELECT id FROM saga.my_decisions('token', $1)",
        [[theirs.person.token]]);
    assert.deepEqual(hidden.map(({ id }) => id), [theirs.decision]);
});

test("a click that takes back approves nothing", async () => {
    const mine = await approvedBy();
    const other = await arena.propose();
    await arena.clear(other);
    for (const about of [mine.decision, other.hash.toString("hex")]) {
        const { proof } = arena.proof("slack-bridge", mine.name, other, "disown", about);
        for (const verdict of ["approve", "reject", "withdraw"])
            await arena.attack(`a disown as ${verdict}`, arena.door("slack-bridge", "decide", other,
                { verdict, kind: "slack", proof }).then(({ went }) => went));
    }
});

test("a revoked or expired token takes nothing back, and an old decision is no longer taken back", async () => {
    const mine = await approvedBy();
    const hash = createHash("sha256").update(mine.person.token).digest();
    for (const [set, unset] of [["revoked_at = now()", "revoked_at = NULL"],
        ["expires_at = now()", "expires_at = now() + interval '1 day'"]]) {
        await arena.sql.query(`UPDATE people.credential SET ${set} WHERE hash = $1`, [hash]);
        await untouched(set, mine, [["by token", "gateway", { decision: mine.decision, by: mine.name }]]);
        await arena.sql.query(`UPDATE people.credential SET ${unset} WHERE hash = $1`, [hash]);
    }
    await arena.sql.query("UPDATE saga.decision SET at = at - interval '7 days' WHERE id = $1", [mine.decision]);
    await untouched("after a week", mine, [["by token", "gateway", { decision: mine.decision, by: mine.name }]]);
});

test("several are taken back at once, by the token that is lost with the first", async () => {
    const mine = await approvedBy();
    const second = await arena.propose();
    await arena.clear(second);
    await arena.must(arena.door("gateway", "decide", second, { verdict: "approve", by: mine.name }));
    const both = [mine.decision, await arena.decisionOf(second, mine.name)];
    const { rows } = await arena.as("gateway").query("SELECT result FROM saga.disown($1, 'token', $2)",
        [both, [mine.person.token]]);
    assert.deepEqual(rows.map(({ result }) => result), ["disowned", "disowned"]);
    for (const change of [mine.change, second]) assert.equal(await arena.state(change), "rejected");
    await arena.control("run");
});

test("who can be told in Slack is, of what was not decided there; a person without a link costs no row", async () => {
    const [byToken, byClick, unlinked] = [await approvedBy(), await approvedBy({ member: "slack-bridge" }),
        await approvedBy({ linked: false })];
    const noticed = async ({ decision }) => (await arena.sql.query("SELECT FROM saga.notice WHERE decision_id = $1",
        [decision])).rowCount;
    assert.deepEqual([await noticed(byToken), await noticed(byClick), await noticed(unlinked)], [1, 0, 0]);
    const due = async () => (await arena.as("slack-bridge").query("SELECT * FROM saga.due_notices(1000)")).rows;
    const mine = (await due()).find(({ decision }) => decision === byToken.decision);
    assert.deepEqual([mine.slack_user, mine.verdict, mine.surface], [byToken.person.slack, "approve", "aelp_gateway"]);
    await arena.as("slack-bridge").query("SELECT saga.end_notices($1, '{false}')", [[byToken.decision]]);
    assert.ok(!(await due()).some(({ decision }) => decision === byToken.decision), "tried again later");
    await arena.as("slack-bridge").query("SELECT saga.end_notices($1, '{true}')", [[byToken.decision]]);
    const { rows } = await arena.as("gateway").query("SELECT * FROM saga.my_decisions('token', $1)", [[byToken.person.token]]);
    assert.ok(rows[0].told_at);
});

test("a token revoked while its decision waits for a lock decides nothing", async () => {
    for (const how of ["SELECT people.revoke_tokens($1)", "SELECT people.set_active($1, false)"]) {
        const name = `late ${++people}`;
        const person = await arena.addPerson(name, ["approver"]);
        const changes = [await arena.propose(), await arena.propose()];
        for (const change of changes) await arena.clear(change);
        const holder = await arena.sql.connect();
        await holder.query("BEGIN");
        await holder.query("SELECT FROM saga.saga WHERE id = $1 FOR UPDATE", [changes[1].id]);
        const client = await arena.as("gateway").connect();
        const { rows: [{ pid }] } = await client.query("SELECT pg_backend_pid() AS pid");
        const deciding = client.query("SELECT result FROM saga.decide($1, $2, 'approve', 'token', $3, '')",
            [changes.map(({ id }) => id), changes.map(({ hash }) => hash), [person.token]]);
        await waitFor(() => arena.one("SELECT cardinality(pg_blocking_pids($1)) > 0", pid), { what: "it waits" });
        await arena.as("admin").query(how, [person.id]);
        await holder.query("COMMIT");
        holder.release();
        const { rows } = await deciding;
        client.release();
        await arena.attack(how, rows.some(({ result }) => result !== "refused"));
        for (const change of changes) await arena.attack(how, arena.state(change).then((state) => state !== "cleared"));
    }
});

test("Slack links are the bridge's to use and nobody's to read; notices are nobody's to make or end but its own", async () => {
    for (const member of arena.members.filter((name) => name !== "slack-bridge"))
        for (const sql of ["SELECT * FROM saga.due_notices(1)", "SELECT saga.end_notices('{1}', '{true}')",
            "SELECT people.unlinked('{U0}')", "INSERT INTO saga.notice VALUES (1, now())",
            `SELECT people._revoke('${arena.people.bob.id}')`])
            await arena.attack(`${member}: ${sql}`, arena.as(member).query(sql).then(() => true,
                ({ code }) => code !== "42501"));
    await arena.attack("the bridge lists links",
        arena.as("slack-bridge").query("SELECT * FROM people.slack_link").then(() => true, () => false));
});

test("no decision was taken back but by its person", (t) => {
    t.diagnostic(`${arena.tried} attacks on decisions tried`);
    assert.ok(arena.tried > 60);
    assert.deepEqual(arena.through, []);
});
