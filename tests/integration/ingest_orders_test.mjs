// ingestor and shops: the orders in the tables are the shop's books, whichever way they are read, and
// nothing that is kept says whose they are.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { decompress } from "fzstd";

import { startInstance } from "../support/instance.mjs";
import { root } from "../support/process.mjs";
import { Reports, dayAfter } from "../support/reports.mjs";

const shop = "shopify/demo", payments = "stripe/demo", zone = "America/New_York";
const days = 21;
let reports, aelp2, today, books;
before(async () => {
    aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "world", "ingestor"],
        env: { "world:WORLD_PRESET": "tiny", "world:WORLD_HISTORY_DAYS": "60", "ingestor:PLATFORM_WAIT_MS": "10" },
    });
    reports = new Reports(aelp2, { close() {} });
    for (const account of [shop, payments])
        await aelp2.as("admin").query("SELECT ingest.add_source($1, $2, true)", [account, zone]);
    today = await reports.one("SELECT (ops.now(true) AT TIME ZONE 'America/New_York')::date::text");
    await world("PUT", "/_world/faults", { shop: { reads_per_s: 0 } });
    books = await world("GET", `/_world/truth/orders?from=${dayAfter(today, -days)}&to=${dayAfter(today, -1)}`);
});
after(() => aelp2?.destroy());

async function world(method, path, body) {
    const reply = await fetch(aelp2.url("world", path), { method, body: body && JSON.stringify(body) });
    assert.ok(reply.ok, `${path}: ${reply.status}`);
    return reply.json().catch(() => null);
}

const pull = async (account, fields = { days }) => {
    const from = dayAfter(today, -fields.days), to = dayAfter(today, -1);
    return reports.ended(await reports.job({ account, from, to }, { source: account.split("/")[0] }));
};
const kept = (account) => reports.ask(`SELECT business_date::text AS day, count(*)::int AS orders,
        count(*) FILTER (WHERE cancelled)::int AS cancelled, sum(value_micros)::float8 AS value_micros,
        sum(refunded_micros)::float8 AS refunded_micros
    FROM ingest.orders WHERE account = $1 AND business_date BETWEEN $2 AND $3 GROUP BY 1 ORDER BY 1`,
account, dayAfter(today, -days), dayAfter(today, -1));

test("orders of a shop, day by day, are its books", async () => {
    const run = await pull(shop);
    assert.deepEqual([run.outcome, run.why], ["done", null]);
    assert.deepEqual(await kept(shop), books.map(({ new_customers: _, ...day }) => day));
});

test("read again they add nothing", async () => {
    assert.equal(Number((await pull(shop)).vintages), 0);
});

test("payments of the same orders have the same value and the same people", async () => {
    assert.deepEqual([(await pull(payments)).outcome], ["done"]);
    const value = async (account) => (await kept(account)).map(({ day, value_micros: micros }) => [day, micros]);
    assert.deepEqual(await value(payments), await value(shop));
    const [{ alone }] = await reports.ask(`SELECT count(*)::int AS alone FROM (
        SELECT person_key FROM ingest.orders WHERE account = $1 EXCEPT
        SELECT person_key FROM ingest.orders WHERE account = $2) x`, shop, payments);
    assert.equal(alone, 0);
});

test("a person is new once, with their first order that was not cancelled", async () => {
    const wrong = await reports.ask(`
        SELECT encode(o.person_key, 'hex') FROM ingest.orders o WHERE o.person_key IS NOT NULL
         GROUP BY 1
        HAVING count(*) FILTER (WHERE is_new) <> (count(*) FILTER (WHERE NOT cancelled) > 0)::int
            OR min(ordered_at) FILTER (WHERE is_new) <> min(ordered_at) FILTER (WHERE NOT cancelled)`);
    assert.deepEqual(wrong, []);
    const [{ both }] = await reports.ask("SELECT sum(new_customers)::int AS both FROM ingest.new_customers_daily");
    assert.equal(both, (await reports.ask("SELECT FROM ingest.person_first")).length);
});

test("no name, address or number of anybody is kept: not in the tables, not in the archive", async () => {
    const reply = await fetch(aelp2.url("world", `/admin/api/2026-10/orders.json?status=any&limit=50&since_id=0&created_at_min=${dayAfter(today, -9)}T00:00:00Z`),
        { headers: { "X-Shopify-Access-Token": "shpat_demo" } });
    const { orders } = await reply.json();
    const personal = orders.flatMap(({ email, phone, customer }) =>
        [email, phone, String(customer.id), customer.first_name, customer.last_name]).filter((text) => text?.length > 3);
    assert.ok(personal.length > 50);
    const tables = await reports.ask(`SELECT c.oid::regclass::text AS name FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname IN ('ingest', 'bus')`);
    for (const { name } of tables)
        assert.deepEqual(await reports.ask(`SELECT t::text FROM ${name} t, unnest($1::text[]) p
            WHERE strpos(t::text, p) > 0 LIMIT 1`, personal), [], name);
    const pages = await reports.ask("SELECT encode(sha256, 'hex') AS name FROM ingest.raw_reply");
    assert.ok(pages.length > 0);
    for (const { name } of pages) {
        const packed = readFileSync(join(aelp2.dir, "archive", name.slice(0, 2), `${name}.zst`));
        const text = Buffer.from(decompress(packed)).toString();
        assert.match(text, /^order_id,ordered_at,currency,value,refunded,cancelled\n/);
        for (const one of personal) assert.ok(!text.includes(one), one);
    }
    const [first] = orders;
    const key = createHmac("sha256", aelp2.secret("person.key")).update(`email ${first.email.trim().toLowerCase()}`).digest();
    assert.ok(await reports.one("SELECT count(*)::int FROM ingest.order_seen WHERE person_key = $1", key) > 0);
});

