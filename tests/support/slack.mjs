// slack: an instance whose bridge asks in the world's Slack, people linked there, and what they see
// and click.
import assert from "node:assert/strict";
import { createHash, createHmac, randomUUID } from "node:crypto";

import { startInstance } from "./instance.mjs";
import { waitFor } from "./wait.mjs";

export const team = "T0DEMO0001";
export const channel = "C0GROWTH01";
const secret = "8f742231b10e8888abcd99yyyzzz85a5"; // the world's default
export const ann = { name: "Ann", roles: ["proposer", "approver"], slack: "U0ALICE001", token: randomUUID() };
export const bob = { name: "Bob", roles: ["approver"], slack: "U0BOB00001", token: randomUUID() };
export const stranger = "U0DAVE0001";
export let aelp2, gateway;

export async function openSlack() {
    aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "guardrail-evaluator", "world", "slack-bridge"],
        env: { "slack-bridge:SLACK_CARDS_MAX": "50" }, // room for what one test leaves to the next
    });
    gateway = aelp2.as("gateway");
    for (const person of [ann, bob]) await addPerson(person);
    await admin("SELECT people.set_secret('slack_signing', convert_to($1, 'UTF8'))", secret);
    await ask("INSERT INTO saga.control (scope, level, effective, at) VALUES ('*', 'run', true, now())");
}

export async function ask(sql, ...values) {
    return (await aelp2.superuser.query(sql, values)).rows;
}

export async function admin(sql, ...values) {
    return (await aelp2.as("admin").query(sql, values)).rows;
}

export async function addPerson({ name, roles, slack, token }) {
    const [{ id }] = await admin("SELECT people.add_person($1, $1 || '@example.com') AS id", name);
    const hash = createHash("sha256").update(token).digest();
    await admin("SELECT people.add_token($1, $2, '', now() + interval '1 day')", id, hash);
    for (const role of roles)
        await admin("SELECT people.set_role($1, $2, '*', NULL, NULL, true)", id, role);
    await admin("SELECT people.link_slack($1, $2, $3)", id, team, slack);
}

export async function propose({ note = "because", count = 1 } = {}) {
    const requests = Array.from({ length: count }, () => randomUUID());
    const { rows } = await gateway.query(
        `SELECT id, hash, refusal FROM saga.propose('noop.note', $1, array_fill(''::bytea, $2),
            array_fill($3::text, $2), array_fill(NULL::uuid, $2), '1 hour', '{}', '{}', '{}', '{}',
            'token', $4)`, [requests, [count], note, [ann.token]]);
    for (const row of rows) assert.equal(row.refusal, null);
    return count === 1 ? rows[0] : rows;
}

export async function messages() {
    const text = await (await fetch(aelp2.url("world", "/_world/slack/messages?limit=1000"))).text();
    return text.split("\n").filter((line) => line).map((line) => {
        const { message, ...about } = JSON.parse(line);
        return { ...message, ...about };
    });
}

// The world's message of this saga.
export async function cardOf({ id }) {
    return (await messages()).find((m) => m.channel === channel && JSON.stringify(m).includes(id));
}

export function actions(message) {
    return (message.blocks ?? []).filter((b) => b.type === "actions").flatMap((b) => b.elements);
}

export function buttons(message) {
    return actions(message).map((element) => element.action_id);
}

export function cardWith(saga, wanted, what) {
    return waitFor(async () => {
        const card = await cardOf(saga);
        return card && wanted(card) ? card : null;
    }, { what });
}

export function liveCard(saga) {
    return cardWith(saga, (card) => buttons(card).includes("approve"), "a card with buttons");
}

export function deadCard(saga) {
    return cardWith(saga, (card) => buttons(card).length > 0 && !buttons(card).includes("approve"),
        "the card has lost its buttons");
}

export function endpoint() {
    return `http://127.0.0.1:${aelp2.ports.slack}/slack/interactive`;
}

// The world signs a click; with `deliver` it also sends it.
export async function click(card, user, action, { deliver = true, ...more } = {}) {
    const reply = await fetch(aelp2.url("world", "/_world/slack/click"), {
        method: "POST",
        body: JSON.stringify({
            channel, ts: card.ts, user, action_id: action, ...more,
            ...(deliver ? { url: endpoint() } : {}),
        }),
    });
    assert.equal(reply.status, 200);
    return reply.json();
}

export function post({ body, headers }) {
    return fetch(endpoint(), {
        method: "POST", body,
        headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    });
}

export function sign(payload, { key = secret } = {}) {
    const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
    const stamp = String(Math.floor(Date.now() / 1000));
    const mac = createHmac("sha256", key).update(`v0:${stamp}:${body}`).digest("hex");
    return { body, headers: { "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": `v0=${mac}` } };
}

export async function stateOf({ id }) {
    return (await ask("SELECT state FROM saga.saga WHERE id = $1", id))[0].state;
}

export function reaches(saga, state) {
    return waitFor(async () => (await stateOf(saga)) === state, { what: `${saga.id} is ${state}` });
}

export async function decisions({ id }) {
    return ask("SELECT verdict, surface FROM saga.decision WHERE saga_id = $1 ORDER BY id", id);
}

// What only this user sees, from now on.
export async function whispers(user, action) {
    const seen = (await messages()).length;
    await action();
    const found = await waitFor(async () => (await messages()).slice(seen)
        .find((m) => m.only_for === user), { what: `${user} is told why` });
    return found.text;
}

// Until no card is due: the next fault then meets what comes next.
export function drawn() {
    return waitFor(async () => (await ask(`SELECT FROM slack.post p JOIN saga.saga s ON s.id = p.saga_id
        WHERE p.open AND (p.ts IS NULL OR p.shown < s.version)`)).length === 0, { what: "all cards are drawn" });
}

export async function faults(slack) {
    const reply = await fetch(aelp2.url("world", "/_world/faults"),
        { method: "PUT", body: JSON.stringify({ slack }) });
    assert.equal(reply.status, 200, await reply.text());
}
