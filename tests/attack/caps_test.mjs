// Money never outruns its caps: many begins at once, tricks with time, zones, aliases, plans, zero and
// huge numbers, other hands' edits, modes that flip.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openArena, money } from "./arena.mjs";

let arena;
const publisher = "budget-publisher";
let accounts = 0;
before(async () => {
    arena = await openArena();
});
after(() => arena?.destroy());

// An account of its own with budgets of its own.
async function account(count, micros = money, tz = "UTC") {
    const id = `google/caps-${++accounts}`;
    await arena.addAccount(id, tz);
    const budgets = [];
    for (let i = 0; i < count; i++) budgets.push(await arena.addBudget(micros, id));
    return { id, budgets };
}

const by = (budget, percent) => ({ ...budget, after: Math.round(budget.micros * (100 + percent) / 1e6) * 1e4 });

async function approvedPlan(effects) {
    const change = await arena.propose({ kind: "budget.change", effects });
    if (change.refusal) throw new Error(change.refusal);
    await arena.clear(change);
    await arena.approve(change);
    return { ...change, before: effects[0].micros, after: effects[0].after, budget: effects[0] };
}

const begin = (change, options) => arena.door(publisher, "begin_execution", change, options);

async function refused(what, change, options) {
    const answer = await begin(change, options);
    await arena.attack(what, answer.went);
    return answer.why;
}

// The live value as our own applied change left it.
async function carryOut(change) {
    await arena.must(begin(change));
    await arena.permit(change);
    const seen = change.effects.map(({ after }) => after);
    await arena.must(arena.door(publisher, "finish", change, { outcome: "applied", seen }));
    await arena.quiet(change);
}

const used = (id) => arena.one(`SELECT coalesce(sum(abs(delta_micros)), 0)::bigint FROM saga.spend_use
    WHERE account_id = $1 AND delta_micros > 0`, id).then(Number);

test("many begins at once on one account stay within its day cap", async () => {
    const { id, budgets } = await account(10);
    const changes = [];
    for (const budget of budgets) for (const percent of [5]) changes.push(await approvedPlan([by(budget, percent)]));
    const raise = await account(2); // a second account beside it does not help
    changes.push(await approvedPlan([by(raise.budgets[0], 5)]));
    await Promise.all(changes.map((change) => begin(change)));
    assert.ok(await used(id) <= 10 * money * 0.1);
    assert.equal(await used(id), 10 * money * 0.05);
    arena.tried += changes.length;
});

test("one budget rises by a tenth a day at most, though each change passes alone", async () => {
    const { id, budgets: [first, ...rest] } = await account(10);
    let budget = first;
    const steps = [];
    for (let i = 0; i < 4; i++) {
        const change = await approvedPlan([by(budget, 4)]);
        const { went } = await begin(change);
        steps.push(went);
        if (!went) break;
        await arena.permit(change);
        await arena.finish(change);
        await arena.quiet(change);
        budget = { ...budget, micros: change.after };
    }
    assert.deepEqual(steps, [true, true, false]); // 4 + 4.16 of 10; with the next 12.48
    assert.ok(rest.length && await used(id) <= money * 0.1);
    arena.tried += steps.length;
});

test("an account's cap holds when more than it allows begins at the same moment", async () => {
    const { id, budgets } = await account(4);
    await arena.sql.query("UPDATE saga.kind SET day_bp = 300 WHERE kind = 'budget.change'"); // 12 of 400
    const changes = [];
    for (const budget of budgets) changes.push(await approvedPlan([by(budget, 3)]));
    await arena.sql.query("UPDATE saga.kind SET day_bp = 200 WHERE kind = 'budget.change'"); // now 8
    const answers = await Promise.all(changes.map((change) => begin(change)));
    await arena.sql.query("UPDATE saga.kind SET day_bp = 1000 WHERE kind = 'budget.change'");
    assert.ok(await used(id) <= 4 * money * 0.02, `${await used(id)}`);
    arena.tried += answers.length;
});

