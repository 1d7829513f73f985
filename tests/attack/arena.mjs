// arena: an instance to attack: people with their proofs, budgets, and every door of the saga as a
// call that any login can try. Logins are real and come over TCP; the superuser only looks, and
// moves what nobody may move (time, kinds).
import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";

import { startInstance } from "../support/instance.mjs";
import { bin, run } from "../support/process.mjs";

export const slackSecret = "an attack's own signing secret";
export const slackTeam = "T0ATTACK";
export const money = 100_000_000; // what a budget holds at first, in micros

export async function readFleet() {
    const { stdout } = await run(join(bin, "aelp-migrate"), ["fleet"]);
    return JSON.parse(stdout);
}

export async function openArena({ only = ["postgres", "nats"] } = {}) {
    const aelp2 = await startInstance({ only });
    try {
        const arena = new Arena(aelp2, await readFleet());
        await arena.settle();
        return arena;
    } catch (error) {
        await aelp2.destroy();
        throw error;
    }
}

// A door that raises refuses; any other SQLSTATE than these is a fault of the test.
const refusals = new Set(["42501", "25000", "25001"]);

export class Arena {
    #logins = new Map();
    #budgets = 0;
    tried = 0;
    through = [];

    constructor(aelp2, fleet) {
        this.aelp2 = aelp2;
        this.fleet = fleet;
        this.sql = aelp2.superuser;
        this.people = {};
    }

    // The logins of the fleet, and the one that migrates.
    get members() {
        return [...this.fleet.members.filter((member) => member.role).map(({ name }) => name), "migrate"];
    }

    roleOf(member) {
        return member === "migrate" ? "aelp_migrate"
            : this.fleet.members.find(({ name }) => name === member).role;
    }

    mayCall(member, door) {
        const grants = this.fleet.members.find(({ name }) => name === member)?.grants ?? [];
        return grants.includes(`EXECUTE ON FUNCTION saga.${door}`);
    }

