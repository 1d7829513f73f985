// slack-bridge: a proposal becomes a card, a signed click becomes a decision, and no message keeps
// live buttons once its saga is decided, wherever that was. Slack is the world's.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import {
    actions, aelp2, ann, ask, bob, buttons, cardOf, channel, click, deadCard, decisions, drawn, faults,
    gateway, liveCard, messages, openSlack, post, propose, reaches, sign, stateOf, stranger, team,
    whispers,
} from "../support/slack.mjs";
import { waitFor } from "../support/wait.mjs";

before(openSlack);
after(() => aelp2?.destroy());

test("a proposal becomes a card that says what, who, until when, and under which ids", async () => {
    const saga = await propose({ note: "Fish & <chips>" });
    const card = await liveCard(saga);
    const text = JSON.stringify(card);
    assert.deepEqual(buttons(card), ["approve", "reject", "open"]);
    for (const part of [saga.id, saga.hash.toString("hex").slice(0, 12), "A note without effect",
        "0 of 1", "Fish &amp; &lt;chips&gt;", "✓"])
        assert.ok(text.includes(part), `${part} in ${text}`);
    assert.equal(actions(card)[0].value, `${saga.id} ${saga.hash.toString("hex")}`);
});

test("a signed click has its 200 before it is decided, lest Slack's 3 s run out; the card says who", async () => {
    const saga = await propose();
    const card = await liveCard(saga);
    const busy = await aelp2.superuser.connect();
    await busy.query("BEGIN");
    await busy.query("SELECT FROM saga.saga WHERE id = $1 FOR UPDATE", [saga.id]);
    const { delivered } = await click(card, bob.slack, "approve");
    assert.equal(delivered.status, 200);
    await busy.query("COMMIT");
    busy.release();
    const dead = await deadCard(saga);
    assert.ok(JSON.stringify(dead).includes(`Approved by <@${bob.slack}>`), JSON.stringify(dead));
    assert.deepEqual(await decisions(saga), [{ verdict: "approve", surface: "aelp_slack_bridge" }]);
});

test("the same signed request twice is one click", async () => {
    const saga = await propose();
    const signed = await click(await liveCard(saga), bob.slack, "approve", { deliver: false });
    for (let n = 0; n < 2; n++) assert.equal((await post(signed)).status, 200);
    await deadCard(saga);
    assert.equal((await post(signed)).status, 200);
    assert.equal((await decisions(saga)).length, 1);
    const [{ n }] = await ask("SELECT count(*)::int AS n FROM slack.click WHERE signature = $1",
        signed.headers["X-Slack-Signature"] ?? signed.headers["x-slack-signature"]);
    assert.equal(n, 1);
});

test("two clicks of one person are one decision", async () => {
    const saga = await propose();
    const card = await liveCard(saga);
    const both = [await click(card, bob.slack, "approve", { deliver: false }),
        await click(card, bob.slack, "approve", { deliver: false })];
    await Promise.all(both.map(post));
    await deadCard(saga);
    await waitFor(async () => (await ask("SELECT FROM slack.click WHERE stage <> 'answered'")).length === 0);
    assert.equal((await decisions(saga)).length, 1);
});

test("forged, stale and malformed requests are refused and not kept", async () => {
    const saga = await propose();
    const card = await liveCard(saga);
    const [{ n: before }] = await ask("SELECT count(*)::int AS n FROM slack.click");
    const forged = await click(card, bob.slack, "approve", { deliver: false, secret: "guess" });
    const stale = await click(card, bob.slack, "approve", { deliver: false, skew_s: -301 });
    const unsigned = { body: forged.body, headers: {} };
    for (const request of [forged, stale, unsigned]) assert.equal((await post(request)).status, 401);
    const value = { type: "block_actions", user: { id: bob.slack }, actions: [{ action_id: "approve" }] };
    for (const payload of [[], { type: "block_actions" }, value])
        assert.equal((await post(sign(payload))).status, 400, JSON.stringify(payload));
    const [{ n }] = await ask("SELECT count(*)::int AS n FROM slack.click");
    assert.equal(n, before);
    assert.equal(await stateOf(saga), "cleared");
});

test("what Slack reports beside decisions is answered and forgotten", async () => {
    const closed = { type: "view_closed", user: { id: bob.slack } };
    const opened = { type: "block_actions", user: { id: bob.slack }, actions: [{ action_id: "open" }] };
    for (const payload of [closed, opened]) assert.equal((await post(sign(payload))).status, 200);
});

test("a click on another hash is refused, its clicker told, and the buttons come back", async () => {
    const saga = await propose();
    const card = await liveCard(saga);
    const said = await whispers(bob.slack,
        () => click(card, bob.slack, "approve", { value: `${saga.id} ${"ab".repeat(32)}` }));
    assert.match(said, /it changed since you saw it/);
    await liveCard(saga);
    assert.equal(await stateOf(saga), "cleared");
});

