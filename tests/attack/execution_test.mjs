// From begin to the end: fences, permits, evidence, rollbacks, the kill switch, old snapshots.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { waitFor } from "../support/wait.mjs";
import { openArena } from "./arena.mjs";

let arena;
const publisher = "budget-publisher";
before(async () => {
    arena = await openArena();
});
after(() => arena?.destroy());

// Refused, and the ledger as before.
async function refused(what, member, door, change, options = {}) {
    const before_ = await arena.ledger(change);
    const answer = await arena.door(member, door, change, { raises: ["23502", "23514", "22P02"], ...options });
    await arena.attack(what, answer.went);
    assert.equal(await arena.ledger(change), before_, what);
    return answer;
}

// Two sessions of one login: `first` stays open, `second` waits for it, then `first` commits.
async function meanwhile(member, first, otherMember, second) {
    const client = await arena.as(member).connect();
    try {
        await client.query("BEGIN");
        const firstAnswer = await first(client);
        const pid = await arena.as(otherMember).connect();
        const answer = second(pid);
        await waitFor(() => arena.one(`SELECT count(*)::int FROM pg_stat_activity
            WHERE wait_event_type = 'Lock' AND pid = $1`, pid.processID), { what: "the second waits" });
        await client.query("COMMIT");
        const secondAnswer = await answer.finally(() => pid.release());
        return [firstAnswer, secondAnswer];
    } finally {
        client.release();
    }
}

async function rollingBack() {
    const change = await arena.executed();
    await arena.quiet(change);
    await arena.must(arena.door("guardrail-evaluator", "begin_rollback", change));
    return { ...change, back: true };
}

test("each door refuses at repeatable read and at serializable", async () => {
    const change = await arena.approved();
    const running = await arena.executing();
    const uuid = change.id;
    const statements = {
        gateway: ["propose('noop.note', '{}', '{}', '{}', '{}', '1 day', '{}', '{}', '{}', '{}', 'token', '{x}')",
            "advance('{}', '{}', '{}', '{}', '{}', '', '{}')", "decide('{}', '{}', 'approve', 'token', '{x}', '')",
            `resolve('${uuid}', '', 'applied', 'token', '{x}', 'r')`, `begin_rollback('${uuid}', '', 'token', '{x}')`,
            "set_control('*', 'stop', 'token', '{x}', '')"],
        "slack-bridge": ["decide('{}', '{}', 'approve', 'slack', '{a,b,c}', '')"],
        ctl: ["set_control('*', 'stop', 'token', '{x}', '')"],
        "guardrail-evaluator": ["add_verdicts('{}', '{}', '{}', '{}', '{}', '{}', '{}')",
            "advance('{}', '{}', '{}', '{}', '{}', '', '{}')", `begin_rollback('${uuid}', '', '', '{}')`],
        [publisher]: [`begin_execution('${uuid}', '\\x${change.hash.toString("hex")}', 'o', 'live')`,
            `permit_send('${running.id}', 1)`, `take_over('${running.id}', 'o')`,
            "finish('{}', '{}', '{}', '{}', '{}', '{}', '{}')", "observe('google/1', '{}', '{}', '{}', '{}', '{}', '{}', now())"],
        "outbox-relay": ["resay(10)"],
        admin: ["set_mode('*', 'live')", "set_account('google/7', 'USD', 'UTC', 1, true)"],
    };
    for (const [member, calls] of Object.entries(statements))
        for (const level of ["REPEATABLE READ", "SERIALIZABLE"])
            for (const call of calls) {
                const client = await arena.as(member).connect();
                await client.query(`BEGIN ISOLATION LEVEL ${level}`);
                await arena.attack(`${member} at ${level}: ${call}`, client.query(`SELECT saga.${call}`).then(
                    () => true, ({ code, message }) => !/read committed/.test(message) && `${code} ${message}`));
                await client.query("ROLLBACK");
                client.release();
            }
    assert.deepEqual(arena.through, []);
});

test("a saga is begun once, however many begin it at once", async () => {
    const change = await arena.approved();
    const answers = await Promise.all(Array.from({ length: 4 }, () =>
        arena.door(publisher, "begin_execution", change)));
    assert.equal(answers.filter(({ went }) => went).length, 1);
    arena.tried += 4;
});

