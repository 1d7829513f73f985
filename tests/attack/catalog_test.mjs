// What the database grants is what the fleet's rows say, both ways, and nothing that runs owns,
// creates or inherits anything.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
    assertFunctionsAreSafe, assertOwnersOwn, assertRightsAreTheRows, grantsInForce, rightsOf,
} from "../support/catalog.mjs";
import { openArena } from "./arena.mjs";

let arena;
before(async () => {
    arena = await openArena();
});
after(() => arena?.destroy());

const rows = async (sql, ...values) => (await arena.sql.query(sql, values)).rows;
const runtime = () => arena.members.map((member) => arena.roleOf(member));

test("the rights in force are exactly those of the fleet's rows", async () => {
    arena.tried += await assertRightsAreTheRows(arena.sql, arena.fleet);
});

test("no login may change or erase the ledger's rows, create, or touch a sequence", async () => {
    const found = await rows(grantsInForce);
    const ours = new Set(runtime());
    const wrong = found.filter(({ role, right_ }) => (ours.has(role) || role === "PUBLIC")
        && (/^(CREATE|TEMPORARY|TRUNCATE|TRIGGER|REFERENCES)/.test(right_)
            || /^(INSERT|UPDATE|DELETE) ON (saga|people|audit|bus|db)\./.test(right_)
            || /_seq$/.test(right_)));
    assert.deepEqual(wrong, []);
});

test("every function a login may call is a definer's with a fixed path; inner ones nobody's", async () => {
    arena.tried += await assertFunctionsAreSafe(arena.sql);
});