test("an unlinked clicker is told how to link, and decides nothing", async () => {
    const saga = await propose();
    const card = await liveCard(saga);
    const said = await whispers(stranger, () => click(card, stranger, "approve"));
    assert.match(said, /not linked .*\/settings/);
    await liveCard(saga);
    assert.deepEqual(await decisions(saga), []);
});

test("a linked id of another workspace is somebody else", async () => {
    const saga = await propose();
    const card = await liveCard(saga);
    const said = await whispers(bob.slack, () => click(card, bob.slack, "approve", { team: "T0OTHER001" }));
    assert.match(said, /not linked/);
    assert.deepEqual(await decisions(saga), []);
});

test("a proposer can't approve their own change, and hears who can", async () => {
    const saga = await propose();
    const card = await liveCard(saga);
    const said = await whispers(ann.slack, () => click(card, ann.slack, "approve"));
    assert.match(said, /you proposed this change/);
    assert.match(said, /Somebody else/);
    await liveCard(saga);
    assert.equal(await stateOf(saga), "cleared");
});

test("Reject asks why; the sent dialog is the signed rejection, and the card shows the reason", async () => {
    const saga = await propose();
    const card = await liveCard(saga);
    await click(card, bob.slack, "reject");
    const view = await waitFor(async () => (await (await fetch(aelp2.url("world", "/_world/slack/views"))).json())
        .find((v) => v.private_metadata.startsWith(saga.id)), { what: "the dialog opens" });
    assert.equal(view.opened_for, bob.slack);
    assert.equal(await stateOf(saga), "cleared");
    const request = sign({
        type: "view_submission", user: { id: bob.slack, team_id: team }, team: { id: team },
        view: {
            callback_id: view.callback_id, private_metadata: view.private_metadata,
            state: { values: { reason: { reason: { type: "plain_text_input", value: "Too early: wait for May" } } } },
        },
    });
    assert.equal((await post(request)).status, 200);
    await reaches(saga, "rejected");
    assert.ok(JSON.stringify(await deadCard(saga)).includes("Too early: wait for May"));
});

test("whoever sends a dialog without being linked is told in the channel, alone", async () => {
    const saga = await propose();
    await liveCard(saga);
    const request = sign({
        type: "view_submission", user: { id: stranger, team_id: team },
        view: {
            callback_id: "reject", private_metadata: `${saga.id} ${saga.hash.toString("hex")}`,
            state: { values: { reason: { reason: { value: "no" } } } },
        },
    });
    const said = await whispers(stranger, () => post(request));
    assert.match(said, /not linked/);
    assert.equal(await stateOf(saga), "cleared");
});

test("while Postgres is away a click is turned away, so that it can be made again", async () => {
    const saga = await propose();
    const card = await liveCard(saga);
    const signed = await click(card, bob.slack, "approve", { deliver: false });
    await aelp2.halt("postgres");
    assert.equal((await post(signed)).status, 503);
    await aelp2.restart("postgres");
    await waitFor(async () => (await post(signed)).status === 200);
    await reaches(saga, "approved");
});

test("a decision on the web takes the buttons away here", async () => {
    const saga = await propose();
    await liveCard(saga);
    const { rows: [decided] } = await gateway.query(
        "SELECT result FROM saga.decide($1, $2, 'reject', 'token', $3, 'not now')",
        [[saga.id], [saga.hash], [bob.token]]);
    assert.equal(decided.result, "rejected");
    const dead = JSON.stringify(await deadCard(saga));
    assert.match(dead, /not now/);
    assert.match(dead, /on the web/);
});

test("an end that no message told of takes the buttons away all the same", async () => {
    const saga = await propose();
    await liveCard(saga);
    await ask("UPDATE saga.saga SET state = 'expired', version = version + 1 WHERE id = $1", saga.id);
    await deadCard(saga);
});

test("a card Slack could not take is posted once Slack is back, and only once", async () => {
    await drawn();
    await faults({ http_5xx_before_commit: 1 });
    const saga = await propose();
    await reaches(saga, "cleared");
    await waitFor(() => aelp2.log("slack-bridge").some((line) => line.msg === "Slack is away"));
    assert.equal(await cardOf(saga), undefined);
    await faults({ http_5xx_before_commit: 0 });
    await liveCard(saga);
    const copies = (await messages()).filter((m) => JSON.stringify(m).includes(saga.id));
    assert.equal(copies.length, 1);
});

test("a 429 is obeyed: the card comes when Slack said", async () => {
    await drawn();
    await faults({ http_429: { next: 1 }, retry_after_s: 2 });
    const began = Date.now();
    const saga = await propose();
    await liveCard(saga);
    assert.ok(Date.now() - began >= 2000);
    await faults({ http_429: 0 });
});