test("an approval that runs out while begin waits for a lock is not carried out", async () => {
    const change = await arena.approved();
    const [, answer] = await meanwhile("admin", (client) => client.query(
        "SELECT saga.set_account('google/1', 'USD', 'UTC', 10000, true)"), publisher, async (client) => {
        const begun = arena.door(publisher, "begin_execution", change, { client });
        await arena.sql.query("UPDATE saga.saga SET due_at = clock_timestamp() WHERE id = $1", [change.id]);
        return begun;
    });
    await arena.attack("an approval that ran out in a queue", answer.went);
    assert.equal(await arena.state(change), "expired");
});

test("a transaction that began before the expiry sees the clock, not its own start", async () => {
    const change = await arena.approved();
    const client = await arena.as(publisher).connect();
    await client.query("BEGIN");
    await client.query("SELECT now()");
    await arena.sql.query("UPDATE saga.saga SET due_at = clock_timestamp() WHERE id = $1", [change.id]);
    const { went } = await arena.door(publisher, "begin_execution", change, { client });
    await client.query("COMMIT");
    client.release();
    await arena.attack("an approval kept alive by an old transaction", went);
    assert.equal(await arena.state(change), "expired");
});

test("a permit is given once a fence, to the newest, and never after a kill", async () => {
    const change = await arena.executing();
    for (const fence of [0, 2, -1]) await refused(`fence ${fence}`, publisher, "permit_send", change, { fence });
    const permits = await Promise.all(Array.from({ length: 4 }, () => arena.door(publisher, "permit_send", change)));
    assert.equal(permits.filter(({ went }) => went).length, 1);
    await refused("a second permit", publisher, "permit_send", change);

    const late = await arena.executing();
    for (const [level, scope] of [["stop", "*"], ["freeze", "*"], ["stop", "google"], ["stop", "google/1"],
        ["freeze", "budget.change"]]) {
        await arena.control(level, scope);
        await refused(`a permit under ${level} of ${scope}`, publisher, "permit_send", late);
        await arena.control("run", scope);
    }
    await arena.sql.query("DELETE FROM saga.control");
    await refused("a permit where nobody ever said run", publisher, "permit_send", late);
    await arena.control("run");
});

test("a stop is not held up by a begin in progress, and the permit sees it", async () => {
    const change = await arena.approved();
    const client = await arena.as(publisher).connect();
    await client.query("BEGIN");
    await arena.must(arena.door(publisher, "begin_execution", change, { client }));
    await arena.must(arena.door("ctl", "set_control", null, { level: "stop", by: "olga" }));
    await client.query("COMMIT");
    client.release();
    await refused("a permit after the stop", publisher, "permit_send", change);
    await arena.control("run");
});

test("an old transaction sees the stop", async () => {
    const change = await arena.approved();
    const running = await arena.executing();
    const client = await arena.as(publisher).connect();
    await client.query("BEGIN");
    await client.query("SELECT count(*) FROM saga.saga");
    await arena.must(arena.door("gateway", "set_control", null, { level: "stop", by: "olga" }));
    await arena.attack("a begin in an old transaction",
        arena.door(publisher, "begin_execution", change, { client }).then(({ went }) => went));
    await arena.attack("a permit in an old transaction",
        arena.door(publisher, "permit_send", running, { client }).then(({ went }) => went));
    await client.query("COMMIT");
    client.release();
    await arena.control("run");
});

test("under a stop nothing begins; under a freeze nothing goes out, not even back", async () => {
    const change = await arena.approved();
    const done = await arena.executed();
    await arena.quiet(done);
    for (const level of ["stop", "freeze"])
        for (const scope of ["*", "google", "google/1", "budget.change"]) {
            await arena.control(level, scope);
            await refused(`a begin under ${level} of ${scope}`, publisher, "begin_execution", change);
            if (level === "freeze")
                await refused(`a rollback under freeze of ${scope}`, "guardrail-evaluator", "begin_rollback", done);
            await arena.control("run", scope);
        }
    await arena.control("stop");
    const back = await arena.must(arena.door("guardrail-evaluator", "begin_rollback", done));
    await arena.must(arena.door(publisher, "take_over", done));
    await arena.must(arena.door(publisher, "permit_send", done)); // it lowers spend
    assert.equal(back.rows[0].result, "ok");
    await arena.control("run");
});

test("a rollback that raises spend is not sent under a stop", async () => {
    const budget = await arena.addBudget();
    const change = await arena.executed({ budget, after: 95_000_000 });
    await arena.quiet(change);
    await arena.must(arena.door("guardrail-evaluator", "begin_rollback", change));
    await arena.must(arena.door(publisher, "take_over", change));
    await arena.control("stop");
    await refused("a raise under a stop", publisher, "permit_send", change);
    await arena.control("run");
});

