// Every SQL file that a program embeds, found by folder: it can be prepared on a fresh database by
// who runs it, with the rights it has; and with a thousand rows no plan of it, or of a function it
// calls, looks at rows times rows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { money, openArena } from "../attack/arena.mjs";
import { connectionSettings, statementFiles } from "../support/statements.mjs";

const many = 1000;
const looksMax = 100 * many; // rows that a query looks at, however often it runs in one statement

let arena, files;
before(async () => {
    arena = await openArena({ only: ["postgres"] });
    files = statementFiles(arena.fleet);
    for (const file of files) await tryRunners(file);
});
after(() => arena?.destroy());

// Prepares it, and plans it, which is when rights are checked. The types of its parameters.
async function prepare(client, { text }) {
    await client.query(`PREPARE statement AS ${text}`);
    const { rows: [{ types }] } = await client.query(
        "SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'statement'");
    const { rows: [{ "QUERY PLAN": [{ Plan: plan }] }] } = await client.query(
        `EXPLAIN (FORMAT JSON) EXECUTE statement${listed(types.map(() => "NULL"))}`);
    return { types, plan };
}

const listed = (values) => values.length ? `(${values.join(", ")})` : "";

// Runs `work` in a transaction that leaves nothing; gives its error, or null.
async function tried(client, work) {
    await client.query("BEGIN");
    return work().then(() => null, (error) => error)
        .finally(() => client.query("ROLLBACK; DEALLOCATE ALL"));
}

// file.able: who can run it. file.errors: why the others can't.
async function tryRunners(file) {
    file.able = [];
    file.errors = new Map();
    for (const runner of file.runners) {
        const client = await arena.as(runner.name).connect();
        const error = await tried(client, () => prepare(client, file));
        client.release();
        if (error) file.errors.set(runner, `${file.path} as ${runner.name}: ${error.message}`);
        else file.able.push(runner);
    }
}

// The doors that a statement calls, when it touches nothing else: the right to these is all it needs.
function doorsOf(text) {
    const schemas = new Set(arena.fleet.members.flatMap(({ grants }) => grants)
        .map((grant) => /^USAGE ON SCHEMA (\w+)/.exec(grant)?.[1]).filter(Boolean));
    const used = [...text.replace(/--.*/g, "").matchAll(/\b((\w+)\.\w+)(\(?)/g)]
        .filter(([, , schema]) => schemas.has(schema));
    return used.length && used.every(([, , , call]) => call) ? used.map(([, name]) => name) : null;
}

test("every statement can be prepared and planned by who runs it", (t) => {
    const failures = files.flatMap(({ text, all, able, errors }) => {
        const doors = doorsOf(text);
        const must = ({ grants }) => all || !able.length
            || doors?.every((door) => grants.includes(`EXECUTE ON FUNCTION ${door}`));
        return [...errors].filter(([runner]) => must(runner)).map(([, error]) => error);
    });
    t.diagnostic(`${files.length} statements`);
    assert.ok(files.length > 70);
    assert.deepEqual(failures, []);
});

// What a file's first lines call its parameters: "-- $1 sagas, $2 state a saga must be in".
function nameOf(text, n) {
    const comments = text.split("\n").filter((line) => line.startsWith("--")).join(" ").replaceAll("-- ", "");
    return new RegExp(`\\$${n} ([^$]*)`).exec(comments)?.[1] ?? "";
}

// The i-th value of a type, for a parameter of this name.
function valueOf(type, name, i, sagas) {
    switch (type) {
    case "uuid": return `'${sagas[i].id}'`;
    case "bytea": return `'\\x${sagas[i].hash.toString("hex")}'`;
    case "text": return textOf(name, i);
    case "date": return "date '2026-11-20'";
    case "boolean": return "true";
    case "date": return `'2026-11-20'`;
    case "jsonb": return "'{}'";
    case "timestamp with time zone": return "now()";
    default: return /version|fence/.test(name) ? "1" : String(i + 1);
    }
}

const texts = [[/^milliseconds/, "1000"], [/\bstate/, "cleared"], [/^(from|to)\b/, "2026-11-20"], [/^sources?\b/, "google"],
    [/^accounts?\b/, "google/1"], [/^severit/, "warning"]];

function textOf(name, i) {
    return `'${texts.find(([pattern]) => pattern.test(name))?.[1] ?? `word-${i}`}'`;
}

function argument(type, name, sagas) {
    if (!type.endsWith("[]")) return `${valueOf(type, name, 0, sagas)}::${type}`;
    const element = type.slice(0, -2);
    return `ARRAY[${sagas.map((_, i) => valueOf(element, name, i, sagas)).join(",")}]::${type}`;
}

// A superuser's connection that can be anybody, and hears every plan with what it looked at.
class Watch {
    #plans = [];
    #found = [];

    static async open() {
        const watch = new Watch();
        watch.client = await arena.sql.connect();
        watch.client.on("notice", ({ message }) => {
            const at = message.indexOf("{");
            if (message.startsWith("duration:") && at > 0) watch.#plans.push(JSON.parse(message.slice(at)));
        });
        await watch.client.query(`LOAD 'auto_explain'; SET auto_explain.log_analyze = on;
            SET auto_explain.log_timing = off; SET auto_explain.log_nested_statements = on;
            SET auto_explain.log_format = json; SET auto_explain.log_min_duration = 0;
            SET client_min_messages = log; ${connectionSettings().join("; ")}; SET statement_timeout = '60s'`);
        return watch;
    }

    async as(role, sql, values) {
        await this.client.query(`SET SESSION AUTHORIZATION ${role}`);
        try {
            const { rows } = await this.client.query(sql, values);
            this.#weigh();
            return rows;
        } finally {
            await this.client.query("RESET SESSION AUTHORIZATION");
        }
    }

    // Of the one statement just run: the queries in it that looked at too much, over all their runs.
    #weigh() {
        const looks = new Map();
        for (const { "Query Text": query, Plan: plan } of this.#plans)
            looks.set(query, (looks.get(query) ?? 0) + Math.max(...nodesOf(plan).map(looksOf)));
        this.#plans = [];
        this.#found.push(...[...looks].filter(([, rows]) => rows > looksMax)
            .map(([query, rows]) => `looks at ${rows} rows: ${gist(query)}`));
    }

    // What was found since the last call.
    tooMuch() {
        this.#weigh();
        return this.#found.splice(0);
    }
}

