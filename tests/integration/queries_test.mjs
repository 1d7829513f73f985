// queries: what a service is asked over NATS it answers from the ledger, or says why not.
//
// audit-writer stands for all of them: the proof of a saga, checked without our own code.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { startAudit } from "../support/audit.mjs";
import { startInstance } from "../support/instance.mjs";
import { leafHash, openCheckpoint, rootByPath } from "../support/tlog.mjs";
import { waitFor } from "../support/wait.mjs";

const subject = "query.audit.proof";
let aelp2, audit, monitor, saga;

before(async () => {
    aelp2 = await startInstance({ only: ["postgres", "nats"] });
    audit = await startAudit(aelp2);
    monitor = await aelp2.nats("monitor");
    saga = await propose();
});
after(() => aelp2?.destroy());

async function propose() {
    const db = aelp2.as("admin");
    const token = randomUUID();
    const { rows: [{ id }] } = await db.query("SELECT people.add_person('Ann', 'ann@example.com') AS id");
    await db.query("SELECT people.add_token($1, $2, '', now() + interval '1 day')",
        [id, createHash("sha256").update(token).digest()]);
    await db.query("SELECT people.set_role($1, 'proposer', '*', NULL, NULL, true)", [id]);
    const { rows: [row] } = await aelp2.as("gateway").query(
        `SELECT id, refusal FROM saga.propose('noop.note', $1, ARRAY[''::bytea], ARRAY['because'],
            ARRAY[NULL::uuid], '1 hour', '{}', '{}', '{}', '{}', 'token', $2)`, [[randomUUID()], [token]]);
    assert.equal(row.refusal, null);
    return row.id;
}

async function ask(body, to = subject) {
    const answer = await monitor.request(to, body, { timeout: 30_000 });
    return {
        code: Number(answer.headers?.get("Nats-Service-Error-Code") || 0),
        why: answer.headers?.get("Nats-Service-Error"),
        text: answer.string(),
    };
}

test("the proof of a saga leads from its last event to a root that log and witness signed", async () => {
    const { text } = await waitFor(async () => {
        const answer = await ask(saga);
        assert.ok([0, 503].includes(answer.code), answer.why);
        return answer.code === 0 && answer;
    }, { what: "the proof" });
    const { rows: [{ leaf }] } = await aelp2.superuser.query(
        "SELECT leaf FROM saga.event WHERE saga_id = $1 ORDER BY version DESC LIMIT 1", [saga]);
    const cut = text.indexOf("\n\n");
    const lines = text.slice(0, cut).split("\n");
    const at = lines.findIndex((line) => line.startsWith("index "));
    const index = Number(lines[at].slice("index ".length));
    const path = lines.slice(at + 1).map((line) => Buffer.from(line, "base64"));
    const checkpoint = openCheckpoint(text.slice(cut + 2), audit.keys);
    assert.deepEqual(rootByPath(leafHash(leaf), index, checkpoint.size, path), checkpoint.root);
});

test("what can't be answered is refused with a code and a reason", async () => {
    const cases = [
        ["", subject, 400, /not the id of a saga/],
        ["x".repeat(36), subject, 400, /not the id of a saga/],
        ["x".repeat(70_000), subject, 400, /larger than a request may be/],
        [randomUUID(), subject, 400, /no such saga/],
        [saga, "query.audit.nothing", 404, /no such query/],
    ];
    for (const [body, to, code, why] of cases) {
        const answer = await ask(body, to);
        assert.equal(answer.code, code, body.slice(0, 40));
        assert.match(answer.why, why);
    }
});

test("a query is listed with its counters", async () => {
    const info = await monitor.request("$SRV.INFO.audit-writer", "", { timeout: 30_000 });
    assert.deepEqual(info.json().endpoints.map((endpoint) => endpoint.subject), [subject]);
    const answer = await monitor.request("$SRV.STATS.audit-writer", "", { timeout: 30_000 });
    const [stats] = answer.json().endpoints;
    assert.ok(stats.num_requests > stats.num_errors && stats.num_errors >= 3, JSON.stringify(stats));
    assert.ok(stats.processing_time > 0);
});

test("without the database the asker is told, and answered again when it is back", async () => {
    await aelp2.halt("postgres");
    assert.equal((await ask(saga)).code, 503);
    await aelp2.restart("postgres");
    await waitFor(async () => (await ask(saga)).code === 0, { what: "an answer" });
});
