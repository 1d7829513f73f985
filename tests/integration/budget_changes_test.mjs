// A change travels through the real services to the world, and back; shadow, dry run, kill switch.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { account, startBudgets } from "../support/budget.mjs";
import { waitFor } from "../support/wait.mjs";

let budgets;
before(async () => {
    budgets = await startBudgets();
});
after(() => budgets?.destroy());

test("+5 % is executed with exactly one mutation, and confirmed", async () => {
    const change = await budgets.approved([9]);
    await budgets.reach(change, "confirmed");
    const mutations = await budgets.mutations(9);
    assert.equal(mutations.length, 1);
    assert.equal(mutations[0].applied, true);
    assert.equal(await budgets.atWorld(9), 52_500_000);
    assert.equal(await budgets.live("campaignBudgets/9"), 52_500_000);
});

test("changes approved together go out in one request", async () => {
    const changes = [];
    for (const id of [14, 15, 16]) changes.push(await budgets.propose([id]));
    for (const change of changes) await budgets.reach(change, "cleared");
    await budgets.control("stop");
    for (const change of changes) await budgets.approve(change);
    await waitFor(async () => (await budgets.sql.query(
        `SELECT count(*)::int AS n FROM budget.task
          WHERE saga_id = ANY ($1) AND not_before > clock_timestamp() AND leased_until = '-infinity'`,
        [changes.map(({ id }) => id)])).rows[0].n === 3, { what: "the publisher put all three off" });
    await budgets.aelp2.halt("budget-publisher");
    await budgets.control("run");
    await budgets.freeTasks();
    await budgets.restart();
    for (const change of changes) await budgets.reach(change, "executed");
    const mutations = await budgets.mutations(14, 15, 16);
    assert.equal(mutations.length, 3);
    assert.equal(new Set(mutations.map(({ request }) => request)).size, 1);
});

test("an executed change is rolled back to the snapshot", async () => {
    const change = await budgets.approved([10]);
    await budgets.reach(change, "executed");
    assert.equal((await budgets.rollBack(change)).result, "ok");
    await budgets.reach(change, "rolled_back");
    assert.equal(await budgets.atWorld(10), change.befores[0]);
    assert.equal((await budgets.mutations(10)).length, 2);
});

test("a rollback leaves alone what a hand took back already", async () => {
    const change = await budgets.approved([11, 12]);
    await budgets.reach(change, "executed");
    await budgets.edit(11, change.befores[0]);
    await waitFor(async () => (await budgets.live("campaignBudgets/11")) === change.befores[0], { what: "the edit is read" });
    assert.equal((await budgets.rollBack(change)).result, "ok");
    await budgets.reach(change, "rolled_back");
    assert.deepEqual([await budgets.atWorld(11), await budgets.atWorld(12)], change.befores);
});

test("a change of several budgets is one atomic request", async () => {
    const change = await budgets.approved([17, 18, 19]);
    await budgets.reach(change, "executed");
    const mutations = await budgets.mutations(17, 18, 19);
    assert.equal(mutations.length, 3);
    assert.equal(new Set(mutations.map(({ request }) => request)).size, 1);
});

test("one refused budget takes its whole change down, with the platform's word for it", async () => {
    await budgets.sql.query("UPDATE saga.account SET unit_micros = 1"); // the world's is 10 000
    let made = 0;
    const change = await budgets.approved([20, 27], (before) => before + (made++ ? 12_345 : 10_000));
    await budgets.reach(change, "failed");
    const [attempt] = await budgets.attempts(change);
    assert.equal(attempt.outcome, "not_applied");
    assert.equal(attempt.evidence, "answered: NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT");
    assert.equal(await budgets.atWorld(20), change.befores[0]);
    assert.equal(await budgets.atWorld(27), change.befores[1]);
    await budgets.sql.query("UPDATE saga.account SET unit_micros = 10000");
});

test("a write that met another's is sent again", async () => {
    await budgets.faults({ partial_failure: { next: 1 } });
    const change = await budgets.approved([28]);
    await budgets.reach(change, "executed");
    assert.deepEqual((await budgets.mutations(28)).map(({ applied }) => applied), [false, true]);
});

test("a throttled write waits and is sent again under a permit of its own", async () => {
    await budgets.faults({ http_429: { next: 1, on: "writes" }, retry_after_s: 30 });
    const change = await budgets.approved([21]);
    await waitFor(async () => (await budgets.sql.query(
        "SELECT not_before > clock_timestamp() + interval '10 s' AS off FROM budget.task WHERE saga_id = $1",
        [change.id])).rows[0]?.off, { what: "the order waits as long as asked" });
    await budgets.quiet(change);
    await budgets.reach(change, "executed");
    assert.equal((await budgets.attempts(change)).length, 2);
    assert.equal((await budgets.mutations(21)).length, 1);
});

test("dry run asks the platform to judge and changes nothing", async () => {
    await budgets.aelp2.as("admin").query("SELECT saga.set_mode($1, 'dry_run')", [account]);
    const change = await budgets.approved([22]);
    await budgets.reach(change, "executed");
    const mutations = await budgets.mutations(22);
    assert.deepEqual(mutations.map(({ applied, why }) => [applied, why]), [[false, "VALIDATE_ONLY"]]);
    assert.equal(await budgets.atWorld(22), change.befores[0]);
    await budgets.aelp2.as("admin").query("SELECT saga.set_mode($1, 'live')", [account]);
});