// A query without its comments, on one line that can be read.
const gist = (query) => query.replace(/^PREPARE statement AS /, "").replace(/--.*/g, "").replace(/\s+/g, " ")
    .trim().slice(0, 160);

const nodesOf = (plan) => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

const looksOf = (node) => node["Actual Loops"] * (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)
    + (node["Rows Removed by Join Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0));

// A thousand budget changes, each of its own budget, taken from state to state.
const steps = {
    async proposed(watch) {
        const resources = Array.from({ length: many }, (_, i) => `campaignBudgets/${i}`);
        await arena.observe("google/1", resources, money);
        const all = (value) => resources.map(() => value);
        return watch.as("aelp_gateway", `SELECT id, hash, refusal FROM saga.propose('budget.change',
                ARRAY(SELECT gen_random_uuid() FROM generate_series(1, $1)), $2, $3, $4, '1 day',
                ARRAY(SELECT generate_series(1, $1)), $5, $6, $7, 'token', $8)`,
        [many, all(Buffer.alloc(0)), all(""), all(null), all("google/1"), resources, all(money * 1.01),
            [arena.people.ann.token]]);
    },
    async cleared(watch, ids, hashes) {
        const rules = await arena.one("SELECT rules FROM saga.kind WHERE kind = 'budget.change'");
        const each = (values) => values.flatMap((value) => rules.map(() => value));
        const all = (value) => ids.map(() => value);
        await watch.as("aelp_guardrail_evaluator", "SELECT saga.add_verdicts($1, $2, $3, $4, $5, $5, $6)",
            [each(ids), each(hashes), ids.flatMap(() => rules), each(all(true)), each(all(null)), each(all(""))]);
        await watch.as("aelp_guardrail_evaluator", "SELECT saga.advance($1, $2, $3, $4, $5, '', '{}')",
            [ids, all(1), hashes, all("cleared"), all("")]);
    },
    async approved(watch, ids, hashes) {
        await watch.as("aelp_gateway", "SELECT saga.decide($1, $2, 'approve', 'token', $3, '')",
            [ids, hashes, [arena.people.bob.token]]);
    },
    async executing(watch, ids, hashes) {
        // One saga a call by its nature, so there is no set to look at.
        await watch.client.query("SET auto_explain.log_min_duration = -1");
        await watch.as("aelp_budget_publisher", `SELECT b.* FROM unnest($1::uuid[], $2::bytea[]) u (id, hash)
            CROSS JOIN LATERAL saga.begin_execution(u.id, u.hash, 'test', 'live') b`, [ids, hashes]);
        await watch.as("aelp_budget_publisher", "SELECT saga.permit_send(id, 1) FROM unnest($1::uuid[]) id", [ids]);
        await watch.client.query("SET auto_explain.log_min_duration = 0");
    },
    async executed(watch, ids) {
        const leased = 250; // about as many as the publisher takes at once
        for (let first = 0; first < many; first += leased) {
            const some = ids.slice(first, first + leased);
            const all = (value) => some.map(() => value);
            await watch.as("aelp_budget_publisher", "SELECT saga.finish($1, $2, $3, $4, $5, $6, $7)",
                [some, all(1), all("applied"), all("answered: by the test"), some.map((_, i) => i + 1), all(1),
                    all(money * 1.01)]);
        }
    },
};

// A loop over two lists that have no index to find a row by: what shows in a plan that did not run.
function twoLists(plan) {
    const lists = ["Function Scan", "CTE Scan"];
    const isList = (node) => lists.includes(node["Node Type"])
        || ["Materialize", "Sort", "Subquery Scan"].includes(node["Node Type"]) && isList(node.Plans[0]);
    return nodesOf(plan).some((node) => node["Node Type"] === "Nested Loop" && node.Plans.every(isList));
}

// Every statement once, by the first who may; what came of it is forgotten. {found, failed}
async function runAll(watch, sagas) {
    const found = [], failed = [];
    for (const file of files.filter(({ able }) => able.length)) {
        let types, plan;
        const error = await tried(watch.client, async () => {
            await watch.client.query(`SET LOCAL SESSION AUTHORIZATION ${file.able[0].role}`);
            ({ types, plan } = await prepare(watch.client, file));
            const values = types.map((type, n) => argument(type, nameOf(file.text, n + 1), sagas));
            await watch.client.query(`EXECUTE statement${listed(values)}`);
        });
        if (error) failed.push(`${file.path}: ${error.code} ${error.message}`);
        if (error && twoLists(plan)) found.push(`${file.path}: loops over two lists`);
        found.push(...watch.tooMuch().map((what) => `${file.path}: ${what}`));
    }
    return { found, failed };
}

test("a missing right and a loop over two lists would be found, be it in a function's depth", async () => {
    const stranger = await arena.as("auditor").connect();
    assert.equal((await tried(stranger, () => prepare(stranger, { text: "SELECT saga.level('{}', 'x')" }))).code, "42501");
    stranger.release();
    const watch = await Watch.open();
    await watch.client.query(`DO $$ BEGIN
        PERFORM FROM unnest(array_fill(1, ARRAY[1000])) a JOIN unnest(array_fill(1, ARRAY[1000])) b ON a < b; END $$`);
    assert.match(watch.tooMuch().join(), /looks at 1000000 rows: .*unnest/);
    watch.client.release(true);
});

test("with a thousand rows no statement and no function looks at a million", async (t) => {
    const watch = await Watch.open();
    const found = [];
    let sagas = [], failed = [];
    for (const [state, step] of Object.entries(steps)) {
        sagas = await step(watch, sagas.map(({ id }) => id), sagas.map(({ hash }) => hash)) ?? sagas;
        found.push(...watch.tooMuch().map((what) => `to ${state}: ${what}`));
        assert.equal(await arena.one("SELECT count(*)::int FROM saga.saga WHERE state = $1", state), many, state);
        if (!["proposed", "cleared", "executed"].includes(state)) continue;
        const ran = await runAll(watch, sagas);
        found.push(...ran.found);
        failed = ran.failed;
    }
    watch.client.release(true);
    t.diagnostic(`planned only, as these values would not do:\n${failed.join("\n")}`);
    assert.ok(failed.length < files.length / 5);
    assert.deepEqual([...new Set(found)], []);
});
