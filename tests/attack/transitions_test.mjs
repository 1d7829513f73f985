// Every login at every door in every state: what saga.step and the fleet's grants allow happens,
// everything else is refused and leaves the ledger as it was. Made from the two tables.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { openArena } from "./arena.mjs";

let arena, steps, exercised;
before(async () => {
    arena = await openArena();
    steps = (await arena.sql.query("SELECT * FROM saga.step")).rows;
    exercised = new Set();
});
after(() => arena?.destroy());

const states = ["proposed", "cleared", "blocked", "rejected", "approved", "expired", "stale", "cancelled",
    "executing", "executed", "confirmed", "failed", "rolling_back", "rolled_back", "rollback_failed"];

// What is tried, the row of saga.step it needs (`door`), and where it leads from a state.
const actions = [
    ...[...states, "nowhere"].map((to) => ({ name: `advance ${to}`, call: "advance", door: "advance",
        options: { to }, leads: () => (["expired", "confirmed"].includes(to) ? null : to) })),
    ...Object.entries({ approve: "approved", reject: "rejected", withdraw: "cleared" }).map(([verdict, to]) => ({
        name: `decide ${verdict}`, call: "decide", door: "decide", options: { verdict },
        leads: (from) => (verdict === "withdraw" && from !== "approved" ? null : to) })),
    { name: "begin", call: "begin_execution", door: "begin", options: {}, leads: () => "executing" },
    ...["applied", "not_applied", "conflict"].map((outcome) => ({ name: `finish ${outcome}`, call: "finish",
        door: "finish", options: { outcome }, leads: (from) => (outcome === "applied"
            ? { executing: "executed", rolling_back: "rolled_back" }[from]
            : { executing: "failed", rolling_back: "rollback_failed" }[from]) })),
    ...["applied", "not_applied"].map((outcome) => ({ name: `resolve ${outcome}`, call: "resolve",
        door: "resolve", options: { outcome }, leads: () => null })),
    { name: "rollback", call: "begin_rollback", door: "rollback", options: {},
        leads: (from) => (from === "executed" ? "rolling_back" : null) },
];

const stepKey = (kind, from, to, role, door) => [kind, from, to, role, door].join(" ");

// The states it passes, when the table and the grants let this login take each step; else null.
function allowed({ kind, from, leads = {} }, member, action) {
    const path = [action.name in leads ? leads[action.name] : action.leads(from)].flat();
    const legal = path.every((to, i) => to && steps.some((s) => s.kind === kind
        && s.from_state === (path[i - 1] ?? from) && s.to_state === to
        && s.role === arena.roleOf(member) && s.door === action.door));
    return legal && arena.mayCall(member, action.call) ? path : null;
}

// As it would be, but taken back: the next action meets the same ledger.
async function tryAllowed(fixture, member, action, path) {
    const client = await arena.as(member).connect();
    try {
        await client.query("BEGIN");
        await arena.door(member, action.call, fixture.change, { ...action.options, client });
        const { rows } = await client.query("SELECT state FROM saga.saga WHERE id = $1", [fixture.change.id]);
        assert.equal(rows[0].state, path.at(-1), `${member} may ${action.name} a ${fixture.kind} that is ${fixture.name}`);
        path.forEach((to, i) => exercised.add(
            stepKey(fixture.kind, path[i - 1] ?? fixture.from, to, arena.roleOf(member), action.door)));
    } finally {
        await client.query("ROLLBACK");
        client.release();
    }
}

const label = ({ kind, name }, member, action) => `${member}: ${action.name} of a ${kind} that is ${name}`;

// Doors it may not even call: all in one round trip, each counted when it was denied.
async function tryDenied(fixture, member, denied) {
    const call = ({ call: door, options }) => `BEGIN ${arena.inline(member, door, fixture.change, options)};
        EXCEPTION WHEN insufficient_privilege THEN n := n + 1; END;`;
    const refused = await arena.as(member).query(`DO $attack$ DECLARE n integer := 0; BEGIN
        ${denied.map(call).join("\n")}
        IF n <> ${denied.length} THEN RAISE EXCEPTION '% of ${denied.length} denied', n; END IF;
        END $attack$`).then(() => null, ({ message }) => message);
    arena.tried += denied.length;
    if (refused) arena.through.push(`${member} of a ${fixture.kind} that is ${fixture.name}: ${refused}`);
}

