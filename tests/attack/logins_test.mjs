// In Postgres every login may change its own password and settings. None of it opens a door, moves
// a saga or makes the login anybody else; and the next `aelp-migrate roles` puts it back.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import pg from "pg";

import { bin, run } from "../support/process.mjs";
import { openArena } from "./arena.mjs";

let arena;
before(async () => {
    arena = await openArena();
});
after(() => arena?.destroy());

// A connection made now, with what the role's settings are now.
async function connect(member, password, database) {
    const url = new URL(arena.aelp2.secret(`${member}.database_url`));
    if (password) url.password = password;
    if (database) url.pathname = database;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return client;
}

async function once(member, sql, password) {
    const client = await connect(member, password);
    try {
        return (await client.query(sql)).rows;
    } finally {
        await client.end();
    }
}

const refused = (promise) => promise.then(() => false, ({ code }) => code);

const settings = [
    "search_path = pg_temp, public", "role = saga_owner", "role = postgres", "session_authorization = postgres",
    "session_authorization = aelp_admin", "session_replication_role = replica", "session_preload_libraries = 'auto_explain'",
    "default_transaction_isolation = serializable", "default_transaction_read_only = off", "row_security = off",
    "check_function_bodies = off", "statement_timeout = 0", "idle_in_transaction_session_timeout = 0",
    "plan_cache_mode = force_custom_plan", "TimeZone = 'Pacific/Kiritimati'", "DateStyle = German",
];

const whole = `SELECT md5(string_agg(t, ',' ORDER BY t)) AS all FROM (
    SELECT (rolname, rolpassword)::text t FROM pg_authid UNION ALL SELECT s::text FROM pg_db_role_setting s) x`;

test("a login's own settings make it nobody else and open no door", async () => {
    const change = await arena.proposeBudget();
    const before = await arena.ledger(change);
    for (const member of arena.members) {
        const own = arena.roleOf(member);
        const others = member === "migrate" ? settings.filter((one) => !one.includes("saga_owner")) : settings;
        for (const setting of others)
            for (const where of ["", `IN DATABASE ${arena.aelp2.database}`])
                await refused(once(member, `ALTER ROLE CURRENT_USER ${where} SET ${setting}`));
        const client = await connect(member);
        const { rows: [who] } = await client.query("SELECT session_user AS session, current_user AS current");
        await arena.attack(`${member} is another by its settings`, who.session !== own || who.current !== own);
        for (const sql of ["UPDATE saga.saga SET state = 'approved'", "CREATE TEMPORARY TABLE saga (id uuid)",
            "SELECT * FROM people.credential", "CREATE FUNCTION public.now() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            `SELECT saga._step('${change.id}', 'approved', NULL, '')`])
            await arena.attack(`${member}: ${sql}`, refused(client.query(sql)).then((code) => code !== "42501"));
        await client.end();
    }
    assert.equal(await arena.ledger(change), before);
    assert.deepEqual(arena.through, []);
});

test("no login has another database of the cluster, where nothing is revoked", async () => {
    for (const member of arena.members)
        for (const database of ["postgres", "template1"])
            await arena.attack(`${member} in ${database}`, connect(member, null, database).then(
                (client) => client.end().then(() => true), ({ code }) => code !== "28000"));
    assert.deepEqual(arena.through, []);
});

// Serializable shuts every door to whoever asks so; all else that was set makes no difference.
test("doors answer alike whatever their caller's settings are", async () => {
    for (const member of ["gateway", "guardrail-evaluator", "budget-publisher"])
        for (const where of ["", `IN DATABASE ${arena.aelp2.database}`])
            await once(member, `ALTER ROLE CURRENT_USER ${where} RESET default_transaction_isolation`);
    const change = await arena.proposeBudget();
    await arena.clear(change);
    const client = await connect("gateway");
    await arena.must(arena.door("gateway", "decide", change, { verdict: "approve", client }));
    await client.end();
    assert.equal(await arena.state(change), "approved");
});

test("no login changes another's password or settings", async () => {
    for (const member of arena.members)
        for (const other of [...arena.members.filter((name) => name !== member).map((name) => arena.roleOf(name)),
            "postgres", "saga_owner"])
            for (const sql of [`ALTER ROLE ${other} PASSWORD 'guess'`, `ALTER ROLE ${other} SET search_path = public`,
                `ALTER ROLE ${other} RESET ALL`])
                await arena.attack(`${member}: ${sql}`, refused(arena.as(member).query(sql))
                    .then((code) => code !== "42501"));
    assert.deepEqual(arena.through, []);
});

test("what logins changed of themselves is put back by aelp-migrate roles", async () => {
    const { port } = new URL(arena.aelp2.secret("gateway.database_url"));
    const roles = () => run(join(bin, "aelp-migrate"), ["roles", "--secrets", arena.aelp2.secrets, "--url-template",
        `postgresql://{role}:{password}@127.0.0.1:${port}/${arena.aelp2.database}`])
        .then(({ stdout }) => arena.sql.query(stdout));
    await roles();
    const { rows: [clean] } = await arena.sql.query(whole);
    for (const member of arena.members) {
        await once(member, `ALTER ROLE CURRENT_USER SET search_path = public;
            ALTER ROLE CURRENT_USER IN DATABASE ${arena.aelp2.database} SET statement_timeout = 0;
            ALTER ROLE CURRENT_USER PASSWORD 'mine now'`);
        assert.equal(await refused(once(member, "SELECT 1")), "28P01", `${member} is locked out by its own hand`);
        await once(member, "SELECT 1", "mine now");
    }
    await roles();
    assert.deepEqual((await arena.sql.query(whole)).rows[0], clean);
    for (const member of arena.members) {
        assert.equal(await refused(once(member, "SELECT 1", "mine now")), "28P01", member);
        assert.equal((await once(member, "SHOW search_path"))[0].search_path, "\"\"", member);
        assert.notEqual((await once(member, "SHOW statement_timeout"))[0].statement_timeout, "0", member);
    }
});