test("two changes of one budget at once: one begins", async () => {
    const { budgets: [budget] } = await account(3);
    const changes = [await approvedPlan([by(budget, 1)]), await approvedPlan([by(budget, 2)]),
        await approvedPlan([by(budget, -1)])];
    const answers = await Promise.all(changes.map((change) => begin(change)));
    arena.tried += answers.length;
    assert.equal(answers.filter(({ went }) => went).length, 1);
});

test("a plan is capped by its sum, and a budget named twice is one budget", async () => {
    const { id, budgets } = await account(3);
    await arena.sql.query("UPDATE saga.kind SET day_bp = 400 WHERE kind = 'budget.change'");
    await refused("a plan over the account's cap", await approvedPlan(budgets.map((budget) => by(budget, 4.5))));
    await arena.sql.query("UPDATE saga.kind SET day_bp = 1000 WHERE kind = 'budget.change'");
    const twice = await arena.propose({ kind: "budget.change", effects: [by(budgets[0], 3), by(budgets[0], 4)] });
    await arena.attack("the same budget twice", twice.created);
    assert.equal(await used(id), 0);
});

test("up and down are never netted", async () => {
    const { id, budgets } = await account(4);
    await arena.sql.query("UPDATE saga.kind SET day_bp = 240 WHERE kind = 'budget.change'"); // 9.6 of 400; 2.4 each
    const plan = await approvedPlan([by(budgets[0], 2), by(budgets[1], -2)]);
    await carryOut(plan);
    await arena.sql.query("UPDATE saga.kind SET day_bp = 50 WHERE kind = 'budget.change'");
    await refused("a raise paid for by a cut", await approvedPlan([by(budgets[2], 3), by(budgets[3], -3)]));
    await arena.sql.query("UPDATE saga.kind SET day_bp = 1000 WHERE kind = 'budget.change'");
    assert.ok(await used(id) <= 400_000_000 * 0.024);
});

test("a change over the per-change cap is blocked, at every size of number", async () => {
    for (const micros of [10_000_000, money, 900_000_000_000_000]) {
        const { budgets: [budget] } = await account(1, micros);
        const after = Math.floor(micros * 1.05 / 10_000) * 10_000 + 10_000;
        const change = await approvedPlan([{ ...budget, after }]);
        await refused(`${micros} to ${after}`, change);
        assert.equal(await arena.state(change), "blocked");
    }
    const { budgets: [budget] } = await account(1, money);
    for (const after of [1_000_000_000_010_000, -10_000, 105_000_001, "9223372036854775807"]) {
        const change = await arena.propose({ kind: "budget.change", effects: [{ ...budget, after }] })
            .catch(({ code }) => ({ created: code !== "22003" }));
        await arena.attack(`a budget of ${after}`, change.created);
    }
    const most = await approvedPlan([by(budget, 5)]);
    await arena.must(begin(most)); // 5.00 % exactly passes
});

test("nothing is raised from zero, and nothing without a base today", async () => {
    const { budgets: [zero, plain] } = await account(2, money);
    await arena.observe(zero.account, [zero.resource], 0);
    await refused("from zero", await approvedPlan([{ ...zero, micros: 0, after: 10_000 }]));
    const change = await approvedPlan([by(plain, 1)]);
    await arena.sql.query("DELETE FROM saga.day_base WHERE target_id IN (SELECT id FROM saga.target WHERE resource = $1)",
        [plain.resource]);
    await refused("without a base", change);
});

