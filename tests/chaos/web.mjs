// web: the gateway's API, as people's browsers use it.
import { randomUUID } from "node:crypto";

import { account } from "../support/budget.mjs";
import { waitFor } from "../support/wait.mjs";

export class Web {
    #budgets;

    constructor(budgets) {
        this.#budgets = budgets;
    }

    // {status, body}; null when nobody answered, and what was asked may be done or not.
    async #ask(person, path, body, headers = {}) {
        try {
            const reply = await fetch(this.#budgets.aelp2.url("api", `/api/v1/${path}`), {
                method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(10_000),
                headers: { Authorization: `Bearer ${this.#budgets.tokens[person]}`, ...headers },
            });
            return reply.status < 500 ? { status: reply.status, body: await reply.json() } : null;
        } catch {
            return null;
        }
    }

    // {id} or {refused}, however often it takes: the key makes them all one request.
    async propose(effects) {
        const headers = { "Idempotency-Key": randomUUID() };
        const body = {
            kind: "budget.change", effects: effects.map(({ resource, after }) => ({
                account, target: resource, daily: (after / 1e6).toFixed(2),
            })),
        };
        const answer = await waitFor(() => this.#ask("proposer", "proposals", body, headers), { every: 100 });
        return answer.status < 300 ? answer.body : { refused: answer.body.detail ?? answer.status };
    }

    // What came of it, or null.
    async act(person, action, { id, hash }, reason = "") {
        const answer = await this.#ask(person, `proposals/${id}/${action}`, { reason },
            { "If-Match": `"${hash.toString("hex")}"` });
        return answer && (answer.body.result ?? answer.body.code);
    }

    async control(person, scope, level) {
        const answer = await this.#ask(person, "control", { scope, level, reason: "chaos" });
        return answer && answer.body.result;
    }
}
