// NATS: each service says and hears what its row says and nothing else, and a forged message, even by
// the relay's own user, moves nothing: it means look, never what.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { waitFor } from "../support/wait.mjs";
import { openArena } from "./arena.mjs";

let arena, users;
const services = ["outbox-relay", "guardrail-evaluator", "budget-publisher"];
before(async () => {
    arena = await openArena({ only: ["postgres", "nats", "world", ...services] });
    users = arena.fleet.members.filter(({ person }) => !person).map(({ name }) => name);
    for (const service of services) await arena.aelp2.ready(service);
});
after(() => arena?.destroy());

const fits = (pattern, subject) => {
    const wanted = pattern.split(".");
    const parts = subject.split(".");
    return wanted.every((part, i) => (part === ">" ? parts.length > i : part === "*" ? i in parts : part === parts[i]))
        && (wanted.at(-1) === ">" || wanted.length === parts.length);
};

// What every service would like to say or hear.
function temptations() {
    const { streams, members } = arena.fleet;
    const durables = members.flatMap(({ hears, durables: names }) => names.map((durable, i) => [hears[i], durable]));
    const streamOf = (subject) => streams.find(({ subjects }) => fits(subjects, subject.replace(/>$/, "x"))).name;
    return {
        publish: [
            ...["saga.approved.budget.change", "saga.executed.noop.note", "data.landed.google", "job.ingest.google",
                "audit.control", "bus.wake", "query.audit.proof", "_INBOX.gateway.x", "$SRV.PING", "$SYS.REQ.USER.INFO"],
            ...streams.flatMap(({ name }) => [`$JS.API.STREAM.DELETE.${name}`, `$JS.API.STREAM.PURGE.${name}`,
                `$JS.API.STREAM.MSG.DELETE.${name}`, `$JS.API.STREAM.MSG.GET.${name}`, `$JS.API.STREAM.UPDATE.${name}`,
                `$JS.API.STREAM.CREATE.${name}`, `$JS.API.DIRECT.GET.${name}`, `$JS.API.CONSUMER.CREATE.${name}`]),
            ...durables.flatMap(([hears, durable]) => [`$JS.API.CONSUMER.MSG.NEXT.${streamOf(hears)}.${durable}`,
                `$JS.API.CONSUMER.DELETE.${streamOf(hears)}.${durable}`, `$JS.ACK.${streamOf(hears)}.${durable}.1.1.1.1.1`]),
        ],
        subscribe: ["saga.>", "data.>", "job.>", "audit.>", ">", "*.>", "bus.wake", "query.>", "_INBOX.>", "$JS.API.>",
            "$JS.EVENT.ADVISORY.>", "$SYS.>", "$SRV.>", ...users.map((user) => `_INBOX.${user}.>`)],
    };
}

// As aelp-migrate makes it of the rows.
function mayPublish(name, subject) {
    const member = arena.fleet.members.find((one) => one.name === name);
    const keeper = name === "outbox-relay" && ["$JS.API.STREAM.CREATE.*", "$JS.API.STREAM.UPDATE.*"]
        .some((pattern) => fits(pattern, subject));
    const inbox = member.answers.some((one) => one.startsWith("query.")) ? "_INBOX.>" : "_INBOX.monitor.>";
    return keeper || fits(inbox, subject) || member.says.some((pattern) => fits(pattern, subject))
        || (!subject.includes("DELETE") && member.durables.some((durable) => subject.split(".").includes(durable)));
}

const mayHear = (name, subject) => subject === `_INBOX.${name}.>`
    || arena.fleet.members.find((one) => one.name === name).answers.includes(subject);

// The server answers a forbidden word with an error on the connection, behind which comes our pong.
async function denials(user, attempt) {
    const connection = await arena.aelp2.nats(user);
    const denied = new Set();
    (async () => {
        for await (const { permissionContext: context } of connection.status())
            if (context) denied.add(`${context.operation} ${context.subject}`);
    })();
    attempt(connection);
    await connection.flush();
    await connection.flush();
    await new Promise((resolve) => setImmediate(resolve));
    await connection.close();
    return denied;
}

