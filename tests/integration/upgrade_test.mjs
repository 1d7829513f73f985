// An upgrade under way: a tree with other functions, views, kinds, rows and rights comes over an
// instance at work, and nothing of the old one stays or is half there.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { money, openArena } from "../attack/arena.mjs";
import { assertFunctionsAreSafe, assertOwnersOwn, assertRightsAreTheRows } from "../support/catalog.mjs";
import { bin, root, start } from "../support/process.mjs";
import { waitFor } from "../support/wait.mjs";

const saga = "libcommon/saga/saga";
const services = ["outbox-relay", "guardrail-evaluator"];
let arena, folder, newest, trees = 0;

before(async () => {
    folder = mkdtempSync(join(tmpdir(), "aelp-upgrade-"));
    arena = await openArena({ only: ["postgres", "nats", ...services] });
});
after(async () => {
    await arena?.destroy();
    rmSync(folder, { recursive: true });
});

// The SQL of another tree, changed: {path: text, or text => text, or null for a file that goes}.
function treeFrom(origin, changes) {
    const tree = join(folder, String(trees++));
    for (const part of ["libcommon", "services"])
        cpSync(join(origin, part), join(tree, part), { recursive: true,
            filter: (path) => !/\.(c|h|md)$/.test(path) });
    for (const [path, change] of Object.entries(changes)) {
        if (change === null) rmSync(join(tree, path));
        else if (typeof change === "string") writeFileSync(join(tree, path), change);
        else {
            const former = readFileSync(join(tree, path), "utf8");
            assert.notEqual(change(former), former, `${path} is what the test takes it for`);
            writeFileSync(join(tree, path), change(former));
        }
    }
    return tree;
}

function begin(tree) {
    return start(join(bin, "aelp-migrate"), ["up", "--root", tree],
        { env: { ...process.env, DATABASE_URL: arena.aelp2.secret("migrate.database_url") } });
}

// What it said; throws unless it ended as it should.
async function up(tree, { code = 0 } = {}) {
    const run = begin(tree);
    const [ended] = await run.exited;
    assert.equal(ended, code, run.output());
    return run.output();
}

const budgetRow = /\('budget\.change', 1,[^)]*\)/;
const functionsOf = (name) => arena.sql.query("SELECT oid::regprocedure::text AS name FROM pg_proc WHERE proname = $1",
    [name]).then(({ rows }) => rows.map((row) => row.name));

test("other numbers under a kind's version are refused, by kind, version and column", async () => {
    const changed = treeFrom(root, { [`${saga}/functions/020_kinds.sql`]: (text) =>
        text.replace(budgetRow, (row) => row.replace(" 500, 1000,", " 400, 1000,")) });
    // What the arena shortened for its own ends is refused likewise.
    assert.match(await up(changed, { code: 1 }), /noop\.note, version 1: settle is 00:00:00.02, not 00:00:00;/);
    await arena.sql.query(`UPDATE saga.kind SET settle = CASE kind WHEN 'noop.note' THEN interval '0 s'
                           ELSE interval '2 s' END`);
    const said = await up(changed, { code: 1 });
    assert.match(said, /budget\.change, version 1: change_bp is 500, not 400; kinds are pinned: add version 2/);
});

// Proposes a note after another until it is stopped; keeps what was made and which errors came.
function flow() {
    const gateway = arena.as("gateway");
    const flowing = { made: [], errors: [], going: true };
    flowing.ended = (async () => {
        while (flowing.going)
            await arena.propose({ client: gateway }).then((note) => flowing.made.push(note.id),
                (error) => flowing.errors.push(error));
    })();
    return flowing;
}

const pids = () => services.map((name) => readFileSync(`${arena.aelp2.dir}/pids/${name}`, "utf8"));

// SQLSTATEs that libcommon/db answers by anything else than trying again.
const final = /^(22|23|28|42|P0001)/;

