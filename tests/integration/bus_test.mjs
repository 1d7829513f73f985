// bus: what is committed to the outbox is applied once by its listener, whoever is killed.
//
// The listener (tests/support/listener) stands in the place of guardrail-evaluator.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startInstance } from "../support/instance.mjs";
import { bin, start } from "../support/process.mjs";
import { waitFor } from "../support/wait.mjs";

const member = "guardrail-evaluator";
const durable = "guardrail-evaluator_saga_proposed_all";
let aelp2, listener, port;

before(async () => {
    aelp2 = await startInstance({ only: ["postgres", "nats", "outbox-relay"] });
    port = aelp2.ports[member];
    await aelp2.superuser.query(`
        CREATE SCHEMA test;
        CREATE TABLE test.applied (message_id text NOT NULL, subject text NOT NULL);
        GRANT USAGE ON SCHEMA test TO aelp_guardrail_evaluator;
        GRANT INSERT ON test.applied TO aelp_guardrail_evaluator;
        GRANT EXECUTE ON FUNCTION bus.inbox_new TO aelp_guardrail_evaluator`);
    addNatsAdmin();
    await aelp2.kill("nats", "-HUP");
    listen();
});

after(async () => {
    await listener?.stop();
    await aelp2?.destroy();
});

// A user who may do everything: the fleet's own may neither delete nor redefine.
function addNatsAdmin() {
    const file = join(aelp2.dir, "nats", "authorization.conf");
    const conf = readFileSync(file, "utf8");
    writeFileSync(file, conf.replace("users = [", 'users = [\n    { user: "test", password: "test" }'));
    writeFileSync(join(aelp2.secrets, "test.nats"), "test");
}

function listen() {
    listener = start(join(bin, "listener"), [], {
        env: {
            ...process.env,
            DATABASE_URL_FILE: join(aelp2.secrets, `${member}.database_url`),
            NATS_URL: aelp2.nats_url,
            NATS_USER: member,
            NATS_PASSWORD_FILE: join(aelp2.secrets, `${member}.nats`),
            FACE_PORT: String(port),
        },
    });
    const mine = listener;
    mine.exited.then(() => (mine.gone = true));
}

async function say(prefix, count, body = "note") {
    await aelp2.superuser.query(
        `INSERT INTO bus.outbox (subject, message_id, body)
         SELECT 'saga.proposed.noop.note', $1 || n, convert_to($3, 'UTF8')
           FROM generate_series(1, $2::int) n`, [prefix, count, body]);
}

async function applied(prefix) {
    const { rows: [row] } = await aelp2.superuser.query(
        `SELECT count(*)::int AS rows, count(DISTINCT message_id)::int AS messages
           FROM test.applied WHERE starts_with(message_id, $1)`, [prefix]);
    return row;
}

const appliedAll = (prefix, count) =>
    waitFor(async () => (await applied(prefix)).messages >= count, { what: `${count} of ${prefix} applied` });

async function assertOnce(prefix, count) {
    assert.deepEqual(await applied(prefix), { rows: count, messages: count });
}

async function admin(run) {
    const connection = await aelp2.nats("test");
    try {
        return await run(await connection.jetstreamManager());
    } finally {
        await connection.close();
    }
}

// Otherwise each redelivery takes half a minute. The relay puts it back when it next reconciles.
const redeliverSoon = () => admin((manager) =>
    manager.consumers.update("SAGA", durable, { ack_wait: 1_000_000_000 }));

const readyz = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: answer.status, text: await answer.text() };
};

test("what was committed is applied", async () => {
    await say("first.", 730);
    await appliedAll("first.", 730);
    await assertOnce("first.", 730);
});

test("each of 10 000 messages is applied once although the listener is killed twice", async () => {
    await redeliverSoon();
    await say("many.", 10_000);
    for (const least of [500, 4000]) {
        await waitFor(async () => (await applied("many.")).rows >= least, { every: 5 });
        await listener.stop("SIGKILL");
        listen();
    }
    await appliedAll("many.", 10_000);
    await assertOnce("many.", 10_000);
});

test("a relay that dies between publishing and deleting says nothing twice", async () => {
    const crashes = () => aelp2.log("outbox-relay").filter(({ code }) => code === 137).length;
    for (const point of ["after_select", "after_publish", "after_delete"]) {
        const before_ = crashes();
        await aelp2.restart("outbox-relay", { AELP2_FAILPOINT: `${point}:exit` });
        await say(`${point}.`, 40);
        await waitFor(() => crashes() > before_, { what: `it is killed at ${point}` });
        await appliedAll(`${point}.`, 40);
        await waitFor(async () => (await aelp2.superuser.query("SELECT FROM bus.outbox")).rowCount === 0);
        await assertOnce(`${point}.`, 40);
    }
});

test("messages said while nats-server is down arrive when it is back", async () => {
    await say("before.", 2000);
    await aelp2.kill("nats");
    await aelp2.halt("nats");
    await say("during.", 500);
    await waitFor(async () => /waits for NATS/.test((await readyz()).text));
    await aelp2.restart("nats");
    await appliedAll("before.", 2000);
    await appliedAll("during.", 500);
    await assertOnce("during.", 500);
    await assertOnce("before.", 2000);
});

