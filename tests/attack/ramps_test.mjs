// Over 28 days budgets drift further only where two people said so, and only for what they said.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { money, openArena } from "./arena.mjs";

let arena, ramped, other;
before(async () => {
    arena = await openArena();
    [ramped, other] = [await arena.addBudget(), await arena.addBudget()];
    await arena.sql.query(`INSERT INTO saga.day_base SELECT id, current_date - 27, 60000000 FROM saga.target
        WHERE resource = ANY ($1)`, [[ramped.resource, other.resource]]);
    await arena.observe("google/1", ["campaignBudgets/big"], 5 * money); // so that the account has room
    await arena.addPerson("gus", ["approver"], { scope: "meta" });
});
after(() => arena?.destroy());

async function ramp(by, { account = "google/1", budget = ramped.resource, from = 0, to = 7, target = 8000, all = 3000 } = {}) {
    const { rows: [answer] } = await arena.as("ctl").query(
        `SELECT * FROM saga.set_ramp($1, $2, current_date + $3::int, current_date + $4::int, $5, $6, 'token', $7, 'season')`,
        [account, budget, from, to, target, all, [arena.people[by].token]]);
    return answer;
}

// Begun, and taken back at once.
async function begins(budget) {
    const change = await arena.approved({ budget, after: budget.micros * 1.04 });
    const client = await arena.as("budget-publisher").connect();
    await client.query("BEGIN");
    const answer = await arena.door("budget-publisher", "begin_execution", change, { client });
    await client.query("ROLLBACK");
    client.release();
    return answer;
}

const attack = async (what) => arena.attack(what, begins(ramped).then(({ went }) => went));

test("one person's ramp is none, nor two who say different things", async () => {
    assert.match((await begins(ramped)).why, /drift of the budget/);
    for (const by of ["bob", "bob"]) assert.equal((await ramp(by)).result, "asked");
    await attack("bob and bob");
    for (const how of [{ target: 7999 }, { to: 8 }, { budget: "" }, { all: 2999 }])
        assert.equal((await ramp("cyd", how)).result, "asked", JSON.stringify(how));
    await attack("bob and cyd, of different ramps");
    for (const by of ["vic", "olga", "gus"]) assert.equal((await ramp(by)).result, "refused", by);
    await arena.sql.query("UPDATE saga.timing SET resume_window = '0 s'");
    assert.equal((await ramp("cyd")).result, "asked");
    await arena.sql.query("UPDATE saga.timing SET resume_window = '10 min'");
    await attack("a second word too late");
    for (const how of [{ from: 3, to: 2 }, { to: -1, from: -2 }, { to: 92 }, { target: 20001 }, { all: -1 },
        { target: null }, { account: "google/9" }, { budget: "campaignBudgets/none" }])
        assert.equal((await ramp("bob", how)).result, "refused", JSON.stringify(how));
    assert.equal((await ramp("bob", { to: 91 })).result, "asked"); // today and 91 more
    assert.deepEqual(arena.through, []);
});

test("two people's ramp holds for its budget and its days, is recorded, and ends by one", async () => {
    await ramp("bob", { from: 1 });
    assert.equal((await ramp("cyd", { from: 1 })).result, "set");
    await attack("a ramp that begins tomorrow");
    assert.equal((await ramp("ann")).result, "set"); // cyd said so above
    assert.ok((await begins(ramped)).went);
    await arena.attack("the other budget", begins(other).then(({ went }) => went));
    const leaf = await arena.one(`SELECT convert_from(leaf, 'UTF8') FROM saga.event WHERE event = 'ramp'
        ORDER BY seq DESC LIMIT 1`);
    assert.match(leaf, new RegExp(`text google/1 ${ramped.resource} .* target 8000 account 3000 effective\nnote [0-9a-f]{64}\n`));
    const id = await arena.one("SELECT max(id) FROM saga.ramp WHERE effective AND day_from = current_date");
    const end = async (by) => (await arena.as("ctl").query("SELECT * FROM saga.end_ramp($1, 'token', $2)",
        [id, [arena.people[by].token]])).rows[0].result;
    assert.equal(await end("gus"), "refused");
    assert.equal(await end("olga"), "ended");
    await attack("a ramp that has ended");
    assert.equal((await ramp("bob")).result, "asked");
    await attack("one person's word, and what others said for the ramp that has ended");
    assert.deepEqual(arena.through, []);
});

test("the guardrail's facts tell the ramp", async () => {
    for (const by of ["bob", "cyd"]) await ramp(by, { budget: "", target: 9000, all: 4000 });
    const change = await arena.proposeBudget({ budget: ramped });
    const { rows: [fact] } = await arena.as("guardrail-evaluator").query(
        "SELECT target_ramp_bp, account_ramp_bp FROM saga.cap_facts(ARRAY[$1::uuid])", [change.id]);
    assert.deepEqual(fact, { target_ramp_bp: 9000, account_ramp_bp: 4000 });
});
