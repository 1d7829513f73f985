// The shop through the clients shops are read with: Shopify's and Stripe's; and its export.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createAdminRestApiClient } from "@shopify/admin-api-client";
import Stripe from "stripe";
import { startWorld } from "../support/world.mjs";

let world, shopify, stripe;

before(async () => {
    world = await startWorld({
        WORLD_PRESET: "demo", WORLD_HISTORY_DAYS: "30", WORLD_START_DATE: "2026-01-10",
    });
    const host = `127.0.0.1:${world.port}`;
    shopify = createAdminRestApiClient({
        storeDomain: "shop.myshopify.com", apiVersion: "2026-10", accessToken: "shpat_demo",
        scheme: "http", isTesting: true,
        customFetchApi: (url, options) =>
            fetch(String(url).replace(/https?:\/\/shop\.myshopify\.com/, `http://${host}`), options),
    });
    stripe = new Stripe("sk_test_demo",
        { host: "127.0.0.1", port: world.port, protocol: "http", maxNetworkRetries: 0 });
});
after(() => world?.stop());

// All orders of a query, page by page as Link says.
async function orders(searchParams) {
    const all = [];
    let reply = await shopify.get("orders", { searchParams: { status: "any", limit: 250, ...searchParams } });
    for (;;) {
        assert.equal(reply.status, 200);
        all.push(...(await reply.json()).orders);
        const next = /<([^>]+)>; rel="next"/.exec(reply.headers.get("link") ?? "")?.[1];
        if (!next) return all;
        reply = await fetch(next, { headers: { "X-Shopify-Access-Token": "shpat_demo" } });
    }
}

const day = { created_at_min: "2026-01-20T00:00:00-05:00", created_at_max: "2026-01-20T23:59:59-05:00" };

test("pages of orders end, and hold each order once, newest first", async () => {
    const found = await orders(day);
    const count = await (await shopify.get("orders/count", { searchParams: { status: "any", ...day } })).json();
    assert.ok(found.length > 250);
    assert.equal(found.length, count.count);
    const ids = found.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => b - a));
    for (const order of found) {
        assert.match(order.created_at, /^2026-01-20T\d\d:\d\d:\d\d-05:00$/);
        assert.match(order.total_price, /^\d+\.\d\d$/);
        assert.match(order.email, /@[a-z.-]+\.example$/);
        assert.ok(Number.isSafeInteger(order.id) && order.customer.id);
    }
});

test("a customer who comes again has one address, however it is typed", async () => {
    const spellings = new Map();
    for (const { customer } of await orders({ since_id: 0 })) {
        const known = spellings.get(customer.id) ?? new Set();
        spellings.set(customer.id, known.add(customer.email));
    }
    const several = [...spellings.values()].filter((emails) => emails.size > 1);
    assert.ok(several.length > 0);
    for (const emails of several) {
        assert.equal(new Set([...emails].map((email) => email.toLowerCase())).size, 1);
    }
});

test("refunds and cancellations come later, and updated_at finds them", async () => {
    const before = await orders(day);
    const since = before.map(({ updated_at: at }) => at).sort().at(-1);
    await world.advance({ days: 10 });
    const later = await orders(day);
    assert.equal(later.length, before.length);
    const changed = later.filter((order, i) =>
        order.refunds.length > before[i].refunds.length
        || (order.cancelled_at && !before[i].cancelled_at));
    assert.ok(changed.length > 0);
    const found = new Set((await orders({ ...day, updated_at_min: since })).map(({ id }) => id));
    for (const order of changed) assert.ok(found.has(order.id));
    for (const { financial_status: status, refunds, total_price: total } of changed) {
        assert.ok(["voided", "partially_refunded", "refunded"].includes(status));
        for (const { transactions } of refunds) {
            assert.ok(Number(transactions[0].amount) <= Number(total));
        }
    }
});

test("Stripe's client lists the same money, charge by charge", async () => {
    const created = { gte: Date.parse(day.created_at_min) / 1000, lte: Date.parse(day.created_at_max) / 1000 };
    const charges = [];
    for await (const charge of stripe.charges.list({ limit: 100, created })) charges.push(charge);
    const found = await orders(day);
    assert.equal(charges.length, found.length);
    assert.deepEqual(charges.map(({ amount }) => amount),
        found.map(({ total_price: total }) => Math.round(Number(total) * 100)));
    assert.deepEqual(charges.map(({ refunded, amount_refunded: back, amount }) => refunded && back === amount),
        found.map(({ cancelled_at: at, financial_status: status }) => at !== null || status === "refunded"));
    const one = await stripe.charges.retrieve(charges[0].id);
    assert.deepEqual(one.billing_details.email, charges[0].billing_details.email);
});

test("Stripe's refunds are all of them, newest first, with their charges", async () => {
    const refunds = [];
    for await (const refund of stripe.refunds.list({ limit: 100 })) refunds.push(refund);
    assert.ok(refunds.length > 100);
    assert.equal(new Set(refunds.map(({ id }) => id)).size, refunds.length);
    const times = refunds.map(({ created }) => created);
    assert.deepEqual(times, [...times].sort((a, b) => b - a));
    const charge = await stripe.charges.retrieve(refunds[0].charge);
    assert.ok(charge.amount_refunded >= refunds[0].amount);
});

test("the export has a line an order, with its names quoted", async () => {
    const reply = await fetch(`${world.url}/shop/orders.csv?from=2026-01-20&to=2026-01-20`,
        { headers: { "X-Shopify-Access-Token": "shpat_demo" } });
    const lines = (await reply.text()).trim().split("\n");
    assert.match(lines[0], /^order_id,created_at,/);
    assert.equal(lines.length - 1, (await orders(day)).length);
    assert.ok(lines.some((line) => line.includes('"O\'Brien"')));
});

test("a stranger is refused in each shape", async () => {
    const stranger = new Stripe("sk_test_other",
        { host: "127.0.0.1", port: world.port, protocol: "http", maxNetworkRetries: 0 });
    await assert.rejects(stranger.charges.list(), { type: "StripeAuthenticationError" });
    for (const path of ["/admin/api/2026-10/orders.json", "/shop/orders.csv"]) {
        assert.equal((await fetch(world.url + path)).status, 401);
    }
});

test("too many reads are refused, with the time to wait, and pages may be empty", async () => {
    await world.faults({ shop: { http_429: { next: 1 } } });
    const refused = await shopify.get("orders", { searchParams: { limit: 1 }, retries: 0 });
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("retry-after"), "1");
    await world.faults({ shop: { empty_page: { next: 1 } } });
    assert.ok((await orders(day)).length > 250);
    await world.faults({ shop: { reads_per_s: 1 } });
    const statuses = await Promise.all(Array.from({ length: 30 }, async () =>
        (await shopify.get("orders", { searchParams: { limit: 1 } })).status));
    assert.ok(statuses.filter((status) => status === 429).length >= 5);
    assert.ok(statuses.filter((status) => status === 200).length >= 19);
});
