// operators: people with a hand on the kill switch and on what was applied: one stops or freezes,
// two resume, and some executed changes are taken back.
import { setTimeout as pause } from "node:timers/promises";

import { account } from "../support/budget.mjs";
import { waitFor } from "../support/wait.mjs";

const scopes = ["*", "google", account, "budget.change"];

export class Operators {
    did = {};
    takenBack = new Set();
    #halted = false;
    #budgets;
    #dice;
    #web;

    constructor(budgets, dice, web) {
        this.#budgets = budgets;
        this.#dice = dice;
        this.#web = web;
    }

    // Until halt(); everything is let out again then.
    async run() {
        await Promise.all([this.#stopAndResume(), this.#takeBack()]);
    }

    halt() {
        this.#halted = true;
    }

    #count(what) {
        this.did[what] = (this.did[what] ?? 0) + 1;
    }

    async #stopAndResume() {
        for (let round = 0; !this.#halted; round++) {
            await pause(this.#dice.between(4000, 10_000));
            const scope = round === 0 ? "*" : this.#dice.pick(scopes);
            const level = round === 0 ? "stop" : this.#dice.pick(["stop", "freeze"]);
            await this.#say("operator", scope, level);
            await pause(this.#dice.between(2000, 3500));
            await this.#say("approver", scope, "run");
            await this.#say("operator", scope, "run");
            await this.#hurry();
            this.#count(`${level} ${scope}`);
        }
    }

    // What the stop put off by ten seconds is looked at again at once.
    #hurry() {
        return waitFor(() => this.#budgets.sql.query("UPDATE budget.task SET not_before = '-infinity'"));
    }

    // Until it is answered; said twice it is the same.
    async #say(person, scope, level) {
        await waitFor(() => this.#web.control(person, scope, level),
            { every: 100, what: `${person} says ${level} for ${scope}` });
    }

    // One in three of what was executed, as soon as its send can no longer arrive.
    async #takeBack() {
        while (!this.#halted) {
            await pause(300);
            const { rows } = await waitFor(() => this.#budgets.sql.query(
                `SELECT s.id, s.content_hash AS hash FROM saga.open o JOIN saga.saga s ON s.id = o.saga_id
                  WHERE s.state = 'executed' AND s.kind = 'budget.change'`));
            for (const saga of rows.filter(({ id }) => parseInt(id.slice(-4), 16) % 3 === 0)) {
                const result = await this.#web.act("operator", "rollback", saga, "chaos");
                if (result === "rolling_back") this.takenBack.add(saga.id);
                if (result) this.#count(`rollback ${result}`);
            }
        }
    }
}
