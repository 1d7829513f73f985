// aelpctl: the tour as a person types it, and what the command line says when something is wrong.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startInstance } from "../support/instance.mjs";
import { ctl, seedPeople } from "../support/people.mjs";
import { bin, root, run } from "../support/process.mjs";
import { entriesOf, leafHash, openCheckpoint, rootOf, tilePath, verifierKey } from "../support/tlog.mjs";
import { waitFor } from "../support/wait.mjs";

let aelp2;
before(async () => {
    aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "guardrail-evaluator", "budget-publisher", "audit-writer",
            "witness", "world", "gateway"],
        env: { "budget-publisher:BUDGET_OBSERVE_S": "1" },
    });
    await seedPeople(aelp2);
    await aelp2.superuser.query("UPDATE saga.kind SET measure_wait = '8 s' WHERE kind = 'budget.change'");
    await aelp2.superuser.query("UPDATE saga.patience SET due = '8 s' WHERE state = 'executed'");
    await waitFor(async () => (await aelp2.superuser.query("SELECT FROM saga.target")).rowCount > 0,
        { what: "the world's budgets are known" });
});
after(() => aelp2?.destroy());

const ana = (...args) => ctl(aelp2, "ana", ...args);
const ben = (...args) => ctl(aelp2, "ben", ...args);
const cleo = (...args) => ctl(aelp2, "cleo", ...args);
const alone = (args, env = {}) => run(join(bin, "aelpctl"), args, { env: { PATH: process.env.PATH, HOME: aelp2.dir, ...env } });

async function worldBudget(id) {
    const text = await (await fetch(aelp2.url("world", "/_world/budgets"))).text();
    return text.trim().split("\n").map((line) => JSON.parse(line)).find((budget) => budget.id === id);
}