test("an upgrade comes whole over a fleet at work and leaves nothing of the former release", async () => {
    const former = treeFrom(root, {
        [`${saga}/functions/900_turned.sql`]:
            "CREATE FUNCTION saga.turned(p integer) RETURNS integer LANGUAGE sql AS 'SELECT p'",
        [`${saga}/functions/910_doomed.sql`]: `CREATE FUNCTION saga.doomed() RETURNS text LANGUAGE sql
            SECURITY DEFINER AS 'SELECT session_user::text';
            CREATE VIEW saga.doomed_view AS SELECT saga.doomed()`,
    });
    assert.match(await up(former), /saga: functions\/910_doomed.sql/);
    await arena.sql.query(`GRANT EXECUTE ON FUNCTION saga.turned, saga.doomed TO PUBLIC, aelp_gateway;
        CREATE ROLE stranger; GRANT USAGE ON SCHEMA people TO stranger, aelp_ctl;
        GRANT SELECT ON people.credential TO stranger; GRANT UPDATE (state) ON saga.saga TO aelp_gateway;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA saga TO aelp_gateway WITH GRANT OPTION`);

    const client = await arena.as("gateway").connect();
    const prepared = (name, text, ...values) => client.query({ name, text, values });
    const change = await arena.proposeBudget();
    const row = () => prepared("row", "SELECT * FROM saga.saga WHERE id = $1", change.id);
    const headline = () => prepared("headline", "SELECT saga.headline($1) AS said", change.id);
    const said = (await headline()).rows[0].said;
    await row();

    const runningBefore = pids();
    const flowing = flow();
    await waitFor(() => flowing.made.length > 20);
    newest = treeFrom(former, {
        [`${saga}/migrations/9000_remark.sql`]: "ALTER TABLE saga.saga ADD COLUMN remark text NOT NULL DEFAULT ''",
        [`${saga}/functions/900_turned.sql`]:
            "CREATE FUNCTION saga.turned(p bigint, q text) RETURNS text LANGUAGE sql AS 'SELECT q'",
        [`${saga}/functions/910_doomed.sql`]: null,
        [`${saga}/functions/130_say.sql`]: (text) => text.replace("headline(p_id uuid)",
            "headline(p_id uuid, p_short boolean DEFAULT false)"),
        "services/budget-publisher/functions/010_canary.sql": (text) => text.replace(" last.evidence,", ""),
    });
    await up(newest);
    const { length: during } = flowing.made;
    await waitFor(() => flowing.made.length > during + 20);
    flowing.going = false;
    await flowing.ended;

    assert.deepEqual(await functionsOf("turned"), ["saga.turned(bigint,text)"]);
    assert.deepEqual(await functionsOf("headline"), ["saga.headline(uuid,boolean)"]);
    assert.deepEqual(await functionsOf("doomed"), []);
    assert.equal(await arena.one("SELECT to_regclass('saga.doomed_view')"), null);
    assert.equal(await arena.one(`SELECT count(*)::int FROM information_schema.columns
        WHERE table_name = 'canary_changes' AND column_name = 'evidence'`), 0);
    await assertRightsAreTheRows(arena.sql, arena.fleet);
    await assertFunctionsAreSafe(arena.sql);
    await assertOwnersOwn(arena.sql);

    assert.equal((await headline()).rows[0].said, said);
    await assert.rejects(row(), ({ code }) => code === "0A000" && !final.test(code));
    client.release(true);
    assert.deepEqual(flowing.errors.filter(({ code }) => !code || final.test(code)), []);
    await waitFor(async () => await arena.one("SELECT count(*)::int FROM saga.saga WHERE id = ANY ($1) AND state = 'proposed'",
        flowing.made) === 0, { what: "every note that flowed through the upgrade is judged", timeout: 30_000 });
    assert.deepEqual(pids(), runningBefore, "no service had to restart");
});

test("a saga keeps its kind's version, and the stricter cap of both holds", async () => {
    const raise = (percent) => arena.proposeBudget({ after: money * (100 + percent) / 100 });
    const reach = (change, state) => waitFor(async () => await arena.state(change) === state,
        { what: `${change.id} is ${state}` });
    const version = (change) => arena.one("SELECT kind_version FROM saga.saga WHERE id = $1", change.id);
    const [wide, narrow] = [await raise(4), await raise(2)];
    for (const change of [wide, narrow]) {
        await reach(change, "cleared");
        await arena.approve(change);
    }
    newest = treeFrom(newest, { [`${saga}/functions/020_kinds.sql`]: (text) => text.replace(budgetRow, (row) =>
        `${row},\n${row.replace("', 1,", "', 2,").replace(" 500, 1000,", " 300, 1000,")}`) });
    await up(newest);

    const refused = await arena.door("budget-publisher", "begin_execution", wide);
    assert.equal(refused.went, false);
    assert.match(refused.why, /per change/);
    assert.equal(await arena.state(wide), "blocked");
    await arena.begin(narrow);
    assert.equal(await version(narrow), 1);

    const [late, lateWide] = [await raise(2), await raise(4)];
    assert.equal(await version(late), 2);
    await reach(late, "cleared");
    await reach(lateWide, "blocked");
});