    as(member) {
        if (!this.#logins.has(member)) this.#logins.set(member, this.aelp2.as(member));
        return this.#logins.get(member);
    }

    async one(sql, ...values) {
        const { rows } = await this.sql.query(sql, values);
        return Object.values(rows[0])[0];
    }

    // People, a world account where everything is live, and waits that a test can sit out.
    async settle() {
        await this.sql.query("UPDATE saga.timing SET send_window = '20 ms', request_total = '20 ms'");
        await this.sql.query("UPDATE saga.kind SET settle = '20 ms'");
        await this.sql.query("UPDATE saga.patience SET due = '1 min' WHERE state = 'executed'");
        await this.as("admin").query("SELECT people.set_secret('slack_signing', convert_to($1, 'UTF8'))",
            [slackSecret]);
        await this.addPerson("ann", ["proposer", "approver"]);
        for (const name of ["bob", "cyd"]) await this.addPerson(name, ["approver"]);
        await this.addPerson("olga", ["operator"]);
        await this.addPerson("vic", ["viewer"]);
        await this.addAccount("google/1");
        await this.control("run");
    }

    async addPerson(name, roles, { scope = "*", day = null, hour = null } = {}) {
        const admin = this.as("admin");
        const { rows } = await admin.query("SELECT people.add_person($1, $2) AS id",
            [name, `${randomUUID()}@example.com`]);
        const person = { id: rows[0].id, token: randomBytes(32).toString("hex"), slack: `U${name.toUpperCase()}` };
        await this.addToken(person.id, person.token, "1 day");
        for (const role of roles)
            await admin.query("SELECT people.set_role($1, $2, $3, $4, $5, true)",
                [person.id, role, scope, day, hour]);
        await admin.query("SELECT people.link_slack($1, $2, $3)", [person.id, slackTeam, person.slack]);
        this.people[name] = person;
        return person;
    }

    addToken(id, token, lives) {
        return this.as("admin").query("SELECT people.add_token($1, $2, '', now() + $3::interval)",
            [id, createHash("sha256").update(token).digest(), lives]);
    }

    addAccount(id, tz = "UTC") {
        return this.as("admin").query("SELECT saga.set_account($1, 'USD', $2, 10000, true)", [id, tz]);
    }

    control(level, scope = "*") {
        return this.sql.query(`INSERT INTO saga.control (scope, level, effective, at)
                               VALUES ($2, $1, true, clock_timestamp())`, [level, scope]);
    }

    async observe(account, resources, micros, { member = "budget-publisher", enabled = true, shared = false,
        period = "daily" } = {}) {
        const all = (value) => resources.map(() => value);
        return this.as(member).query("SELECT saga.observe($1, $2, $3, $4, $5, $6, $7, clock_timestamp())", [account, resources,
            all(""), Array.isArray(micros) ? micros : all(micros), all(shared),
            all(enabled), all(period)]);
    }

    async addBudget(micros = money, account = "google/1") {
        const resource = `campaignBudgets/${++this.#budgets}`;
        await this.observe(account, [resource], micros);
        return { account, resource, micros };
    }

    // effects: [{account, resource, after}]; none for a note.
    async propose({ kind = "noop.note", effects = [], by = "ann", note = "", payload = "", replaces = null,
        ttl = "1 day", request = randomUUID(), member = "gateway", proofKind = "token", proof } = {}) {
        const { rows: [made] } = await this.as(member).query(
            `SELECT id, hash, refusal, created FROM saga.propose($1, ARRAY[$2::uuid], ARRAY[convert_to($3, 'UTF8')],
                ARRAY[$4], ARRAY[$5::uuid], $6, $7, $8, $9, $10, $11, $12)`,
            [kind, request, payload, note, replaces, ttl, effects.map(() => 1),
                effects.map(({ account }) => account), effects.map(({ resource }) => resource),
                effects.map(({ after }) => after), proofKind, proof ?? [this.people[by].token]]);
        return { kind, effects, by, request, ...made };
    }

    // A budget of its own, raised by 5 %.
    async proposeBudget({ budget, after, ...more } = {}) {
        const target = budget ?? await this.addBudget();
        return this.propose({ kind: "budget.change", ...more, effects: [{
            account: target.account, resource: target.resource, after: after ?? target.micros * 1.05 }] })
            .then((change) => ({ ...change, budget: target, before: target.micros,
                after: after ?? target.micros * 1.05 }));
    }

    async clear(change) {
        const rules = await this.one("SELECT rules FROM saga.kind WHERE kind = $1 ORDER BY version DESC LIMIT 1",
            change.kind);
        const all = (value) => rules.map(() => value);
        await this.as("guardrail-evaluator").query("SELECT saga.add_verdicts($1, $2, $3, $4, $5, $5, $6)",
            [all(change.id), all(change.hash), rules, all(true), all(null), all("")]);
        return this.must(this.door("guardrail-evaluator", "advance", change, { to: "cleared" }));
    }

    approve(change, by = "bob") {
        return this.must(this.door("gateway", "decide", change, { verdict: "approve", by }));
    }

    begin(change) {
        return this.must(this.door("budget-publisher", "begin_execution", change));
    }

    permit(change) {
        return this.must(this.door("budget-publisher", "permit_send", change));
    }

    finish(change, outcome = "applied") {
        return this.must(this.door("budget-publisher", "finish", change, { outcome }));
    }

    async must(call) {
        const answer = await call;
        if (!answer.went) throw new Error(`a step of the arena was refused: ${answer.why}`);
        return answer;
    }

    async approved(options = {}) {
        const change = await (options.kind === "noop.note" ? this.propose(options) : this.proposeBudget(options));
        if (change.refusal) throw new Error(change.refusal);
        await this.clear(change);
        await this.approve(change);
        return change;
    }

    async executing(options) {
        const change = await this.approved(options);
        await this.begin(change);
        return change;
    }

    async executed(options) {
        const change = await this.executing(options);
        if (change.kind !== "noop.note") await this.permit(change);
        await this.finish(change);
        return change;
    }

    // Until nothing sent for it can arrive any more.
    quiet(change) {
        return this.sql.query(`SELECT pg_sleep(greatest(0, extract(epoch FROM
            saga._quiet($1) - clock_timestamp())) + 0.002)`, [change.id]);
    }

    async state(change) {
        return this.one("SELECT state FROM saga.saga WHERE id = $1", change.id);
    }

    // The last decision of this person about it.
    decisionOf(change, by = "bob") {
        return this.one(`SELECT id::text FROM saga.decision WHERE saga_id = $1 AND person_id = $2
            ORDER BY saga.decision.id DESC LIMIT 1`, change.id, this.people[by].id);
    }

    // Everything of a saga that an attack could have moved.
    ledger(change) {
        return this.one(`SELECT concat_ws(' ', s.state, s.version, encode(s.content_hash, 'hex'), s.approved_at,
            (SELECT count(*) FROM saga.event e WHERE e.saga_id = s.id),
            (SELECT count(*) || ' ' || count(d.disowned_at) FROM saga.decision d WHERE d.saga_id = s.id),
            (SELECT string_agg(e::text, ',' ORDER BY n) FROM saga.effect e WHERE e.saga_id = s.id),
            (SELECT x::text FROM saga.execution x WHERE x.saga_id = s.id),
            (SELECT string_agg(a::text, ',' ORDER BY fence) FROM saga.attempt a WHERE a.saga_id = s.id))
            FROM saga.saga s WHERE s.id = $1`, change.id);
    }

    // A click as Slack would sign it.
    click({ team = slackTeam, user, value, action, stamp = Math.floor(Date.now() / 1000),
        secret = slackSecret, body, reason = "because" }) {
        const said = action === "reject"
            ? { type: "view_submission", view: { private_metadata: value,
                state: { values: { reason: { reason: { value: reason } } } } } }
            : { type: "block_actions", actions: [{ action_id: action, value }] };
        const payload = { ...said, user: { id: user }, team: { id: team }, nonce: randomUUID() };
        const text = body ?? `payload=${encodeURIComponent(JSON.stringify(payload))}`;
        return [text, String(stamp), signature(text, stamp, secret)];
    }

    // What the member's surface would carry for this person.
    proof(member, by, change, verdict, about = change.hash.toString("hex")) {
        const person = this.people[by];
        if (member !== "slack-bridge") return { kind: "token", proof: [person.token] };
        return { kind: "slack", proof: this.click({ user: person.slack, action: verdict,
            value: `${change.id} ${about}` }) };
    }

    // Tries one door. {went, why, rows}
    async door(member, name, change, options = {}) {
        const { sql, values, went, why } = doors[name](this, member, change, options);
        try {
            const { rows } = await (options.client ?? this.as(member)).query(sql, values);
            return { rows, went: rows.length > 0 && rows.every(went), why: why && rows[0] && why(rows[0]) };
        } catch (error) {
            if (!refusals.has(error.code) && !options.raises?.includes(error.code)) throw error;
            return { rows: [], went: false, raised: error.code, why: error.message };
        }
    }

    // The same as a statement of PL/pgSQL with everything written out.
    inline(member, name, change, options) {
        const { sql, values } = doors[name](this, member, change, options);
        return sql.replace(/^SELECT/, "PERFORM").replace(/\$(\d+)/g, (_, n) => literal(values[n - 1]));
    }

    // Counts an attack; it is through when `attack` gives something truthy.
    async attack(what, attack) {
        this.tried++;
        const answer = await attack;
        if (answer) this.through.push(what);
        return answer;
    }

    destroy() {
        return this.aelp2.destroy();
    }
}

export function signature(body, stamp, secret = slackSecret) {
    return `v0=${createHmac("sha256", secret).update(`v0:${stamp}:${body}`).digest("hex")}`;
}

function literal(value) {
    if (value === null) return "NULL";
    if (Buffer.isBuffer(value)) return `'\\x${value.toString("hex")}'`;
    const text = Array.isArray(value) ? `{${value.map((one) => JSON.stringify(one)).join(",")}}` : String(value);
    return `'${text.replaceAll("'", "''")}'`;
}

// The read-backs that fit an outcome.
function readbacks(change, outcome, back) {
    if (outcome === "unknown" || !change.budget) return [];
    const wanted = back ? change.before : change.after;
    const former = back ? change.after : change.before;
    return [{ applied: wanted, not_applied: former }[outcome] ?? 77_770_000];
}

const doors = {
    advance: (arena, member, change, { to, by = change.by, version, hash = change.hash }) => ({
        sql: `SELECT * FROM saga.advance(ARRAY[$1::uuid],
                ARRAY[coalesce($2, (SELECT version FROM saga.saga WHERE id = $1))], ARRAY[$3::bytea], ARRAY[$4],
                ARRAY[''], $5, $6)`,
        values: [change.id, version ?? null, hash, to, to === "cancelled" ? "token" : "",
            to === "cancelled" ? [arena.people[by].token] : []],
        went: ({ result }) => result === "moved", why: ({ rule }) => rule,
    }),
    decide: (arena, member, change, { verdict, by = "bob", hash = change.hash, reason = "because", kind, proof }) => {
        const shown = arena.proof(member, by, change, verdict);
        return {
            sql: "SELECT * FROM saga.decide(ARRAY[$1::uuid], ARRAY[$2::bytea], $3, $4, $5, $6)",
            values: [change.id, hash, verdict, kind === undefined ? shown.kind : kind, proof ?? shown.proof, reason],
            went: ({ result }) => result !== "refused", why: ({ sentence }) => sentence,
        };
    },
    disown: (arena, member, change, { by = "bob", decision, kind, proof }) => {
        const shown = arena.proof(member, by, change, "disown", decision);
        return {
            sql: "SELECT * FROM saga.disown(ARRAY[$1::bigint], $2, $3)",
            values: [decision, kind === undefined ? shown.kind : kind, proof ?? shown.proof],
            went: ({ result }) => result === "disowned", why: ({ sentence }) => sentence,
        };
    },
    begin_execution: (arena, member, change, { hash = change.hash, mode = "live" }) => ({
        sql: "SELECT * FROM saga.begin_execution($1, $2, 'attacker', $3)",
        values: [change.id, hash, mode],
        went: ({ result }) => result === "ok", why: ({ reason }) => reason,
    }),
    permit_send: (arena, member, change, { fence }) => ({
        sql: `SELECT saga.permit_send($1, coalesce($2,
                (SELECT fence FROM saga.execution WHERE saga_id = $1), 1)) AS until`,
        values: [change.id, fence ?? null], went: ({ until }) => until !== null,
    }),
    take_over: (arena, member, change) => ({
        sql: "SELECT * FROM saga.take_over($1, 'attacker')", values: [change.id],
        went: ({ result }) => result === "ok", why: ({ reason }) => reason,
    }),
    finish: (arena, member, change, { outcome, fence, evidence = "answered: by the test", back, seen }) => {
        const micros = seen ?? readbacks(change, outcome, back ?? change.back);
        return {
            sql: `SELECT * FROM saga.finish(ARRAY[$1::uuid], ARRAY[coalesce($2,
                    (SELECT fence FROM saga.execution WHERE saga_id = $1), 1)], ARRAY[$3], ARRAY[$4], $5, $6, $7)`,
            values: [change.id, fence ?? null, outcome, evidence, micros.map(() => 1),
                micros.map((_, i) => i + 1), micros],
            went: ({ reason }) => reason === null, why: ({ reason }) => reason,
        };
    },
    resolve: (arena, member, change, { outcome, by = "bob", hash = change.hash }) => {
        const shown = arena.proof(member, by, change, outcome);
        return {
            sql: "SELECT * FROM saga.resolve($1, $2, $3, $4, $5, 'seen at the platform')",
            values: [change.id, hash, outcome, shown.kind, shown.proof],
            went: ({ result }) => result === "resolved", why: ({ sentence }) => sentence,
        };
    },
    begin_rollback: (arena, member, change, { by = "bob" } = {}) => {
        const shown = member === "guardrail-evaluator" ? { kind: "", proof: [] }
            : arena.proof(member, by, change, "rollback");
        return {
            sql: "SELECT * FROM saga.begin_rollback($1, 'attack', $2, $3)",
            values: [change.id, shown.kind, shown.proof],
            went: ({ result }) => ["ok", "unsent"].includes(result), why: ({ reason }) => reason,
        };
    },
    set_control: (arena, member, change, { scope = "*", level, by = "bob" }) => ({
        sql: "SELECT * FROM saga.set_control($1, $2, 'token', $3, 'attack')",
        values: [scope, level, [arena.people[by].token]],
        went: ({ result }) => result === level, why: ({ sentence }) => sentence,
    }),
};
