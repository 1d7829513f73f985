// driver: people at work. One proposes notes and budget changes at a steady pace with a bounded
// number in flight, another approves most of what is cleared and rejects the rest: in bulk, over
// the API one by one, and in Slack.
//
// Whatever breaks meanwhile, a request is repeated with the same content until it is answered.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

import { account } from "../support/budget.mjs";
import { waitFor } from "../support/wait.mjs";

const everyMs = 100;
const inFlightMax = 400;
const unitMicros = 10_000;

export class Driver {
    answered = { proposed: new Set(), approved: new Set(), refused: 0 };
    #halted = false;
    #budgets;
    #dice;
    #perSecond;
    #gateway;
    #web;
    #slack;

    constructor(budgets, dice, perSecond, { web, slack }) {
        this.#budgets = budgets;
        this.#dice = dice;
        this.#perSecond = perSecond;
        this.#gateway = budgets.aelp2.as("gateway");
        this.#web = web;
        this.#slack = slack;
    }

    // Until halt(); what was proposed by then is decided in settle().
    async run() {
        let tookMs = everyMs;
        while (!this.#halted) {
            const began = Date.now();
            await this.decide();
            if (await this.#inFlight() < inFlightMax) await this.#proposeSome(tookMs);
            await pause(Math.max(0, everyMs - (Date.now() - began)));
            tookMs = Date.now() - began;
        }
    }

    halt() {
        this.#halted = true;
    }

    #ask(pool, sql, values) {
        return waitFor(async () => (await pool.query(sql, values)).rows,
            { timeout: 60_000, every: 100, what: sql.trim().split("\n")[0] });
    }

    #look(sql, values) {
        return this.#ask(this.#budgets.sql, sql, values);
    }

    async #inFlight() {
        return (await this.#look("SELECT count(*)::int AS n FROM saga.open"))[0].n;
    }

    // As many as the former turn's time was for, a second's at most.
    async #proposeSome(tookMs) {
        const count = Math.ceil(this.#perSecond * Math.min(tookMs, 1000) / 1000);
        const changes = this.#dice.chance(0.3) ? 1 : 0;
        if (count > changes) await this.#propose("noop.note", Array(count - changes).fill([]));
        if (changes > 0) await this.#proposeChange(await this.#change());
    }

    // One to three budgets up or down, mostly by little, at most by 5 %. The same budget may well be
    // in flight already.
    async #change() {
        const rows = await this.#look(
            `SELECT resource, live_micros::float8 AS micros FROM saga.target
              WHERE NOT shared AND enabled AND period = 'daily' ORDER BY id`);
        const chosen = this.#dice.shuffled(rows).slice(0, this.#dice.pick([1, 1, 1, 1, 2, 3]));
        return chosen.map(({ resource, micros }) => {
            const most = Math.floor(micros * this.#dice.pick([0.005, 0.01, 0.05]) / unitMicros);
            const steps = this.#dice.between(1, Math.max(1, most)) * (this.#dice.chance(0.5) ? 1 : -1);
            return { resource, after: micros + steps * unitMicros };
        });
    }

    async #proposeChange(effects) {
        if (this.#dice.chance(0.5)) return this.#propose("budget.change", [effects]);
        this.#note(await this.#web.propose(effects));
    }

    #note({ id, refused }) {
        if (refused) this.answered.refused++;
        else this.answered.proposed.add(id);
    }

    // changes: for each proposal its effects.
    async #propose(kind, changes) {
        const effects = changes.flatMap((list, i) => list.map((effect) => ({ ...effect, of: i + 1 })));
        const count = changes.length;
        const rows = await this.#ask(this.#gateway, `
            SELECT id, refusal
              FROM saga.propose($1, $2, array_fill(''::bytea, $3), array_fill(''::text, $3),
                                array_fill(NULL::uuid, $3), '1 day', $4, $5, $6, $7, 'token', $8)`,
        [kind, changes.map(() => randomUUID()), [count], effects.map(({ of }) => of),
            effects.map(() => account), effects.map(({ resource }) => resource),
            effects.map(({ after }) => after), [this.#budgets.tokens.proposer]]);
        for (const { id, refusal } of rows) this.#note({ id, refused: refusal });
    }

    // Everything that is cleared: one in 25 is rejected, one in 5 decided over the API. Slack takes
    // about a message a second, so few are left to it, and fewer decided elsewhere by whom it must tell.
    async decide() {
        const cleared = await this.#look(`
            SELECT s.id, s.content_hash AS hash FROM saga.open o JOIN saga.saga s ON s.id = o.saga_id
             WHERE s.state = 'cleared'`);
        const number = ({ id }) => parseInt(id.slice(-6), 16);
        const rejected = (saga) => number(saga) % 25 === 0;
        const inSlack = (saga) => !rejected(saga) && number(saga) % (2 * this.#perSecond) === 1;
        const byApi = (saga) => !inSlack(saga) && number(saga) % 5 === 0;
        const toldInSlack = (saga) => number(saga) % 100 === 10;
        const inBulk = (saga) => !inSlack(saga) && !byApi(saga);
        await this.#decideAll(cleared.filter((saga) => inBulk(saga) && !rejected(saga)), "approve", "");
        await this.#decideAll(cleared.filter((saga) => inBulk(saga) && rejected(saga)), "reject", "not now");
        await Promise.all(cleared.filter(byApi).map((saga) =>
            this.#decideOne(toldInSlack(saga) ? "clicker" : "approver", saga, rejected(saga))));
        await this.#slack.approve(cleared.filter(inSlack));
    }

    async #decideOne(person, saga, rejected) {
        const result = rejected ? await this.#web.act(person, "rejections", saga, "not now")
            : await this.#web.act(person, "approvals", saga);
        if (result === "approved") this.answered.approved.add(saga.id);
    }

    async #decideAll(sagas, verdict, reason) {
        if (sagas.length === 0) return;
        const rows = await this.#ask(this.#gateway,
            "SELECT id, result FROM saga.decide($1, $2, $3, 'token', $4, $5)",
            [sagas.map(({ id }) => id), sagas.map(({ hash }) => hash), verdict,
                [this.#budgets.tokens.approver], reason]);
        for (const { id, result } of rows)
            if (result === "approved") this.answered.approved.add(id);
    }
}