async function tryMember(fixture, member) {
    const denied = actions.filter(({ call }) => !arena.mayCall(member, call));
    if (denied.length) await tryDenied(fixture, member, denied);
    for (const action of actions.filter(({ call }) => arena.mayCall(member, call))) {
        const path = allowed(fixture, member, action);
        if (path) await tryAllowed(fixture, member, action, path);
        else await arena.attack(label(fixture, member, action),
            arena.door(member, action.call, fixture.change, action.options).then(({ went }) => went));
    }
}

async function tryAll(fixture) {
    assert.equal(await arena.state(fixture.change), fixture.from, `the arena's ${fixture.name}`);
    const ledger = await arena.ledger(fixture.change);
    const through = arena.through.length;
    await Promise.all(arena.members.map((member) => tryMember(fixture, member)));
    assert.deepEqual(arena.through.slice(through), []);
    assert.equal(await arena.ledger(fixture.change), ledger, "the ledger is as it was");
}

// How a saga comes to stand where it is attacked. `leads` says what differs there from the usual.
const until = (column, when) => (change) =>
    arena.sql.query(`UPDATE saga.saga SET ${column} = $2 WHERE id = $1`, [change.id, when]);
const overdue = until("due_at", "-infinity");
const advance = (to) => (change) => arena.must(arena.door("guardrail-evaluator", "advance", change, { to }));

async function proposed(kind) {
    return kind === "noop.note" ? arena.propose({ kind }) : arena.proposeBudget({ kind });
}

async function cleared(kind) {
    const change = await proposed(kind);
    await arena.clear(change);
    return change;
}

async function unknown(kind) {
    const change = await arena.executing({ kind });
    await arena.must(arena.door("budget-publisher", "finish", change, { outcome: "unknown" }));
    return change;
}

async function rollingBack(kind) {
    const change = await arena.executed({ kind });
    await arena.quiet(change);
    await arena.must(arena.door("guardrail-evaluator", "begin_rollback", change));
    await arena.must(arena.door("budget-publisher", "take_over", change));
    return { ...change, back: true };
}

async function after_(change, ...steps_) {
    for (const step of steps_) await step(change);
    return change;
}

const observed = (micros, options) => (change) =>
    arena.observe(change.budget.account, [change.budget.resource], micros ?? change.budget.micros, options);

const settled = { "resolve applied": "executed", "resolve not_applied": "failed" };
const decided = Object.fromEntries(actions.filter(({ door }) => door === "finish").map(({ name }) => [name, null]));

const everywhere = [
    ["proposed", "proposed", async (kind) => after_(await cleared(kind), until("state", "proposed"))],
    ["proposed and overdue", "proposed", async (kind) =>
        after_(await cleared(kind), until("state", "proposed"), overdue), { "advance expired": "expired" }],
    ["proposed without verdicts", "proposed", proposed, { "advance cleared": null }],
    ["blocked", "blocked", async (kind) => after_(await proposed(kind), advance("blocked"))],
    ["cleared", "cleared", cleared],
    ["cleared and past its time", "cleared", async (kind) =>
        after_(await cleared(kind), until("expires_at", "-infinity"), overdue),
    Object.fromEntries(["advance expired", "decide approve", "decide reject", "decide withdraw"]
        .map((name) => [name, "expired"]))],
    ["stale", "stale", async (kind) => after_(await cleared(kind), advance("stale"))],
    ["expired", "expired", async (kind) => after_(await cleared(kind), overdue, advance("expired"))],
    ["cancelled", "cancelled", async (kind) => after_(await cleared(kind), (change) =>
        arena.must(arena.door("gateway", "advance", change, { to: "cancelled" })))],
    ["rejected", "rejected", async (kind) => after_(await cleared(kind), (change) =>
        arena.must(arena.door("gateway", "decide", change, { verdict: "reject" })))],
    ["approved", "approved", (kind) => arena.approved({ kind })],
    ["approved, replaced since", "approved", async (kind) => after_(await arena.approved({ kind }),
        async (change) => arena.clear(await arena.propose({ replaces: change.id }))), { begin: "stale" }],
    ["approved, another proposed in its place", "approved", async (kind) => after_(await arena.approved({ kind }),
        (change) => arena.propose({ replaces: change.id }))],
    ["approved too long ago", "approved", async (kind) => after_(await arena.approved({ kind }), overdue),
        { "advance expired": "expired", begin: "expired" }],
    ["executing, nothing sent", "executing", (kind) => arena.executing({ kind }),
        { rollback: "failed" }],
    ["executing, outcome unknown", "executing", unknown, { ...decided, ...settled }],
    ["executed", "executed", (kind) => arena.executed({ kind })],
    ["executed and measured", "executed", async (kind) => after_(await arena.executed({ kind }), overdue),
        { "advance confirmed": "confirmed" }],
    ["confirmed", "confirmed", async (kind) =>
        after_(await arena.executed({ kind }), overdue, advance("confirmed"))],
    ["failed", "failed", async (kind) => after_(await arena.executing({ kind }), (change) =>
        arena.finish(change, "not_applied"))],
];

