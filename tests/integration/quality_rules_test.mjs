// The data-quality suites over facts as sources report them: a clean year breaks no rule, and each
// fault that is planted is found by the rules meant for it and by no other.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { account, dayText, property, writeFacts, yesterday } from "../support/facts.mjs";
import { startInstance } from "../support/instance.mjs";
import { bin, root, run } from "../support/process.mjs";

const last = yesterday();
let aelp2;
before(async () => {
    aelp2 = await startInstance({ only: ["postgres"] });
    await writeFacts(aelp2.superuser, { last });
});
after(() => aelp2?.destroy());

const ask = async (sql, ...values) => (await aelp2.superuser.query(sql, values)).rows;

// {code, broken: [rule], rules: [{...}]} of what is asked; nothing is written.
async function check(...args) {
    const { code, stdout, stderr } = await run(join(bin, "aelpctl"), ["dq", "run", "--dry-run", "-o", "json", ...args],
        { env: { PATH: process.env.PATH, HOME: aelp2.dir, AELP2_CTL_URL_FILE: join(aelp2.secrets, "ctl.database_url") } });
    if (!stdout) return { code, stderr };
    const rules = JSON.parse(stdout).flatMap((one) => one.rules);
    return { code, stderr, rules, broken: rules.filter(({ holds }) => !holds).map(({ rule }) => rule).sort() };
}

// A later vintage of some rows, with other values: "'clicks', -3".
const restate = (table, changes, where, ...values) => ask(`
    INSERT INTO ingest.${table}
    SELECT again.* FROM (SELECT * FROM ingest.${table} WHERE ${where}) t
     CROSS JOIN LATERAL jsonb_populate_record(NULL::ingest.${table}, to_jsonb(t) || jsonb_build_object(${changes},
         'raw_id', 2, 'observed_at', t.observed_at + interval '1 hour')) again`, ...values);

// Takes back whatever a plant did.
async function clean() {
    for (const table of ["campaign_day", "ad_day", "ga4_day"]) {
        await ask(`DELETE FROM ingest.${table} WHERE raw_id = 2`);
        await ask(`UPDATE ingest.${table} SET account = substr(account, 8) WHERE account LIKE 'hidden/%'`);
    }
}

const hide = (table, where, ...values) => ask(`UPDATE ingest.${table} SET account = 'hidden/' || account WHERE ${where}`, ...values);
const doubled = "'impressions', 2 * impressions, 'clicks', 2 * clicks, 'cost_micros', 2 * cost_micros";
const of = (n) => `business_date = '${dayText(last - n)}'`;

// Rows of day `to` get the numbers of day `from`.
const repeat = (table, key, numbers, from, to) => ask(`
    INSERT INTO ingest.${table}
    SELECT again.* FROM ingest.${table} t JOIN ingest.${table} f ON f.account = t.account AND f.${key} = t.${key}
     CROSS JOIN LATERAL jsonb_populate_record(NULL::ingest.${table}, to_jsonb(t) || jsonb_build_object('raw_id', 2,
         'observed_at', t.observed_at + interval '1 hour', ${numbers.map((name) => `'${name}', f.${name}`)})) again
     WHERE f.business_date = $1 AND t.business_date = $2`, dayText(from), dayText(to));
const counts = ["impressions", "clicks", "cost_micros"];

test("a clean year breaks no rule", async () => {
    const found = await check("--from", dayText(last - 365), "--to", dayText(last));
    assert.deepEqual(found.broken, [], JSON.stringify(found.rules?.filter(({ holds }) => !holds)));
    assert.equal(found.code, 0);
    assert.equal(found.rules.length, 27);
    assert.match(found.stderr, /google, .*: all 21 rules hold\n/);
});

