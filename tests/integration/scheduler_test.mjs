// scheduler: a flow that is due becomes one job; what was missed is noticed and made up for once;
// the world's clock is the admin's to move.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startInstance } from "../support/instance.mjs";
import { waitFor } from "../support/wait.mjs";

let aelp2;
// No relay: what was emitted stays in the outbox.
before(async () => {
    aelp2 = await startInstance({ only: ["postgres", "nats", "scheduler"] });
});
after(() => aelp2?.destroy());

async function ask(sql, ...values) {
    return (await aelp2.superuser.query(sql, values)).rows;
}

async function addFlow(flow) {
    const row = { subject: "job.ingest.pull", payload: Buffer.from("4650"), schedule: "every 365d",
        since: new Date(), ...flow };
    const names = Object.keys(row);
    await ask(`INSERT INTO ops.flow (${names}) VALUES (${names.map((_, n) => `$${n + 1}`)})`,
        ...Object.values(row));
}

function runsOf(flow) {
    return ask("SELECT * FROM ops.ops_flow_runs WHERE flow = $1 ORDER BY id", flow);
}

function alertsOf(flow) {
    return ask("SELECT severity, rule, sentence FROM ops.ops_alerts WHERE flow = $1 ORDER BY id", flow);
}

function run(flow, count = 1) {
    return waitFor(async () => {
        const runs = await runsOf(flow);
        return runs.length >= count && runs;
    }, { what: `run ${count} of ${flow}` });
}

// A tick has passed that saw everything committed before.
async function tick() {
    const name = `probe-${Math.random().toString(36).slice(2)}`;
    await addFlow({ name, schedule: "every 1s", since: new Date(Date.now() - 2000) });
    await run(name);
    await ask("UPDATE ops.flow SET enabled = false WHERE name = $1", name);
}

test("a due flow becomes one job with its payload, under the id of its run", async () => {
    await addFlow({ name: "pull", schedule: "every 1s", since: new Date(Date.now() - 1000) });
    const [first] = await run("pull");
    await tick();
    assert.equal((await runsOf("pull")).length, 1, "one run at a time");
    const jobs = await ask("SELECT subject, body FROM bus.outbox WHERE message_id = $1", first.message_id);
    assert.deepEqual(jobs, [{ subject: "job.ingest.pull", body: Buffer.from("4650") }]);
    assert.deepEqual(await alertsOf("pull"), []);
});

test("the next run comes when the former has ended", async () => {
    const [first] = await runsOf("pull");
    const [{ ended }] = await ask("SELECT ops.end_run($1, NULL) AS ended", first.message_id);
    assert.equal(ended, true);
    const runs = await run("pull", 2);
    assert.equal(runs[0].outcome, "done");
    assert.ok(runs[1].due_at > runs[0].due_at);
    const [again] = await ask("SELECT ops.end_run($1, 'late word') AS ended", first.message_id);
    assert.equal(again.ended, false);
    await ask("UPDATE ops.flow SET enabled = false WHERE name = 'pull'");
});

test("a downtime over several due times is one late run and one alert", async () => {
    await aelp2.halt("scheduler");
    const since = new Date(Date.now() - 50 * 3600_000);
    await addFlow({ name: "nightly", schedule: "0 2 * * *", zone: "America/New_York", since });
    await aelp2.restart("scheduler");
    const [only] = await run("nightly");
    const local = (await ask("SELECT to_char($1::timestamptz AT TIME ZONE 'America/New_York', 'HH24:MI') AS at",
        only.due_at))[0].at;
    assert.equal(local, "02:00");
    assert.ok(only.missed === 1 || only.missed === 2, `${only.missed} missed`);
    const alerts = await alertsOf("nightly");
    assert.equal(alerts.length, 1);
    assert.equal(alerts[0].rule, "missed");
    await ask("SELECT ops.end_run($1, NULL)", only.message_id);
    await tick();
    assert.equal((await runsOf("nightly")).length, 1);
});

test("killed before it starts a run, it starts it once", async () => {
    await aelp2.restart("scheduler", { AELP2_FAILPOINT: "before_start_runs:exit" });
    await addFlow({ name: "crash", schedule: "every 60s", since: new Date(Date.now() - 60_000) });
    const [only] = await run("crash");
    const jobs = await ask("SELECT FROM bus.outbox WHERE message_id = $1", only.message_id);
    assert.equal(jobs.length, 1);
});

test("a run nobody ends is overdue, a person is told, and the flow goes on", async () => {
    await addFlow({ name: "stuck", schedule: "every 1s", run_max: "1 second" });
    const runs = await run("stuck", 2);
    assert.equal(runs[0].outcome, "overdue");
    await ask("UPDATE ops.flow SET enabled = false WHERE name = 'stuck'");
    const [alert] = await alertsOf("stuck");
    assert.deepEqual([alert.severity, alert.rule], ["critical", "overdue"]);
});

test("a run that failed is an alert with the reason", async () => {
    await addFlow({ name: "broken", schedule: "every 1s" });
    const [first] = await run("broken");
    await ask("UPDATE ops.flow SET enabled = false WHERE name = 'broken'");
    await ask("SELECT ops.end_run($1, 'no orders since Tuesday')", first.message_id);
    assert.deepEqual(await alertsOf("broken"),
        [{ severity: "critical", rule: "failed", sentence: "no orders since Tuesday" }]);
});

test("a flow that can't be read is one alert and harms no other", async () => {
    await addFlow({ name: "bad-schedule", schedule: "61 * * * *" });
    await addFlow({ name: "bad-zone", schedule: "* * * * *", zone: "../../etc/passwd" });
    await tick();
    await tick();
    for (const [flow, says] of [["bad-schedule", /61 \* \* \* \*/], ["bad-zone", /there is no/]]) {
        const alerts = await alertsOf(flow);
        assert.equal(alerts.length, 1, flow);
        assert.match(alerts[0].sentence, says);
        assert.deepEqual(await runsOf(flow), []);
    }
});

test("the world's clock is moved by the admin, forward, and world flows follow it", async () => {
    await addFlow({ name: "here", schedule: "every 30d" });
    await addFlow({ name: "there", schedule: "every 30d", world: true });
    await aelp2.as("admin").query("SELECT ops.advance_clock('31 days')");
    const [only] = await run("there");
    assert.ok(only.due_at > new Date());
    await tick();
    assert.deepEqual(await runsOf("here"), []);
    await assert.rejects(aelp2.as("admin").query("SELECT ops.advance_clock('-1 day')"), /only goes forward/);
    for (const member of ["scheduler", "gateway"])
        await assert.rejects(aelp2.as(member).query("SELECT ops.advance_clock('1 day')"), /permission denied/);
});

test("the scheduler can say nothing but jobs", async () => {
    const emit = (subject) => aelp2.as("scheduler").query(
        "SELECT bus.emit(ARRAY[$1], ARRAY['x'], ARRAY[''::bytea], ARRAY[NULL]::text[])", [subject]);
    for (const subject of ["saga.approved.noop.note", "data.landed.google"])
        await assert.rejects(emit(subject), /may not emit/);
});
