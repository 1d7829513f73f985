// Data that landed is checked once and said to be checked, or people are told what is wrong with it;
// and people ask for a check themselves.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import protobuf from "protobufjs";

import { account, dayText, property, writeFacts, yesterday } from "../support/facts.mjs";
import { startInstance } from "../support/instance.mjs";
import { ctl, seedPeople } from "../support/people.mjs";
import { root } from "../support/process.mjs";
import { waitFor } from "../support/wait.mjs";

const member = "guardrail-evaluator";
const last = yesterday();
const week = { from: dayText(last - 6), to: dayText(last) };
const heard = []; // of data.checked: {subject, ...DataLanded}
let aelp2, DataLanded, runs = 4650;

before(async () => {
    DataLanded = (await protobuf.load(join(root, "proto/aelp/v1/data.proto"))).lookupType("aelp.v1.DataLanded");
    aelp2 = await startInstance({ only: ["postgres", "nats", "outbox-relay", member, "gateway"] });
    await seedPeople(aelp2);
    await writeFacts(aelp2.superuser, { last, days: 40 });
    await listen();
});
after(() => aelp2?.destroy());

// As a user who may hear everything, which none of the fleet may.
async function listen() {
    const file = join(aelp2.dir, "nats", "authorization.conf");
    writeFileSync(file, readFileSync(file, "utf8").replace("users = [", 'users = [\n    { user: "test", password: "test" }'));
    writeFileSync(join(aelp2.secrets, "test.nats"), "test");
    await aelp2.kill("nats", "-HUP");
    const nats = await waitFor(() => aelp2.nats("test"), { what: "the test's user is known" });
    nats.subscribe("data.checked.>", { callback: (_, { subject, data }) => {
        heard.push({ subject, ...DataLanded.toObject(DataLanded.decode(data), { longs: Number }) });
    } });
    await nats.flush();
}

const ask = async (sql, ...values) => (await aelp2.superuser.query(sql, values)).rows;

// As the ingestor says it; gives the number of its run.
async function landed(source, said, run = ++runs) {
    const body = DataLanded.encode(DataLanded.create({ ...week, vintages: 730, run, ...said })).finish();
    await aelp2.as("ingestor").query("SELECT bus.emit(ARRAY[$1], ARRAY[NULL], ARRAY[$2::bytea], ARRAY[NULL])",
        [`data.landed.${source}`, Buffer.from(body)]);
    return run;
}

const checkOf = (run) => ask("SELECT * FROM guardrail.dq_run WHERE landed_run = $1", run);
const ended = (run) => waitFor(async () => (await checkOf(run)).find(({ outcome }) => outcome), { what: `run ${run} is checked` });
const saidOf = (run) => heard.filter((one) => one.run === run);
const alerts = () => ask("SELECT severity, rule, about, sentence FROM ops.ops_alerts ORDER BY id");
const resultsOf = (id) => ask("SELECT * FROM guardrail.dq_result WHERE run = $1", id);

// A later vintage of yesterday's row of one campaign.
const plant = (column, value) => ask(`INSERT INTO ingest.campaign_day
    SELECT again.* FROM (SELECT * FROM ingest.campaign_day WHERE campaign = 'campaign-1' AND business_date = $1) t
     CROSS JOIN LATERAL jsonb_populate_record(NULL::ingest.campaign_day, to_jsonb(t) || jsonb_build_object($2::text, $3::text,
         'raw_id', 2, 'observed_at', t.observed_at + interval '1 hour')) again`, week.to, column, String(value));
const clean = () => ask("DELETE FROM ingest.campaign_day WHERE raw_id = 2");

test("what landed and breaks no rule is said to be checked, once", async () => {
    const run = await landed("google", { account });
    const check = await ended(run);
    assert.deepEqual([check.outcome, check.rules, check.critical, check.warnings], ["passed", 21, 0, 0]);
    assert.equal((await resultsOf(check.id)).length, 21);
    await waitFor(() => saidOf(run).length > 0, { what: "it is said" });
    assert.deepEqual(saidOf(run), [{ subject: "data.checked.google", account, ...week, vintages: 730, run }]);
    assert.deepEqual(await alerts(), []);

    await landed("google", { account }, run); // again
    const next = await landed("ga4", { account: property });
    await ended(next);
    await waitFor(() => saidOf(next).length > 0, { what: "the next is said" });
    assert.equal((await checkOf(run)).length, 1);
    assert.equal(saidOf(run).length, 1);
});