const faults = [
    ["negative clicks", ["nothing_is_negative"],
        () => restate("campaign_day", "'clicks', -3", `campaign = 'campaign-1' AND ${of(2)}`)],
    ["an ad's negative cost", ["nothing_of_ads_is_negative", "spend_reconciles"],
        () => restate("ad_day", "'cost_micros', -1000000", `ad = 'ad-1-1' AND ${of(2)}`)],
    ["more clicks than impressions", ["clicks_within_impressions"],
        () => restate("campaign_day", "'clicks', impressions + 1", `campaign = 'campaign-1' AND ${of(1)}`)],
    ["more clicks than impressions of an ad", ["ad_clicks_within_impressions"],
        () => restate("ad_day", "'clicks', impressions + 1", `ad = 'ad-1-1' AND ${of(1)}`)],
    ["a doubled day", ["no_day_is_counted_twice", "no_day_of_ads_is_counted_twice"],
        () => Promise.all(["campaign_day", "ad_day"].map((table) => restate(table, doubled, of(1))))],
    ["a day under another date", ["no_day_stands_for_another"],
        () => Promise.all([repeat("campaign_day", "campaign", counts, last - 1, last), repeat("ad_day", "ad", counts, last - 1, last)])],
    ["a missing campaign", ["no_campaign_is_missing"],
        () => Promise.all(["campaign_day", "ad_day"].map((table) => hide(table, `campaign = 'campaign-2' AND ${of(0)}`)))],
    ["a campaign that vanished two days ago", ["no_campaign_is_missing"],
        () => Promise.all(["campaign_day", "ad_day"].map((table) =>
            hide(table, `campaign = 'campaign-2' AND business_date >= $1`, dayText(last - 1))))],
    ["a wrong currency", ["currency_is_the_accounts"],
        () => restate("campaign_day", "'currency', 'EUR'", `campaign = 'campaign-1' AND ${of(1)}`)],
    ["an ad's wrong currency", ["ad_currency_is_the_accounts"],
        () => restate("ad_day", "'currency', 'EUR'", `ad = 'ad-1-1' AND ${of(1)}`)],
    ["a stale feed", ["feed_is_fresh"],
        () => Promise.all(["campaign_day", "ad_day"].map((table) => hide(table, "business_date >= $1", dayText(last - 1))))],
    ["spend off by 1 %", ["spend_reconciles"],
        () => restate("campaign_day", "'cost_micros', round(cost_micros * 1.01)", `campaign = 'campaign-1' AND ${of(1)}`)],
    ["an attribution setting that changed", ["setting_is_unchanged"],
        () => restate("campaign_day", "'setting', 'conversion_date'", `campaign = 'campaign-1' AND business_date >= $1`, dayText(last - 3))],
    ["an ad's attribution setting that changed", ["ad_setting_is_unchanged"],
        () => restate("ad_day", "'setting', 'conversion_date'", `ad = 'ad-1-1' AND business_date >= $1`, dayText(last - 3))],
    ["an ad of a campaign nobody knows", ["campaigns_of_ads_are_known"],
        () => restate("ad_day", "'ad', 'ad-new', 'campaign', 'campaign-x'", `ad = 'ad-1-1' AND ${of(1)}`)],
    ["a campaign without a name", ["campaigns_are_named"],
        () => restate("campaign_day", "'campaign_name', ''", `campaign = 'campaign-1' AND ${of(1)}`)],
    ["an ad without a status", ["ads_are_named"],
        () => restate("ad_day", "'status', ''", `ad = 'ad-1-1' AND ${of(1)}`)],
    ["a cost that nobody can pay", ["cost_is_plausible", "spend_is_usual", "spend_reconciles"],
        () => restate("campaign_day", "'cost_micros', 20000000000000", `campaign = 'campaign-1' AND ${of(1)}`)],
    ["negative sessions", ["no_sessions_are_negative"],
        () => restate("ga4_day", "'sessions', -1", `utm_source = 'source-1' AND ${of(1)}`)],
    ["a property's wrong currency", ["sessions_currency_is_the_propertys"],
        () => restate("ga4_day", "'currency', 'EUR'", `utm_source = 'source-1' AND ${of(1)}`)],
    ["a property's stale feed", ["sessions_are_fresh"], () => hide("ga4_day", "business_date >= $1", dayText(last - 1))],
    ["a property's day under another date", ["no_day_of_sessions_stands_for_another"], () =>
        repeat("ga4_day", "utm_source", ["sessions", "users", "key_events", "value_micros"], last - 1, last)],
];