test("a right to execute given by mistake opens no door of the ledger", async () => {
    const doors = await rows(`
        SELECT p.oid::regprocedure::text AS name, p.pronamespace::regnamespace || '.' || p.proname AS door, p.prosrc,
               array_agg(g.rolname::text ORDER BY g.rolname) AS logins,
               (SELECT string_agg('NULL', ', ') FROM generate_series(1, p.pronargs)) AS nothing
          FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) a JOIN pg_roles g ON g.oid = a.grantee
         WHERE p.pronamespace IN ('saga'::regnamespace, 'people'::regnamespace) AND g.rolname = ANY ($1)
         GROUP BY p.oid`, runtime());
    assert.ok(doors.length >= 30);
    const client = await arena.sql.connect();
    await client.query(`BEGIN; GRANT USAGE ON SCHEMA saga, people TO aelp_scheduler;
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA saga, people TO aelp_scheduler; SET SESSION AUTHORIZATION aelp_scheduler`);
    for (const { name, door, prosrc, logins, nothing } of doors) {
        assert.match(prosrc, /session_user|\._caller\(|saga\._need_door\(|people\._prove\(/, name);
        const named = /\._caller\(([^)]*)\)/.exec(prosrc)?.[1].replaceAll("'", "").split(", ").sort();
        if (!named) continue; // saga.step or the proof names who may, for each kind: see transitions_test
        assert.deepEqual(named, logins, `${name} names the logins that the fleet's rows give it to`);
        await client.query("SAVEPOINT door");
        await arena.attack(`the scheduler: ${name}`, client.query(`SELECT ${door}(${nothing ?? ""})`)
            .then(() => true, ({ code }) => code !== "42501"));
        await client.query("ROLLBACK TO door");
    }
    await client.query("ROLLBACK; RESET SESSION AUTHORIZATION");
    client.release();
    assert.deepEqual(arena.through, []);
});

test("no login is a member of anything, owns anything or has an attribute", async () => {
    const logins = runtime();
    assert.deepEqual(await rows(`SELECT m.rolname, r.rolname AS of FROM pg_auth_members a
        JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid
        WHERE m.rolname = ANY ($1) AND NOT (m.rolname = 'aelp_migrate' AND r.rolname ~ '_owner$')`, logins), []);
    assert.deepEqual(await rows(`SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)
        AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR rolinherit
             OR NOT rolcanlogin)`, logins), []);
    assert.deepEqual(await rows(`SELECT r.rolname, d.classid::regclass::text, d.objid FROM pg_shdepend d
        JOIN pg_roles r ON r.oid = d.refobjid AND d.refclassid = 'pg_authid'::regclass
        WHERE d.deptype = 'o' AND r.rolname = ANY ($1)`, logins), []);
    assert.deepEqual(await rows(`SELECT rolname FROM pg_roles WHERE rolname ~ '_owner$' AND rolname !~ '^pg_'
        AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls)`), []);
    arena.tried += logins.length * 4;
});

test("everything belongs to its schema's owner", () => assertOwnersOwn(arena.sql));

test("default rights give nothing away, whoever creates", async () => {
    const owners = (await rows("SELECT nspname FROM pg_namespace WHERE nspname || '_owner' IN (SELECT rolname FROM pg_roles)"))
        .map(({ nspname }) => nspname);
    const client = await arena.as("migrate").connect();
    for (const schema of owners) {
        await client.query(`BEGIN; SET LOCAL ROLE ${schema}_owner;
            CREATE FUNCTION ${schema}.probe() RETURNS integer LANGUAGE sql AS 'SELECT 1';
            CREATE TABLE ${schema}.probe (id integer)`);
        const { rows: found } = await client.query(`SELECT r FROM unnest($1::name[]) r
            WHERE has_function_privilege(r, '${schema}.probe()', 'EXECUTE')
               OR has_table_privilege(r, '${schema}.probe', 'SELECT, INSERT, UPDATE, DELETE')`,
        [runtime().filter((role) => role !== "aelp_migrate")]);
        await client.query("ROLLBACK");
        arena.tried += runtime().length;
        assert.deepEqual(found, [], schema);
    }
    client.release();
});

// Each as each login; what it would give if it went through is written beside it.
const hijacks = [
    "CREATE TABLE public.saga (id uuid)", "CREATE SCHEMA evil", "CREATE TEMPORARY TABLE saga (id uuid)",
    "CREATE TEMPORARY VIEW v AS SELECT 1", "CREATE VIEW public.v AS SELECT 1", "CREATE VIEW saga.v AS SELECT 1",
    "CREATE OR REPLACE VIEW budget.canary_changes AS SELECT 1 AS saga_id",
    "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'",
    "CREATE FUNCTION pg_temp.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION saga._guard() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE OPERATOR public.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.texteq)",
    "CREATE OPERATOR saga.= (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = pg_catalog.byteane)",
    "CREATE CAST (text AS bytea) WITH INOUT", "CREATE TYPE public.t AS (a integer)",
    "CREATE TRIGGER t BEFORE INSERT ON saga.event EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE r AS ON INSERT TO saga.event DO INSTEAD NOTHING", "CREATE POLICY p ON saga.saga",
    "CREATE PUBLICATION p FOR ALL TABLES", "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()",
    "CREATE INDEX ON saga.event (role)", "CREATE ROLE eve", "DROP EXTENSION plpgsql", "CREATE SERVER s FOREIGN DATA WRAPPER w",
    "ALTER DEFAULT PRIVILEGES FOR ROLE saga_owner GRANT ALL ON TABLES TO PUBLIC",
    "ALTER TABLE saga.saga DISABLE TRIGGER ALL", "ALTER TABLE saga.event OWNER TO CURRENT_USER",
    "ALTER FUNCTION saga._guard() RESET ALL", "ALTER SCHEMA saga OWNER TO CURRENT_USER",
    "ALTER ROLE CURRENT_USER SUPERUSER", "ALTER ROLE aelp_admin PASSWORD 'x'",
    "ALTER ROLE postgres SET search_path = public",
    "DROP TABLE saga.event", "DROP FUNCTION saga._guard()", "TRUNCATE saga.event", "TRUNCATE audit.pending",
    "GRANT saga_owner TO CURRENT_USER", "GRANT ALL ON saga.saga TO CURRENT_USER; UPDATE saga.saga SET state = state",
    "GRANT aelp_admin TO CURRENT_USER", "REASSIGN OWNED BY saga_owner TO CURRENT_USER",
    "SET SESSION AUTHORIZATION aelp_admin", "SET ROLE aelp_admin", "SET ROLE postgres",
    "SET session_replication_role = replica", "COPY saga.event FROM PROGRAM 'true'", "COPY people.credential TO STDOUT",
    "SELECT nextval('saga.event_seq_seq')", "SELECT setval('saga.event_seq_seq', 1)",
    "SELECT pg_read_file('/etc/passwd')", "SELECT pg_reload_conf()", "SELECT lo_import('/etc/passwd')",
    "SELECT pg_advisory_lock_shared(1)", "SELECT pg_try_advisory_xact_lock(1, 1)",
    "LOCK TABLE saga.saga IN ROW EXCLUSIVE MODE", "LOCK TABLE saga.control IN SHARE MODE",
    "SELECT 1 FROM saga.saga FOR UPDATE", "SELECT 1 FROM saga.control FOR SHARE",
];

// Every change of every table that the fleet's rows don't give this login.
async function changes(member) {
    const grants = arena.fleet.members.find(({ name }) => name === member)?.grants ?? [];
    const given = new Set(rightsOf("", grants).map((right) => right.trim()));
    const tables = await rows(`SELECT c.oid::regclass::text AS name, min(a.attname) AS column FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attidentity = ''
        WHERE n.nspname !~ '^pg_|^information_schema$' AND c.relkind = 'r' GROUP BY c.oid`);
    return tables.flatMap(({ name, column }) => [["DELETE", `DELETE FROM ${name}`], ["TRUNCATE", `TRUNCATE ${name}`],
        ["INSERT", `INSERT INTO ${name} DEFAULT VALUES`], ["UPDATE", `UPDATE ${name} SET "${column}" = "${column}"`]]
        .filter(([verb]) => !given.has(`${verb} ON ${name}`)).map(([, sql]) => sql));
}

test("no login hijacks a view, an operator, a temporary name, a default right or a row", async () => {
    const denied = new Set(["42501", "42704"]); // no right; no such object to be had
    for (const member of arena.members) {
        const client = await arena.as(member).connect();
        const own = member === "migrate" ? /_owner/ : new RegExp(arena.roleOf(member)); // that it may be
        for (const sql of [...hijacks.filter((one) => !own.test(one)), ...await changes(member)]) {
            await client.query("BEGIN");
            await arena.attack(`${member}: ${sql}`, client.query(sql).then(() => true, ({ code, message }) => {
                if (!denied.has(code)) return `${code} ${message}`;
                return false;
            }));
            await client.query("ROLLBACK");
        }
        client.release();
    }
    assert.deepEqual(arena.through, []);
});

test("a hostile session's settings reach no door", async () => {
    const change = await arena.proposeBudget();
    await arena.clear(change);
    const client = await arena.as("gateway").connect();
    await client.query(`SET search_path = pg_temp, public; SET standard_conforming_strings = off;
        SET timezone = 'Pacific/Kiritimati'; SET datestyle = 'German'; SET bytea_output = 'escape';
        SET intervalstyle = 'sql_standard'; SET extra_float_digits = 0; SET row_security = off`);
    await arena.must(arena.door("gateway", "decide", change, { verdict: "approve", client }));
    client.release(true);
    const leaf = await arena.one(`SELECT convert_from(leaf, 'UTF8') FROM saga.event
        WHERE saga_id = $1 AND to_state = 'approved'`, change.id);
    assert.match(leaf, /\nat \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\n/);
    assert.ok(leaf.includes(`\ncontent ${change.hash.toString("hex")}\n`));
    arena.tried++;
});

test("no login creates a database or a setting of the server", async () => {
    for (const member of arena.members)
        for (const sql of ["CREATE DATABASE eve", "ALTER SYSTEM SET fsync = off", "ALTER DATABASE postgres SET fsync = off",
            "CREATE TABLESPACE t LOCATION '/tmp'"])
            await arena.attack(`${member}: ${sql}`, arena.as(member).query(sql).then(() => true,
                ({ code }) => code !== "42501"));
    assert.deepEqual(arena.through, []);
});

test("nobody puts a word into the outbox or the log but the doors", async () => {
    const change = await arena.approved();
    const forged = ["INSERT INTO bus.outbox (subject, body) VALUES ('saga.approved.budget.change', '')",
        "INSERT INTO audit.pending VALUES (1, sha256(''))", "UPDATE bus.outbox SET body = ''", "DELETE FROM bus.outbox",
        "INSERT INTO bus.may_emit VALUES (session_user, 'data.x')",
        `SELECT saga._step('${change.id}', 'executed', NULL, '')`,
        `SELECT saga._steps('{${change.id}}', '{executed}', '{}', NULL, '{}')`,
        "SELECT saga._record('control', NULL, 'x')", "SELECT saga._see(1, 1, now(), false)", "SELECT saga._use_caps(NULL, now())"];
    const emitted = ["saga.approved.budget.change", "saga.x", "data.*", "data.>", "data.x\r\nPUB saga.approved.x 0",
        "bus.wake", "audit.control", "$JS.API.STREAM.DELETE.SAGA", "job.ingest.x"];
    const fits = (pattern, subject) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", "[^.]+")
        .replaceAll(">", ".+")}$`).test(subject);
    for (const member of arena.members) {
        const may = arena.fleet.members.find(({ name }) => name === member)?.emits ?? [];
        for (const sql of forged)
            await arena.attack(`${member}: ${sql}`, arena.as(member).query(sql).then(() => true,
                ({ code }) => code !== "42501"));
        for (const subject of emitted.filter((one) => /[*>\r]/.test(one) || !may.some((pattern) => fits(pattern, one))))
            await arena.attack(`${member} emits ${subject}`, arena.as(member).query(
                "SELECT bus.emit(ARRAY[$1], ARRAY[NULL], ARRAY[''::bytea], ARRAY[NULL])", [subject]).then(() => true,
                ({ code }) => !["42501", "22023"].includes(code)));
    }
    assert.deepEqual(arena.through, []);
});

test("nothing in the catalogue gave way", (t) => {
    t.diagnostic(`${arena.tried} rights and hijacks tried`);
    assert.ok(arena.tried > 1500);
    assert.deepEqual(arena.through, []);
});