test("data that breaks a critical rule is not said to be checked, and people are told which", async () => {
    await plant("clicks", -3);
    const run = await landed("google", { account });
    const check = await ended(run);
    await clean();
    const sentence = `${account}, ${week.from} to ${week.to}: broken: nothing_is_negative (1)`;
    assert.deepEqual([check.outcome, check.critical, check.warnings, check.sentence], ["failed", 1, 0, sentence]);
    const [broken] = (await resultsOf(check.id)).filter(({ passed }) => !passed);
    assert.deepEqual([broken.rule, broken.severity, broken.offending], ["nothing_is_negative", "critical", "1"]);
    assert.equal(broken.sentence, "No count and no amount of a campaign is negative. Not so 1 time.");
    assert.equal(broken.examples.length, 1);
    assert.deepEqual([broken.examples[0].campaign, broken.examples[0].day, broken.examples[0].clicks], ["campaign-1", week.to, -3]);
    assert.deepEqual(await alerts(), [{ severity: "critical", rule: "quality", about: account, sentence }]);

    const good = await landed("google", { account });
    await ended(good);
    await waitFor(() => saidOf(good).length > 0, { what: "what landed later is said" });
    assert.deepEqual(saidOf(run), []);
});

test("a warning is told and keeps nothing back", async () => {
    const [{ cost }] = await ask("SELECT 40 * sum(cost_micros) AS cost FROM ingest.campaign_day WHERE business_date = $1", week.to);
    await ask("DELETE FROM ingest.ad_day WHERE business_date = $1 AND campaign = 'campaign-1'", week.to); // nothing to reconcile
    await plant("cost_micros", cost);
    const run = await landed("google", { account });
    const check = await ended(run);
    await clean();
    assert.deepEqual([check.outcome, check.critical, check.warnings], ["passed", 0, 1]);
    await waitFor(() => saidOf(run).length > 0, { what: "it is said" });
    const { severity, sentence } = (await alerts()).at(-1);
    assert.equal(severity, "warning");
    assert.match(sentence, /no critical rule is broken; look at spend_is_usual \(1\)$/);
});

test("what can't be checked is not said to be, and a person is told", async () => {
    await ask("INSERT INTO ingest.source_state (account, last_observed_at) VALUES ('shop/demo', now())");
    for (const [source, whose, why] of [["shop", "shop/demo", "there is no suite for shop"],
        ["google", "google/8", "nothing has been read of google/8 yet"]]) {
        const run = await landed(source, { account: whose });
        const { outcome, sentence } = await ended(run);
        assert.deepEqual([outcome, sentence], ["broken", `${whose} could not be checked: ${why}`]);
        assert.deepEqual((await alerts()).at(-1), { severity: "critical", rule: "quality", about: whose, sentence });
        assert.deepEqual(saidOf(run), []);
    }
});

test("a word that says no run, no days or another's account is a dead letter", async () => {
    const bad = [["google", { account }, 0], ["google", { account: "meta/730" }], ["google", { account, from: "yesterday" }],
        ["google", { account, from: "2026-02-30" }],
        ["google", { account, from: week.to, to: week.from }], ["google", { account, from: "2019-01-01" }]];
    for (const [source, said, run] of bad) await landed(source, said, run);
    const dead = await waitFor(async () => {
        const rows = await ask("SELECT reason FROM bus.dead ORDER BY id");
        return rows.length >= bad.length && rows.map(({ reason }) => reason);
    }, { what: "all are buried" });
    assert.equal(dead.length, bad.length);
    assert.match(dead[0], /DataLanded\.run: no number of a run/);
    assert.match(dead.join(), /from and to are YYYY-MM-DD/);
});

test("killed before its end, a check ends once", async () => {
    await aelp2.restart(member, { AELP2_FAILPOINT: "before_check_ends:sleep_60000" });
    const run = await landed("google", { account });
    await waitFor(async () => (await checkOf(run))[0]?.tries === 1, { what: "it is leased" });
    await aelp2.kill(member, "-9");
    await aelp2.restart(member);
    await ask("UPDATE guardrail.dq_run SET leased_until = now() WHERE landed_run = $1", run);
    const check = await ended(run);
    assert.deepEqual([check.outcome, check.tries], ["passed", 2]);
    await waitFor(() => saidOf(run).length > 0, { what: "it is said" });
    assert.equal((await resultsOf(check.id)).length, 21);
    assert.equal(saidOf(run).length, 1);
});

