// slack: an approver who clicks in the world's Slack.
import { waitFor } from "../support/wait.mjs";

const team = "T0DEMO0001";
const user = "U0BOB00001";
const secret = "8f742231b10e8888abcd99yyyzzz85a5"; // the world's and the bridge's
const patienceMs = 3000; // then they click again

export class Slack {
    clicked = new Set(); // signatures of the clicks that got their 200
    #budgets;
    #last = new Map();

    constructor(budgets) {
        this.#budgets = budgets;
    }

    async open(person) {
        const admin = this.#budgets.aelp2.as("admin");
        await admin.query("SELECT people.set_secret('slack_signing', convert_to($1, 'UTF8'))", [secret]);
        await admin.query("SELECT people.link_slack($1, $2, $3)", [person, team, user]);
    }

    // Clicks Approve on those that have a card by now, one after the other as a person does.
    async approve(sagas) {
        if (sagas.length === 0) return;
        const { rows } = await waitFor(() => this.#budgets.sql.query(
            `SELECT saga_id, channel, ts FROM slack.post
              WHERE saga_id = ANY ($1) AND ts IS NOT NULL AND NOT adopted`, [sagas.map(({ id }) => id)]));
        for (const { saga_id: id, channel, ts } of rows) {
            if (Date.now() - (this.#last.get(id) ?? 0) < patienceMs) continue;
            this.#last.set(id, Date.now());
            await this.#click({ channel, ts });
        }
    }

    async #click({ channel, ts }) {
        const { delivered, headers } = JSON.parse(await this.#budgets.world("POST", "slack/click", {
            channel, ts, user, action_id: "approve",
            url: `http://127.0.0.1:${this.#budgets.aelp2.ports.slack}/slack/interactive`,
        }));
        if (delivered.status === 200) this.clicked.add(headers["X-Slack-Signature"]);
    }

    // What everybody sees in the channels.
    async messages() {
        const text = await this.#budgets.world("GET", "slack/messages?limit=10000");
        return text.split("\n").filter(Boolean).map((line) => JSON.parse(line))
            .filter(({ only_for: whispered }) => !whispered);
    }

    // A copy whose reply was lost is known to nobody until somebody clicks on it.
    async clickLive() {
        const live = (await this.messages()).filter(isLive);
        for (const { channel, message } of live) await this.#click({ channel, ts: message.ts });
        return live.length;
    }
}

export function isLive({ message }) {
    return (message.blocks ?? []).some(({ type, elements }) => type === "actions"
        && elements.some(({ action_id: action }) => action === "approve"));
}