// Where money is meant.
const withBudgets = [
    ["approved, the budget moved since", "approved", async (kind) =>
        after_(await arena.approved({ kind }), observed(123_450_000)), { begin: "stale" }],
    ["approved, the budget is no longer its own", "approved", async (kind) =>
        after_(await arena.approved({ kind }), observed(null, { shared: true })), { begin: "blocked" }],
    ["executing and sent", "executing", async (kind) => after_(await arena.executing({ kind }),
        (change) => arena.permit(change), (change) => arena.quiet(change),
        (change) => observed(change.after)(change)), { rollback: "rolling_back" }],
    ["executed, another hand's since", "executed", async (kind) => after_(await arena.executed({ kind }),
        (change) => arena.quiet(change), observed(123_450_000)), { rollback: ["rolling_back", "rollback_failed"] }],
    ["rolling back", "rolling_back", rollingBack],
    ["rolling back, outcome unknown", "rolling_back", async (kind) =>
        after_(await rollingBack(kind), (change) => arena.finish(change, "unknown")),
    { ...decided, "resolve applied": "rolled_back", "resolve not_applied": "rollback_failed" }],
    ["rolled back", "rolled_back", async (kind) =>
        after_(await rollingBack(kind), (change) => arena.finish(change))],
    ["rollback failed", "rollback_failed", async (kind) =>
        after_(await rollingBack(kind), (change) => arena.finish(change, "not_applied"))],
];

for (const kind of ["noop.note", "budget.change"])
    for (const [name, from, make, leads] of kind === "noop.note" ? everywhere : [...everywhere, ...withBudgets])
        test(`${kind} that is ${name}: each login moves it only where the table lets it`, async () => {
            const change = await make(kind);
            if (change.refusal) assert.fail(change.refusal);
            await arena.quiet(change);
            await tryAll({ kind, name, from, change, leads });
        });

test("an approval whose approver left goes back to cleared, by the publisher alone", async () => {
    for (const kind of ["noop.note", "budget.change"]) {
        const leaver = await arena.addPerson(`leaver of ${kind}`, ["approver"]);
        const change = await proposed(kind);
        await arena.clear(change);
        await arena.approve(change, `leaver of ${kind}`);
        await arena.as("admin").query("SELECT people.set_active($1, false)", [leaver.id]);
        await tryAll({ kind, name: "approved by one who left", from: "approved", change,
            leads: { begin: "cleared", "decide withdraw": null } });
    }
});

test("half an approval, and one too many, are withdrawn by who gave them", async () => {
    await arena.sql.query("UPDATE saga.kind SET quorum = 2");
    await arena.addPerson("dan", ["approver"]);
    for (const kind of ["noop.note", "budget.change"]) {
        const change = await cleared(kind);
        await arena.approve(change);
        await tryAll({ kind, name: "approved by one of two", from: "cleared", change,
            leads: { "decide approve": null, "decide withdraw": "cleared" } });
        await arena.approve(change, "cyd");
        await arena.must(arena.door("slack-bridge", "decide", change, { verdict: "approve", by: "dan" }));
        await tryAll({ kind, name: "approved by more than asked", from: "approved", change,
            leads: { "decide withdraw": "approved" } });
    }
    await arena.sql.query("UPDATE saga.kind SET quorum = 1");
});

