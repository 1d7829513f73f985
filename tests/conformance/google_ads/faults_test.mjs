// What the world's faults look like on the wire, and that it lives through them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { customer, startWorld } from "../support/world.mjs";

let world, token;

before(async () => {
    world = await startWorld();
});
after(() => world?.stop());
beforeEach(async () => {
    await world.reset();
    token = await world.accessToken();
});

function raise(amountMicros, options = {}) {
    return fetch(`${world.url}/v25/customers/${customer}/campaignBudgets:mutate`, {
        method: "POST", headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ operations: [{
            update: { resourceName: `customers/${customer}/campaignBudgets/9`, amountMicros },
            updateMask: "amountMicros",
        }] }),
        ...options,
    });
}

const applied = async () => (await world.ledger()).map((entry) => [entry.applied, entry.reply]);

test("a lost reply closes the connection and was applied", async () => {
    await world.faults({ google: { lose_reply_after_commit: { next: 1 } } });
    await assert.rejects(raise("52500000"));
    assert.deepEqual(await applied(), [[true, "lost"]]);
});

test("a truncated body ends in its middle and was applied", async () => {
    await world.faults({ google: { truncated_body: { next: 1, on: "writes" } } });
    const reply = await raise("52500000");
    assert.equal(reply.status, 200);
    await assert.rejects(reply.text());
    assert.deepEqual(await applied(), [[true, "truncated"]]);
});

test("a stopped platform answers nobody, until it is told to", async () => {
    await world.faults({ google: { stop: 1 } });
    await assert.rejects(raise("52500000", { signal: AbortSignal.timeout(300) }), /timeout/i);
    await world.faults({ google: { stop: 0, stop_after_commit: { next: 1 } } });
    await assert.rejects(raise("52500000", { signal: AbortSignal.timeout(300) }), /timeout/i);
    assert.equal((await raise("55000000")).status, 200);
    assert.deepEqual(await applied(), [[true, "hanging"], [true, "sent"]]);
});

test("latency holds a reply back, and the commit is not later for it", async () => {
    await world.faults({ google: { latency_ms: 400 } });
    const began = Date.now();
    const slow = raise("52500000");
    const [reply] = await Promise.all([slow, (async () => {
        while ((await world.ledger()).length === 0);
        assert.ok(Date.now() - began < 400);
    })()]);
    assert.equal(reply.status, 200);
    assert.ok(Date.now() - began >= 395);
});

test("a rate of lost replies: what the ledger applied is what the budget says", async () => {
    await world.faults({ google: { lose_reply_after_commit: 0.5, http_5xx_before_commit: 0.2 } });
    const outcomes = [];
    for (let i = 1; i <= 60; i++) {
        outcomes.push(await raise(String(50_000_000 + i * 10_000))
            .then((reply) => reply.status, () => "lost"));
    }
    const entries = await world.ledger();
    assert.equal(entries.length, outcomes.filter((outcome) => outcome !== 503).length);
    assert.equal(entries.filter((entry) => entry.reply === "lost").length,
        outcomes.filter((outcome) => outcome === "lost").length);
    assert.ok(outcomes.includes("lost") && outcomes.includes(503) && outcomes.includes(200));
    assert.equal((await world.budgets())[8].amount_micros, entries.at(-1).after_micros);
});

test("the world stops cleanly while clients hang and wait", async () => {
    const other = await startWorld();
    await other.faults({ google: { stop: 1, latency_ms: 60_000 }, slack: { latency_ms: 60_000 } });
    const hanging = ["/v25/customers:listAccessibleCustomers", "/api/auth.test"].map((path) => {
        const call = request(`${other.url}${path}`, { method: "GET" });
        call.end();
        return once(call, "socket").then(([socket]) => once(socket, "connect")).then(() => call);
    });
    for (const call of await Promise.all(hanging)) call.on("error", () => {});
    assert.equal(await other.stop(), 0);
});
