// The data-quality suite over a shop's orders: a clean year breaks no rule, and each planted fault is
// found by the rule meant for it and by no other.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startInstance } from "../support/instance.mjs";
import { bin, run } from "../support/process.mjs";

const shop = "shopify/demo";
let aelp2;
before(async () => {
    aelp2 = await startInstance({ only: ["postgres"] });
    await ask(`INSERT INTO ingest.source_state (account, zone, currency, last_observed_at, last_business_date)
        VALUES ($1, 'Etc/UTC', 'USD', now(), current_date - 1)`, shop);
    await ask(`INSERT INTO ingest.order_seen (account, order_id, business_date, ordered_at, person_key, currency,
            value_micros, refunded_micros, cancelled, observed_at, raw_id)
        SELECT $1, d || '.' || n, current_date - d, current_date - d + n * interval '20 min',
               sha256(convert_to((d * 7 + n * 13)::text, 'UTF8')), 'USD', (20 + (d * 31 + n * 17) % 180) * 1000000,
               CASE WHEN n % 9 = 0 THEN 5000000 ELSE 0 END, n % 14 = 0, now(), 1
          FROM generate_series(1, 400) AS d,
               LATERAL generate_series(1, CASE WHEN extract(isodow FROM current_date - d) > 5 THEN 20 ELSE 40 END) AS n`, shop);
    await ask("ANALYZE ingest.order_seen");
});
after(() => aelp2?.destroy());

const ask = async (sql, ...values) => (await aelp2.superuser.query(sql, values)).rows;

async function broken(...args) {
    const { stdout, stderr } = await run(join(bin, "aelpctl"), ["dq", "run", "--dry-run", "-o", "json", "--source", "shopify", ...args],
        { env: { PATH: process.env.PATH, HOME: aelp2.dir, AELP2_CTL_URL_FILE: join(aelp2.secrets, "ctl.database_url") } });
    assert.ok(stdout, stderr);
    return JSON.parse(stdout).flatMap(({ rules }) => rules).filter(({ holds }) => !holds).map(({ rule }) => rule).sort();
}

test("a clean year breaks no rule", async () => {
    const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    assert.deepEqual(await broken("--from", day(370), "--to", day(1)), []);
});

const again = (changes, where) => `INSERT INTO ingest.order_seen
    SELECT x.* FROM (SELECT * FROM ingest.order_seen WHERE ${where}) t CROSS JOIN LATERAL
        jsonb_populate_record(NULL::ingest.order_seen, to_jsonb(t) || jsonb_build_object(${changes},
            'raw_id', 2, 'observed_at', t.observed_at + interval '1 hour')) x`;
const yesterday = "business_date = current_date - 1";

for (const [what, sql, rules] of [
    ["a negative value", again("'value_micros', -5, 'refunded_micros', 0", `${yesterday} AND order_id = '1.1'`),
        ["no_order_is_negative", "order_is_plausible", "refunds_within_values"]],
    ["more paid back than was paid", again("'refunded_micros', 900000000", `${yesterday} AND order_id = '1.1'`), ["refunds_within_values"]],
    ["an order of two millions", again("'value_micros', 2000000000000", `${yesterday} AND order_id = '1.1'`),
        ["order_is_plausible", "orders_are_usual"]],
    ["a feed that broke off in the morning", "UPDATE ingest.order_seen SET account = 'hidden/x' WHERE "
        + `${yesterday} AND order_id <> '1.1'`, ["orders_are_usual"]],
    ["no orders at all for three days", "UPDATE ingest.order_seen SET account = 'hidden/x' WHERE business_date > current_date - 4",
        ["orders_are_fresh"]],
])
    test(`found: ${what}`, async () => {
        await ask(sql);
        try {
            assert.deepEqual(await broken(), rules);
        } finally {
            await ask("DELETE FROM ingest.order_seen WHERE raw_id = 2");
            await ask("UPDATE ingest.order_seen SET account = $1 WHERE account = 'hidden/x'", shop);
        }
    });

test("a day without orders is found also where the days that are looked at end with it", async () => {
    await ask("UPDATE ingest.order_seen SET account = 'hidden/x' WHERE business_date = current_date - 40");
    const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    for (const from of [40, 41, 60]) assert.deepEqual(await broken("--from", day(from), "--to", day(40)), ["orders_are_usual"], `${from}`);
    await ask("UPDATE ingest.order_seen SET account = $1 WHERE account = 'hidden/x'", shop);
});

test("and nothing is left broken", async () => assert.deepEqual(await broken(), []));
