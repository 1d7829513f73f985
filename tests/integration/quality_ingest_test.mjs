// From a source's wire to data.checked: what a job pulls is checked when it has landed; what is wrong
// keeps it back, and what is restated right lets it through.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { account, dayAfter, startReports } from "../support/reports.mjs";
import { waitFor } from "../support/wait.mjs";

let reports, today;
before(async () => {
    reports = await startReports({ services: ["scheduler", "guardrail-evaluator"] });
    today = await reports.one("SELECT (now() AT TIME ZONE 'America/New_York')::date::text");
    reports.source.fill(dayAfter(today, -60), today, 3);
    for (const ad of reports.source.ads) ad.costMicros = campaignOf(ad).costMicros / 2; // two ads a campaign
});
after(() => reports?.destroy());

const campaignOf = ({ day, campaign }) =>
    reports.source.campaigns.find((row) => row.day === day && row.campaign === campaign);

async function checked(run) {
    return waitFor(async () => (await reports.ask(
        "SELECT id, outcome, sentence FROM guardrail.dq_run WHERE landed_run = $1 AND ended_at IS NOT NULL", run.run_id))[0],
    { what: `run ${run.run_id} is checked` });
}

const said = async (run) => (await reports.landed()).filter((one) => one.run === Number(run.run_id));

test("what is pulled is checked, and said to be", async () => {
    const run = await reports.pull({ account });
    assert.equal((await checked(run)).sentence, `${account}, ${run.from_date} to ${run.to_date}: all 21 rules hold`);
    const [landed, passed] = await said(run);
    assert.deepEqual([landed.subject, passed.subject], ["data.landed.google", "data.checked.google"]);
    assert.deepEqual({ ...passed, subject: "" }, { ...landed, subject: "" });
});

test("spend off by 1 % keeps it back until it is restated", async () => {
    const ad = reports.source.ads.find(({ day }) => day === dayAfter(today, -2));
    ad.costMicros *= 1.02; // of a half
    const wrong = await reports.pull({ account });
    const check = await checked(wrong);
    assert.deepEqual([check.outcome, check.sentence],
        ["failed", `${account}, ${wrong.from_date} to ${wrong.to_date}: broken: spend_reconciles (1)`]);
    assert.deepEqual((await said(wrong)).map(({ subject }) => subject), ["data.landed.google"]);
    const [{ examples: [example] }] = await reports.ask(
        "SELECT examples FROM guardrail.dq_result WHERE run = $1 AND rule = 'spend_reconciles'", check.id);
    assert.deepEqual([example.campaign, example.day, example.whole], [String(ad.campaign), ad.day, campaignOf(ad).costMicros]);

    ad.costMicros /= 1.02;
    const right = await reports.pull({ account });
    assert.equal((await checked(right)).outcome, "passed");
    assert.equal((await said(right)).length, 2);
});

test("a day that the source no longer tells of is a stale feed", async () => {
    const isNew = ({ day }) => day < dayAfter(today, -2);
    reports.source.campaigns = reports.source.campaigns.filter(isNew);
    reports.source.ads = reports.source.ads.filter(isNew);
    await reports.ask("DELETE FROM ingest.campaign_day WHERE business_date >= $1", dayAfter(today, -2));
    await reports.ask("DELETE FROM ingest.ad_day WHERE business_date >= $1", dayAfter(today, -2));
    const check = await checked(await reports.pull({ account }));
    assert.match(check.sentence, /: broken: feed_is_fresh \(1\)$/);
});
