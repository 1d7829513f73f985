// guardrail-evaluator: proposals are cleared, blocked or kept waiting; what outstays its time
// expires; what was executed is measured and confirmed. Whoever is killed, each step happens once.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { startInstance } from "../support/instance.mjs";
import { waitFor } from "../support/wait.mjs";

const member = "guardrail-evaluator";
const account = "google/730";
const ann = { name: "Ann", role: "proposer", token: randomUUID() };
const bob = { name: "Bob", role: "approver", token: randomUUID() };
let aelp2, gateway;

before(async () => {
    aelp2 = await startInstance({ only: ["postgres", "nats", "outbox-relay", member] });
    gateway = aelp2.as("gateway");
    for (const person of [ann, bob]) await addPerson(person);
    await aelp2.as("admin").query("SELECT saga.set_account($1, 'USD', 'UTC', 10000, true)", [account]);
    await observe({ 1: 50, 2: 50, 3: 50, 4: 50, 5: 4650 });
    await control("run");
});

after(() => aelp2?.destroy());

async function ask(sql, ...values) {
    return (await aelp2.superuser.query(sql, values)).rows;
}

async function addPerson({ name, role, token }) {
    const admin = aelp2.as("admin");
    const { rows: [{ id }] } = await admin.query("SELECT people.add_person($1, $1 || '@example.com') AS id", [name]);
    const hash = createHash("sha256").update(token).digest();
    await admin.query("SELECT people.add_token($1, $2, '', now() + interval '1 day')", [id, hash]);
    await admin.query("SELECT people.set_role($1, $2, '*', NULL, NULL, true)", [id, role]);
}

async function control(level) {
    await ask("INSERT INTO saga.control (scope, level, effective, at) VALUES ('*', $1, true, now())",
        level);
}

// {n: dollars a day}
async function observe(budgets) {
    const names = Object.keys(budgets).map((n) => `campaignBudgets/${n}`);
    await aelp2.as("budget-publisher").query(
        `SELECT saga.observe($1, $2, $2, $3, array_fill(false, $4), array_fill(true, $4),
                             array_fill('daily'::text, $4), clock_timestamp())`,
        [account, names, Object.values(budgets).map((dollars) => dollars * 1e6), [names.length]]);
}

// changes: {n: dollars a day}; several proposals of noop.note with `count`.
async function propose(kind, { changes = {}, count = 1, ttl = "1 hour" } = {}) {
    const requests = Array.from({ length: count }, () => randomUUID());
    const targets = Object.keys(changes);
    const { rows } = await gateway.query(
        `SELECT id, hash, refusal FROM saga.propose($1, $2, array_fill(''::bytea, $3),
            array_fill(''::text, $3), array_fill(NULL::uuid, $3), $4, $5, $6, $7, $8, 'token', $9)`,
        [kind, requests, [count], ttl, targets.map(() => 1), targets.map(() => account),
            targets.map((n) => `campaignBudgets/${n}`),
            Object.values(changes).map((dollars) => dollars * 1e6), [ann.token]]);
    for (const row of rows) assert.equal(row.refusal, null);
    return count === 1 ? rows[0] : rows;
}

async function approve({ id, hash }) {
    const { rows } = await gateway.query(
        "SELECT result, sentence FROM saga.decide($1, $2, 'approve', 'token', $3, '')",
        [[id], [hash], [bob.token]]);
    assert.equal(rows[0].result, "approved", rows[0].sentence);
}

function reaches(state, { id }) {
    return waitFor(async () => (await stateOf(id)) === state, { what: `${id} is ${state}` });
}

async function stateOf(id) {
    return (await ask("SELECT state FROM saga.saga WHERE id = $1", id))[0].state;
}

async function verdicts(id) {
    return ask("SELECT rule, passed, sentence FROM saga.verdict WHERE saga_id = $1 ORDER BY rule", id);
}

async function safetyEvents(id) {
    return ask(`SELECT version, event, rule, sentence FROM guardrail.safety_events
                 WHERE saga_id = $1 ORDER BY id`, id);
}