test("one person never resumes alone, nor two when a stop came between, nor one of another scope", async () => {
    const level = () => arena.one("SELECT saga._level('{google/1}', 'budget.change')");
    const control = (to, by, scope) => arena.door("gateway", "set_control", null, { level: to, by, scope });
    const second = await arena.addPerson("mallory", ["approver"]);
    await arena.must(control("stop", "olga"));
    for (const by of ["mallory", "mallory", "vic"])
        await arena.attack(`${by} resumes alone`, control("run", by).then(({ went }) => went));
    await arena.addToken(second.id, "another token of the same person", "1 day");
    arena.people.again = { ...second, token: "another token of the same person" };
    await arena.attack("with a second token", control("run", "again").then(({ went }) => went));
    await arena.must(control("stop", "cyd"));
    await arena.attack("half a resume from before the stop", control("run", "bob").then(({ went }) => went));
    await arena.sql.query("UPDATE saga.timing SET resume_window = '0 s'");
    await arena.attack("half a resume from long ago", control("run", "cyd").then(({ went }) => went));
    await arena.sql.query("UPDATE saga.timing SET resume_window = '10 min'");
    for (const name of ["mo", "mu"]) await arena.addPerson(name, ["approver"], { scope: "meta" });
    for (const by of ["mo", "mu"])
        await arena.attack(`${by} of another platform resumes`, control("run", by).then(({ went }) => went));
    assert.equal(await level(), "stop");
    await control("run", "bob");
    await arena.must(control("run", "cyd"));
    assert.equal(await level(), "run");
});

test("a stop that commits while two people resume is not lost", async () => {
    await arena.must(arena.door("gateway", "set_control", null, { level: "stop", by: "olga" }));
    const client = await arena.as("gateway").connect();
    await client.query("BEGIN");
    await arena.must(arena.door("gateway", "set_control", null, { level: "stop", by: "cyd", client }));
    for (const by of ["bob", "olga"]) await arena.door("gateway", "set_control", null, { level: "run", by });
    await client.query("COMMIT");
    client.release();
    await arena.attack("a resume that never saw the stop",
        arena.one("SELECT saga._level('{}', 'noop.note')").then((level) => level === "run"));
    await arena.control("run");
});

test("nobody moves the clock", async () => {
    for (const member of arena.members)
        for (const sql of ["UPDATE saga.timing SET send_window = '0 s'", "UPDATE saga.saga SET due_at = 'infinity'",
            "UPDATE saga.observed SET at = now()", "UPDATE saga.target SET live_at = now()",
            "UPDATE saga.kind SET exec_wait = '1 year'", "UPDATE saga.spend_use SET at = '-infinity'"])
            await arena.attack(`${member}: ${sql}`, arena.as(member).query(sql).then(() => true,
                ({ code }) => code !== "42501"));
    assert.deepEqual(arena.through, []);
});

test("what a zombie read is no reading", async () => {
    const change = await arena.executing();
    await arena.permit(change);
    await arena.quiet(change);
    const live = () => arena.one("SELECT live_micros FROM saga.target WHERE busy = $1", change.id);
    const before_ = await live();
    await arena.must(arena.door(publisher, "take_over", change));
    const { rows: [{ reason }] } = await arena.as(publisher).query(
        "SELECT reason FROM saga.finish($1, '{1}', '{conflict}', '{late}', '{1}', '{1}', '{77770000}')", [[change.id]]);
    assert.equal(reason, "fenced");
    assert.equal(await live(), before_);
});

test("a zombie finishes nothing: neither its fence nor a made-up one", async () => {
    const change = await arena.executing();
    await arena.permit(change);
    await arena.quiet(change);
    await arena.must(arena.door(publisher, "take_over", change));
    for (const fence of [0, 1, 3])
        for (const outcome of ["applied", "not_applied", "unknown"])
            await refused(`fence ${fence}: ${outcome}`, publisher, "finish", change, { fence, outcome });
    const [, late] = await meanwhile(publisher, (client) =>
        arena.door(publisher, "take_over", change, { client }), publisher, (client) =>
        arena.door(publisher, "finish", change, { fence: 2, outcome: "applied", client }));
    await arena.attack("a finish that waited for a take-over", late.went);
    await arena.finish(change);
    for (const outcome of ["applied", "not_applied", "unknown"])
        await refused(`after the end: ${outcome}`, publisher, "finish", change, { outcome });
});