test("who is forgotten stays so when their orders are seen again", async () => {
    const [{ key, account, id }] = await reports.ask(`SELECT person_key AS key, account, order_id AS id
        FROM ingest.person_first WHERE account = $1 LIMIT 1`, shop);
    const forgotten = (await aelp2.as("admin").query("SELECT ingest.forget_person($1) AS n", [key])).rows[0].n;
    assert.ok(Number(forgotten) >= 1);
    await reports.ask("UPDATE ingest.order_seen SET value_micros = value_micros + 1 WHERE account = $1 AND order_id = $2",
        account, id); // so that the next look finds news
    assert.ok(Number((await pull(account)).vintages) > 0);
    assert.equal(await reports.one("SELECT count(*)::int FROM ingest.order_seen WHERE person_key = $1", key), 0);
});

test("refunds and cancellations that come later are vintages, and what was known stays known", async () => {
    const known = await reports.one("SELECT max(observed_at)::text FROM ingest.order_seen");
    await world("POST", "/_world/advance", { days: 5 });
    await aelp2.as("admin").query("SELECT ops.advance_clock('5 days')");
    assert.equal((await pull(shop)).outcome, "done");
    const later = await reports.ask(`SELECT count(*)::int AS n, bool_and(n.refunded_micros > o.refunded_micros OR n.cancelled) AS more
        FROM ingest.order_seen n JOIN ingest.order_seen o ON o.account = n.account AND o.order_id = n.order_id
         AND o.observed_at <= $2 AND NOT EXISTS (SELECT FROM ingest.order_seen x WHERE x.account = o.account
             AND x.order_id = o.order_id AND x.observed_at > o.observed_at AND x.observed_at <= $2)
       WHERE n.account = $1 AND n.observed_at > $2`, shop, known);
    assert.ok(later[0].n > 0);
    assert.equal(later[0].more, true);
});

test("another zone moves no order to another day", async () => {
    await aelp2.as("admin").query("SELECT ingest.add_source($1, 'Asia/Tokyo', true)", [shop]);
    await reports.ask("UPDATE ingest.order_seen SET value_micros = value_micros + 1 WHERE account = $1", shop); // news of each
    assert.ok(Number((await pull(shop)).vintages) > 0);
    await aelp2.as("admin").query("SELECT ingest.add_source($1, $2, true)", [shop, zone]);
    assert.deepEqual(await reports.ask("SELECT order_id FROM ingest.orders WHERE account = $1 GROUP BY 1 HAVING count(*) > 1", shop), []);
});

test("both shops read at once and in any order settle who was first", async () => {
    const settled = () => reports.ask(`SELECT o.person_key FROM ingest.orders o WHERE o.person_key IS NOT NULL
        GROUP BY 1 HAVING count(*) FILTER (WHERE is_new) <> (count(*) FILTER (WHERE NOT cancelled) > 0)::int
            OR min(ordered_at) FILTER (WHERE is_new) <> min(ordered_at) FILTER (WHERE NOT cancelled)`);
    await reports.ask("TRUNCATE ingest.order_seen, ingest.person_first");
    await aelp2.restart("ingestor", {});
    const runs = await Promise.all([pull(shop), pull(payments)]);
    assert.deepEqual(runs.map(({ outcome }) => outcome), ["done", "done"]);
    assert.deepEqual(await settled(), []);
});

test("who is forgotten while a page is open is forgotten by it too", async () => {
    const [{ key }] = await reports.ask("SELECT person_key AS key FROM ingest.person_first LIMIT 1");
    const page = await aelp2.superuser.connect();
    await page.query("BEGIN");
    await page.query(readFileSync(join(root, "services/ingestor/sql/lock_people.sql"), "utf8"));
    await page.query(`INSERT INTO ingest.order_seen SELECT account, order_id || 'x', business_date, ordered_at, person_key, currency,
        value_micros, refunded_micros, cancelled, observed_at, raw_id FROM ingest.order_seen WHERE person_key = $1 LIMIT 1`, [key]);
    const forgetting = aelp2.as("admin").query("SELECT ingest.forget_person($1) AS n", [key]);
    await page.query("COMMIT");
    page.release();
    await forgetting;
    assert.equal(await reports.one("SELECT count(*)::int FROM ingest.order_seen WHERE person_key = $1", key), 0);
});

test("without its key the ingestor reads no orders and says so", async () => {
    await aelp2.restart("ingestor", { PERSON_KEY_FILE: "" });
    const run = await pull(shop);
    assert.deepEqual([run.outcome, run.why], ["failed", "PERSON_KEY is not set"]);
});
