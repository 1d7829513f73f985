// Lost replies, crashes and hands between: at most one mutation, and never a guess.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startBudgets } from "../support/budget.mjs";
import { waitFor } from "../support/wait.mjs";

let budgets;
before(async () => {
    budgets = await startBudgets();
});
after(() => budgets?.destroy());

const applied = async (...ids) =>
    (await budgets.mutations(...ids)).filter((mutation) => mutation.applied);

test("a reply lost after the commit: one mutation, executed after the wait", async () => {
    await budgets.faults({ lose_reply_after_commit: { next: 1, on: "writes" } });
    const change = await budgets.approved([14]);
    await budgets.reach(change, "executed");
    assert.equal((await budgets.mutations(14)).length, 1);
    const [first, second] = await budgets.attempts(change);
    assert.ok(second.taken_at > first.send_by);
    assert.equal(second.sent_at, null);
});

test("a 5xx before the commit: read back, sent once more, applied once", async () => {
    await budgets.faults({ http_5xx_before_commit: { next: 1, on: "writes" } });
    const change = await budgets.approved([15]);
    await budgets.reach(change, "executed");
    assert.equal((await applied(15)).length, 1);
    assert.equal((await budgets.attempts(change)).filter(({ sent_at }) => sent_at).length, 2);
});

test("a 5xx after the commit: one mutation", async () => {
    await budgets.faults({ http_5xx_after_commit: { next: 1, on: "writes" } });
    const change = await budgets.approved([16]);
    await budgets.reach(change, "executed");
    assert.equal((await budgets.mutations(16)).length, 1);
});

test("an answer that breaks off: one mutation", async () => {
    await budgets.faults({ truncated_body: { next: 1, on: "writes" } });
    const change = await budgets.approved([17]);
    await budgets.reach(change, "executed");
    assert.equal((await budgets.mutations(17)).length, 1);
});

test("a platform that hangs after the commit: one mutation", async () => {
    await budgets.faults({ stop_after_commit: { next: 1, on: "writes" } });
    const change = await budgets.approved([18]);
    await budgets.reach(change, "executed");
    assert.equal((await budgets.mutations(18)).length, 1);
});

["after_lease", "after_begin", "after_permit", "before_post", "after_post", "after_record"]
    .forEach((failpoint, i) => {
        test(`kill -9 at ${failpoint}: exactly one mutation`, async () => {
            await budgets.restart({ AELP2_FAILPOINT: `${failpoint}:exit` });
            const pid = budgets.pid();
            const change = await budgets.approved([20 + i]);
            await budgets.restarted(pid);
            await budgets.reach(change, "executed");
            assert.equal((await budgets.mutations(20 + i)).length, 1);
            assert.equal(await budgets.atWorld(20 + i), change.afters[0]);
        });
    });

test("an order that another runner began is carried on when that one dies", async () => {
    await budgets.restart({ AELP2_FAILPOINT: "after_lease:stop" });
    const change = await budgets.approved([34]);
    const pid = await budgets.stopped();
    const { rows: [order] } = await budgets.aelp2.as("budget-publisher").query(
        "SELECT result FROM saga.begin_execution($1, $2, 'another', 'live')", [change.id, change.hash]);
    assert.equal(order.result, "ok");
    process.kill(pid, "SIGCONT");
    await waitFor(async () => (await budgets.sql.query(
        "SELECT leased_until = '-infinity' AS free FROM budget.task WHERE saga_id = $1",
        [change.id])).rows[0].free, { what: "the task is given back" });
    await budgets.freeTasks();
    await budgets.reach(change, "executed");
    assert.equal((await budgets.mutations(34)).length, 1);
});

test("stopped between permit and POST beyond send_by: nothing is sent under that permit", async () => {
    await budgets.restart({ AELP2_FAILPOINT: "after_permit:stop" });
    const change = await budgets.approved([30]);
    const pid = await budgets.stopped();
    await waitFor(async () => (await budgets.sql.query(
        "SELECT send_by < clock_timestamp() AS late FROM saga.attempt WHERE saga_id = $1",
        [change.id])).rows[0].late);
    process.kill(pid, "SIGCONT");
    await budgets.reach(change, "executed");
    const mutations = await budgets.mutations(30);
    const [first, ...later] = await budgets.attempts(change);
    assert.equal(mutations.length, 1);
    assert.ok(first.send_by < later.at(-1).sent_at);
});

test("a hand's other value in the crash window: conflict, and nothing is sent", async () => {
    await budgets.restart({ AELP2_FAILPOINT: "before_post:exit" });
    const pid = budgets.pid();
    const change = await budgets.approved([31]);
    await budgets.restarted(pid);
    await budgets.edit(31, 33_330_000);
    await budgets.reach(change, "failed");
    assert.equal((await budgets.state(change)).outcome, "conflict");
    assert.deepEqual(await budgets.mutations(31), []);
    assert.equal(await budgets.atWorld(31), 33_330_000);
});

test("a hand that sets the old value back after our send: unknown, locked, for a person", async () => {
    await budgets.restart({ AELP2_FAILPOINT: "after_post:stop" });
    await budgets.faults({ lose_reply_after_commit: { next: 1, on: "writes" } });
    const change = await budgets.approved([32]);
    const pid = await budgets.stopped();
    await budgets.edit(32, change.befores[0]);
    process.kill(pid, "SIGCONT");
    await waitFor(async () => (await budgets.state(change)).outcome === "unknown");
    assert.equal((await budgets.state(change)).state, "executing");
    assert.equal((await budgets.mutations(32)).length, 1);
    const { rows } = await budgets.sql.query(
        "SELECT busy FROM saga.target WHERE resource = 'campaignBudgets/32'");
    assert.equal(rows[0].busy, change.id);
});

test("a rollback whose reply is lost goes back once", async () => {
    const change = await budgets.approved([33]);
    await budgets.reach(change, "executed");
    await budgets.faults({ lose_reply_after_commit: { next: 1, on: "writes" } });
    assert.equal((await budgets.rollBack(change)).result, "ok");
    await budgets.reach(change, "rolled_back");
    assert.equal((await budgets.mutations(33)).length, 2);
    assert.equal(await budgets.atWorld(33), change.befores[0]);
});