test("nothing is finished without evidence that fits", async () => {
    const change = await arena.executing();
    await arena.permit(change);
    const { before: former, after: wanted } = change;
    const wrong = [["applied", []], ["applied", [former]], ["applied", [wanted + 10_000]], ["applied", [null]],
        ["not_applied", []], ["not_applied", [wanted]], ["not_applied", [null]],
        ["conflict", []], ["conflict", [wanted]], ["conflict", [former]], ["conflict", [null]],
        ["done", [wanted]], ["done", [123_450_000]], ["", [former]], [null, [123_450_000]]];
    for (const [outcome, seen] of wrong)
        await refused(`${outcome} seen as ${seen}`, publisher, "finish", change, { outcome, seen });
    for (const [of, n] of [[1, 7], [1, 0], [2, 1], [0, 1]])
        for (const micros of [wanted, null])
            await arena.attack(`a read-back of budget ${n} of item ${of}`, arena.as(publisher).query(
                "SELECT reason FROM saga.finish($1, '{1}', '{applied}', '{x}', $2, $3, $4)",
                [[change.id], [of], [n], [micros]]).then(({ rows }) => rows[0].reason === null,
                ({ code }) => code !== "23502"));
    assert.equal(await arena.state(change), "executing");
    await arena.finish(change);
});

test("one budget's read-back is no other's", async () => {
    const budgets = [await arena.addBudget(), await arena.addBudget()];
    const change = await arena.propose({ kind: "budget.change",
        effects: budgets.map((budget) => ({ ...budget, after: 105_000_000 })) });
    await arena.clear(change);
    await arena.approve(change);
    await arena.begin(change);
    await arena.permit(change);
    for (const n of [[1, 1], [2, 2], [1, 3]])
        await arena.attack(`read-backs of ${n}`, arena.as(publisher).query(
            "SELECT reason FROM saga.finish($1, '{1}', '{applied}', '{x}', '{1,1}', $2, '{105000000,105000000}')",
            [[change.id], n]).then(({ rows }) => rows[0].reason === null));
    await refused("one of two applied is not all", publisher, "finish", change,
        { outcome: "applied", seen: [105_000_000, 100_000_000] });
    await refused("one of two untouched is not all", publisher, "finish", change,
        { outcome: "not_applied", seen: [105_000_000, 100_000_000] });
});

test("nobody takes over, rolls back or begins the next change while a send may still arrive", async () => {
    await arena.sql.query("UPDATE saga.timing SET send_window = '1 min'");
    const change = await arena.executing();
    await arena.permit(change);
    await refused("a take-over", publisher, "take_over", change);
    await refused("a finish as not applied", publisher, "finish", change,
        { outcome: "not_applied", evidence: "looked" });
    await arena.observe("google/1", [change.budget.resource], change.after);
    await refused("a rollback while executing", "guardrail-evaluator", "begin_rollback", change);
    await arena.finish(change);
    await refused("a rollback", "guardrail-evaluator", "begin_rollback", change);
    const next = await arena.proposeBudget({ budget: { ...change.budget, micros: change.after },
        after: change.after + 1_000_000 });
    await arena.clear(next);
    await arena.approve(next);
    await refused("the next change", publisher, "begin_execution", next);
    await arena.sql.query("UPDATE saga.timing SET send_window = '20 ms'");
});

test("a rollback waits until another change's send on the budget can no longer arrive", async () => {
    const change = await arena.executed();
    await arena.quiet(change);
    const next = await arena.proposeBudget({ budget: { ...change.budget, micros: change.after },
        after: change.after - 1_000_000 });
    await arena.clear(next);
    await arena.approve(next);
    await arena.begin(next);
    await arena.sql.query("UPDATE saga.timing SET send_window = '1 min'");
    await arena.permit(next);
    await arena.finish(next, "not_applied"); // answered, yet its time is not over
    await refused("a rollback across a send", "guardrail-evaluator", "begin_rollback", change);
    await arena.sql.query("UPDATE saga.timing SET send_window = '20 ms'");
});

