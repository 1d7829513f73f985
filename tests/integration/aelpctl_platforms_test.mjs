// aelpctl platforms: how fresh the data is, whether a source would answer, and older days pulled.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { bin, run } from "../support/process.mjs";
import { account, dayAfter, startReports } from "../support/reports.mjs";
import { waitFor } from "../support/wait.mjs";

let reports, today;
before(async () => {
    reports = await startReports({ services: ["scheduler"] });
    today = await reports.one("SELECT (now() AT TIME ZONE 'America/New_York')::date::text");
    reports.source.fill(dayAfter(today, -60), today, 2);
    await waitFor(async () => (await reports.ask("SELECT FROM ingest.source_state")).length,
        { what: "the ingestor knows the account" });
});
after(() => reports?.destroy());

function platforms(...args) {
    return run(join(bin, "aelpctl"), ["platforms", ...args], { env: {
        PATH: process.env.PATH, HOME: reports.aelp2.dir, AELP2_URL: "http://127.0.0.1:1",
        AELP2_CTL_URL: reports.aelp2.secret("ctl.database_url"), AELP2_ADMIN_URL: reports.aelp2.secret("admin.database_url"),
    } });
}

test("before the first pull an account is listed as never read", async () => {
    const { code, stdout } = await platforms("list", "-o", "json");
    assert.equal(code, 0);
    const [listed] = JSON.parse(stdout);
    assert.deepEqual([listed.account, listed.whole_to, listed.freshness, listed.last_pull], [account, "never", "", ""]);
});

test("a check asks each source, and one that refuses is named with its reason and an exit code", async () => {
    const good = await platforms("check", "-o", "json");
    assert.equal(good.code, 0, good.stderr);
    assert.deepEqual(JSON.parse(good.stdout).map(({ account: name, outcome }) => [name, outcome]), [[account, "done"]]);
    reports.source.broken = Array(20).fill(403);
    const bad = await platforms("check", account);
    reports.source.broken = [];
    assert.equal(bad.code, 1);
    assert.match(bad.stdout, /google\/1234567890 +failed .*PERMISSION_DENIED/i);
    assert.equal(await reports.one("SELECT count(*)::int FROM ingest.raw_reply"), 0);
});

test("a backfill pulls the days and tells what came of it; then the list says fresh", async () => {
    const { code, stdout, stderr } = await platforms("backfill", account, "--days", "45", "-o", "json");
    assert.equal(code, 0, stderr);
    const [pulled] = JSON.parse(stdout);
    assert.deepEqual([pulled.outcome, pulled.days, pulled.days_done, pulled.rows, pulled.new], ["done", "45", "45", "270", "270"]);
    assert.equal(await reports.one("SELECT min(business_date)::text FROM ingest.campaign_day"), dayAfter(today, -45));
    const [listed] = JSON.parse((await platforms("list", "-o", "json")).stdout);
    assert.deepEqual([listed.whole_to, listed.freshness, listed.last_pull, listed.currency],
        [dayAfter(today, -1), "fresh", "done", "USD"]);
});

test("on a terminal a backfill shows how far it is", async (t) => {
    const script = await run("script", ["--version"]).catch(() => null);
    if (!script || script.code !== 0) return t.skip("script is not installed");
    const command = `${join(bin, "aelpctl")} platforms backfill ${account} --days 60`;
    const { code, stdout } = await run("script", ["-qefc", command, "/dev/null"], { env: {
        PATH: process.env.PATH, HOME: reports.aelp2.dir, AELP2_CTL_URL: reports.aelp2.secret("ctl.database_url") } });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /\[#{30}\] 60 of 60 days, 360 rows, 90 new/);
});

test("a GA4 property is added by the admin, and nothing else is", async () => {
    assert.equal((await platforms("add", "ga4/123", "--tz", "Europe/Berlin", "--world")).code, 0);
    assert.deepEqual(await reports.ask("SELECT zone, world FROM ingest.source_state WHERE account = 'ga4/123'"),
        [{ zone: "Europe/Berlin", world: true }]);
    assert.match((await platforms("add", "google/1", "--tz", "UTC")).stderr, /is no ga4.123, shopify.name or stripe.name/);
    assert.match((await platforms("add", "ga4/1", "--tz", "Mars")).stderr, /no time zone Mars/);
});

test("what can't be meant is refused before anything is asked", async () => {
    assert.equal((await platforms("backfill", account)).code, 2);
    assert.equal((await platforms("backfill", account, "--days", "1101")).code, 2);
    assert.equal((await platforms("backfill", "google/1", "--days", "7")).code, 3);
    assert.equal((await platforms("check", "google/1")).code, 3);
});

test("nobody there to take it up: it says so, and that it goes on without us", async () => {
    await reports.aelp2.halt("ingestor");
    const { code, stderr } = await platforms("backfill", account, "--days", "2", "--timeout", "1");
    assert.equal(code, 6);
    assert.match(stderr, /goes on without us/);
    await reports.aelp2.restart("ingestor");
});
