// ingestor: killed anywhere it goes on, with the same result, and what has landed is said once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { account, dayAfter, startReports } from "../support/reports.mjs";
import { waitFor } from "../support/wait.mjs";

let reports, today, whole;
const days = 45;
before(async () => {
    reports = await startReports();
    today = await reports.one("SELECT (now() AT TIME ZONE 'America/New_York')::date::text");
    reports.source.fill(dayAfter(today, -days), dayAfter(today, -1), 3);
    reports.source.pageRows = 40;
    const run = await reports.pull({ account, days });
    assert.equal(Number(run.vintages), 3 * 3 * days);
    whole = await reports.contents();
});
after(() => reports?.destroy());

// As it was before anything was pulled.
const forget = () => reports.ask("TRUNCATE ingest.campaign_day, ingest.ad_day, ingest.raw_reply");

for (const failpoint of ["after_lease", "after_archive", "after_archive@3", "before_page_commit", "before_page_commit@5",
    "after_page", "after_page@4", "after_task", "after_task@3", "before_landed"])
    test(`kill -9 at ${failpoint}: the same contents, said once`, async () => {
        await forget();
        const [name, nth] = failpoint.split("@");
        await reports.aelp2.restart("ingestor", { AELP2_FAILPOINT: `${name}:exit${nth ? `@${nth}` : ""}` });
        const crashes = reports.aelp2.log("ingestor").filter(({ msg }) => msg === "exited, will be restarted").length;
        const id = await reports.job({ account, days });
        await waitFor(() => reports.aelp2.log("ingestor")
            .filter(({ msg }) => msg === "exited, will be restarted").length > crashes, { what: "the crash" });
        const run = await reports.ended(id);
        assert.deepEqual([run.outcome, run.days_done, Number(run.read_rows), Number(run.vintages)],
            ["done", days, 9 * days, 9 * days]);
        assert.equal(await reports.contents(), whole);
        assert.equal((await reports.landed()).filter((one) => one.run === Number(run.run_id)).length, 1);
    });

test("one whose task another took while it slept adds nothing when it wakes", async () => {
    await forget();
    await reports.aelp2.restart("ingestor", { AELP2_FAILPOINT: "after_archive:stop" });
    const id = await reports.job({ account, days });
    const sleeper = await waitFor(async () => {
        const [task] = await reports.ask("SELECT owner FROM ingest.task WHERE ended_at IS NULL AND owner IS NOT NULL");
        const pid = task && Number(task.owner.split("/").at(-2));
        return pid && /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, "utf8")) && pid;
    }, { what: "the ingestor sleeps" });
    const taken = await reports.ask(`UPDATE ingest.task SET fence = fence + 1 WHERE ended_at IS NULL AND fence > 0
        RETURNING id`);
    process.kill(sleeper, "SIGCONT");
    const run = await reports.ended(id);
    assert.ok(taken.length > 0);
    assert.equal(Number(run.vintages), 9 * days);
    assert.equal(Number(run.pages), await reports.one("SELECT count(*)::int FROM ingest.raw_reply"));
    assert.equal(await reports.contents(), whole);
});

test("with Postgres away in between it goes on", async () => {
    await forget();
    const id = await reports.job({ account, days });
    await waitFor(() => reports.one("SELECT count(*) > 0 FROM ingest.raw_reply"));
    await reports.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'aelp_ingestor'");
    const run = await reports.ended(id);
    assert.deepEqual([run.outcome, Number(run.vintages)], ["done", 9 * days]);
    assert.equal(await reports.contents(), whole);
});