test("a take-over or a rollback that waits for a permit sees it", async () => {
    await arena.sql.query("UPDATE saga.timing SET send_window = '1 min'");
    for (const [member, door] of [[publisher, "take_over"], ["guardrail-evaluator", "begin_rollback"]]) {
        const change = await arena.executing();
        await arena.observe("google/1", [change.budget.resource], change.after);
        const [permit, answer] = await meanwhile(publisher, (client) =>
            arena.door(publisher, "permit_send", change, { client }), member, (client) =>
            arena.door(member, door, change, { client }));
        assert.ok(permit.went);
        await arena.attack(`${door} beside a permit`, answer.went);
        assert.equal(await arena.state(change), "executing");
    }
    await arena.sql.query("UPDATE saga.timing SET send_window = '20 ms'");
});

test("a permit that waits for a take-over or a rollback is not given", async () => {
    for (const [member, door] of [[publisher, "take_over"], ["guardrail-evaluator", "begin_rollback"]]) {
        const change = await arena.executing();
        await arena.observe("google/1", [change.budget.resource], change.after);
        const [first, permit] = await meanwhile(member, (client) => arena.door(member, door, change, { client }),
            publisher, (client) => arena.door(publisher, "permit_send", change, { fence: 1, client }));
        assert.ok(first.went);
        await arena.attack(`a permit beside ${door}`, permit.went);
    }
});

test("a rollback restores the snapshot, and only what still stands as we set it", async () => {
    const change = await rollingBack();
    const { rows } = await arena.must(arena.door(publisher, "take_over", change));
    assert.equal(Number(rows[0].after_micros), change.before);
    for (const seen of [[change.after], [change.before + 10_000], [], [null]])
        await refused(`a rollback read back as ${seen}`, publisher, "finish", change, { outcome: "applied", seen });

    const edited = await arena.executed();
    await arena.quiet(edited);
    await arena.observe("google/1", [edited.budget.resource], 111_110_000);
    await arena.door("guardrail-evaluator", "begin_rollback", edited);
    assert.equal(await arena.state(edited), "rollback_failed");
    await refused("a send after the conflict", publisher, "permit_send", edited);
    await refused("a take-over after the conflict", publisher, "take_over", edited);
});

test("an unknown outcome is settled by a person who neither proposed it nor lacks the right", async () => {
    const change = await arena.executing();
    await arena.permit(change);
    for (const by of ["bob", "cyd"])
        await refused("while it is not unknown", "gateway", "resolve", change, { outcome: "applied", by });
    await arena.quiet(change);
    await arena.finish(change, "unknown");
    await arena.observe("google/1", [change.budget.resource], 123_000_000);
    for (const by of ["ann", "vic", "olga"])
        await refused(`resolved by ${by}`, "gateway", "resolve", change, { outcome: "not_applied", by });
    for (const outcome of [null, "", "unknown", "conflict"])
        await refused(`resolved as ${outcome}`, "gateway", "resolve", change, { outcome });
    await refused("resolved by another hash", "gateway", "resolve", change, { outcome: "applied", hash: null });
    await refused("taken over", publisher, "take_over", change);
    await refused("rolled back by the guardrail", "guardrail-evaluator", "begin_rollback", change);
    for (const by of ["ann", "bob"])
        await refused("rolled back by a person", "gateway", "begin_rollback", change, { by });
    const next = await arena.proposeBudget({ budget: { ...change.budget, micros: 123_000_000 }, after: 124_000_000 });
    await arena.clear(next);
    await arena.approve(next);
    await refused("another change of its budget", publisher, "begin_execution", next);
    await arena.must(arena.door("gateway", "resolve", change, { outcome: "applied" }));
});

test("compare-and-set compares: a version or hash that is old, another's or missing moves nothing", async () => {
    const change = await arena.proposeBudget();
    await arena.clear(change);
    const stale = "SELECT result FROM saga.advance(ARRAY[$1::uuid], ARRAY[$2::int], ARRAY[$3::bytea], '{stale}', '{\"\"}', '', '{}')";
    for (const [version, hash] of [[1, change.hash], [3, change.hash], [null, change.hash], [2, null], [null, null],
        [2, Buffer.alloc(32)]])
        await arena.attack(`version ${version}`, arena.as("guardrail-evaluator").query(stale,
            [change.id, version, hash]).then(({ rows }) => rows[0].result === "moved"));
    assert.equal(await arena.state(change), "cleared");
});

test("no attack on an execution got through", (t) => {
    t.diagnostic(`${arena.tried} attacks on executions tried`);
    assert.ok(arena.tried > 200);
    assert.deepEqual(arena.through, []);
});
