// The ground every other test stands on: an instance of its own, locked as it should be.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import pg from "pg";

import { startInstance } from "../support/instance.mjs";
import { aelp, root, run, start } from "../support/process.mjs";
import { waitFor } from "../support/wait.mjs";

let aelp2;
before(async () => {
    aelp2 = await startInstance({ only: ["postgres", "nats"] });
});
after(() => aelp2?.destroy());

// The same login over the loopback's TCP instead of the socket.
const overTcp = (user, password) => new pg.Client({
    host: "127.0.0.1", port: aelp2.ports.postgres, database: aelp2.database, user, password,
});

test("a member connects as its own role, over the socket and over TCP", async () => {
    const who = "SELECT session_user AS role";
    assert.equal((await aelp2.as("gateway").query(who)).rows[0].role, "aelp_gateway");
    const { password } = new URL(aelp2.secret("gateway.database_url"));
    const client = overTcp("aelp_gateway", password);
    await client.connect();
    assert.equal((await client.query(who)).rows[0].role, "aelp_gateway");
    await client.end();
});

test("the superuser is refused over TCP", async () => {
    const client = overTcp("postgres", aelp2.secret("postgres.password"));
    await assert.rejects(client.connect(), /pg_hba.conf rejects connection/);
});

test("what a killed run left is ended, what a living one has is not", async () => {
    const left = start("sleep", ["600"]); // stands for the run
    const name = `test-${left.pid}-0`;
    await aelp("instance", "start", name, "--only", "nats");
    const listed = async () => (await aelp("instance", "list")).includes(name);
    await aelp("instance", "sweep");
    assert.ok(await listed(), "its run is alive");
    await left.stop();
    await aelp("instance", "sweep");
    assert.ok(!await listed());
    assert.equal((await aelp2.superuser.query("SELECT 1 AS one")).rows[0].one, 1); // ours
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

// What a part of the launcher prints in a shell that has them all.
async function inLauncher(script, ...args) {
    const { code, stdout, stderr } = await run("bash",
        ["-euc", `source "$ROOT/tools/launch/part/instance.sh"; ${script}`, "part", ...args],
        { env: { ...process.env, ROOT: root } });
    assert.equal(code, 0, stderr);
    return stdout.trim();
}

test("two checkouts don't choose the same block, and a forgotten instance's is free again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aelp-ports-"));
    const bases = (await inLauncher(`
        ROOT=$1
        choose() { mkdir -p "$ROOT/$1/pids" && ports_choose "$ROOT/$1" api && port_of "$ROOT/$1" api; }
        choose first; choose second; choose first
        rm -r "$ROOT/first"; choose third`, folder)).split("\n").map(Number);
    rmSync(folder, { recursive: true });
    const [first, second, again, third] = bases;
    assert.notEqual(first, second);
    assert.equal(again, first);
    assert.equal(third, first);
    assert.ok(bases.every((base) => base >= 7400 && base < 32768 && base % 40 === 0), bases.join());
});

test("an instance whose block turns out to be taken moves to another", async () => {
    const name = `test-moves-${process.pid}`;
    const somewhere = 7400 + 40 * (process.pid % 600);
    const base = Number(await inLauncher(`
        mkdir -p "$ROOT/.run/$1"
        ports_free_base "$ROOT/.run/$1" $2 | sed 's/^/base=/' >"$ROOT/.run/$1/ports"
        port_of "$ROOT/.run/$1" base`, name, somewhere));
    // Bound but not listening: no one sees it until Postgres can't bind.
    const holder = start("perl", ["-MSocket", "-e", `socket(my $s, PF_INET, SOCK_STREAM, 0);
        bind($s, sockaddr_in(${base + 1}, INADDR_LOOPBACK)) or die; $| = 1; print "held"; sleep`]);
    await waitFor(() => holder.output() === "held");
    const moved = await startInstance({ name, only: ["postgres"] });
    try {
        assert.ok(existsSync(`${moved.dir}/logs/postgres.${base}.log`), "it was refused the block");
        assert.notEqual(moved.ports.base, base);
        assert.equal((await moved.as("gateway").query("SELECT 1")).rowCount, 1);
    } finally {
        await moved.destroy();
        await holder.stop();
    }
});

test("two starts of one instance at once both succeed, and the second says it waits", async () => {
    const name = `test-twice-${process.pid}`;
    const begin = () => run(join(root, "aelp"), ["instance", "start", name, "--only", "postgres"]);
    const both = await Promise.all([begin(), begin()]);
    await run(join(root, "aelp"), ["instance", "destroy", name]);
    assert.deepEqual(both.map(({ code }) => code), [0, 0], both[0].stderr + both[1].stderr);
    assert.equal(both[0].stdout, both[1].stdout);
    assert.match(both[0].stderr + both[1].stderr, /Another \.\/aelp is starting .*waiting/);
});

test("a service that exits at once is given up, with the line that says why", async () => {
    await assert.rejects(aelp2.restart("gateway", { API_PORT: "70001" }), (error) => {
        assert.match(error.message, /API_PORT/);
        assert.match(error.message, /gateway exits as soon as it starts/);
        return true;
    });
});

test("status tells a process that hangs, and the kill switch while it is on", async () => {
    const status = async () => (await run(join(root, "aelp"), ["status"],
        { env: { ...process.env, AELP2_INSTANCE: aelp2.name } })).stdout;
    await aelp2.kill("nats", "-STOP");
    const before = await status();
    await aelp2.kill("nats", "-CONT");
    assert.match(before, /^postgres .*ready$/m);
    assert.match(before, /^nats .*does not answer$/m);
    assert.match(before, /^gateway .*down$/m);
    assert.match(before, /kill switch is on: stop/);
    await aelp2.superuser.query(`INSERT INTO saga.control (scope, level, effective, at)
                                 VALUES ('*', 'run', true, clock_timestamp())`);
    assert.doesNotMatch(await status(), /kill switch/);
});