test("an applied migration that was edited is refused, and so is a tree older than the database", async () => {
    const edited = treeFrom(newest, { [`${saga}/migrations/9000_remark.sql`]: (text) => `${text} -- well` });
    assert.match(await up(edited, { code: 1 }), /9000_remark\.sql: was applied and has been changed since/);
    assert.match(await up(root, { code: 1 }),
        /saga: migrations\/9000_remark\.sql was applied and is missing from the tree: .* newer release/);
});

// A tree whose migration waits for a lock that `holder` has.
async function blocked(file) {
    const holder = await arena.sql.connect();
    await holder.query("BEGIN; LOCK TABLE bus.dead IN ACCESS SHARE MODE");
    newest = treeFrom(newest, {
        [`services/slack-bridge/migrations/${file}`]: "CREATE TABLE slack.half (n integer)",
        [`services/scheduler/migrations/${file}`]: "CREATE TABLE ops.half (n integer); SET ROLE bus_owner; "
            + "ALTER TABLE bus.dead ADD COLUMN later integer; ALTER TABLE bus.dead DROP COLUMN later",
    });
    return { holder, release: () => holder.query("ROLLBACK").then(() => holder.release()) };
}

const halves = () => arena.one(`SELECT concat_ws(' ', to_regclass('ops.half'), to_regclass('slack.half'))`);

test("of two upgrades at once the second waits, and a lock in the way is tried again", async () => {
    const lock = await blocked("9100_lock.sql");
    const first = begin(newest);
    await waitFor(() => first.output().includes("lock timeout [55P03]; again in a moment"));
    const second = begin(newest);
    await waitFor(() => second.output().includes("another aelp-migrate is at work; waiting"));
    assert.equal(await halves(), "");
    await lock.release();
    const ends = await Promise.all([first.exited, second.exited]);
    assert.deepEqual(ends.map(([code]) => code), [0, 0], first.output() + second.output());
    assert.match(second.output(), /^0 files applied/m);
    assert.equal(await halves(), "ops.half slack.half");
    await arena.sql.query("DROP TABLE ops.half, slack.half");
});

test("an upgrade killed -9 in its middle leaves nothing, and the next one completes", async () => {
    const lock = await blocked("9200_kill.sql");
    const victim = begin(newest);
    await waitFor(() => arena.one(`SELECT EXISTS (SELECT FROM pg_stat_activity
        WHERE application_name = 'aelp-migrate' AND wait_event_type = 'Lock')`));
    assert.equal(await victim.stop("SIGKILL"), "SIGKILL");
    assert.equal(await halves(), "");
    await lock.release();
    await up(newest);
    assert.equal(await halves(), "ops.half slack.half");
    await assertRightsAreTheRows(arena.sql, arena.fleet);
});

test("an account with budgets stays in its currency, and stays simulated", async () => {
    const set = (id, currency, world) => arena.as("admin").query(
        "SELECT saga.set_account($1, $2, 'UTC', 10000, $3)", [id, currency, world]);
    await set("google/new", "USD", true);
    await set("google/new", "EUR", false);
    assert.equal(await arena.one("SELECT currency || world FROM saga.account WHERE id = 'google/new'"), "EURfalse");
    for (const [currency, world] of [["EUR", true], ["USD", false]])
        await assert.rejects(set("google/1", currency, world),
            { code: "22023", message: "google/1 has budgets, so it stays in USD and simulated" });
    assert.equal(await arena.one("SELECT currency || world FROM saga.account WHERE id = 'google/1'"), "USDtrue");
});
