// A storm: sagas flow while everything they pass through is killed, stopped and lied to. Afterwards
// each approved one was executed exactly once, and log, caps and world agree.
//
// AELP2_CHAOS_SEED repeats what is broken and proposed; AELP2_CHAOS_SAGAS is how many sagas at least
// (./aelp test chaos --sagas N --seed N).
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Audit } from "../support/audit.mjs";
import { startBudgets } from "../support/budget.mjs";
import { root } from "../support/process.mjs";
import { waitFor } from "../support/wait.mjs";
import { atRest, violations } from "./checks.mjs";
import { Dice } from "./dice.mjs";
import { Driver } from "./driver.mjs";
import { allFailpoints, failpointsOf } from "./failpoints.mjs";
import { Monkey } from "./monkey.mjs";
import { Operators } from "./operators.mjs";
import { slackAtRest } from "./people_checks.mjs";
import { ruptures } from "./ruptures.mjs";
import { Slack } from "./slack.mjs";
import { Web } from "./web.mjs";

const seed = Number(process.env.AELP2_CHAOS_SEED ?? randomInt(2 ** 31));
const sagas = Number(process.env.AELP2_CHAOS_SAGAS ?? 600);
const services = ["outbox-relay", "guardrail-evaluator", "budget-publisher", "audit-writer",
    "slack-bridge", "gateway"];
const perSecond = sagas > 2000 ? 60 : 25;
let budgets, audit, slack, driver, operators, monkey, facts;

before(async () => {
    console.log(`seed ${seed}: repeat with ./aelp test chaos --sagas ${sagas} --seed ${seed}`);
    budgets = await startBudgets({
        services: ["audit-writer", "witness", "slack-bridge", "gateway"], count: Math.max(60, Math.ceil(sagas / 10)),
        publisher: { BUDGET_OBSERVE_S: "2", PLATFORM_TIMEOUT_MS: "1000" },
    });
    audit = new Audit(budgets.aelp2);
    await audit.readKeys();
    await shortenPatience();
    await hurryRecovery();
    await openPeople();
    monkey = new Monkey(budgets, seed, () => driver.answered.proposed.size < sagas);
    await monkey.open();
});

after(() => budgets?.destroy());

// So that what is lost is said again and taken over within the test. Changes are measured as late
// as budget.mjs has it, so that there is time to take them back.
async function shortenPatience() {
    await budgets.sql.query("UPDATE saga.patience SET say = '1 s' WHERE state <> 'cleared'");
    await budgets.sql.query("UPDATE saga.patience SET due = '1 s' WHERE state = 'executed' AND kind = 'noop.note'");
}

async function openPeople() {
    const web = new Web(budgets);
    slack = new Slack(budgets);
    await slack.open(await budgets.addPerson("approver", "clicker"));
    await budgets.addPerson("operator");
    driver = new Driver(budgets, new Dice(seed, "driver"), perSecond, { web, slack });
    operators = new Operators(budgets, new Dice(seed, "operators"), web);
}

// Processes die here, the machine doesn't; without fsync a killed Postgres is back in a second.
async function hurryRecovery() {
    await budgets.sql.query("ALTER SYSTEM SET fsync = off");
    await budgets.sql.query("SELECT pg_reload_conf()");
}

test("everything comes to rest after a storm", { timeout: 3_600_000 }, async () => {
    const began = Date.now();
    try {
        await storm();
        await waitFor(async () => {
            await driver.decide();
            return (await atRest(budgets.sql)) && (await slackAtRest(budgets.sql))
                && (await slack.clickLive()) === 0;
        }, { timeout: 90_000, moving: true, every: 200, what: "everything has come to rest" });
        facts = {
            db: budgets.sql, auditor: budgets.aelp2.as("auditor"), mutations: await allMutations(), audit,
            messages: await slack.messages(),
            answered: { ...driver.answered, takenBack: operators.takenBack, clicked: slack.clicked },
        };
    } finally {
        await report(Date.now() - began);
    }
});

async function storm() {
    const working = Promise.all([driver.run(), operators.run()]);
    try {
        await monkey.torment(services);
    } finally {
        driver.halt();
        operators.halt();
        await working;
    }
}

async function allMutations() {
    const found = [];
    for (;;) {
        const text = await budgets.world("GET", `ledger?after=${found.length}&limit=1000`);
        const lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
        if (lines.length === 0) return found;
        found.push(...lines);
    }
}

async function report(tookMs) {
    const { rows } = await budgets.sql.query(
        "SELECT kind, state, count(*)::int AS n FROM saga.saga GROUP BY 1, 2 ORDER BY 1, 2");
    const counted = (list) => list.map(([what, n]) => `${n} ${what}`).join(", ");
    const ends = rows.map(({ kind, state, n }) => [`${kind} ${state}`, n]);
    console.log(`seed ${seed}, ${Math.round(tookMs / 1000)} s; sagas: ${counted(ends)}`);
    console.log(`not proposed: ${driver.answered.refused}; clicks: ${slack.clicked.size}; operators: `
        + counted(Object.entries(operators.did).sort()));
    console.log(`faults: ${counted(Object.entries(monkey.did).sort())}`);
}

test("ledger, world and log agree", async (t) => {
    if (!facts) return t.skip("it did not come to rest");
    assert.deepEqual(await violations(facts), []);
});

test("no service gave up by itself", () => {
    for (const service of services) {
        const codes = budgets.aelp2.log(service).filter(({ code }) => code !== undefined)
            .map(({ code }) => code);
        assert.deepEqual(codes.filter((code) => code !== 137), [], service);
    }
});

test("every failpoint was crashed at, here or in its service's own test", (t) => {
    if (!facts) return t.skip("it did not come to rest");
    const folder = join(root, "tests/integration");
    const elsewhere = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    for (const [service, points] of Object.entries(allFailpoints()))
        for (const point of points)
            assert.ok(services.includes(service) && failpointsOf(service).includes(point) ? monkey.did[`crash ${service} ${point}`]
                : elsewhere.some((text) => text.includes(point)), `${service} ${point}`);
});

// The checks themselves: each rupture, in a transaction that is rolled back, is found.
for (const { what, sql, world, slack: bend, rule } of ruptures)
    test(`found: ${what}`, async (t) => {
        if (!facts) return t.skip("it did not come to rest");
        const db = await budgets.sql.connect();
        try {
            await db.query("BEGIN");
            if (sql) assert.ok((await db.query(sql)).rowCount > 0, "nothing was broken");
            const mutations = world ? world(facts.mutations) : facts.mutations;
            const messages = bend ? bend(facts.messages) : facts.messages;
            assert.notDeepEqual(await violations({ ...facts, db, mutations, messages }, rule), []);
        } finally {
            await db.query("ROLLBACK");
            db.release();
        }
    });
