// A year of the world's quiet market, pulled as from the real platforms, breaks no rule.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startInstance } from "../support/instance.mjs";
import { Reports, account } from "../support/reports.mjs";
import { waitFor } from "../support/wait.mjs";

const property = "ga4/123";
const days = 365;
let reports, aelp2;
before(async () => {
    aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "world", "ingestor", "guardrail-evaluator"],
        env: { "world:WORLD_PRESET": "quiet", "world:WORLD_HISTORY_DAYS": "380", "ingestor:PLATFORM_WAIT_MS": "10" },
    });
    reports = new Reports(aelp2, { close() {} });
    await aelp2.as("admin").query("SELECT saga.set_account($1, 'USD', 'America/New_York', 10000, true)", [account]);
    await aelp2.as("admin").query("SELECT ingest.add_source($1, 'America/New_York', true)", [property]);
});
after(() => aelp2?.destroy());

test("a year of it is checked and raises nothing", async () => {
    const jobs = [await reports.job({ account, days }), await reports.job({ account: property, days }, { source: "ga4" })];
    for (const job of jobs) assert.equal((await reports.ended(job)).days_done, days);
    const checks = await waitFor(async () => {
        const rows = await reports.ask(`SELECT source, outcome, rules, critical, warnings, sentence FROM guardrail.dq_run
                                         WHERE ended_at IS NOT NULL ORDER BY source DESC`);
        return rows.length === jobs.length && rows;
    }, { what: "both are checked" });
    assert.deepEqual(checks.map(({ sentence, ...check }) => check), [
        { source: "google", outcome: "passed", rules: 21, critical: 0, warnings: 0 },
        { source: "ga4", outcome: "passed", rules: 6, critical: 0, warnings: 0 }], JSON.stringify(checks));
    assert.ok(Number(await reports.one("SELECT count(*) FROM ingest.ads_ad_performance")) > 10 * days);
});