test("midnight and a change of zone open no second day", async () => {
    for (const tz of ["Pacific/Kiritimati", "Pacific/Niue", "America/New_York"]) {
        const { id, budgets } = await account(4);
        await arena.sql.query("UPDATE saga.kind SET day_bp = 450 WHERE kind = 'budget.change'");
        const change = await approvedPlan([by(budgets[0], 4)]);
        await carryOut(change);
        await arena.addAccount(id, tz);
        await arena.observe(id, budgets.map(({ resource }) => resource), [change.after, money, money, money]);
        await refused(`a second day in ${tz}`, await approvedPlan([by({ ...budgets[0], micros: change.after }, 4)]));
        // The use was yesterday, an hour ago: another day, but within 24 hours.
        await arena.sql.query("UPDATE saga.spend_use SET day = day - 1, at = at - interval '1 hour' WHERE account_id = $1", [id]);
        await refused(`after midnight in ${tz}`, await approvedPlan([by({ ...budgets[0], micros: change.after }, 4)]));
        // And over 24 hours ago, but the same business day (25 hours long when clocks go back).
        await arena.sql.query(`UPDATE saga.spend_use u SET day = (now() AT TIME ZONE a.tz)::date, at = now() - interval '24.5 hours'
            FROM saga.account a WHERE a.id = u.account_id AND a.id = $1`, [id]);
        await refused(`late on a long day in ${tz}`, await approvedPlan([by({ ...budgets[0], micros: change.after }, 4)]));
        await arena.sql.query("UPDATE saga.kind SET day_bp = 1000 WHERE kind = 'budget.change'");
    }
});

test("what was raised over 28 days is held, per budget and per account", async () => {
    const { id, budgets } = await account(2);
    await arena.sql.query(`INSERT INTO saga.day_base SELECT id, current_date - 27, 60000000 FROM saga.target
        WHERE resource = $1`, [budgets[0].resource]);
    assert.match(await refused("a budget's drift", await approvedPlan([by(budgets[0], 4)])), /drift of the budget/);
    await arena.sql.query(`INSERT INTO saga.day_base SELECT id, current_date - 27, 70000000 FROM saga.target
        WHERE account_id = $1 ON CONFLICT (target_id, day) DO UPDATE SET base_micros = excluded.base_micros`, [id]);
    assert.match(await refused("an account's drift", await approvedPlan([by(budgets[1], 4)])), /drift of the account/);
});

test("another hand's edit uses the cap like a change of ours, also while ours is in flight", async () => {
    const { id, budgets: [edited, flying, other] } = await account(3);
    await arena.observe(id, [edited.resource], 130_000_000);
    assert.equal(await used(id), 30_000_000);
    await refused("a raise after another hand's", await approvedPlan([by(other, 4)]));
    await arena.sql.query("DELETE FROM saga.spend_use WHERE account_id = $1", [id]);
    const change = await approvedPlan([by(flying, 1)]);
    await arena.must(begin(change));
    await arena.permit(change);
    await arena.must(arena.door(publisher, "finish", change, { outcome: "conflict", seen: [140_000_000] }));
    assert.ok(await used(id) >= 40_000_000, "the edit while in flight counts");
    await refused("a raise after an edit in flight", await approvedPlan([by(other, 4)]));
});

test("a budget shared, lifetime, paused or known under a second account is not moved", async () => {
    const { id, budgets: [budget] } = await account(1);
    for (const options of [{ shared: true }, { period: "lifetime" }, { enabled: false }]) {
        const change = await approvedPlan([by(budget, 1)]);
        await arena.observe(id, [budget.resource], money, options);
        const made = await arena.propose({ kind: "budget.change", effects: [by(budget, 1)] });
        await arena.attack(`proposed while ${Object.keys(options)}`, made.created);
        await refused(`begun while ${Object.keys(options)}`, change);
        await arena.observe(id, [budget.resource], money);
    }
    for (const resource of [`${budget.resource} `, budget.resource.toUpperCase(), `./${budget.resource}`, ""])
        await arena.attack(`the alias "${resource}"`, arena.propose({ kind: "budget.change",
            effects: [{ ...by(budget, 1), resource }] }).then(({ created }) => created));
    await arena.attack("a budget in another account", arena.propose({ kind: "budget.change",
        effects: [{ ...by(budget, 1), account: "google/1" }] }).then(({ created }) => created));
});

test("a resource cannot be named so that the hashed lines say something else", async () => {
    for (const resource of ["a\neffect 2 google/1 b daily_micros 1 2", "a b", "a\r", "\u202e", "a\tb"])
        await arena.attack(JSON.stringify(resource), arena.observe("google/1", [resource], money)
            .then(() => true, ({ code }) => code !== "23514"));
});