test("without AELP2_ALLOW_GOOGLE_MUTATIONS a change runs as shadow and nothing is sent", async () => {
    await budgets.restart({ AELP2_ALLOW_GOOGLE_MUTATIONS: "0" });
    const change = await budgets.approved([23]);
    await budgets.reach(change, "confirmed");
    assert.deepEqual(await budgets.mutations(23), []);
    await budgets.restart();
});

test("the kill switch between begin and permit stops the send until it is lifted", async () => {
    await budgets.restart({ AELP2_FAILPOINT: "after_begin:stop" });
    const change = await budgets.approved([24]);
    const pid = await budgets.stopped();
    await budgets.control("stop");
    process.kill(pid, "SIGCONT");
    await waitFor(async () => (await budgets.sql.query(
        "SELECT leased_until < clock_timestamp() AS free FROM budget.task WHERE saga_id = $1",
        [change.id])).rows[0]?.free, { what: "the publisher put the order off" });
    assert.ok((await budgets.attempts(change)).every(({ sent_at }) => sent_at === null));
    assert.deepEqual(await budgets.mutations(24), []);
    await budgets.control("run");
    await budgets.freeTasks();
    await budgets.reach(change, "executed");
    assert.equal((await budgets.mutations(24)).length, 1);
});

test("an access token that ends is replaced, and the change goes on", async () => {
    await budgets.world("POST", "tokens/expire", {});
    const change = await budgets.approved([25]);
    await budgets.reach(change, "executed");
    assert.equal((await budgets.mutations(25)).length, 1);
});

test("a hand's edit counts in the ledger's picture and makes an approved change stale", async () => {
    const change = await budgets.propose([26]);
    await budgets.reach(change, "cleared");
    await budgets.edit(26, change.befores[0] + 10_000);
    await waitFor(async () => await budgets.live("campaignBudgets/26") === change.befores[0] + 10_000);
    const { rows } = await budgets.sql.query(
        `SELECT delta_micros FROM saga.spend_use u JOIN saga.target g ON g.id = u.target_id
          WHERE g.resource = 'campaignBudgets/26'`);
    assert.deepEqual(rows.map(({ delta_micros }) => Number(delta_micros)), [10_000]);
    await budgets.approve(change);
    await budgets.reach(change, "stale");
    assert.deepEqual(await budgets.mutations(26), []);
});

test("a live order begun before the flag was taken away is put off, and sent when it is back", async () => {
    await budgets.restart({ AELP2_FAILPOINT: "after_begin:exit" });
    const pid = budgets.pid();
    const change = await budgets.approved([29]);
    await waitFor(() => budgets.pid() !== pid);
    await budgets.restart({ AELP2_ALLOW_GOOGLE_MUTATIONS: "0" });
    await budgets.freeTasks();
    await waitFor(() => budgets.aelp2.log("budget-publisher").some(
        ({ msg, saga, why }) => msg === "put off" && saga === change.id && why === "not permitted now"));
    assert.deepEqual(await budgets.mutations(29), []);
    await budgets.restart();
    await budgets.freeTasks();
    await budgets.reach(change, "executed");
    assert.equal((await budgets.mutations(29)).length, 1);
});

test("what was begun and never sent is taken back at once, and nobody sends it later", async () => {
    await budgets.restart({ AELP2_FAILPOINT: "after_begin:exit" });
    const pid = budgets.pid();
    const change = await budgets.approved([32]);
    await waitFor(() => budgets.pid() !== pid);
    await budgets.restart({ AELP2_ALLOW_GOOGLE_MUTATIONS: "0" });
    assert.equal((await budgets.rollBack(change)).result, "unsent");
    assert.equal((await budgets.state(change)).state, "failed");
    await budgets.restart();
    await budgets.freeTasks();
    await waitFor(async () => (await budgets.sql.query(
        "SELECT FROM budget.task WHERE saga_id = $1", [change.id])).rowCount === 0,
    { what: "its task ends" });
    assert.deepEqual(await budgets.mutations(32), []);
});

test("a reading that is older than our change is not taken for a hand's edit", async () => {
    const change = await budgets.propose([31]);
    await budgets.reach(change, "cleared");
    await budgets.aelp2.halt("budget-publisher");
    const read = async () => (await budgets.sql.query(
        "SELECT live_at::text FROM saga.target WHERE resource = 'campaignBudgets/1'")).rows[0].live_at;
    const before_ = await read();
    await budgets.restart({ AELP2_FAILPOINT: "after_reading:sleep_3000", BUDGET_OBSERVE_S: "60" });
    await budgets.approve(change);
    await budgets.reach(change, "executed");
    await waitFor(async () => (await read()) !== before_, { what: "the old reading is told" });
    assert.equal(await budgets.live("campaignBudgets/31"), change.afters[0]);
    const { rows } = await budgets.sql.query(
        `SELECT FROM saga.spend_use u JOIN saga.target g ON g.id = u.target_id
          WHERE u.saga_id IS NULL AND g.resource = 'campaignBudgets/31'`);
    assert.equal(rows.length, 0);
    await budgets.restart();
});

test("the plan's views show changes and readings", async () => {
    const changes = await budgets.sql.query(
        "SELECT * FROM budget.canary_changes WHERE resource = 'campaignBudgets/9'");
    assert.equal(changes.rows[0].outcome, "applied");
    const readings = await budgets.sql.query(
        "SELECT DISTINCT daily_micros FROM budget.canary_budgets_snapshot WHERE resource = 'campaignBudgets/9' ORDER BY 1");
    assert.deepEqual(readings.rows.map(({ daily_micros }) => Number(daily_micros)),
        [50_000_000, 52_500_000]);
});
