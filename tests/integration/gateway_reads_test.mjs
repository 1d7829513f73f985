// gateway: what it tells people about budgets before they propose, and about what holds a proposal.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openApi, spareToken } from "../support/api.mjs";
import { startInstance } from "../support/instance.mjs";
import { seedPeople } from "../support/people.mjs";
import { waitFor } from "../support/wait.mjs";

const account = "google/1234567890";
const travelling = "01a1fe7c-5793-4807-9f18-d775b141e65d";
let aelp2;
let ask;

before(async () => {
    aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "guardrail-evaluator", "budget-publisher", "world", "gateway"],
        env: { "budget-publisher:BUDGET_OBSERVE_S": "1" },
    });
    await seedPeople(aelp2);
    await waitFor(async () => (await aelp2.superuser.query("SELECT FROM saga.target")).rowCount > 0,
        { what: "the world's budgets are known" });
    ask = await openApi(aelp2);
});
after(() => aelp2?.destroy());

test("budgets show what the platform was last seen to show, and what can't be changed", async () => {
    const { items } = (await ask("GET", "/api/v1/budgets?limit=200")).body;
    const { rows } = await aelp2.superuser.query("SELECT resource FROM saga.target ORDER BY account_id, resource");
    assert.deepEqual(items.map(({ target }) => target), rows.map(({ resource }) => resource));
    const of = (id) => items.find(({ target }) => target === `campaignBudgets/${id}`);
    const { rows: [{ live_at }] } = await aelp2.superuser.query("SELECT max(live_at) AS live_at FROM saga.target");
    assert.deepEqual([of(9).account, of(9).currency, of(9).daily, of(9).daily_micros, of(9).busy, of(9).in_flight],
        [account, "USD", "50", "50000000", null, false]);
    assert.ok(Math.abs(new Date(of(9).read_at) - live_at) < 60_000);
    assert.deepEqual([of(9).shared, of(13).shared], [false, true]);

    const flying = (set) => aelp2.superuser.query(`UPDATE saga.target SET ${set} WHERE resource = 'campaignBudgets/9'`);
    const seen = async () => {
        const { body } = await ask("GET", `/api/v1/budgets?account=${account}&limit=200`);
        const { busy, in_flight } = body.items.find(({ target }) => target === "campaignBudgets/9");
        return [busy, in_flight];
    };
    await flying(`busy = '${travelling}'`);
    assert.deepEqual(await seen(), [travelling, true]);
    await flying("busy = NULL, quiet_until = now() + interval '1 h'");
    assert.deepEqual(await seen(), [null, true]);
    await flying("quiet_until = now() - interval '1 h'");
    assert.deepEqual(await seen(), [null, false]);
});

test("budgets come in pages, and only of accounts in which one has a role", async () => {
    await aelp2.superuser.query(`INSERT INTO saga.account VALUES ('meta/77', 'meta', 'EUR', 'Europe/Berlin', 10000)`);
    await aelp2.superuser.query("INSERT INTO saga.target (account_id, resource, live_micros, live_at) VALUES ('meta/77', 'x', 4650000, now())");
    const pages = async (query, options) => {
        const found = [];
        for (let cursor = ""; cursor !== null;) {
            const { body } = await ask("GET", `/api/v1/budgets?limit=2${query}${cursor && `&cursor=${cursor}`}`, options);
            assert.ok(body.items.length <= 2);
            found.push(...body.items.map((item) => `${item.account} ${item.target}`));
            cursor = body.next_cursor;
        }
        return found;
    };
    const { rows } = await aelp2.superuser.query(
        "SELECT account_id || ' ' || resource AS name FROM saga.target ORDER BY account_id, resource");
    const all = rows.map(({ name }) => name);
    const google = all.filter((name) => name.startsWith("google/"));
    assert.ok(google.length > 4);
    assert.deepEqual(await pages(""), all);
    assert.deepEqual(await pages("&platform=google"), google);
    assert.deepEqual(await pages("&account=meta/77"), ["meta/77 x"]);
    assert.deepEqual(await pages("&account=meta/78"), []);

    const admin = aelp2.as("admin");
    const { rows: [{ id }] } = await admin.query("SELECT people.add_person('mia', 'mia@example.com') AS id");
    const token = await spareToken(aelp2, "mia");
    assert.deepEqual(await pages("", { token }), [], "without a role");
    const grant = (scope, given) => admin.query("SELECT people.set_role($1, 'viewer', $2, NULL, NULL, $3)", [id, scope, given]);
    for (const [scope, whose] of [["meta", ["meta/77 x"]], [account, google], ["*", all]]) {
        await grant(scope, true);
        assert.deepEqual(await pages("", { token }), whose, scope);
        await grant(scope, false);
    }
    for (const query of ["limit=0", "limit=201", "cursor=x", "cursor=0"]) {
        const { status, body } = await ask("GET", `/api/v1/budgets?${query}`);
        assert.deepEqual([status, body.errors[0].pointer], [422, query.split("=")[0]]);
    }
    await aelp2.superuser.query("DELETE FROM saga.target WHERE account_id = 'meta/77'; DELETE FROM saga.account WHERE id = 'meta/77'");
});

test("a proposal says what holds it: the kill switch in force, or the lock that ends last", async () => {
    const made = await ask("POST", "/api/v1/proposals", { headers: { "Idempotency-Key": "4650" },
        body: { kind: "budget.change", effects: [{ account, target: "campaignBudgets/9", daily: "52.00" }] } });
    const shown = async () => (await ask("GET", `/api/v1/proposals/${made.body.id}`)).body;
    await waitFor(async () => (await shown()).state === "cleared", { what: "it is cleared" });
    assert.equal((await shown()).waits, null);

    const lock = (scope, until) => aelp2.as("admin").query(
        "SELECT * FROM saga.lock_calendar($1, now() - interval '1 h', $2, 'inventory', 'token', '{}')", [scope, until]);
    const [soon, late] = [1, 2].map((hours) => new Date(Date.now() + hours * 3_600_000));
    await lock(account, late);
    await lock("google", soon);
    await lock("*", soon);
    const held = (await shown()).waits;
    assert.match(held.why, /^calendar lock \d+ until \d{4}-\d\d-\d\d \d\d:\d\d America\/New_York: inventory$/);
    assert.ok(Math.abs(new Date(held.until) - late) < 60_000, held.until);

    const control = (as, scope, level) => ask("POST", "/api/v1/control", { as, body: { scope, level } });
    const words = [["budget.change", "stop", "stop of budget.change"], ["google", "freeze", "freeze of google"],
        [account, "stop", "freeze of google"]];
    for (const [scope, level, said] of words) {
        await control("ben", scope, level);
        const { why, until } = (await shown()).waits;
        assert.match(why, new RegExp(`^kill switch is on \\(${said}, since \\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\)$`));
        assert.equal(until, null);
    }
    await ask("POST", `/api/v1/proposals/${made.body.id}/cancel`, { headers: { "If-Match": `"${made.body.hash}"` } });
    assert.equal((await shown()).waits, null);
});
