// What the platforms show: locked in one order, kept when it says something new, pruned when no cap
// needs it, counted by the account's own clock.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { waitFor } from "../support/wait.mjs";
import { money, openArena } from "./arena.mjs";

let arena;
const publisher = "budget-publisher";
before(async () => {
    arena = await openArena();
});
after(() => arena?.destroy());

const rows = async (sql, ...values) => (await arena.sql.query(sql, values)).rows;
const idOf = ({ account, resource }) =>
    arena.one("SELECT id FROM saga.target WHERE account_id = $1 AND resource = $2", account, resource);
const kept = async (budget) => (await rows(`SELECT daily_micros::bigint::int AS micros FROM saga.observed
    WHERE target_id = $1 ORDER BY at`, await idOf(budget))).map(({ micros }) => micros);

test("a reading waits for the lowest id first, whatever its budgets are called", async () => {
    await arena.observe("google/1", ["z"], money);
    await arena.observe("google/1", ["a"], money);
    const [low, high] = await Promise.all(["z", "a"].map((resource) => idOf({ account: "google/1", resource })));
    assert.ok(BigInt(low) < BigInt(high));
    const begin = await arena.sql.connect();
    const reader = await arena.as(publisher).connect();
    await begin.query("BEGIN");
    await begin.query("SELECT FROM saga.target WHERE id = $1 FOR UPDATE", [low]);
    const reading = reader.query(`SELECT saga.observe('google/1', '{a,z}', '{"",""}', '{1000000,1000000}',
        '{f,f}', '{t,t}', '{daily,daily}', clock_timestamp())`);
    await waitFor(() => arena.one(`SELECT count(*)::int FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND pid = $1`, reader.processID), { what: "the reading waits" });
    await begin.query("SELECT FROM saga.target WHERE id = $1 FOR UPDATE NOWAIT", [high]);
    await begin.query("COMMIT");
    await reading;
    begin.release();
    reader.release();
});

test("a reading is kept when it shows something new or proves a change; any moves the time", async () => {
    const budget = await arena.addBudget();
    const at = () => arena.one("SELECT live_at::text FROM saga.target WHERE resource = $1", budget.resource);
    const first = await at();
    for (let i = 0; i < 3; i++) await arena.observe("google/1", [budget.resource], money);
    assert.deepEqual(await kept(budget), [money]);
    assert.notEqual(await at(), first);
    await arena.observe("google/1", [budget.resource], money, { enabled: false });
    assert.equal(await arena.one("SELECT enabled FROM saga.target WHERE resource = $1", budget.resource), false);
    await arena.observe("google/1", [budget.resource], money + 10_000);
    assert.deepEqual(await kept(budget), [money, money + 10_000]);

    const change = await arena.executing();
    await arena.permit(change);
    await arena.observe("google/1", [change.budget.resource], change.after);
    await arena.finish(change);
    assert.deepEqual(await kept(change.budget), [change.before, change.after, change.after]);
});

test("old readings and bases go, bounded, and the last before the window stays", async () => {
    const budget = await arena.addBudget();
    const id = await idOf(budget);
    await arena.sql.query(`INSERT INTO saga.observed
        SELECT $1, now() - days * interval '1 day', days, 'test' FROM unnest('{60,50,40,29,5}'::int[]) days`, [id]);
    await arena.sql.query(`INSERT INTO saga.day_base
        SELECT $1, current_date - days, days FROM unnest('{60,40,27}'::int[]) days`, [id]);
    const prune = async (limit) => Number((await arena.as("outbox-relay").query("SELECT saga.prune($1)", [limit])).rows[0].prune);
    assert.equal(await prune(1), 2);
    assert.deepEqual(await kept(budget), [50, 40, 29, 5, money]);
    assert.equal(await prune(100), 2);
    assert.deepEqual(await kept(budget), [40, 29, 5, money]);
    assert.equal(await prune(100), 0);
    assert.deepEqual((await rows("SELECT base_micros::int AS base FROM saga.day_base WHERE target_id = $1 ORDER BY day", id))
        .map(({ base }) => base), [27, money]);
});