test("a before that is stale or was never read recently begins nothing", async () => {
    const { id, budgets: [moved, old] } = await account(2);
    const stale = await approvedPlan([by(moved, 1)]);
    await arena.observe(id, [moved.resource], money + 10_000);
    await refused("a stale before", stale);
    assert.equal(await arena.state(stale), "stale");
    const unread = await approvedPlan([by(old, 1)]);
    await arena.sql.query("UPDATE saga.target SET live_at = now() - interval '10 min' WHERE resource = $1", [old.resource]);
    await refused("an unread before", unread);
    const made = await arena.propose({ kind: "budget.change", effects: [by(old, 1)] });
    await arena.attack("a proposal on an unread budget", made.created);
    await arena.as(publisher).query(`SELECT saga.observe($1, ARRAY[$2], '{""}', ARRAY[$3::bigint], '{f}', '{t}',
        '{daily}', now() - interval '9 min 30 s')`, [id, old.resource, money]);
    await arena.sql.query("UPDATE saga.timing SET observed_max = '9 min'");
    await refused("an old reading handed in as a new one", unread);
    await arena.sql.query("UPDATE saga.timing SET observed_max = '10 min'");
});

test("the mode is the least of database, environment and approval, at approval and at begin", async () => {
    const { id, budgets } = await account(6);
    const mode = (to) => arena.as("admin").query("SELECT saga.set_mode($1, $2)", [id, to]);
    const modeOf = (change) => arena.one("SELECT mode FROM saga.execution WHERE saga_id = $1", change.id);
    await mode("shadow");
    const shadow = await approvedPlan([by(budgets[0], 1)]);
    await mode("live");
    await arena.must(begin(shadow));
    await arena.attack("shadow approved, live begun", modeOf(shadow).then((found) => found !== "shadow"));
    await arena.attack("a permit in shadow", arena.door(publisher, "permit_send", shadow).then(({ went }) => went));
    const live = await approvedPlan([by(budgets[1], 1)]);
    await mode("dry_run");
    await arena.must(begin(live));
    await arena.attack("live approved, dry run now", modeOf(live).then((found) => found !== "dry_run"));
    await arena.attack("a permit in a dry run", arena.door(publisher, "permit_send", live).then(({ went }) => went));
    await mode("live");
    for (const environment of ["shadow", null, "", "LIVE", "lively"]) {
        const change = await approvedPlan([by(budgets[2 + ["shadow", null, "", "LIVE", "lively"].indexOf(environment) % 4], 1)]);
        await begin(change, { mode: environment });
        await arena.attack(`environment ${environment}`,
            arena.one("SELECT coalesce((SELECT mode FROM saga.execution WHERE saga_id = $1), 'none')", change.id)
                .then((found) => found === "live"));
    }
    assert.equal(await used(id), 0, "what is not live uses no cap");
    await arena.as("admin").query("SELECT saga.set_account('tiktok/1', 'USD', 'UTC', 10000, false)");
    const real = await arena.addBudget(money, "tiktok/1");
    const change = await approvedPlan([by(real, 1)]);
    await begin(change);
    await arena.attack("a real account is live by default", modeOf(change).then((found) => found !== "shadow"));
});

test("another proposal under the same request, or another person's, is refused", async () => {
    const { budgets: [budget] } = await account(1);
    const effects = [by(budget, 1)];
    const first = await arena.propose({ kind: "budget.change", effects });
    const same = await arena.propose({ kind: "budget.change", effects, request: first.request });
    assert.equal(same.id, first.id);
    for (const other of [{ effects: [by(budget, 2)] }, { effects, note: "other" }, { effects, payload: "other" },
        { effects, by: "bob" }, { effects, replaces: first.id }])
        await arena.attack(`${Object.keys(other)} under a used request`, arena.propose({ kind: "budget.change",
            request: first.request, ...other }).then(({ created, refusal }) => created || !refusal));
});

test("no cap was passed", (t) => {
    t.diagnostic(`${arena.tried} attacks on caps tried`);
    assert.deepEqual(arena.through, []);
});