async function lastNote(id) {
    const rows = await ask("SELECT text FROM saga.note WHERE saga_id = $1 ORDER BY version DESC", id);
    return rows[0]?.text;
}

// The relay says it again at once, as it does when its patience is over.
async function sayAgain() {
    await ask("UPDATE saga.saga SET say_at = now() WHERE state = 'proposed'");
}

// The proposal approved and carried out at the platform, as its publisher would.
async function execute({ id, hash }, dollars) {
    const publisher = await aelp2.as("budget-publisher").connect();
    const call = async (sql, ...values) => (await publisher.query(sql, values)).rows[0];
    try {
        const order = await call("SELECT * FROM saga.begin_execution($1, $2, 'test', 'live')", id, hash);
        assert.equal(order.result, "ok", order.reason);
        await call("SELECT saga.permit_send($1, $2)", id, order.fence);
        const done = await call(
            "SELECT reason FROM saga.finish($1, $2, '{applied}', '{answered: 200}', '{1}', '{1}', $3)",
            [id], [order.fence], [dollars * 1e6]);
        assert.equal(done.reason, null);
    } finally {
        publisher.release();
    }
}

test("a note is cleared with its verdict", async () => {
    const saga = await propose("noop.note");
    await reaches("cleared", saga);
    assert.deepEqual(await verdicts(saga.id),
        [{ rule: "kill_switch", passed: true, sentence: "kill switch is off" }]);
    assert.deepEqual(await safetyEvents(saga.id), []);
});

test("a change up to its exact bound is cleared by every rule of its kind", async () => {
    const saga = await propose("budget.change", { changes: { 1: 52.5 } });
    await reaches("cleared", saga);
    const given = await verdicts(saga.id);
    assert.deepEqual(given.map((verdict) => verdict.rule),
        ["budget_shape", "drift", "freshness", "in_flight", "kill_switch", "per_change", "per_day"]);
    assert.ok(given.every((verdict) => verdict.passed));
    assert.equal(given.find(({ rule }) => rule === "per_change").sentence, "+5 %, within 5 %");
});

test("a lock of the calendar stops no proposal, but people are told", async () => {
    const admin = aelp2.as("admin");
    await admin.query("SELECT saga.lock_calendar('google', now(), now() + interval '1 hour', 'Black Friday', '', '{}')");
    const saga = await propose("budget.change", { changes: { 1: 52.5 } });
    await reaches("cleared", saga);
    await admin.query("SELECT saga.unlock_calendar(id, '', '{}') FROM saga.calendar_lock");
    assert.match((await verdicts(saga.id)).find(({ rule }) => rule === "kill_switch").sentence,
        /^it will wait: calendar lock \d+ until \d{4}-\d\d-\d\d \d\d:\d\d [A-Z]\S+$/);
});

test("a change over its bound is blocked, and the person is told what would pass", async () => {
    const saga = await propose("budget.change", { changes: { 1: 53 } });
    await reaches("blocked", saga);
    const sentence = "+6 % > 5 %: at most $52.50";
    assert.equal(await lastNote(saga.id), sentence);
    assert.deepEqual(await safetyEvents(saga.id),
        [{ version: 1, event: "blocked", rule: "per_change", sentence }]);
    assert.deepEqual((await verdicts(saga.id)).filter(({ passed }) => !passed),
        [{ rule: "per_change", passed: false, sentence }]);
});

test("while the kill switch is on, proposals wait without a verdict", async () => {
    await control("stop");
    const saga = await propose("budget.change", { changes: { 2: 51 } });
    const events = await waitFor(async () => {
        const rows = await safetyEvents(saga.id);
        return rows.length > 0 && rows;
    });
    assert.deepEqual(events, [{ version: 1, event: "waiting", rule: "kill_switch",
        sentence: `kill switch is on (stop) for ${account}` }]);
    assert.equal(await stateOf(saga.id), "proposed");
    assert.deepEqual(await verdicts(saga.id), []);

    await control("run");
    await sayAgain();
    await reaches("cleared", saga);
    assert.equal((await safetyEvents(saga.id)).length, 1);
});