test("the world's clock moves the days of simulated accounts, and no others; only the admin moves it", async () => {
    await arena.as("admin").query("SELECT saga.set_account('meta/1', 'USD', 'UTC', 10000, false)");
    await arena.addAccount("meta/2");
    const facts = async (account) => {
        const budget = await arena.addBudget(money, account);
        const change = await arena.proposeBudget({ budget });
        return async () => {
            const { rows: [fact] } = await arena.as("guardrail-evaluator").query(
                "SELECT base::int, account_used::int AS used FROM saga.cap_facts(ARRAY[$1::uuid])", [change.id]);
            return fact;
        };
    };
    const see = (account, micros) => arena.observe(account, ["edited"], micros);
    const [real, simulated] = [await facts("meta/1"), await facts("meta/2")];
    for (const account of ["meta/1", "meta/2"]) {
        await see(account, money);
        await see(account, money + 10_000_000);
    }
    for (const member of arena.members.filter((one) => one !== "admin"))
        for (const door of ["saga._advance_clock('1 day')", "ops.advance_clock('1 day')"])
            await arena.attack(`${member}: ${door}`, arena.as(member).query(`SELECT ${door}`).then(() => true,
                ({ code }) => code !== "42501"));
    await arena.attack("the ledger's own, by the admin", arena.as("admin").query("SELECT saga._advance_clock('1 day')")
        .then(() => true, ({ code }) => code !== "42501"));
    assert.deepEqual([await real(), await simulated()], [{ base: money, used: 10_000_000 }, { base: money, used: 10_000_000 }]);
    await arena.as("admin").query("SELECT ops.advance_clock('2 days')");
    assert.deepEqual(await simulated(), { base: null, used: 0 }); // not yet read on that day
    assert.deepEqual(await real(), { base: money, used: 10_000_000 });
    assert.deepEqual(arena.through, []);
});

// An effect's foreign key holds its budget's key until the proposal commits, whatever its order.
test("whoever proposes holds up no reading, and what is proposed crosswise is no deadlock", async () => {
    const [one, other] = [await arena.addBudget(), await arena.addBudget()];
    const client = await arena.as("gateway").connect();
    await client.query("BEGIN; SET LOCAL lock_timeout = '2s'");
    const proposed = (budget) => client.query(`SELECT created FROM saga.propose('budget.change', ARRAY[gen_random_uuid()],
        '{""}', '{""}', '{NULL}', '1 day', '{1}', $1, $2, $3, 'token', $4)`,
        [[budget.account], [budget.resource], [money * 1.05], [arena.people.ann.token]]);
    await proposed(other);
    const reading = await arena.as(publisher).connect();
    await reading.query("BEGIN; SET LOCAL lock_timeout = '2s'");
    await reading.query("SELECT saga.observe($1, $2, '{a,b}', $3, '{f,f}', '{t,t}', '{daily,daily}', clock_timestamp())",
        [one.account, [one.resource, other.resource], [money, money]]);
    assert.ok((await proposed(one)).rows[0].created);
    for (const held of [client, reading]) {
        await held.query("ROLLBACK");
        held.release();
    }
});

test("the world's clock frees the caps of simulated accounts, and never a real one's", async () => {
    for (const [id, world] of [["tiktok/1", false], ["tiktok/2", true]])
        await arena.as("admin").query("SELECT saga.set_account($1, 'USD', 'UTC', 10000, $2)", [id, world]);
    await arena.as("admin").query("SELECT saga.set_mode('tiktok/1', 'live')");
    const begin = async (budget, from, percent) => {
        const change = await arena.approved({ budget: { ...budget, micros: from }, after: from * (100 + percent) / 100 });
        const answer = await arena.door(publisher, "begin_execution", change);
        if (!answer.went) return answer;
        await arena.permit(change);
        await arena.finish(change);
        await arena.quiet(change);
        return answer;
    };
    const budgets = await Promise.all(["tiktok/1", "tiktok/2"].map((account) => arena.addBudget(money, account)));
    for (const budget of budgets) {
        assert.ok((await begin(budget, money, 5)).went);
        assert.ok((await begin(budget, 105_000_000, 4)).went);
        assert.match((await begin(budget, 109_200_000, 5)).why, /^day cap/);
    }
    await arena.as("admin").query("SELECT ops.advance_clock('2 days')");
    for (const { account, resource } of budgets) await arena.observe(account, [resource], 109_200_000);
    assert.ok((await begin(budgets[1], 109_200_000, 5)).went);
    await arena.attack("a real account's cap", begin(budgets[0], 109_200_000, 5).then(({ went }) => went));
    assert.deepEqual(arena.through, []);
});