test("without Postgres the listener waits, says so and goes on", async () => {
    await aelp2.halt("postgres");
    await waitFor(async () => /waits for Postgres/.test((await readyz()).text));
    assert.equal((await readyz()).status, 503);
    await aelp2.restart("postgres");
    await waitFor(async () => (await readyz()).status === 200);
    await say("back.", 20);
    await appliedAll("back.", 20);
});

test("a poison message ends in bus.dead and the others pass", async () => {
    await say("good.", 150);
    await say("poison.", 1, "poison");
    await say("better.", 150);
    await appliedAll("good.", 150);
    await appliedAll("better.", 150);
    const dead = await waitFor(async () => (await aelp2.superuser.query(
        "SELECT * FROM bus.dead WHERE message_id = 'poison.1'")).rows[0]);
    assert.equal(dead.service, member);
    assert.equal(dead.reason, "message poison.1 is poison");
    assert.equal(dead.body.toString(), "poison");
    assert.equal(dead.headers["ce-type"], "aelp.saga.proposed.noop.note");
    assert.equal((await applied("poison.")).rows, 0);
});

test("a dead message that is replayed is said again under a new id", async () => {
    const { rows: [{ id }] } = await aelp2.as("admin").query("SELECT id FROM bus.dead_list(10)");
    const { rows } = await aelp2.as("admin").query("SELECT bus.dead_replay($1) AS n", [[id]]);
    assert.equal(rows[0].n, 1);
    await waitFor(async () => (await aelp2.superuser.query(
        "SELECT FROM bus.dead WHERE message_id = 'dead.' || $1::text", [id])).rowCount === 1);
});

test("a message that can't be handled now holds nobody else up", async () => {
    await say("later.", 1, "later");
    await say("next.", 10);
    await appliedAll("next.", 10);
    assert.equal((await applied("later.")).rows, 0);
});

test("a consumer that is deleted is made again", async () => {
    await admin((manager) => manager.consumers.delete("SAGA", durable));
    await waitFor(async () => admin((manager) => manager.consumers.info("SAGA", durable)));
    await say("again.", 10);
    await appliedAll("again.", 10);
    await assertOnce("again.", 10);
});

test("what no redelivery can ask for is pruned, and nothing younger", async () => {
    const db = aelp2.superuser;
    await db.query(`
        INSERT INTO bus.inbox SELECT 'aelp_gateway', days, now() - days * interval '1 day'
          FROM generate_series(1, 60) AS days;
        INSERT INTO bus.attempt SELECT 'aelp_gateway', 'none', hours, 1, now() - hours * interval '1 hour'
          FROM generate_series(1, 96) AS hours;
        INSERT INTO bus.dead (role, service, stream, sequence, subject, message_id, body, headers, reason, attempts, at)
        SELECT 'aelp_gateway', 'none', 'SAGA', days, 'saga.x', days, '', '{}', 'old', 1, now() - days * interval '1 day'
          FROM generate_series(1, 60) AS days`);
    await aelp2.restart("outbox-relay");
    const left = async (table) => (await db.query(
        `SELECT count(*)::int AS rows FROM bus.${table} WHERE role = 'aelp_gateway'`)).rows[0].rows;
    await waitFor(async () => (await left("inbox")) < 60);
    assert.equal(await left("inbox"), 29);
    assert.equal(await left("attempt"), 47);
    assert.equal(await left("dead"), 29);
});

test("streams get as many copies as asked for, or the relay names what it can't have", async () => {
    await aelp2.restart("outbox-relay", { AELP2_STREAM_REPLICAS: "3" });
    // One server alone takes the wish or refuses it, by its version.
    await waitFor(async () => (await admin((manager) => manager.streams.info("SAGA"))).config.num_replicas === 3
        || aelp2.log("outbox-relay").some(({ msg, why }) => msg === "topology" && /SAGA: .*replicas/.test(why)));
    await say("copies.", 5);
    await appliedAll("copies.", 5);
    await aelp2.restart("outbox-relay", { AELP2_STREAM_REPLICAS: "1" });
});

test("the fleet answers discovery", async () => {
    const connection = await aelp2.nats("monitor");
    const names = new Set();
    await waitFor(async () => {
        for await (const answer of await connection.requestMany("$SRV.PING", "", { maxWait: 500 }))
            names.add(answer.json().name);
        return names.size >= 2;
    }, { what: "two answer" });
    assert.deepEqual([...names].sort(), [member, "outbox-relay"]);
});

test("a message that kills its service is buried after five attempts", async () => {
    await say("killer.", 1, "killer");
    await waitFor(async () => {
        if (listener.gone) {
            await redeliverSoon();
            listen();
        }
        return (await aelp2.superuser.query(
            "SELECT FROM bus.dead WHERE message_id = 'killer.1' AND attempts = 6")).rowCount;
    }, { every: 200 });
    await say("survivor.", 5);
    await appliedAll("survivor.", 5);
});