test("a proposal that is not approved in time expires", async () => {
    const saga = await propose("noop.note");
    await reaches("cleared", saga);
    await ask("UPDATE saga.saga SET due_at = now() WHERE id = $1", saga.id);
    await reaches("expired", saga);
    assert.equal(await lastNote(saga.id), "not approved in time");
});

test("a proposal that waits beyond its time expires", async () => {
    await control("freeze");
    const saga = await propose("noop.note", { ttl: "1 second" });
    await reaches("expired", saga);
    assert.equal(await lastNote(saga.id), "not judged in time");
    await control("run");
});

test("a live change is confirmed when its time has come and it still stands", async () => {
    const saga = await propose("budget.change", { changes: { 3: 51 } });
    await reaches("cleared", saga);
    await approve(saga);
    await execute(saga, 51);
    await ask("UPDATE saga.saga SET due_at = now() WHERE id = $1", saga.id);
    await reaches("confirmed", saga);
    assert.equal(await lastNote(saga.id), undefined);
});

test("a live change waits for a fresh reading; a person's edit since is noted, not undone", async () => {
    const saga = await propose("budget.change", { changes: { 4: 51 } });
    await reaches("cleared", saga);
    await approve(saga);
    await execute(saga, 51);
    await ask("UPDATE saga.target SET live_at = now() - interval '11 minutes' WHERE resource LIKE '%/4'");
    await ask("UPDATE saga.saga SET due_at = now() - interval '1 hour' WHERE id = $1", saga.id);
    const other = await propose("noop.note", { ttl: "1 second" });
    await reaches("expired", other); // a whole tick went by
    assert.equal(await stateOf(saga.id), "executed");

    await observe({ 4: 60 });
    await reaches("confirmed", saga);
    assert.equal(await lastNote(saga.id), "changed since by someone else: "
        + "budget campaignBudgets/4 is $60.00 now, not $51.00");
});

test("killed between its writes and their commit, it judges each proposal once", async () => {
    await killedAt("before_commit", async (states) => states.includes("idle in transaction"));
});

test("killed between the commit and the acks, it judges each proposal once", async () => {
    await killedAt("after_commit", async (_, sagas) => (await judged(sagas)) > 0);
});

async function judged(sagas) {
    const ids = sagas.map(({ id }) => id);
    return Number((await ask("SELECT count(*) FROM saga.event WHERE version = 2 AND saga_id = ANY ($1)",
        ids))[0].count);
}

// Stops it there by a failpoint, kills it, and lets it come back.
async function killedAt(failpoint, isThere) {
    await aelp2.restart(member, { AELP2_FAILPOINT: `${failpoint}:sleep_60000` });
    const sagas = await propose("noop.note", { count: 700 });
    await waitFor(async () => {
        const rows = await ask(`SELECT state FROM pg_stat_activity
                                 WHERE usename = 'aelp_guardrail_evaluator'`);
        return isThere(rows.map(({ state }) => state), sagas);
    }, { what: `it stands at ${failpoint}` });
    await aelp2.kill(member, "-9");
    await aelp2.restart(member);
    await waitFor(async () => {
        await sayAgain();
        return (await judged(sagas)) === sagas.length;
    }, { every: 500, what: "all are judged" });

    const [all] = await ask(
        `SELECT count(*)::int AS sagas, min(s.version) AS least, max(s.version) AS most,
                (SELECT count(*)::int FROM saga.event e WHERE e.saga_id = ANY ($1)) AS events,
                (SELECT count(*)::int FROM saga.verdict v WHERE v.saga_id = ANY ($1)) AS verdicts
           FROM saga.saga s WHERE s.id = ANY ($1) AND s.state = 'cleared'`,
        sagas.map(({ id }) => id));
    assert.deepEqual(all, { sagas: 700, least: 2, most: 2, events: 1400, verdicts: 700 });
    assert.equal((await ask("SELECT count(*)::int AS dead FROM bus.dead"))[0].dead, 0);
}