test("who was overtaken ends nothing", async () => {
    await aelp2.restart(member, { AELP2_FAILPOINT: "before_check_ends:stop" });
    const run = await landed("google", { account });
    await waitFor(async () => (await checkOf(run))[0]?.tries === 1, { what: "it is leased" });
    await ask("UPDATE guardrail.dq_run SET tries = 3, leased_until = now() WHERE landed_run = $1", run);
    const check = await waitFor(async () => {
        await aelp2.kill(member, "-CONT"); // it may not have come to its stop yet
        return (await checkOf(run)).find(({ outcome }) => outcome);
    }, { what: "it goes on" });
    assert.equal(check.tries, 4);
    assert.equal((await resultsOf(check.id)).length, 21);
    await aelp2.restart(member);
});

test("no attempt that came to an end is a check that is broken", async () => {
    await aelp2.halt(member);
    const run = await landed("google", { account });
    await ask(`INSERT INTO guardrail.dq_run (source, account, landed_run, tries) VALUES ('google', $1, $2, 5)`, account, run);
    await aelp2.restart(member);
    const { outcome, sentence } = await ended(run);
    assert.deepEqual([outcome, sentence], ["broken", `${account} could not be checked: no attempt came to an end`]);
});

test("checks of more than a year ago go, with what they found", async () => {
    const [old] = await ask(`UPDATE guardrail.dq_run SET asked_at = now() - interval '367 days'
                              WHERE id = (SELECT min(id) FROM guardrail.dq_run) RETURNING id`);
    await aelp2.restart(member);
    await waitFor(async () => (await ask("SELECT FROM guardrail.dq_run WHERE id = $1", old.id)).length === 0, { what: "it is gone" });
    assert.deepEqual(await resultsOf(old.id), []);
});

test("a person asks for a check, sees it, and fails with it", async () => {
    const good = await ctl(aelp2, "ben", "dq", "run", "--source", "google");
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /^holds +severity +rule +count +examples\nok +critical +ad_clicks_within_impressions +0/);
    assert.match(good.stderr, /^passed: google, .*: all 21 rules hold$/m);
    const [{ id, asked_by: who }] = await ask("SELECT id, asked_by FROM guardrail.dq_run ORDER BY id DESC LIMIT 1");
    assert.ok(who);
    await waitFor(() => heard.some(({ subject, run }) => subject === "data.checked.google" && run === undefined),
        { what: "what a person had checked is said" });

    await plant("clicks", -3);
    const bad = await ctl(aelp2, "ben", "dq", "run", "--from", week.from, "--to", week.to, "--source", account);
    assert.equal(bad.code, 1, bad.stderr);
    assert.match(bad.stdout, /^no +critical +nothing_is_negative +1 +\[\{.*campaign-1/m);
    assert.match(bad.stderr, /^nothing_is_negative \(ads_campaign_performance\): No count .* Not so 1 time\.$/m);
    const dry = await ctl(aelp2, "ben", "dq", "run", "--dry-run", "--source", "google", "-o", "json");
    await clean();
    assert.equal(dry.code, 1);
    assert.deepEqual(JSON.parse(dry.stdout)[0].rules.filter(({ holds }) => !holds).map(({ rule }) => rule), ["nothing_is_negative"]);

    const list = await ctl(aelp2, "ana", "dq", "show");
    assert.match(list.stdout, new RegExp(`^${Number(id) + 1} +${account} +${week.from} +${week.to} .* ben .* failed `, "m"));
    assert.match(list.stdout, /what landed +passed/);
    assert.equal((await ask("SELECT max(id) - $1::bigint AS more FROM guardrail.dq_run", id))[0].more, "1", "dry wrote nothing");
    const shown = await ctl(aelp2, "ana", "dq", "show", String(Number(id) + 1), "-o", "json");
    assert.deepEqual([shown.code, JSON.parse(shown.stdout).outcome], [1, "failed"]);
    assert.equal((await ctl(aelp2, "ana", "dq", "show", "999999")).code, 3);
});

test("a check is refused to who has no role for it, and of what there is not", async () => {
    await ask(`UPDATE people.grant_of SET scope = 'meta'
                WHERE person_id = (SELECT n.person_id FROM people.name n WHERE n.name = 'cleo')`);
    const cases = [["cleo", ["--source", "google"], /only somebody with a role for this source may/],
        ["ben", ["--source", "pinterest"], /there is no pinterest that is read/],
        ["ben", ["--source", "google", "--from", week.to, "--to", week.from], /800 days at most/]];
    for (const [who, args, says] of cases) {
        const refused = await ctl(aelp2, who, "dq", "run", ...args);
        assert.deepEqual([refused.code, says.test(refused.stderr)], [4, true], refused.stderr);
    }
    assert.equal((await ctl(aelp2, "ben", "dq", "run", "--from", week.to)).code, 2);
    assert.equal((await ctl(aelp2, "ben", "dq", "run", "--from", "x", "--to", "y")).code, 2);
});
