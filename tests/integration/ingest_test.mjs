// ingestor: what a source reports stands in the tables once, as it was seen to change, with the bytes
// it came in; and whoever waits for it is told when all of it is there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { account, dayAfter, startReports } from "../support/reports.mjs";
import { waitFor } from "../support/wait.mjs";

let reports, today, facts;
before(async () => {
    reports = await startReports({ services: ["scheduler"] });
    today = await reports.one("SELECT (now() AT TIME ZONE 'America/New_York')::date::text");
    reports.source.fill(dayAfter(today, -60), today, 3);
});
after(() => reports?.destroy());

const count = (table) => reports.one(`SELECT count(*)::int FROM ingest.${table}`);
const landedOf = async (run) => (await reports.landed()).filter((one) => one.run === Number(run.run_id));

test("a job without days pulls all that may still change, and says so once", async () => {
    const run = await reports.pull({ account });
    assert.deepEqual([run.outcome, run.why, run.from_date, run.to_date, run.days, run.days_done],
        ["done", null, dayAfter(today, -30), dayAfter(today, -1), 30, 30]);
    assert.deepEqual([await count("campaign_day"), await count("ad_day")], [90, 180]);
    assert.deepEqual([Number(run.read_rows), Number(run.vintages), Number(run.pages)], [270, 270, 2]);
    assert.deepEqual(await landedOf(run), [{ subject: "data.landed.google", account, from: run.from_date, to: run.to_date,
        vintages: 270, run: Number(run.run_id) }]);
    const [state] = await reports.ask("SELECT *, last_business_date::text AS last FROM ingest.source_state");
    assert.deepEqual([state.account, state.zone, state.world, state.currency, state.last],
        [account, "America/New_York", true, "USD", run.to_date]);
});

test("values are as the source told them, with what they came from", async () => {
    const day = dayAfter(today, -5);
    const told = reports.source.campaigns.find((row) => row.day === day && row.campaign === 2);
    const [row] = await reports.ask(`SELECT v.*, r.sha256, r.page, r.bytes, r.fetched_at FROM ingest.ads_campaign_performance v
        JOIN ingest.raw_reply r ON r.id = v.raw_id WHERE v.business_date = $1 AND v.campaign = '2'`, day);
    assert.deepEqual([row.account, row.campaign_name, row.type, row.status, row.setting, row.currency],
        [account, "US | NonBrand | 2", "search", "enabled", "click_date", "USD"]);
    assert.deepEqual([row.clicks, row.impressions, row.cost_micros, row.view_through].map(Number),
        [told.clicks, told.clicks * 40, told.costMicros, 3]);
    assert.deepEqual([row.conversions, row.conversions_on_day, Number(row.value_micros)],
        [told.conversions, told.conversions / 2, told.conversions * 46.5 * 1e6]);
    assert.deepEqual(row.observed_at, row.fetched_at);
    assert.ok(reports.archived().includes(`${row.sha256.toString("hex")}.zst`));
});

test("the same days again add no row, and equal pages no file", async () => {
    const archived = reports.archived().sort();
    facts = await reports.contents();
    const run = await reports.pull({ account });
    assert.deepEqual([run.outcome, Number(run.read_rows), Number(run.vintages)], ["done", 270, 0]);
    assert.deepEqual([await count("campaign_day"), await count("ad_day")], [90, 180]);
    assert.deepEqual(reports.archived().sort(), archived);
    assert.equal(await reports.contents(), facts);
    assert.equal((await landedOf(run))[0].vintages, 0);
});

test("what was restated makes a vintage each, and what was known before can be asked for", async () => {
    const before = await reports.one("SELECT max(last_observed_at)::text FROM ingest.source_state");
    const restated = reports.source.campaigns.filter(({ day, campaign }) => day >= dayAfter(today, -3) && day < today && campaign < 3);
    for (const row of restated) row.conversions += 1;
    const run = await reports.pull({ account });
    assert.equal(Number(run.vintages), 6);
    assert.notEqual(await reports.contents(), facts);
    const sum = (from) => reports.one(`SELECT sum(conversions) FROM ${from}`);
    const now = await sum("ingest.ads_campaign_performance");
    assert.equal(now - await sum(`ingest.ads_campaign_performance_as_of('${before}')`), 6);
    assert.equal(await sum("ingest.ads_campaign_performance_as_of('infinity')"), now);
    assert.equal(await sum("ingest.ads_campaign_performance_as_of('-infinity')"), null);
    const days = `SELECT count(*)::int FROM ingest.ads_ad_performance_as_of('infinity', '${dayAfter(today, -2)}', '${today}')`;
    assert.equal(await reports.one(days), 12);
});

test("a setting that changed is a vintage too", async () => {
    const [row] = reports.source.campaigns.filter(({ day, campaign }) => day === dayAfter(today, -2) && campaign === 1);
    row.status = "PAUSED";
    assert.equal(Number((await reports.pull({ account })).vintages), 1);
});

test("given days are read in tasks, over several pages each", async () => {
    reports.source.pageRows = 40;
    const [from, to] = [dayAfter(today, -60), dayAfter(today, -1)];
    const run = await reports.pull({ account, from, to });
    assert.deepEqual([run.outcome, run.days, run.days_done, Number(run.read_rows)], ["done", 60, 60, 540]);
    assert.deepEqual([Number(run.pages), Number(run.vintages)], [2 * (3 + 5), 270]);
    reports.source.pageRows = 10_000;
    const byDays = await reports.pull({ account, days: 7 });
    assert.deepEqual([byDays.from_date, byDays.to_date, Number(byDays.vintages)], [dayAfter(today, -7), to, 0]);
});

