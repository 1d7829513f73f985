// aelpctl people: who there is, what they may, what proves them; and what is left of who is erased.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startInstance } from "../support/instance.mjs";
import { ctl, seedPeople } from "../support/people.mjs";
import { bin, run } from "../support/process.mjs";
import { waitFor } from "../support/wait.mjs";

let aelp2;
before(async () => {
    aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "guardrail-evaluator", "audit-writer", "witness", "gateway"],
    });
    await seedPeople(aelp2);
});
after(() => aelp2?.destroy());

const ana = (...args) => ctl(aelp2, "ana", ...args);
const ben = (...args) => ctl(aelp2, "ben", ...args);
const alone = (args, env = {}) => run(join(bin, "aelpctl"), args, { env: { PATH: process.env.PATH, HOME: aelp2.dir, ...env } });

test("a person is added, gets roles and a token, and loses both", async () => {
    const added = await ana("people", "add", "dora", "--email", "dora@example.com");
    assert.match(added.stdout, /^[0-9a-f-]{36}\n$/);
    assert.equal((await ana("people", "role", "dora", "proposer", "--scope", "google")).code, 0);
    const { stdout: token } = await ana("people", "token", "dora", "--days", "1");
    const whoami = () => alone(["whoami", "-o", "json"], { AELP2_URL: aelp2.url("api"), AELP2_TOKEN: token.trim() });
    assert.deepEqual(JSON.parse((await whoami()).stdout).roles, ["proposer"]);
    assert.match((await ana("people", "list")).stdout, /dora +dora@example\.com +yes +proposer google/);
    assert.equal((await ana("people", "deactivate", "dora")).code, 0);
    let gone; // a token reads for up to a second longer
    await waitFor(async () => (gone = await whoami()).code !== 0, { what: "dora is nobody" });
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /revoked|not active/);
    assert.equal((await ana("people", "role", "nobody", "viewer")).code, 3);
});

test("who is unlinked from Slack is told nothing there, and another can have the link", async () => {
    const events = async () => (await aelp2.superuser.query("SELECT event FROM saga.event WHERE event LIKE 'slack_%' ORDER BY seq DESC LIMIT 2")).rows
        .map(({ event }) => event);
    for (const who of ["gina", "hugo"]) assert.equal((await ana("people", "add", who, "--email", `${who}@example.com`)).code, 0);
    assert.equal((await ana("people", "link-slack", "gina", "T4650", "U4650")).code, 0);
    assert.match((await ana("people", "list")).stdout, /gina .*T4650\/U4650/);
    const unlinked = await ana("people", "unlink-slack", "gina");
    assert.equal(unlinked.code, 0, unlinked.stderr);
    assert.deepEqual(await events(), ["slack_unlinked", "slack_linked"]);
    assert.doesNotMatch((await ana("people", "list")).stdout, /U4650/);
    const again = await ana("people", "unlink-slack", "gina");
    assert.deepEqual([again.code, again.stderr], [3, "aelpctl: gina is not linked to Slack\n  next: ./aelp ctl people list\n"]);
    assert.deepEqual(await events(), ["slack_unlinked", "slack_linked"]);
    assert.equal((await ana("people", "link-slack", "hugo", "T4650", "U4650")).code, 0);
});

test("who is erased is gone by name and word, and the log is whole", async () => {
    const { stdout: person } = await ana("people", "add", "fritz", "--email", "fritz@example.com");
    await ana("people", "role", "fritz", "proposer");
    const { stdout: token } = await ana("people", "token", "fritz", "--days", "1");
    const settings = { AELP2_URL: aelp2.url("api"), AELP2_TOKEN: token.trim() };
    const made = await alone(["proposals", "propose", "note", "--reason", "Fritz was here", "-o", "json"], settings);
    const { id } = JSON.parse(made.stdout);
    assert.equal((await ben("proposals", "reject", id, "--reason", "for Fritz")).code, 0);
    const careful = await ana("people", "erase", "fritz");
    assert.deepEqual([careful.code, (await ana("people", "list")).stdout.includes("fritz")], [2, true]);
    const erased = await ana("people", "erase", "fritz", "--yes");
    assert.equal(erased.code, 0, erased.stderr);
    assert.match(erased.stderr, /roles and 1 notes/);
    await waitFor(async () => /unknown token/.test((await alone(["whoami"], settings)).stderr), { what: "fritz is nobody" });
    const shown = await ana("proposals", "show", id);
    assert.match(shown.stdout, /^note +\(erased\)$/m);
    assert.match(shown.stdout, /^by +\(erased\) [0-9a-f]{8}$/m);
    assert.match(shown.stdout, /for Fritz/);
    assert.equal((await ana("people", "erase-note", id, "3", "--yes")).code, 0);
    assert.doesNotMatch((await ana("proposals", "show", id)).stdout, /Fritz/);
    assert.equal((await ana("people", "token", person.trim())).code, 2);
    const verified = await waitFor(async () => {
        const answer = await ana("audit", "verify");
        return answer.code === 0 && answer;
    }, { what: "the log is whole" });
    assert.match(verified.stdout, /the log is whole/);
});

test("no token is stored but as its hash", async () => {
    const { rows } = await aelp2.superuser.query("SELECT hash FROM people.credential");
    const token = aelp2.secret("tokens/ana");
    assert.ok(rows.length >= 3 && rows.every(({ hash }) => hash.toString() !== token));
});
