// The world's Slack through the official Web API client, and its clicks against Slack's rule.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, before, beforeEach, test } from "node:test";
import { WebClient } from "@slack/web-api";
import { startWorld } from "../support/world.mjs";

let world, slack;
const channel = "C0GROWTH01";
const blocks = [
    { type: "header", text: { type: "plain_text", text: "Budget change" } },
    { type: "actions", block_id: "decide", elements: [
        { type: "button", action_id: "approve", value: "id|hash", style: "primary",
            text: { type: "plain_text", text: "Approve" } },
    ] },
];

before(async () => {
    world = await startWorld();
    slack = new WebClient(world.settings.SLACK_TOKEN, {
        slackApiUrl: `${world.url}/api/`, retryConfig: { retries: 0 },
    });
});
after(() => world?.stop());
beforeEach(() => world.reset());

test("a message is posted, edited and kept", async () => {
    const posted = await slack.chat.postMessage({ channel, text: "Approve?", blocks });
    assert.ok(posted.ok);
    await slack.chat.update({ channel, ts: posted.ts, text: "Approved by @alice", blocks: [] });
    const [kept] = await world.messages();
    assert.equal(kept.message.text, "Approved by @alice");
    assert.deepEqual(kept.message.blocks, []);
});

test("who and where are told", async () => {
    assert.equal((await slack.auth.test()).user, "aelp2");
    assert.equal((await slack.users.info({ user: "U0ALICE001" })).user.profile.email,
        "alice@demo.example");
    assert.equal((await slack.conversations.info({ channel })).channel.id, channel);
    await assert.rejects(slack.users.info({ user: "U0NOBODY01" }), /user_not_found/);
});

test("an ephemeral message is for one person", async () => {
    await slack.chat.postEphemeral({ channel, user: "U0BOB00001", text: "You may not approve" });
    const [kept] = await world.messages();
    assert.equal(kept.only_for, "U0BOB00001");
});

test("blocks over the limits are refused with the place", async () => {
    const long = [{ ...blocks[0], text: { type: "plain_text", text: "x".repeat(151) } }];
    await assert.rejects(slack.chat.postMessage({ channel, text: "x", blocks: long }), (error) => {
        assert.equal(error.data.error, "invalid_blocks");
        assert.match(error.data.response_metadata.messages[0], /\/blocks\/0\/text\/text/);
        return true;
    });
});

test("too many requests carry Retry-After, which the client obeys", async () => {
    await world.faults({ slack: { http_429: { next: 1 }, retry_after_s: 7 } });
    await assert.rejects(
        new WebClient("xoxb-conformance", {
            slackApiUrl: `${world.url}/api/`, rejectRateLimitedCalls: true,
        }).auth.test(),
        (error) => error.retryAfter === 7);
});

test("a click carries Slack's signature and opens what it may", async () => {
    const { ts } = await slack.chat.postMessage({ channel, text: "Approve?", blocks });
    const { body, headers } = await world.click(
        { channel, ts, user: "U0ALICE001", action_id: "approve" });
    const base = `v0:${headers["X-Slack-Request-Timestamp"]}:${body}`;
    assert.equal(headers["X-Slack-Signature"],
        `v0=${createHmac("sha256", "hush").update(base).digest("hex")}`);

    const payload = JSON.parse(new URLSearchParams(body).get("payload"));
    assert.equal(payload.user.id, "U0ALICE001");
    assert.equal(payload.actions[0].value, "id|hash");
    assert.equal(payload.message.ts, ts);
    const view = { type: "modal", title: { type: "plain_text", text: "Reject" },
        blocks: [blocks[0]] };
    assert.ok((await slack.views.open({ trigger_id: payload.trigger_id, view })).view.id);

    const reply = await fetch(payload.response_url, {
        method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify({ replace_original: true, text: "processing by @alice" }),
    });
    assert.equal(reply.status, 200);
    assert.equal((await world.messages())[0].message.text, "processing by @alice");
});

test("a click is delivered to where it is told", async (t) => {
    const received = [];
    const server = createServer((request, response) => {
        request.on("data", (data) => received.push(data));
        request.on("end", () => response.end("thanks"));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    const { ts } = await slack.chat.postMessage({ channel, text: "Approve?", blocks });
    const url = `http://127.0.0.1:${server.address().port}/slack/actions`;
    const { body, delivered } = await world.click(
        { channel, ts, user: "U0BOB00001", action_id: "approve", url });
    assert.equal(delivered.status, 200);
    assert.equal(delivered.body, "thanks");
    assert.equal(Buffer.concat(received).toString(), body);
});
