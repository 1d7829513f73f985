// budget: an instance that changes budgets at the world, with short waits, and its people.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

import { startInstance } from "./instance.mjs";
import { waitFor } from "./wait.mjs";

export const account = "google/1234567890";

// services: beside those that every change passes through. count: budgets beside the world's own 13.
export async function startBudgets({ publisher = {}, services = [], count = 40 } = {}) {
    const aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "guardrail-evaluator", "world", ...services],
        env: { "world:WORLD_BUDGETS": String(count) },
    });
    try {
        const budgets = new Budgets(aelp2);
        await budgets.open(publisher, count);
        return budgets;
    } catch (error) {
        await aelp2.destroy();
        throw error;
    }
}

class Budgets {
    constructor(aelp2) {
        this.aelp2 = aelp2;
        this.sql = aelp2.superuser;
        this.tokens = {};
    }

    async open(publisher, count) {
        await this.sql.query("UPDATE saga.timing SET send_window = '1 s', request_total = '2 s'");
        await this.sql.query(`UPDATE saga.kind SET settle = '0.2 s', measure_wait = '6 s'
                               WHERE kind = 'budget.change'`);
        await this.sql.query(`UPDATE saga.patience SET due = '6 s'
                               WHERE kind = 'budget.change' AND state = 'executed'`);
        for (const role of ["proposer", "approver"]) await this.addPerson(role);
        await this.control("run");
        await this.aelp2.as("admin").query(
            "SELECT saga.set_account($1, 'USD', 'America/New_York', 10000, true)", [account]);
        this.settings = {
            PLATFORM_TIMEOUT_MS: "2000", BUDGET_HISTORY_LAG_S: "0", BUDGET_OBSERVE_S: "1",
            ...publisher,
        };
        await this.restart();
        await waitFor(async () => (await this.sql.query(
            "SELECT count(*)::int n FROM saga.target WHERE live_micros IS NOT NULL")).rows[0].n > count,
        { what: "the budgets are known" });
    }

    // Their token is known by the name.
    async addPerson(role, name = role) {
        const person = randomUUID();
        this.tokens[name] = randomBytes(12).toString("hex");
        await this.sql.query("INSERT INTO people.person (id) VALUES ($1)", [person]);
        await this.sql.query("INSERT INTO people.grant_of (person_id, role) VALUES ($1, $2)",
            [person, role]);
        await this.sql.query(`INSERT INTO people.credential (hash, person_id, expires_at)
                              VALUES ($1, $2, now() + interval '1 day')`,
        [createHash("sha256").update(this.tokens[name]).digest(), person]);
        return person;
    }

    control(level) {
        return this.sql.query(`INSERT INTO saga.control (scope, level, effective, at)
                               VALUES ('*', $1, true, clock_timestamp())`, [level]);
    }

    // env holds until the publisher is restarted; a failpoint acts once.
    restart(env = {}) {
        return this.aelp2.restart("budget-publisher", { ...this.settings, ...env });
    }

    async live(resource) {
        const { rows } = await this.sql.query(
            "SELECT live_micros FROM saga.target WHERE account_id = $1 AND resource = $2",
            [account, resource]);
        return Number(rows[0].live_micros);
    }

    // Each effect a budget's id; +5 % or to what `after` gives. Returns the proposal.
    async propose(ids, after = (before) => Math.floor(before * 1.05 / 10000) * 10000) {
        const resources = ids.map((id) => `campaignBudgets/${id}`);
        const befores = await Promise.all(resources.map((resource) => this.live(resource)));
        const afters = befores.map((before) => after(before));
        const { rows: [made] } = await this.aelp2.as("gateway").query(
            `SELECT id, hash, refusal FROM saga.propose('budget.change', ARRAY[gen_random_uuid()],
                ARRAY[''::bytea], ARRAY[''], ARRAY[NULL::uuid], '1 day', $1, $2, $3, $4, 'token',
                ARRAY[$5])`,
            [ids.map(() => 1), ids.map(() => account), resources, afters, this.tokens.proposer]);
        if (made.refusal) throw new Error(made.refusal);
        return { ...made, ids, resources, befores, afters };
    }