async function propose(...args) {
    const { code, stdout, stderr } = await ana("proposals", "propose", ...args, "-o", "json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
}

const proposeBudget = (target, daily) => ["proposals", "propose", "budget", "--platform", "google",
    "--target", target, "--daily", daily, "--reason", "sells out every evening"];

test("before the first proposal a list says that there is none", async () => {
    const { code, stdout, stderr } = await ana("proposals", "list");
    assert.deepEqual([code, stdout, stderr], [0, "", "no proposals yet\n"]);
});

let travelled;
test("five percent travel from proposed to confirmed, and the world's budget changes once", async () => {
    const proposed = await ana(...proposeBudget("campaignBudgets/9", "52.50"));
    assert.equal(proposed.code, 0, proposed.stderr);
    assert.match(proposed.stdout, /50\.00 → 52\.50 USD a day \(\+5\.0 %\)/);
    assert.match(proposed.stdout, /state +cleared \(live\)/);
    travelled = /id +([0-9a-f-]{36})/.exec(proposed.stdout)[1];

    const own = await ana("proposals", "approve", travelled);
    assert.equal(own.code, 4);
    assert.match(own.stderr, /refused: you proposed this change: somebody else must approve it/);
    assert.match(own.stderr, /request id: \S+/);

    const approved = await ben("proposals", "approve", travelled.slice(0, 23), "--reason", "makes sense");
    assert.deepEqual([approved.code, approved.stdout], [0, "approved\n"], approved.stderr);
    const watched = await ana("proposals", "watch", travelled);
    assert.deepEqual([watched.code, watched.stdout], [0, "confirmed\n"], watched.stderr);
    assert.equal((await worldBudget(9)).amount_micros, 52_500_000);
    const ledger = await (await fetch(aelp2.url("world", "/_world/ledger"))).text();
    assert.equal(ledger.trim().split("\n").length, 1);
});

test("budgets that may be changed are listed with what the platform shows", async () => {
    const listed = await ana("budgets", "list", "--platform", "google");
    const lines = listed.stdout.split("\n");
    assert.match(lines[0], /^account +target +daily +currency +read_at +marks +name$/, listed.stderr);
    assert.match(listed.stdout, /^google\/1234567890 +campaignBudgets\/9 +52\.5 +USD +\d{4}-\d\d-\d\dT[\d:]{8} {2}/m);
    assert.match(listed.stdout, /^google\/1234567890 +campaignBudgets\/13 .* shared /m);
    const json = JSON.parse((await ana("budgets", "list", "--platform", "google", "--account", "1234567890", "-o", "json")).stdout);
    assert.equal(json.length, lines.length - 2);
    assert.equal(json.find(({ target }) => target === "campaignBudgets/9").daily_micros, "52500000");
    const none = await ana("budgets", "list", "--account", "google/1");
    assert.deepEqual([none.code, none.stdout, none.stderr], [0, "", "no budget of your accounts was read yet (accounts list: which there are)\n"]);
});

test("six percent are blocked with the cap, the number and the limit", async () => {
    const { code, stdout } = await ana(...proposeBudget("campaignBudgets/8", "164.30"));
    assert.equal(code, 4);
    assert.match(stdout, /state +blocked/);
    assert.match(stdout, /why +\+6 % > 5 %: at most \$162\.75/);
});

test("a list shows the newest first, a page the whole story", async () => {
    const list = await ana("proposals", "list", "--limit", "2");
    const [head, first, second] = list.stdout.split("\n");
    assert.match(head, /^id +state +kind +mode +created_at +headline$/);
    assert.match(first, /blocked +budget\.change/);
    assert.match(second, /confirmed +budget\.change/);
    const none = await ana("proposals", "list", "--state", "rollback_failed");
    assert.deepEqual([none.stdout, none.stderr], ["", "no proposals that are rollback_failed\n"]);
    const shown = await ana("proposals", "show", travelled);
    for (const word of ["proposed", "cleared", "approved", "executing", "executed", "confirmed", "makes sense"]) {
        assert.match(shown.stdout, new RegExp(word));
    }
    const json = JSON.parse((await ana("proposals", "show", travelled, "-o", "json")).stdout);
    assert.equal(json.id, travelled);
});

test("a person puts back what was before, once the send can no longer be under way", async () => {
    await aelp2.superuser.query("UPDATE saga.timing SET send_window = '1 s', request_total = '1 h'");
    const { stdout } = await ana(...proposeBudget("campaignBudgets/10", "239.20"), "-o", "json");
    const { id } = JSON.parse(stdout);
    assert.equal((await ben("proposals", "approve", id)).code, 0);
    assert.equal((await ana("proposals", "watch", id, "--until", "executed")).code, 0);
    const early = await ben("proposals", "rollback", id, "--reason", "costs too much");
    assert.deepEqual([early.code, early.stdout], [5, ""]);
    await aelp2.superuser.query("UPDATE saga.timing SET request_total = '1 s'");
    await aelp2.superuser.query("UPDATE saga.target SET quiet_until = saga._quiet($1) WHERE quiet_until IS NOT NULL", [id]);
    await waitFor(async () => (await ben("proposals", "rollback", id, "--reason", "costs too much")).code === 0,
        { what: "the rollback is taken" });
    const watched = await ana("proposals", "watch", id);
    assert.deepEqual([watched.code, watched.stdout], [0, "rolled_back\n"], watched.stderr);
    assert.equal((await worldBudget(10)).amount_micros, 230_000_000);
});

test("the log is whole, and a proof holds without the database", async () => {
    const verified = await ana("audit", "verify");
    assert.equal(verified.code, 0, verified.stderr);
    assert.match(verified.stdout, /the log is whole: \d+ leaves/);
    assert.match(verified.stderr, /^ok +\d+\.\d\d s {2}a saga's events are numbered from 1 without a gap$/m);

    const proof = await waitFor(async () => {
        const { code, stdout } = await ana("audit", "prove", travelled);
        return code === 0 && stdout;
    }, { what: "a proof" });
    const file = join(aelp2.dir, "x.tlog-proof");
    writeFileSync(file, proof);
    const keys = {
        AELP2_LOG_VKEY: readFileSync(join(aelp2.dir, "audit", "log.vkey"), "utf8").trim(),
        AELP2_WITNESS_VKEY: (await run(join(bin, "aelp-witness"), ["vkey", "--dir", join(aelp2.dir, "witness")])).stdout.trim(),
    };
    const checked = await alone(["audit", "check", file], keys);
    assert.equal(checked.code, 0, checked.stderr);
    assert.match(checked.stdout, /the proof holds: 6 events of one proposal/);
    assert.match(checked.stdout, new RegExp(`^saga ${travelled}$`, "m"));
    assert.match(checked.stdout, /^ {2}kind budget\.change 1$/m);
    assert.match(checked.stdout, /^ {2}effect google\/\d+ campaignBudgets\/9: 50\.00 → 52\.50 USD a day/m);
    assert.match(checked.stdout, /^20\d\d-\S+Z +cleared +approved +aelp_gateway +[0-9a-f-]{36}$/m);
    assert.doesNotMatch(checked.stdout + proof, /sells out every evening/);
    const told = JSON.parse((await alone(["audit", "check", file, "-o", "json"], keys)).stdout);
    assert.equal(createHash("sha256").update(told.change).digest("hex"), told.content);
    assert.deepEqual(told.events.map(({ to }) => to),
        ["proposed", "cleared", "approved", "executing", "executed", "confirmed"]);

    const policy = join(aelp2.dir, "policy");
    writeFileSync(policy, `log ${keys.AELP2_LOG_VKEY}\nwitness w ${keys.AELP2_WITNESS_VKEY}\nquorum w\n`);
    assert.equal((await alone(["audit", "check", file, "--policy", policy])).code, 0);

    const lines = proof.split("\n");
    const extra = lines.findIndex((line) => line.startsWith("extra "));
    const bundle = Buffer.from(lines[extra].slice(6), "base64");
    bundle[bundle.length - 20] ^= 1;
    const bent = [proof.replace(/index (\d+)/, (_, n) => `index ${Number(n) - 1}`),
        proof.slice(0, -200), "", lines.with?.(extra, `extra ${bundle.toString("base64")}`).join("\n")
            ?? proof.replace(lines[extra], `extra ${bundle.toString("base64")}`)];
    for (const text of bent) {
        writeFileSync(file, text);
        const refused = await alone(["audit", "check", file], keys);
        assert.equal(refused.code, 1, text.slice(0, 200));
        assert.match(refused.stderr, /the proof does NOT hold/);
    }
});

test("the exported log is checked by who has only its files, from entries to root", async () => {
    const folder = join(aelp2.dir, "exported");
    const exported = await waitFor(async () => {
        const answer = await ana("audit", "export", folder, "-o", "json");
        return answer.code === 0 && JSON.parse(answer.stdout);
    }, { what: "something is signed" });
    const { size, root: signed } = openCheckpoint(readFileSync(join(folder, "checkpoint"), "utf8"),
        [readFileSync(join(aelp2.dir, "audit", "log.vkey"), "utf8"),
            (await run(join(bin, "aelp-witness"), ["vkey", "--dir", join(aelp2.dir, "witness")])).stdout].map(verifierKey));
    assert.deepEqual([exported.leaves, exported.incomplete], [size, 0]);
    const read = (level, n, width) => readFileSync(join(folder, tilePath(level, n, width)));
    assert.deepEqual(await rootOf(read, size), signed);
    for (let n = 0; n < size / 256; n++) {
        const width = Math.min(256, size - n * 256);
        const entries = entriesOf(read("entries", n, width));
        assert.deepEqual(Buffer.concat(entries.map(leafHash)), read(0, n, width));
        for (const entry of entries) assert.match(entry.toString(), /^aelp\/\w+\/v1\n/);
    }
    const nowhere = await ana("audit", "export", join(root, "README.md"));
    assert.deepEqual([nowhere.code, /can't be written/.test(nowhere.stderr)], [1, true]);
});

test("root hashes hex leaves, an empty line being the empty leaf", async () => {
    const file = join(aelp2.dir, "leaves");
    writeFileSync(file, "");
    const empty = await alone(["audit", "root", file]);
    assert.equal(empty.stdout, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
    writeFileSync(file, "\n00\n10\n"); // the first leaves of RFC 6962's reference test
    const three = await alone(["audit", "root", file]);
    assert.equal(three.stdout, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77\n");
    writeFileSync(file, "0\n");
    assert.equal((await alone(["audit", "root", file])).code, 2);
});

test("one kills, two resume, also while NATS and every service are away", async () => {
    for (const service of ["gateway", "outbox-relay", "nats"]) await aelp2.halt(service);
    const killed = await ben("kill", "--freeze", "--reason", "look first");
    assert.equal(killed.code, 0, killed.stderr);
    assert.match(killed.stderr, /^all changes are frozen, and so are rollbacks; two people resume$/m);
    assert.match(killed.stderr, /nothing is in flight/);
    assert.match((await ben("resume")).stderr, /a second person must resume/);
    assert.match((await ben("resume")).stderr, /a second person must resume/);
    const resumed = await cleo("resume");
    assert.match(resumed.stderr, /^all changes go on$/m);
    const away = await ana("whoami");
    assert.equal(away.code, 7);
    assert.match(away.stderr, /next: /);
    for (const service of ["nats", "outbox-relay", "gateway"]) await aelp2.restart(service);
});

test("the calendar is locked and lifted by one, a ramp takes two", async () => {
    assert.equal((await ben("calendar", "list")).stderr, "nothing is locked, now or later\n");
    const locked = await ben("calendar", "lock", "google", "--from", "2099-11-27T00:00-05", "--to", "2099-11-28T00:00-05",
        "--reason", "Black Friday");
    assert.equal(locked.code, 0, locked.stderr);
    const [, id] = /^lock (\d+): changes of google wait from 2099-11-27 05:00 until 2099-11-28 05:00 UTC$/m.exec(locked.stderr);
    assert.match((await ben("calendar", "list")).stdout, new RegExp(`^${id} +google +2099-11-27 .* Black Friday +ben$`, "m"));
    const [{ person }] = JSON.parse((await ben("calendar", "list", "-o", "json")).stdout);
    assert.equal(person, JSON.parse((await ben("whoami", "-o", "json")).stdout).person);
    const late = await ben("calendar", "lock", "--from", "2001-01-01", "--to", "2001-01-02", "--reason", "late");
    assert.deepEqual([late.code, late.stderr.split("\n")[0]], [4, "aelpctl: refused: a lock lasts a year at most and ends after now"]);
    assert.equal((await cleo("calendar", "unlock", id)).stderr, `lock ${id} is lifted\n`);
    assert.equal((await ben("calendar", "unlock", "x")).code, 2);

    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const ramp = ["ramp", "set", "google/1234567890", "--target", "campaignBudgets/9", "--from", day, "--to", day,
        "--drift", "80", "--account-drift", "40"];
    assert.match((await ben(...ramp)).stderr, /^recorded; a second approver must say the same within 10 minutes$/m);
    assert.equal((await ben("ramp", "list")).stderr, "no ramp is set, now or later\n");
    assert.match((await cleo(...ramp)).stderr, new RegExp(`^google/1234567890 may ramp until ${day}$`, "m"));
    const [, set] = new RegExp(`^(\\d+) +google/1234567890 +campaignBudgets/9 +${day} +${day} +80 % +40 % +cleo$`, "m")
        .exec((await ben("ramp", "list")).stdout);
    assert.equal((await ben("ramp", "end", set)).code, 0);
    assert.equal((await ben("ramp", "set", "google/1", "--from", day, "--to", day, "--drift", "201", "--account-drift", "1")).code, 2);
    const unknown = await ben("ramp", "set", "google/1", "--from", day, "--to", day, "--drift", "1", "--account-drift", "1");
    assert.equal(unknown.code, 4);
    assert.match(unknown.stderr, /^aelpctl: refused: account: there is no google\/1 *\n  next: \.\/aelp ctl --as ben budgets list\n$/);
});

test("an approved change says that the calendar holds it, and until when", async () => {
    const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const lock = await ben("calendar", "lock", "google", "--from", at(-1), "--to", at(24), "--reason", "Black Friday");
    const [, id] = /^lock (\d+):/.exec(lock.stderr);
    const why = `calendar lock ${id} until \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d America/New_York: Black Friday$`;
    const made = await ana(...proposeBudget("campaignBudgets/8", "160.00"));
    assert.match(made.stderr, new RegExp(`^waits: ${why}`, "m"));
    const [, change] = /id +([0-9a-f-]{36})/.exec(made.stdout);
    assert.match((await ben("proposals", "approve", change)).stderr, new RegExp(`^it will wait: ${why}`, "m"));
    const watched = await ana("proposals", "watch", change, "--timeout", "1");
    assert.deepEqual([watched.code, watched.stderr.match(/^waits: /gm).length], [6, 1]);
    assert.match((await ana("proposals", "show", change)).stderr, new RegExp(`^waits: ${why}`, "m"));
    assert.equal((await ben("calendar", "unlock", id)).code, 0);
    assert.equal((await ana("proposals", "show", change)).stderr, "");
    assert.equal((await ana("proposals", "cancel", change)).code, 0);
});

test("what stops is not carried out until it goes on", async () => {
    const { id: cleared } = await propose("note", "--reason", "cleared before the stop");
    assert.match((await ben("kill", "noop.note")).stderr, /^changes of noop\.note are stopped; two people resume$/m);
    assert.match((await ana("control")).stdout, /^noop\.note +stop +\d{4}-\d\d-\d\dT[\d:]{8} +ben$/m);
    const waits = /^waits: kill switch is on \(stop of noop\.note, since \d{4}-\d\d-\d\dT[\d:]{8}\)$/m;
    const made = await ana("proposals", "propose", "note", "--reason", "waits");
    assert.match(made.stderr, waits);
    assert.doesNotMatch(made.stderr, /not answered/);
    const [, id] = /id +([0-9a-f-]{36})/.exec(made.stdout);
    const timedOut = await ana("proposals", "watch", id, "--timeout", "1");
    assert.equal(timedOut.code, 6);
    assert.match(timedOut.stderr, waits);
    assert.match((await ana("proposals", "show", id)).stderr, waits);
    assert.match((await ben("proposals", "approve", cleared)).stderr, /^it will wait: kill switch is on/m);
    assert.equal((await ana("proposals", "show", travelled)).stderr, "");
    for (const who of [ben, cleo]) await who("resume", "noop.note");
});

test("reject, withdraw and cancel say what they did", async () => {
    const one = await propose("note", "--reason", "one");
    const unexplained = await ben("proposals", "reject", one.id);
    assert.deepEqual([unexplained.code, unexplained.stdout], [2, ""]);
    assert.equal((await ben("proposals", "reject", one.id, "--reason", "no")).stdout, "rejected\n");
    assert.equal((await ben("proposals", "approve", one.id)).code, 5);
    const two = await propose("note", "--reason", "two");
    assert.equal((await ben("proposals", "cancel", two.id)).code, 4);
    assert.equal((await ana("proposals", "cancel", two.id)).stdout, "cancelled\n");
    const watched = await ana("proposals", "watch", two.id);
    assert.deepEqual([watched.code, watched.stdout], [5, "cancelled\n"]);
});

// The same on a terminal: what it shows there, with stdout and stderr as one.
const onTerminal = async (person, home, ...args) => {
    const line = [join(root, "aelp"), "ctl", "--as", person, ...args].map((word) => `'${word}'`).join(" ");
    const { code, stdout } = await run("script", ["-qec", line, "/dev/null"], { env: { ...process.env,
        AELP2_INSTANCE: aelp2.name, AELP2_BIN: bin, XDG_STATE_HOME: join(aelp2.dir, home) } });
    return { code, shown: stdout.replaceAll("\r", "") };
};

test("a decision made elsewhere in one's name is told once on a terminal, and taken back", async () => {
    const { id } = await propose("note", "--reason", "somebody approves this");
    assert.equal((await ben("kill", "noop.note")).code, 0);
    assert.equal((await ben("proposals", "approve", id)).code, 0);
    const told = await onTerminal("ben", "laptop", "proposals", "list", "--limit", "1");
    assert.match(told.shown, /command line, \d{4}-\d\d-\d\dT\d\d:\d\d UTC: you approved: A note without effect\n/);
    const [, decision] = /not you\? \.\/aelp ctl --as ben proposals disown (\d+)/.exec(told.shown);
    const again = await onTerminal("ben", "laptop", "proposals", "list", "--limit", "1");
    assert.doesNotMatch(again.shown, /not you/);
    assert.match((await onTerminal("ben", "another", "proposals", "list")).shown, /not you/);
    assert.doesNotMatch((await onTerminal("cleo", "laptop", "proposals", "list")).shown, new RegExp(`disown.* ${decision}\\b`));
    assert.match((await ben("proposals", "mine")).stdout, new RegExp(`^${decision} +\\S+ +approve +aelp_gateway`, "m"));

    assert.equal((await cleo("proposals", "disown", decision)).code, 3);
    const { stdout: token } = await ana("people", "token", "ben", "--days", "1");
    const spare = (...args) => alone(args, { AELP2_URL: aelp2.url("api"), AELP2_TOKEN: token.trim() });
    const disowned = await spare("proposals", "disown", decision);
    assert.equal(disowned.code, 0, disowned.stderr);
    assert.match(disowned.stdout, new RegExp(`^${decision}: the proposal is rejected; everything is frozen until two people `
        + "resume; the token that it was decided with is taken away\n$"));
    assert.match((await spare("proposals", "disown", decision)).stdout, /took it back already/);
    const shown = await spare("proposals", "show", id);
    assert.match(shown.stdout, /state +rejected/);
    assert.match(shown.stdout, /disowned by its approver/);
    await waitFor(async () => (await ben("whoami")).code === 1, { what: "ben's token is taken away" });
    await aelp2.superuser.query("UPDATE people.credential SET revoked_at = NULL");
    for (const scope of ["*", "noop.note"]) for (const who of [ben, cleo]) await who("resume", scope);
});

test("one's own decision on this terminal is no news", async () => {
    const { id } = await propose("note", "--reason", "approved right here");
    await onTerminal("ben", "desk", "proposals", "list", "--limit", "1");
    const approved = await onTerminal("ben", "desk", "proposals", "approve", id, "--yes");
    assert.match(approved.shown, /approved/);
    assert.doesNotMatch(approved.shown, /not you/);
    assert.doesNotMatch((await onTerminal("ben", "desk", "proposals", "list", "--limit", "1")).shown, /not you/);
});

test("a page says who by name, and what was tried and refused", async () => {
    const { id } = await propose("note", "--reason", "whose is this");
    assert.equal((await ana("proposals", "approve", id)).code, 4);
    const { stdout } = await ben("proposals", "show", id);
    assert.match(stdout, /^by +ana [0-9a-f]{8}$/m);
    assert.match(stdout, /^\S+ +1 +proposed +ana [0-9a-f]{8}/m);
    assert.match(stdout, /Refused\n.*\n\S+ +ana [0-9a-f]{8} +decide +aelp_gateway +you proposed this change/);
});

const mistakes = [
    [["proposal", "list"], 2, /did you mean \.\/aelp ctl proposals/],
    [["proposals", "aprove", "x"], 2, /did you mean \.\/aelp ctl proposals approve/],
    [["proposals"], 2, /needs a verb/],
    [["proposals", "list", "--stat", "cleared"], 2, /did you mean --state/],
    [["proposals", "approve"], 2, /usage: \.\/aelp ctl proposals approve ID/],
    [["proposals", "reject", "01a1fe7c"], 2, /needs --reason/],
    [["proposals", "show", "01a1"], 2, /its first 13 characters \(8 at least\)/],
    [["proposals", "show", "00000000"], 3, /no proposal begins with/],
    [["proposals", "show", "01a1fe7c-5793-4807-9f18-d775b141e65d"], 3, /no such proposal/],
    [["proposals", "list", "-o", "yaml"], 2, /table or json/],
    [["proposals", "list", "--state", "sideways"], 2, /--state: is not one of the states: proposed cleared /],
    [["proposals", "propose", "budget", "--reason", "r"], 2, /--target and --daily/],
    [["proposals", "propose", "budget", "--target", "t", "--daily", "1", "--platform", "meta", "--reason", "r"], 3, /no account/],
    [proposeBudget("campaignBudgets/9", "NaN"), 2, /--daily: .*not a decimal/],
    [proposeBudget("campaignBudgets/9", "-1"), 2, /negative/],
    [proposeBudget("campaignBudgets/9999", "1"), 2, /--target: no budget campaignBudgets\/9999 .*\n  next: \.\/aelp ctl budgets list$/m],
    [["proposals", "propose", "note", "--reason", "r", "--key", "a b"], 2, /--key: must be 1 to 64 visible characters/],
    [proposeBudget("campaignBudgets/13", "1"), 2, /shared/],
    [["mode", "set", "*", "turbo"], 2, /there is no mode 'turbo'; known: shadow, dry_run, live/],
    [["mode", "set", "googel", "live"], 2, /there is no platform or account 'googel'; known: \*, world, google, google\/1234567890/],
    [["kill", "nonsense"], 3, /there is no platform, account or kind 'nonsense'; known: \*, budget\.change, noop\.note, google, /],
    [["budgets", "list", "--account", "a&b"], 2, /'a&b' is no account\n  next: \.\/aelp ctl accounts list/],
    [["dead", "replay", "4650"], 3, /none of these/],
    [["people", "role", "ana", "king"], 2, /^aelpctl: there is no role 'king'; known: viewer, proposer, approver, /],
    [["people", "add", "ana", "--email", "ana@example.com"], 2, /^aelpctl: somebody has the address ana@example\.com already$/m],
    [["calendar", "lock", "--from", "27.11.2026", "--to", "28.11.2026", "--reason", "r"], 2, /^aelpctl: date\/time field value out of range: "27\.11\.2026"$/m],
    [["proposals", "disown", "x"], 2, /no decision's number\n  next: \.\/aelp ctl proposals mine/],
    [["proposals", "disown", "4650"], 3, /no such decision of yours/],
    [["people", "erase", "nobody", "--yes"], 3, /no person 'nobody'/],
    [["people", "erase-note", "0199a1b2", "0", "--yes"], 2, /a proposal's whole id/],
    [["completion", "tcsh"], 2, /bash, zsh or fish/],
];
for (const [args, code, words] of mistakes) {
    test(`'${args.join(" ")}' exits ${code} and says why on stderr`, async () => {
        const answer = await ana(...args);
        assert.equal(answer.code, code, answer.stderr);
        assert.match(answer.stderr, words);
        assert.equal(answer.stdout, "");
    });
}

test("a text that isn't UTF-8 is refused, not dropped", async () => {
    for (const verb of ["propose note", "reject 01a1fe7c"]) {
        const { code, stderr } = await run("bash", ["-c", `${join(bin, "aelpctl")} proposals ${verb} --reason $'caf\\xe9'`]);
        assert.deepEqual([code, stderr], [2, "aelpctl: --reason: its text is not UTF-8\n"]);
    }
});

test("an unreachable gateway is 7, a wrong token 1, none at all 2", async () => {
    const url = aelp2.url("api");
    assert.equal((await alone(["whoami"], { AELP2_URL: "http://127.0.0.1:9", AELP2_TOKEN: "x" })).code, 7);
    assert.equal((await alone(["whoami"], { AELP2_URL: url, AELP2_TOKEN: "x" })).code, 1);
    assert.equal((await alone(["whoami"], { AELP2_URL: url })).code, 2);
});

test("settings come from flags, then the environment, then the file", async () => {
    const home = join(aelp2.dir, "home");
    await run("mkdir", ["-p", join(home, ".config", "aelp2")]);
    writeFileSync(join(home, ".config", "aelp2", "config"),
        `AELP2_URL=http://127.0.0.1:9\nAELP2_TOKEN=${aelp2.secret("tokens/ben")}\n`);
    const env = { HOME: home };
    assert.equal((await alone(["whoami"], env)).code, 7);
    assert.equal((await alone(["whoami"], { ...env, AELP2_URL: aelp2.url("api") })).code, 0);
    assert.equal((await alone(["whoami", "--url", aelp2.url("api")], env)).code, 0);
});

test("help of a noun tells its commands and no others", async () => {
    const { code, stdout } = await alone(["people", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}people erase-note /m);
    assert.doesNotMatch(stdout, /^ {2}(?!people )[a-z]+ [a-z]/m);
});

test("hints, usage and examples are as the command was typed", async () => {
    const typed = (command) => ({ AELP2_COMMAND: command });
    for (const [env, said] of [[{}, "aelpctl"], [typed(""), "aelpctl"], [typed("./aelp ctl"), "./aelp ctl"]]) {
        assert.equal((await alone(["dead", "replay", "x"], env)).stderr,
            `aelpctl: 'x' is not the id of a dead letter\n  next: ${said} dead list\n`);
        assert.equal((await alone(["proposals", "approve"], env)).stderr, `aelpctl: usage: ${said} proposals approve ID\n`);
        const help = (await alone(["--help"], env)).stdout;
        assert.deepEqual(help.match(/^ +.*(?=proposals (propose budget --|approve 0))/gm), [`  ${said} `, `  ${said} `]);
        assert.ok(help.includes(`\n  ${said} COMMAND --help tells its flags.\n`));
        assert.ok((await alone(["proposals", "approve", "--help"], env)).stdout.startsWith(`${said} proposals approve ID `));
    }
    assert.match((await ben("proposals")).stderr, /next: \.\/aelp ctl --as ben proposals --help\n$/);
});

test("help begins with two examples; completion knows every noun", async () => {
    const help = await alone(["--help"]);
    assert.equal(help.code, 0);
    assert.ok(help.stdout.indexOf("Examples") < help.stdout.indexOf("Commands"));
    assert.equal((await alone(["proposals", "approve", "--help"])).code, 0);
    const script = (await alone(["completion", "bash"])).stdout;
    assert.doesNotMatch(script, /mapfile/);
    const complete = async (...words) => {
        const set = words.map((word) => `'${word}'`).join(" ");
        const line = `${script}\nCOMP_WORDS=(${set}); COMP_CWORD=${words.length - 1}; _aelpctl; echo "\${COMPREPLY[*]}"`;
        return (await run("bash", ["-c", line])).stdout.trim();
    };
    for (const start of [["aelpctl"], ["./aelp", "ctl"], ["aelp", "ctl"], ["aelp", "ctl", "--as", "ben"]]) {
        assert.equal(await complete(...start, "pro"), "proposals");
        assert.equal(await complete(...start, "audit", ""), "verify prove check root export");
        assert.equal(await complete(...start, "audit", "check", `${root}/READ`), `${root}/README.md`);
        assert.equal(await complete(...start, "audit", "root", `${root}/READ`), `${root}/README.md`);
        assert.equal(await complete(...start, "completion", ""), "bash zsh fish");
        assert.equal(await complete(...start, "proposals", "propose", "b"), "budget");
        assert.equal(await complete(...start, "proposals", "list", "--sta"), "--state");
    }
    assert.equal(await complete("aelp", "sta"), "");
});

test("a text of another person can't move the terminal's cursor", async () => {
    const { id } = await propose("note", "--reason", "red \u001b[31malert");
    const { stdout } = await ana("proposals", "show", id);
    assert.ok(!stdout.includes("\u001b"), JSON.stringify(stdout));
});
