// ingestor against the world's market: what is in the tables is what the market's truth says, also
// when the platforms fail in every way they know, and what a day showed when it was read stays known.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startInstance } from "../support/instance.mjs";
import { Reports, account, dayAfter } from "../support/reports.mjs";

const property = "ga4/123";
const days = 60;
let reports, aelp2, today, calm;
before(async () => {
    aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "world", "ingestor"],
        env: { "world:WORLD_PRESET": "demo", "world:WORLD_HISTORY_DAYS": "90", "ingestor:PLATFORM_WAIT_MS": "10" },
    });
    reports = new Reports(aelp2, { close() {} });
    await aelp2.as("admin").query("SELECT saga.set_account($1, 'USD', 'America/New_York', 10000, true)", [account]);
    await aelp2.as("admin").query("SELECT ingest.add_source($1, 'America/New_York', true)", [property]);
    today = await reports.one("SELECT (ops.now(true) AT TIME ZONE 'America/New_York')::date::text");
});
after(() => aelp2?.destroy());

async function world(method, path, body) {
    const reply = await fetch(aelp2.url("world", path), { method, body: body && JSON.stringify(body) });
    assert.ok(reply.ok, `${path}: ${reply.status}`);
    return reply.json().catch(() => null);
}

const pullAll = async (fields) => {
    const google = await reports.job({ account, ...fields });
    const ga4 = await reports.job({ account: property, ...fields }, { source: "ga4" });
    return [await reports.ended(google), await reports.ended(ga4)];
};

const sessions = () => reports.one(`SELECT md5(string_agg((to_jsonb(g) - 'observed_at' - 'raw_id')::text, ''
    ORDER BY business_date, utm_source, utm_medium, campaign)) FROM ingest.ga4_aggregates g`);

test("a backfill of 60 days ends with every day, campaign, ad and session there", async () => {
    for (const run of await pullAll({ days })) assert.deepEqual([run.outcome, run.why, run.days_done], ["done", null, days]);
    for (const view of ["ads_campaign_performance", "ads_ad_performance", "ga4_aggregates"])
        assert.equal(await reports.one(`SELECT count(DISTINCT business_date)::int FROM ingest.${view}`), days, view);
    calm = [await reports.contents(), await sessions()];
});

test("what it cost is what the market's truth says it cost", async () => {
    const from = dayAfter(today, -28), to = dayAfter(today, -1);
    const truth = await world("GET", `/_world/truth/contributions?from=${from}&to=${to}`);
    const spent = Number(await reports.one(`SELECT sum(cost_micros) FROM ingest.ads_campaign_performance
        WHERE business_date BETWEEN $1 AND $2`, from, to));
    const google = truth.channels.filter(({ channel }) => channel.startsWith("google_"));
    assert.equal(google.length, 3);
    assert.equal(spent, google.reduce((sum, { cost_usd: cost }) => sum + Math.round(cost * 1e6), 0));
});

test("with throttling, errors, broken answers and dead tokens the same backfill has the same contents", async () => {
    await reports.ask("TRUNCATE ingest.campaign_day, ingest.ad_day, ingest.ga4_day");
    const knobs = { http_429: 0.1, http_5xx_before_commit: 0.05, truncated_body: 0.05, expired_token: 0.05,
        empty_page: 0.05, retry_after_s: 0 };
    await world("PUT", "/_world/faults", { google: knobs, ga4: { ...knobs } });
    const runs = await pullAll({ days });
    const off = Object.fromEntries(Object.keys(knobs).map((knob) => [knob, 0]));
    await world("PUT", "/_world/faults", { google: off, ga4: off });
    for (const run of runs) assert.deepEqual([run.outcome, run.days_done], ["done", days], run.why);
    assert.deepEqual([await reports.contents(), await sessions()], calm);
});

test("after a day has passed, restated days make vintages, and what was known stays known", async () => {
    const known = await reports.one("SELECT max(last_observed_at)::text FROM ingest.source_state");
    const sumAsOf = (at) => reports.one(`SELECT sum(conversions) FROM ingest.ads_campaign_performance_as_of($1)`, at);
    const before = await sumAsOf(known);
    await world("POST", "/_world/advance", { days: 1 });
    await aelp2.as("admin").query("SELECT ops.advance_clock('1 day')");
    const [run] = await pullAll({});
    assert.equal(run.to_date, today);
    const restated = await reports.one(`SELECT count(*)::int FROM ingest.campaign_day WHERE business_date < $1 AND observed_at > $2`,
        today, known);
    assert.ok(restated > 0);
    assert.equal(await sumAsOf(known), before);
    assert.ok(await sumAsOf("infinity") > before);
});