    async approve(change) {
        await this.reach(change, "cleared");
        const { rows: [decided] } = await this.aelp2.as("gateway").query(
            "SELECT result, sentence FROM saga.decide(ARRAY[$1::uuid], ARRAY[$2::bytea], 'approve', 'token', ARRAY[$3], '')",
            [change.id, change.hash, this.tokens.approver]);
        if (decided.result === "refused") throw new Error(decided.sentence);
        return change;
    }

    async approved(ids, after) {
        return this.approve(await this.propose(ids, after));
    }

    async rollBack(change) {
        return waitFor(async () => {
            const { rows: [answer] } = await this.aelp2.as("gateway").query(
                "SELECT result, reason FROM saga.begin_rollback($1, 'test', 'token', ARRAY[$2])",
                [change.id, this.tokens.approver]);
            if (answer.result === "wait") return false;
            return answer;
        }, { what: "the rollback begins" });
    }

    async state(change) {
        const { rows } = await this.sql.query(
            `SELECT s.state, (SELECT a.outcome FROM saga.attempt a WHERE a.saga_id = s.id
                               ORDER BY a.fence DESC LIMIT 1) AS outcome,
                    (SELECT e.event FROM saga.event e WHERE e.saga_id = s.id
                      ORDER BY e.version DESC LIMIT 1) AS event
               FROM saga.saga s WHERE s.id = $1`, [change.id]);
        return rows[0];
    }

    // Waits until the saga was in one of the states at some time.
    reach(change, ...states) {
        return waitFor(async () => {
            const { rows } = await this.sql.query(
                "SELECT to_state FROM saga.event WHERE saga_id = $1 ORDER BY version", [change.id]);
            return rows.find(({ to_state }) => states.includes(to_state))?.to_state
                ?? Promise.reject(new Error(rows.map(({ to_state }) => to_state).join(" ")));
        }, { what: `${change.id} is ${states.join(" or ")}` });
    }

    async attempts(change) {
        const { rows } = await this.sql.query(
            "SELECT * FROM saga.attempt WHERE saga_id = $1 ORDER BY fence", [change.id]);
        return rows;
    }

    // Tasks whose runner died are free again, as they would be when the lease ends.
    freeTasks() {
        return this.sql.query("UPDATE budget.task SET leased_until = '-infinity', not_before = '-infinity'");
    }

    // Until nothing sent for it can arrive any more; then its task is looked at again.
    async quiet(change) {
        await waitFor(async () => (await this.sql.query(
            "SELECT saga._quiet($1) < clock_timestamp() AS quiet", [change.id])).rows[0].quiet,
        { what: "the send can no longer arrive" });
        await this.freeTasks();
    }

    pid() {
        return Number(readFileSync(`${this.aelp2.dir}/pids/budget-publisher`, "utf8").split(" ")[0]);
    }

    // Until the failpoint has killed the publisher and another one runs.
    async restarted(pid) {
        await waitFor(() => this.pid() !== pid, { what: "the publisher died and came back" });
        await this.aelp2.ready("budget-publisher");
        await this.freeTasks();
    }

    async stopped() {
        const pid = this.pid();
        await waitFor(() => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1][0] === "T",
            { what: "the publisher has stopped" });
        return pid;
    }

    async world(method, path, body) {
        const reply = await fetch(this.aelp2.url("world", `/_world/${path}`),
            { method, body: body && JSON.stringify(body) });
        const text = await reply.text();
        if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
        return text;
    }

    faults(knobs, platform = "google") {
        return this.world("PUT", "faults", { [platform]: knobs });
    }

    edit(id, micros) {
        return this.world("POST", "edits", { budget: id, micros, user_email: "hand@example.com" });
    }

    // What reached the world for these budgets.
    async mutations(...ids) {
        const text = await this.world("GET", "ledger");
        return text.split("\n").filter(Boolean).map((line) => JSON.parse(line))
            .filter((entry) => ids.includes(Number(entry.resource_id)));
    }

    async atWorld(id) {
        const text = await this.world("GET", `budgets?after=${id - 1}&limit=1`);
        return Number(JSON.parse(text).amount_micros);
    }

    destroy() {
        return this.aelp2.destroy();
    }
}