for (const point of ["after_click_stored", "before_decide", "after_decide"])
    test(`killed at ${point}, the first click still decides, once`, async () => {
        await aelp2.restart("slack-bridge", { AELP2_FAILPOINT: `${point}:exit` });
        const saga = await propose();
        const card = await liveCard(saga);
        const signed = await click(card, bob.slack, "approve", { deliver: false });
        await post(signed).catch(() => {}); // the process may end before it answers
        await deadCard(saga);
        assert.equal((await decisions(saga)).length, 1);
        assert.ok(aelp2.log("slack-bridge").some((line) => line.msg.includes("failpoint")
            || line.msg.startsWith("exited")));
    });

for (const point of ["before_cards_sent", "after_cards_sent"])
    test(`killed at ${point}, a card comes all the same and its click decides`, async () => {
        const crashes = () => aelp2.log("slack-bridge").filter(({ code }) => code === 137).length;
        const before = crashes();
        await aelp2.restart("slack-bridge", { AELP2_FAILPOINT: `${point}:exit` });
        const saga = await propose();
        await waitFor(() => crashes() > before, { what: `it is killed at ${point}` });
        await aelp2.ready("slack-bridge");
        await click(await liveCard(saga), bob.slack, "approve");
        await reaches(saga, "approved");
        assert.equal((await decisions(saga)).length, 1);
    });

test("a copy whose reply was lost is edited too once it was clicked", async () => {
    await waitFor(async () => (await ask(`SELECT FROM slack.post p JOIN saga.saga s ON s.id = p.saga_id
        WHERE p.open AND p.shown < s.version`)).length === 0,
    { what: "every card shows its proposal as it is, so that the lost reply is the new card's" });
    await faults({ lose_reply_after_commit: { next: 1, on: "writes" } });
    const saga = await propose();
    const copies = await waitFor(async () => {
        const found = (await messages()).filter((m) => JSON.stringify(m).includes(saga.id));
        return found.length === 2 && found;
    }, { what: "the card and its copy" });
    await click(copies[0], bob.slack, "approve");
    await reaches(saga, "approved");
    await waitFor(async () => (await messages()).filter((m) => JSON.stringify(m).includes(saga.id))
        .every((m) => !buttons(m).includes("approve")), { what: "both have lost their buttons" });
});

test("someone who clicks without end holds no card up", async () => {
    const nobody = { type: "view_submission", user: { id: stranger, team_id: team } };
    for (let n = 0; n < 50; n++) {
        const view = {
            callback_id: "reject", private_metadata: `${randomUUID()} ${"ab".repeat(32)}`,
            state: { values: { reason: { reason: { value: "no" } } } },
        };
        assert.equal((await post(sign({ ...nobody, view }))).status, 200);
    }
    const saga = await propose();
    await click(await liveCard(saga), bob.slack, "approve");
    await reaches(saga, "approved");
    await deadCard(saga);
    await ask("UPDATE slack.click SET stage = 'answered'");
});

test("more proposals than there is room for are one digest, edited as it changes", async () => {
    for (const { id, hash } of await ask("SELECT id, content_hash AS hash FROM saga.saga WHERE state = 'cleared'"))
        await gateway.query("SELECT FROM saga.decide($1, $2, 'reject', 'token', $3, 'done')", [[id], [hash], [bob.token]]);
    await waitFor(async () => (await messages()).every((m) => !buttons(m).includes("approve")),
        { what: "no live card is left" });
    await aelp2.restart("slack-bridge", { SLACK_CARDS_MAX: "2" });
    const sagas = await propose({ count: 5 });
    const digest = (n) => waitFor(async () => (await messages())
        .find((m) => JSON.stringify(m).includes(n)), { what: `the digest says ${n}` });
    const first = await digest("3 more proposals wait");
    const live = () => messages().then((all) => all.filter((m) => buttons(m).includes("approve")));
    await waitFor(async () => (await live()).length === 2, { what: "two cards" });
    for (const saga of sagas.slice(0, 3))
        await gateway.query("SELECT FROM saga.decide($1, $2, 'reject', 'token', $3, 'no')", [[saga.id], [saga.hash], [bob.token]]);
    const last = await digest("No more proposals wait");
    assert.equal(last.ts, first.ts);
    await waitFor(async () => (await live()).length === 2, { what: "the rest have cards" });
});

test("without a token it idles and says so", async () => {
    await aelp2.restart("slack-bridge", { SLACK_BOT_TOKEN: "" });
    const reply = await fetch(aelp2.url("slack-bridge", "/readyz"));
    assert.equal(reply.status, 200);
    assert.match(await reply.text(), /^idle: no SLACK_BOT_TOKEN/);
});
