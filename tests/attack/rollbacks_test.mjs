// The way back: of what was never sent, of what only partly arrived, of what nobody could find out.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { root } from "../support/process.mjs";
import { money, openArena } from "./arena.mjs";

let arena;
const publisher = "budget-publisher";
const guardrail = "guardrail-evaluator";
before(async () => {
    arena = await openArena();
});
after(() => arena?.destroy());

const back = (change, member = guardrail, options = {}) => arena.door(member, "begin_rollback", change, options);
const seen = (change, micros) => arena.observe("google/1", change.budgets.map(({ resource }) => resource), micros);

// A plan of three budgets, each raised to 105.00, sent and past its time to arrive.
async function sentPlan() {
    const budgets = [await arena.addBudget(), await arena.addBudget(), await arena.addBudget()];
    const change = await arena.propose({ kind: "budget.change",
        effects: budgets.map((budget) => ({ ...budget, after: money * 1.05 })) });
    await arena.clear(change);
    await arena.approve(change);
    await arena.begin(change);
    await arena.permit(change);
    await arena.quiet(change);
    return { ...change, budgets };
}

const [set, was, other] = [money * 1.05, money, 77_770_000];

test("a kind without a way back is refused, as a value", async () => {
    const note = await arena.executed({ kind: "noop.note" });
    const answer = await back(note, "gateway");
    assert.match(answer.why, /^nothing was changed/);
    assert.equal(await arena.state(note), "executed");
});

test("what was never sent fails at once, and its budget is free", async () => {
    for (const [member, level] of [[guardrail, "run"], ["gateway", "freeze"]]) {
        const change = await arena.executing();
        await arena.control(level);
        const { rows: [answer] } = await arena.must(back(change, member));
        await arena.control("run");
        assert.equal(answer.result, "unsent");
        assert.equal(await arena.state(change), "failed");
        await arena.attack("a permit after it", arena.door(publisher, "permit_send", change).then(({ went }) => went));
        await arena.attack("a finish after it", arena.door(publisher, "finish", change, { outcome: "applied" })
            .then(({ went }) => went));
        await arena.attack("a take-over after it", arena.door(publisher, "take_over", change).then(({ went }) => went));
        await arena.begin(await arena.approved({ budget: change.budget, after: 99_000_000 }));
    }
    assert.deepEqual(arena.through, []);
});

test("a plan that partly arrived is no conflict: it stays a doubt, and its budgets locked", async () => {
    const change = await sentPlan();
    for (const micros of [[set, was, was], [set, other, was], [set, set, other]])
        await arena.attack(`conflict with ${micros}`, arena.door(publisher, "finish", change,
            { outcome: "conflict", seen: micros }).then(({ went }) => went));
    assert.equal(await arena.state(change), "executing");
    await arena.must(arena.door(publisher, "finish", change, { outcome: "unknown", seen: [set, was, was] }));
    assert.equal(await arena.one("SELECT count(*)::int FROM saga.target WHERE busy = $1", change.id), 3);
    assert.deepEqual(arena.through, []);
});

test("a person takes a doubt back where each budget reads as set or as before", async () => {
    const change = await sentPlan();
    await arena.must(arena.door(publisher, "finish", change, { outcome: "unknown", seen: [] }));
    await arena.attack("before anybody read since", back(change, "gateway").then(({ went }) => went));
    await seen(change, [set, other, was]);
    await arena.attack("over another hand's value", back(change, "gateway").then(({ went }) => went));
    assert.equal(await arena.state(change), "executing");
    await seen(change, [set, was, was]);
    await arena.attack("by the guardrail", back(change).then(({ went }) => went));
    await arena.attack("by one who may not", back(change, "gateway", { by: "vic" }).then(({ went }) => went));
    await arena.must(back(change, "gateway", { by: "olga" }));
    const { rows } = await arena.must(arena.door(publisher, "take_over", change));
    assert.deepEqual(rows.map(({ after_micros: to, sent }) => [Number(to), sent]), rows.map(() => [was, false]));
    await arena.permit(change);
    await arena.attack("applied while one stands", arena.door(publisher, "finish", change,
        { outcome: "applied", seen: [set, was, was] }).then(({ went }) => went));
    await arena.must(arena.door(publisher, "finish", change, { outcome: "applied", seen: [was, was, was] }));
    assert.equal(await arena.state(change), "rolled_back");
    assert.deepEqual(arena.through, []);
});

test("an applied plan goes back though a hand took part of it back already", async () => {
    const change = await sentPlan();
    await arena.must(arena.door(publisher, "finish", change, { outcome: "applied", seen: [set, set, set] }));
    await seen(change, [set, was, set]);
    await arena.must(back(change));
    assert.equal(await arena.state(change), "rolling_back");
    const edited = await sentPlan();
    await arena.must(arena.door(publisher, "finish", edited, { outcome: "applied", seen: [set, set, set] }));
    await seen(edited, [set, was, other]);
    await back(edited);
    assert.equal(await arena.state(edited), "rollback_failed");
});

test("a reading from before the send says nothing of what arrived", async () => {
    const change = await arena.executing();
    await arena.permit(change);
    await arena.quiet(change);
    const answer = await back(change);
    await arena.attack("on the reading from before", answer.went);
    assert.match(answer.why, /was not read/);
    await arena.observe("google/1", [change.budget.resource], change.after);
    await arena.must(back(change));
    assert.deepEqual(arena.through, []);
});

test("each way back leaves a ledger in which audit verify finds nothing wrong", async () => {
    const folder = join(root, "libcommon/audit/sql");
    const checks = readdirSync(folder).filter((file) => file.startsWith("check_"));
    assert.ok(checks.length >= 15);
    for (const check of checks)
        assert.deepEqual((await arena.as("auditor").query(readFileSync(join(folder, check), "utf8"))).rows, [], check);
});