test("what its approver takes back is rejected, by the surfaces alone", async () => {
    await arena.sql.query("UPDATE saga.kind SET quorum = 2");
    for (const kind of ["noop.note", "budget.change"]) {
        const change = await cleared(kind);
        await arena.approve(change);
        for (const [from, next] of [["cleared", () => arena.must(arena.door("slack-bridge", "decide", change,
            { verdict: "approve", by: "cyd" }))], ["approved", () => {}]]) {
            const decision = await arena.decisionOf(change);
            assert.equal(await arena.state(change), from);
            for (const member of arena.members) {
                const client = await arena.as(member).connect();
                await client.query("BEGIN");
                const { went } = await arena.door(member, "disown", change, { decision, client });
                if (went) {
                    assert.equal((await client.query("SELECT state FROM saga.saga WHERE id = $1", [change.id]))
                        .rows[0].state, "rejected");
                    exercised.add(stepKey(kind, from, "rejected", arena.roleOf(member), "disown"));
                }
                await client.query("ROLLBACK");
                client.release();
                if (!arena.mayCall(member, "disown")) await arena.attack(`${member}: disown`, went);
            }
            await next();
        }
    }
    await arena.sql.query("UPDATE saga.kind SET quorum = 1");
    assert.deepEqual(arena.through, []);
});

test("only the proposers of a kind propose it, and a kind that is not there nobody", async () => {
    const effects = [{ ...(await arena.addBudget()), after: 105_000_000 }];
    for (const kind of ["noop.note", "budget.change"])
        for (const member of arena.members) {
            const may = steps.some((s) => s.kind === kind && s.to_state === "proposed"
                && s.role === arena.roleOf(member)) && arena.mayCall(member, "propose");
            const made = await arena.propose({ kind, member, request: randomUUID(),
                effects: kind === "noop.note" ? [] : effects }).catch((error) => {
                assert.equal(error.code, "42501", error.message);
                return { created: false };
            });
            if (may) {
                assert.ok(made.created);
                exercised.add(stepKey(kind, "", "proposed", arena.roleOf(member), "propose"));
            } else await arena.attack(`${member}: propose ${kind}`, made.created);
        }
    const made = await arena.propose({ kind: "money.print" });
    await arena.attack("a kind that is not there", made.created);
    assert.deepEqual(arena.through, []);
});

test("permits and take-overs are the publisher's alone, and only in flight", async () => {
    const fixtures = [await proposed("budget.change"), await arena.approved({ kind: "budget.change" }),
        await arena.executing({ kind: "budget.change" }), await arena.executed({ kind: "budget.change" }),
        await rollingBack("budget.change")];
    for (const change of fixtures) {
        await arena.quiet(change);
        const inFlight = ["executing", "rolling_back"].includes(await arena.state(change));
        for (const member of arena.members)
            for (const door of ["permit_send", "take_over"]) {
                const client = await arena.as(member).connect();
                await client.query("BEGIN");
                const { went } = await arena.door(member, door, change, { client });
                await client.query("ROLLBACK");
                client.release();
                if (member === "budget-publisher" && inFlight) assert.ok(went, `${door} in flight`);
                else await arena.attack(`${member}: ${door} while ${await arena.state(change)}`, went);
            }
    }
    assert.deepEqual(arena.through, []);
});

test("the suite took every row of saga.step that a login can reach", () => {
    const noBudgetToBlock = stepKey("noop.note", "approved", "blocked", "aelp_budget_publisher", "begin");
    const reach = { advance: "advance", decide: "decide", begin: "begin_execution", finish: "finish",
        resolve: "resolve", rollback: "begin_rollback", propose: "propose", disown: "disown" };
    const missed = steps.filter((s) => !exercised.has(stepKey(s.kind, s.from_state, s.to_state, s.role, s.door)))
        .filter((s) => arena.members.some((member) => arena.roleOf(member) === s.role
            && arena.mayCall(member, reach[s.door])))
        .map((s) => stepKey(s.kind, s.from_state, s.to_state, s.role, s.door));
    assert.deepEqual(missed, [noBudgetToBlock]);
});

test("no forbidden transition got through", (t) => {
    t.diagnostic(`${arena.tried} forbidden transitions tried`);
    assert.ok(arena.tried > 5000);
    assert.deepEqual(arena.through, []);
});