for (const [fault, rules, plant] of faults) {
    test(`${fault}: found by ${rules.join(", ")} and no other`, async () => {
        await plant();
        const found = await check("--from", dayText(last - 6), "--to", dayText(last));
        await clean();
        assert.deepEqual(found.broken, rules, found.stderr);
        assert.equal(found.code, 1);
        const [first] = found.rules.filter(({ holds }) => !holds);
        assert.ok(first.count >= 1);
        assert.ok([account, property].includes(first.examples[0].account));
        assert.doesNotMatch(JSON.stringify(found.rules.map(({ examples }) => examples)), /name of/);
    });
}

const strange = [
    ["twenty times the spend", ["spend_is_usual"], () => Promise.all(["campaign_day", "ad_day"].map((table) =>
        restate(table, "'cost_micros', 20 * cost_micros", of(1))))],
    ["a day without rows between others", ["spend_is_usual"], () => Promise.all(["campaign_day", "ad_day"].map((table) =>
        hide(table, of(2))))],
    ["a tenth of the sessions", ["sessions_are_usual"], () => restate("ga4_day", "'sessions', sessions / 10, 'users', users / 10", of(1))],
];

for (const [fault, rules, plant] of strange) {
    test(`${fault}: a warning, which keeps no data back`, async () => {
        await plant();
        const found = await check("--from", dayText(last - 6), "--to", dayText(last));
        await clean();
        assert.deepEqual([found.code, found.broken], [0, rules], found.stderr);
        assert.match(found.stderr, /no critical rule is broken; look at/);
    });
}

test("a campaign that vanished a week ago keeps nothing back any more", async () => {
    await Promise.all(["campaign_day", "ad_day"].map((table) =>
        hide(table, "campaign = 'campaign-2' AND business_date >= $1", dayText(last - 6))));
    const found = await check("--from", dayText(last - 29), "--to", dayText(last));
    await clean();
    assert.deepEqual([found.code, found.broken], [0, []]);
});

test("a view that no longer tells the newest only is found", async () => {
    const [{ definition }] = await ask("SELECT pg_get_viewdef('ingest.ads_campaign_performance') AS definition");
    await ask(`CREATE OR REPLACE VIEW ingest.ads_campaign_performance AS
        ${definition.replace(/DISTINCT ON \([^)]*\)/, "")}`);
    await restate("campaign_day", "'cost_micros', 0, 'impressions', 0, 'clicks', 0", `campaign = 'campaign-1' AND ${of(1)}`);
    const found = await check();
    await ask(`CREATE OR REPLACE VIEW ingest.ads_campaign_performance AS ${definition}`);
    await clean();
    assert.ok(found.broken.includes("one_row_a_campaign_and_day"));
});

test("without days the last week is looked at, and an account can be asked for alone", async () => {
    await restate("campaign_day", "'clicks', -3", `campaign = 'campaign-1' AND ${of(9)}`);
    assert.deepEqual((await check()).broken, []);
    await clean();
    const alone = await check("--source", property);
    assert.match(alone.stderr, /^passed: ga4\/4650, .*: all 6 rules hold\n$/);
    const nobody = await check("--source", "tiktok");
    assert.deepEqual([nobody.code, nobody.stderr], [1, "aelpctl: nothing has been read of tiktok yet\n"]);
});

test("a world's account goes by the world's clock", async () => {
    await ask("UPDATE ingest.source_state SET world = true WHERE account = $1", property);
    await aelp2.as("admin").query("SELECT ops.advance_clock('3 days')");
    const found = await check();
    await ask("UPDATE ingest.source_state SET world = false WHERE account = $1", property);
    assert.deepEqual(found.broken, ["sessions_are_fresh"]);
});

test("every rule's statement can be prepared by who runs it, and looking writes nothing", async () => {
    const { stdout } = await run(join(bin, "unit_quality_statements_tool"), [aelp2.secret("ctl.database_url")]);
    const statements = JSON.parse(stdout);
    const folder = join(root, "libcommon/quality/suites");
    const rules = readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(join(folder, file), "utf8")).rules);
    assert.equal(statements.length, rules.length);
    for (const member of ["guardrail-evaluator", "ctl"]) {
        const client = await aelp2.as(member).connect();
        for (const { rule, sql, types } of statements) {
            await client.query(`PREPARE s (${types}) AS ${sql}`).catch((error) => assert.fail(`${rule}: ${error.message}`));
            await client.query("DEALLOCATE s");
        }
        client.release();
    }
    assert.deepEqual(await ask("SELECT * FROM guardrail.dq_run"), []);
});