test("no service publishes outside its row: no ledger event, no stream's end, no other's ack", async () => {
    for (const user of users) {
        const forbidden = temptations().publish.filter((subject) => !mayPublish(user, subject));
        const denied = await denials(user, (connection) => forbidden.forEach((subject) => connection.publish(subject)));
        for (const subject of forbidden)
            await arena.attack(`${user} publishes ${subject}`, !denied.has(`publish ${subject}`));
        if (user !== "outbox-relay") assert.ok(forbidden.includes("saga.approved.budget.change"));
    }
    assert.deepEqual(arena.through, []);
});

test("no service listens outside its row", async () => {
    for (const user of users) {
        const forbidden = temptations().subscribe.filter((subject) => !mayHear(user, subject));
        const denied = await denials(user, (connection) => forbidden.forEach((subject) =>
            connection.subscribe(subject, { callback: () => {} })));
        for (const subject of forbidden)
            await arena.attack(`${user} hears ${subject}`, !denied.has(`subscription ${subject}`));
    }
    assert.deepEqual(arena.through, []);
});

test("people's logins have no user in NATS, and a service's name no other's password", async () => {
    for (const { name } of arena.fleet.members.filter(({ person }) => person))
        await arena.attack(`${name} connects`, arena.aelp2.nats(name, { pass: "", reconnect: false })
            .then(() => true, () => false));
    await arena.attack("the relay by the gateway's password", arena.aelp2.nats("outbox-relay",
        { pass: arena.aelp2.secret("gateway.nats"), reconnect: false }).then(() => true, () => false));
    assert.deepEqual(arena.through, []);
});

// {saga, version} as the ledger writes it.
const body = (id, version) => Buffer.concat([Buffer.of(0x0a, 36), Buffer.from(id), Buffer.of(0x10, version)]);

test("a forged event by the relay's own user moves nothing but what the ledger says", async () => {
    const rejected = await arena.propose();
    const blocked = await arena.proposeBudget();
    for (const change of [rejected, blocked]) {
        await waitFor(async () => (await arena.state(change)) === "cleared", { what: "cleared" });
        await arena.must(arena.door("gateway", "decide", change, { verdict: "reject" }));
    }
    const before_ = await Promise.all([rejected, blocked].map((change) => arena.ledger(change)));
    const relay = await arena.aelp2.nats("outbox-relay");
    const forge = (subject, id, version) => {
        arena.tried++;
        relay.publish(subject, body(id, version));
    };
    for (const version of [1, 2, 3, 99])
        for (const event of ["approved", "proposed", "executed", "rolling_back"]) {
            forge(`saga.${event}.noop.note`, rejected.id, version);
            forge(`saga.${event}.budget.change`, blocked.id, version);
            forge(`saga.${event}.budget.change`, "00000000-0000-0000-0000-000000000000", version);
        }
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(3, 255), Buffer.from("not protobuf"), body("x'; DROP", 1)])
        relay.publish("saga.approved.budget.change", bytes);
    await relay.flush();
    const honest = await arena.propose(); // behind all of them in the stream
    await waitFor(async () => (await arena.state(honest)) === "cleared", { what: "the fleet goes on" });
    await arena.approve(honest);
    await waitFor(async () => ["executed", "confirmed"].includes(await arena.state(honest)),
        { what: "the honest one is carried out" });
    assert.deepEqual(await Promise.all([rejected, blocked].map((change) => arena.ledger(change))), before_);
    assert.equal(await arena.one("SELECT count(*)::int FROM saga.execution WHERE saga_id = ANY ($1)",
        [rejected.id, blocked.id]), 0);
});

test("nothing forged on the bus got through", (t) => {
    t.diagnostic(`${arena.tried} attacks on the bus tried`);
    assert.ok(arena.tried > 300);
    assert.deepEqual(arena.through, []);
});