test("a source that fails in passing is asked again", async () => {
    reports.source.broken = [500, 503, 500];
    const run = await reports.pull({ account, days: 2 });
    assert.deepEqual([run.outcome, run.why, run.days_done], ["done", null, 2]);
});

test("a source that refuses ends the run as failed, and nothing has landed", async () => {
    const last = await reports.one("SELECT last_business_date::text FROM ingest.source_state");
    reports.source.broken = Array(20).fill(403);
    const run = await reports.pull({ account, days: 2 });
    reports.source.broken = [];
    assert.equal(run.outcome, "failed");
    assert.match(run.why, /PERMISSION_DENIED|permission/i);
    assert.equal(await reports.one("SELECT last_business_date::text FROM ingest.source_state"), last);
    await reports.pull({ account, days: 1 });
    assert.deepEqual(await landedOf(run), []);
});

test("a page that can't be read is kept, tried again, and read when it can be", async () => {
    const doubled = (reply) => ({ ...reply, results: [...reply.results, reply.results[0]] });
    reports.source.rewrite = doubled;
    const id = await reports.job({ account, days: 1 });
    const why = await waitFor(() => reports.one("SELECT (SELECT max(why) FROM ingest.progress WHERE message_id = $1)", id));
    assert.match(why, /comes twice on a day/);
    reports.source.rewrite = null;
    const run = await reports.ended(id);
    assert.equal(run.outcome, "done");
    const kept = await reports.ask("SELECT why, sha256 FROM ingest.raw_reply WHERE run_id = $1 AND why IS NOT NULL", run.run_id);
    assert.ok(kept.length > 0);
    for (const { sha256 } of kept) assert.ok(reports.archived().includes(`${sha256.toString("hex")}.zst`));
});

test("a probe asks the source and reads nothing", async () => {
    const rows = await count("raw_reply");
    assert.equal((await reports.pull({ account, probe: true })).outcome, "done");
    reports.source.broken = Array(20).fill(403);
    const run = await reports.pull({ account, probe: true });
    reports.source.broken = [];
    assert.equal(run.outcome, "failed");
    assert.equal(await count("raw_reply"), rows);
    assert.deepEqual(await landedOf(run), []);
});

test("a job that can't be meant is buried with its reason", async () => {
    const wrong = [
        [{ account: "google/999" }, /google\/999 is not set up/],
        [{ account: "meta/1" }, /not of google/],
        [{ account: "google/1\u0000" }, /IngestJob/],
        [{ account, from: "2026-02-30", to: "2026-03-01" }, /two days/],
        [{ account, from: "2026-03-02", to: "2026-03-01" }, /two days/],
        [{ account, from: "2026-03-01" }, /two days/],
        [{ account, days: 5000 }, /more than 1100 days/],
        [{ account, from: today, to: dayAfter(today, 1) }, /not a day of .* yet/],
    ];
    for (const [fields, reason] of wrong) {
        const id = await reports.job(fields);
        const [dead] = await waitFor(async () => {
            const rows = await reports.ask("SELECT reason FROM bus.dead WHERE message_id = $1", id);
            return rows.length && rows;
        }, { what: `${JSON.stringify(fields)} is buried` });
        assert.match(dead.reason, reason);
    }
    const id = await reports.job({}, { source: "nowhere" });
    await waitFor(async () => (await reports.ask("SELECT FROM bus.dead WHERE message_id = $1", id)).length);
});

test("each account has its nightly flow, whose run ends with the pull", async () => {
    const [flow] = await waitFor(async () => {
        const rows = await reports.ask("SELECT * FROM ops.flow WHERE name = $1", `ingest/${account}`);
        return rows.length && rows;
    }, { what: "the flow" });
    assert.deepEqual([flow.subject, flow.schedule, flow.zone, flow.world],
        ["job.ingest.google", "0 2 * * *", "America/New_York", true]);
    await reports.ask("UPDATE ops.flow SET since = now() - interval '25 hours' WHERE name = $1", flow.name);
    const [done] = await waitFor(async () => {
        const rows = await reports.ask("SELECT outcome, message_id FROM ops.ops_flow_runs WHERE flow = $1 AND ended_at IS NOT NULL",
            flow.name);
        return rows.length && rows;
    }, { what: "the flow's run has ended" });
    assert.equal(done.outcome, "done");
    assert.equal((await reports.ended(done.message_id)).account, account);
});

test("a job for a source without accounts ends its flow's run at once", async () => {
    await reports.ask(`INSERT INTO ops.flow (name, subject, schedule, since) VALUES ('ga4', 'job.ingest.ga4', 'every 1s', now())`);
    await waitFor(async () => (await reports.ask("SELECT FROM ops.ops_flow_runs WHERE flow = 'ga4' AND outcome = 'done'")).length);
    await reports.ask("UPDATE ops.flow SET enabled = false WHERE name = 'ga4'");
});

test("facts can only be added", async () => {
    for (const sql of ["UPDATE ingest.campaign_day SET clicks = 0", "DELETE FROM ingest.campaign_day",
        "TRUNCATE ingest.ad_day", "DELETE FROM ingest.raw_reply", "UPDATE ingest.ga4_day SET users = 0"])
        await assert.rejects(reports.aelp2.as("ingestor").query(sql), /permission denied/);
});
