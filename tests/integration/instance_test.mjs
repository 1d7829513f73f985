// The ground every other test stands on: an instance of its own, locked as it should be.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import pg from "pg";

import { startInstance } from "../support/instance.mjs";
import { waitFor } from "../support/wait.mjs";

let aelp2;
before(async () => {
    aelp2 = await startInstance({ only: ["postgres", "nats"] });
});
after(() => aelp2?.destroy());

test("a member connects over TCP as its own role", async () => {
    const { rows } = await aelp2.as("gateway").query("SELECT session_user AS role");
    assert.equal(rows[0].role, "aelp_gateway");
});

test("the superuser is refused over TCP", async () => {
    const url = aelp2.secret("gateway.database_url").replace(/\/\/[^@]*@/,
        `//postgres:${aelp2.secret("postgres.password")}@`);
    const client = new pg.Client({ connectionString: url });
    await assert.rejects(client.connect(), /pg_hba.conf rejects connection/);
});

test("a wrong password is refused", async () => {
    const url = aelp2.secret("gateway.database_url").replace(/:[0-9a-f]+@/, ":guess@");
    const client = new pg.Client({ connectionString: url });
    await assert.rejects(client.connect(), /password authentication failed/);
});

test("the cluster keeps what it commits: checksums, fsync, synchronous commit", async () => {
    for (const setting of ["data_checksums", "fsync", "synchronous_commit"]) {
        const { rows } = await aelp2.superuser.query(`SHOW ${setting}`);
        assert.equal(rows[0][setting], "on", setting);
    }
});

test("nats-server refuses a stranger and knows a member", async () => {
    await assert.rejects(aelp2.nats("gateway", { pass: "guess" }), /Authorization Violation/);
    const connection = await aelp2.nats("gateway");
    assert.equal(connection.isClosed(), false);
});

test("Postgres and nats-server come back after kill -9", async () => {
    await aelp2.superuser.query("SELECT 1");
    for (const server of ["postgres", "nats"]) await aelp2.kill(server);
    await waitFor(async () => (await aelp2.superuser.query("SELECT 1")).rowCount === 1);
    await waitFor(async () => !(await aelp2.nats("gateway", { reconnect: false })).isClosed());
});
