// gateway: the API against a real ledger: what it takes, what it refuses and how, what it says live.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { openApi, spareToken } from "../support/api.mjs";
import { startInstance } from "../support/instance.mjs";
import { seedPeople, tokenOf } from "../support/people.mjs";
import { waitFor } from "../support/wait.mjs";

const account = "google/1234567890";
const nobody = "01a1fe7c-5793-4807-9f18-d775b141e65d";
let aelp2;
let ask;

before(async () => {
    aelp2 = await startInstance({
        only: ["postgres", "nats", "outbox-relay", "guardrail-evaluator", "budget-publisher", "world", "gateway"],
        env: { "budget-publisher:BUDGET_OBSERVE_S": "1" },
    });
    await seedPeople(aelp2);
    await waitFor(async () => (await aelp2.superuser.query("SELECT FROM saga.target")).rowCount > 0,
        { what: "the world's budgets are known" });
    ask = await openApi(aelp2);
});
after(() => aelp2?.destroy());

function propose(body, { key = randomUUID(), ...rest } = {}) {
    return ask("POST", "/api/v1/proposals", { body, headers: { "Idempotency-Key": key }, ...rest });
}

const note = (text = "a note") => ({ kind: "noop.note", note: text });
const budget = (effect) => ({ kind: "budget.change", effects: [{ account, target: "campaignBudgets/9", ...effect }] });

async function until(id, state) {
    return waitFor(async () => {
        const { body } = await ask("GET", `/api/v1/proposals/${id}`);
        return body.state === state && body;
    }, { what: `${id} is ${state}` });
}

const act = (id, action, hash, options = {}) => ask("POST", `/api/v1/proposals/${id}/${action}`,
    { as: "ben", ...options, headers: hash ? { "If-Match": `"${hash}"` } : {} });

test("without a token, or with a wrong one, nothing is told", async () => {
    const bare = await ask("GET", "/api/v1/me", { as: null });
    assert.equal(bare.status, 401);
    assert.equal(bare.body.code, "token_missing");
    assert.equal(bare.headers.get("www-authenticate"), "Bearer");
    const tokens = [["aelp2_guess", "token_refused"], ["x".repeat(256), "token_refused"],
        ["x".repeat(257), "token_missing"], ["\u00e9", "token_missing"]];
    for (const [token, code] of tokens) {
        const wrong = await ask("GET", "/api/v1/me", { token });
        assert.deepEqual([wrong.status, wrong.body.code], [401, code]);
    }
});

test("a token shows whose it is, and its roles", async () => {
    const { status, body } = await ask("GET", "/api/v1/me", { as: "cleo" });
    assert.equal(status, 200);
    assert.deepEqual(body.roles, ["approver", "operator"]);
});

test("a note goes all the way, and its page has the whole story", async () => {
    const made = await propose(note("all the way"));
    assert.equal(made.status, 201);
    assert.equal(made.headers.get("location"), `/api/v1/proposals/${made.body.id}`);
    const cleared = await until(made.body.id, "cleared");
    assert.equal(cleared.note, "all the way");
    assert.ok(cleared.verdicts.every(({ passed }) => passed));
    const approved = await act(made.body.id, "approvals", made.body.hash, { body: { reason: "fine" } });
    assert.deepEqual([approved.status, approved.body.result, approved.body.missing], [200, "approved", 0]);
    const confirmed = await until(made.body.id, "confirmed");
    assert.deepEqual(confirmed.events.map(({ event }) => event),
        ["proposed", "cleared", "approved", "executing", "executed", "confirmed"]);
    assert.equal(confirmed.events[2].note, "fine");
    assert.equal(confirmed.decisions[0].surface, "aelp_gateway");
});

test("the budget of the change is read from the platform, and six percent are blocked", async () => {
    const made = await propose(budget({ daily: "53.00" }));
    assert.equal(made.status, 201);
    const blocked = await until(made.body.id, "blocked");
    assert.deepEqual([blocked.effects[0].before, blocked.effects[0].after], ["50", "53"]);
    assert.equal(blocked.effects[0].after_micros, "53000000");
    const failed = blocked.verdicts.filter(({ passed }) => !passed);
    assert.deepEqual(failed.map(({ rule }) => rule), ["per_change"]);
    assert.match(failed[0].sentence, /6 % > 5 %: at most \$52\.50/);
});

test("the same key and body is the same answer; another body is refused", async () => {
    const key = randomUUID();
    const first = await propose(note("once"), { key });
    const again = await propose(note("once"), { key });
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.equal(again.headers.get("idempotent-replay"), "true");
    assert.equal(again.body.id, first.body.id);
    assert.equal(again.body.hash, first.body.hash);
    const other = await propose(note("twice"), { key });
    assert.deepEqual([other.status, other.body.code], [422, "idempotency_key_reused"]);
    const { rowCount } = await aelp2.superuser.query("SELECT FROM saga.note WHERE text IN ('once', 'twice')");
    assert.equal(rowCount, 1);
});

test("another person's same key is another request", async () => {
    await aelp2.superuser.query(`INSERT INTO people.grant_of (person_id, role)
        SELECT person_id, 'proposer' FROM people.name WHERE name = 'ben'`);
    const mine = await propose(note("shared key"), { key: "4650" });
    const theirs = await propose(note("shared key"), { key: "4650", as: "ben" });
    assert.deepEqual([mine.status, theirs.status], [201, 201]);
    assert.notEqual(mine.body.id, theirs.body.id);
});

const badBodies = [
    ["unknown kind", { kind: "budget.burn" }, "/kind", /there is no budget\.burn/],
    ["no kind", {}, "/kind", /missing/],
    ["unknown member", { ...note(), approve: true }, "/approve", /not a member/],
    ["a float", budget({ daily: 52.5 }), "/effects/0/daily", /decimal in a string/],
    ["NaN", budget({ daily: "NaN" }), "/effects/0/daily", /not a decimal/],
    ["Infinity", budget({ daily: "Infinity" }), "/effects/0/daily", /not a decimal/],
    ["negative", budget({ daily: "-52.50" }), "/effects/0/daily", /negative/],
    ["absurd", budget({ daily: "1000000000000" }), "/effects/0/daily", /over 1,000,000,000/],
    ["too fine", budget({ daily: "52.5000001" }), "/effects/0/daily", /6 decimals/],
    ["not the account's unit", budget({ daily: "52.505" }), "/effects/0/daily", /multiple of 0\.01 in this account/],
    ["no change", budget({ daily: "50.00" }), "/effects/0/daily", /that already/],
    ["unknown budget", budget({ target: "campaignBudgets/9999", daily: "52.50" }), "/effects/0/target", /no budget/],
    ["unknown account", budget({ account: "google/1", daily: "52.50" }), "/effects/0/target", /no budget/],
    ["shared budget", budget({ target: "campaignBudgets/13", daily: "52.50" }), "/effects/0/target", /shared/],
    ["no effects", { kind: "budget.change" }, "/effects", /1 to 20/],
    ["the same budget twice", { kind: "budget.change", effects: [1, 2].map(() => budget({ daily: "52.50" }).effects[0]) },
        "/effects", /twice/],
    ["effects of a note", { kind: "noop.note", effects: budget({ daily: "52.50" }).effects }, "/effects", /0 to 0/],
    ["a long note", note("x".repeat(4001)), "/note", /4000/],
    ["replaces nothing", { ...note(), replaces: nobody }, "/replaces", /no such proposal/],
    ["a short life", { ...note(), ttl_s: 1 }, "/ttl_s", /60 to 604800/],
    ["broken JSON", "{\"kind\":", "", /./],
    ["doubled member", "{\"kind\":\"noop.note\",\"kind\":\"budget.change\"}", "", /./],
];
for (const [name, body, pointer, rule] of badBodies) {
    test(`a proposal with ${name} is refused, naming the field and the rule`, async () => {
        const answer = await propose(body);
        assert.equal(answer.status, 422, JSON.stringify(answer.body));
        assert.equal(answer.headers.get("content-type"), "application/problem+json");
        assert.equal(answer.body.errors[0].pointer, pointer);
        assert.match(answer.body.errors[0].text, rule);
        assert.equal(answer.body.request_id, answer.headers.get("x-request-id"));
    });
}

test("a proposal needs its idempotency key, of a decent form", async () => {
    const bare = await ask("POST", "/api/v1/proposals", { body: note() });
    assert.deepEqual([bare.status, bare.body.code], [400, "idempotency_key_missing"]);
    const long = await propose(note(), { key: "k".repeat(65) });
    assert.equal(long.body.errors[0].pointer, "Idempotency-Key");
});

test("a body over 64 KiB is cut off", async () => {
    const { status } = await propose(note("x".repeat(70_000)));
    assert.equal(status, 413);
});

test("a decision binds what was seen: without If-Match 428, with another hash 412", async () => {
    const { body: made } = await propose(note("binding"));
    await until(made.id, "cleared");
    assert.equal((await act(made.id, "approvals")).status, 428);
    for (const wrong of ["0".repeat(64), made.hash.toUpperCase().slice(1), "*"]) {
        const { status, body } = await act(made.id, "approvals", wrong);
        assert.deepEqual([status, body.code], [412, "changed"]);
    }
    assert.equal((await act(made.id, "approvals", made.hash)).status, 200);
    const { rowCount } = await aelp2.superuser.query("SELECT FROM saga.decision WHERE saga_id = $1", [made.id]);
    assert.equal(rowCount, 1);
});

test("nobody approves their own change", async () => {
    const { body: made } = await propose(note("mine"));
    await until(made.id, "cleared");
    const { status, body } = await act(made.id, "approvals", made.hash, { as: "ana" });
    assert.deepEqual([status, body.code], [403, "own_change"]);
    assert.match(body.detail, /somebody else must approve it/);
});

test("a rejection needs a reason, and ends it", async () => {
    const { body: made } = await propose(note("to be rejected"));
    await until(made.id, "cleared");
    assert.equal((await act(made.id, "rejections", made.hash)).status, 422);
    assert.equal((await act(made.id, "rejections", made.hash, { body: { reason: "no" } })).body.result, "rejected");
    const late = await act(made.id, "approvals", made.hash);
    assert.deepEqual([late.status, late.body.code], [409, "state"]);
});

test("only who proposed it cancels it", async () => {
    const { body: made } = await propose(note("to be cancelled"));
    await until(made.id, "cleared");
    const stranger = await act(made.id, "cancel", made.hash);
    assert.deepEqual([stranger.status, stranger.body.code], [403, "not_proposer"]);
    assert.equal((await act(made.id, "cancel", made.hash, { as: "ana" })).body.result, "cancelled");
});

test("what has a known outcome is not resolved, and a note is not rolled back", async () => {
    const { body: made } = await propose(note("nothing to resolve"));
    await until(made.id, "cleared");
    const resolved = await act(made.id, "resolve", made.hash, { body: { outcome: "applied", reason: "seen" } });
    assert.deepEqual([resolved.status, resolved.body.code], [409, "state"]);
    const vague = await act(made.id, "resolve", made.hash, { body: { outcome: "perhaps", reason: "seen" } });
    assert.equal(vague.body.errors[0].pointer, "/outcome");
});

test("an unknown proposal is 404 for every action", async () => {
    for (const id of [nobody, "nonsense"]) {
        assert.equal((await ask("GET", `/api/v1/proposals/${id}`)).status, 404);
        for (const action of ["approvals", "rejections", "withdrawals", "cancel", "rollback"]) {
            assert.equal((await act(id, action, "0".repeat(64))).status, 404, action);
        }
    }
});

test("pages are newest first, and follow each other without gap or repeat", async () => {
    for (let i = 0; i < 5; i++) await propose(note(`page ${i}`));
    const seen = [];
    let cursor = "";
    do {
        const { body } = await ask("GET", `/api/v1/proposals?limit=2${cursor && `&cursor=${cursor}`}`);
        seen.push(...body.items.map(({ id }) => id));
        cursor = body.next_cursor;
    } while (cursor);
    const { rows } = await aelp2.superuser.query("SELECT id FROM saga.saga ORDER BY id DESC");
    assert.deepEqual(seen, rows.map(({ id }) => id));
    const first = await ask("GET", `/api/v1/proposals?id=${seen[0].slice(0, 23)}`);
    assert.deepEqual(first.body.items.map(({ id }) => id), [seen[0]]);
    const blocked = await ask("GET", "/api/v1/proposals?state=blocked");
    assert.ok(blocked.body.items.length > 0 && blocked.body.items.every(({ state }) => state === "blocked"));
});

for (const query of ["state=sideways", "limit=0", "limit=201", "limit=x", "cursor=zz", "id=abc"]) {
    test(`a list with ${query} is refused, naming the parameter`, async () => {
        const { status, body } = await ask("GET", `/api/v1/proposals?${query}`);
        assert.deepEqual([status, body.errors[0].pointer], [422, query.split("=")[0]]);
    });
}

test("one stops, two resume", async () => {
    const control = (as, body) => ask("POST", "/api/v1/control", { as, body });
    const inForce = async () => (await ask("GET", "/api/v1/control")).body.items.map(({ scope, level }) => [scope, level]);
    const { person } = (await ask("GET", "/api/v1/me", { as: "ana" })).body;
    assert.deepEqual(await inForce(), [["*", "run"]]);
    assert.equal((await control("ana", { scope: "google", level: "freeze" })).body.result, "freeze");
    assert.equal((await control("ana", { scope: "*", level: "stop" })).body.result, "stop");
    assert.deepEqual(await inForce(), [["*", "stop"], ["google", "freeze"]]);
    const { items } = (await ask("GET", "/api/v1/control")).body;
    assert.deepEqual(items.map((item) => [item.person, item.name, Date.now() - new Date(item.since) < 60_000]),
        [[person, "ana", true], [person, "ana", true]]);
    for (const as of ["ben", "cleo"]) await control(as, { scope: "google", level: "run" });
    assert.deepEqual(await inForce(), [["*", "stop"], ["google", "run"]]);
    assert.equal((await control("ben", { scope: "*", level: "run" })).body.result, "asked");
    assert.equal((await control("ben", { scope: "*", level: "run" })).body.result, "asked");
    assert.equal((await control("cleo", { scope: "*", level: "run" })).body.result, "run");
    for (const body of [{ scope: "*", level: "sideways" }, { scope: "nonsense", level: "stop" }]) {
        assert.equal((await control("ben", body)).status, 422);
    }
});

test("what was decided in one's name is listed, and taken back with what decided it", async () => {
    const { body: made } = await propose(note("not by ben"));
    await until(made.id, "cleared");
    await aelp2.superuser.query("INSERT INTO saga.control (scope, level, effective, at) VALUES ('noop.note', 'stop', true, now())");
    const token = await spareToken(aelp2, "ben");
    const approved = await act(made.id, "approvals", made.hash, { token });
    assert.equal(approved.body.result, "approved");
    const mine = async (as) => (await ask("GET", "/api/v1/me/decisions", { as })).body.items;
    const [decision] = await mine("ben");
    assert.deepEqual([decision.proposal, decision.verdict, decision.surface, decision.told_at, decision.disowned_at],
        [made.id, "approve", "aelp_gateway", null, null]);
    assert.ok(!(await mine("cleo")).some(({ id }) => id === decision.id));

    const disown = (options) => ask("POST", "/api/v1/me/disownments", { body: { decisions: [decision.id] }, ...options });
    const theirs = await disown({ as: "cleo" });
    assert.deepEqual([theirs.status, theirs.body.code], [404, "unknown"]);
    const nobodys = await disown({ token: "guess" });
    assert.deepEqual([nobodys.status, nobodys.body.code], [401, "token_refused"]);
    for (const decisions of [undefined, [], ["1"], [0], [1.5], 1]) {
        assert.equal((await disown({ as: "ben", body: { decisions } })).status, 422);
    }
    const { status, body } = await disown({ as: "ben" });
    assert.equal(status, 200);
    assert.match(body.items[0].sentence, /^the proposal is rejected; everything is frozen until two people resume; the token /);
    assert.equal((await disown({ as: "ben" })).body.items[0].result, "already");

    const shown = await until(made.id, "rejected");
    assert.ok(shown.decisions[0].disowned_at);
    assert.equal(shown.events.at(-1).note, "disowned by its approver");
    assert.equal((await ask("GET", "/api/v1/me", { token })).status, 401);
    const levels = (await ask("GET", "/api/v1/control")).body.items;
    assert.equal(levels.find(({ scope }) => scope === "*").level, "freeze");
    for (const scope of ["*", "noop.note"])
        for (const as of ["ben", "cleo"]) await ask("POST", "/api/v1/control", { as, body: { scope, level: "run" } });
});

test("a token that was revoked reads for a second at most, and decides nothing from then on", async () => {
    await Promise.all(["me", "proposals", "accounts", "budgets", "control"].map(async (what) => {
        const token = await spareToken(aelp2, "ana");
        const read = () => ask("GET", `/api/v1/${what}`, { token });
        assert.equal((await read()).status, 200);
        await aelp2.superuser.query("UPDATE people.credential SET revoked_at = now() WHERE hash = sha256(convert_to($1, 'UTF8'))", [token]);
        const revoked = performance.now();
        const decided = await propose(note("with a token that was revoked"), { token });
        assert.deepEqual([decided.status, decided.body.code], [401, "token_refused"]);
        for (let asked = revoked; (await read()).status === 200; asked = performance.now())
            assert.ok(asked - revoked < 1002, `${what}: taken ${asked - revoked} ms after the token was revoked`);
        assert.equal((await read()).status, 401);
    }));
});

test("who is not active any more signs in nowhere, but takes back what was done in their name", async () => {
    const { body: made } = await propose(note("after leaving"));
    await until(made.id, "cleared");
    await act(made.id, "approvals", made.hash, { as: "cleo" });
    const [{ id }] = (await ask("GET", "/api/v1/me/decisions", { as: "cleo" })).body.items;
    const token = await spareToken(aelp2, "cleo");
    const active = (is) => aelp2.superuser.query(`UPDATE people.person SET active = $1
        WHERE id = (SELECT person_id FROM people.name WHERE name = 'cleo')`, [is]);
    await active(false);
    assert.equal((await ask("GET", "/api/v1/me", { token })).status, 401);
    const { status } = await ask("POST", "/api/v1/me/disownments", { token, body: { decisions: [id] } });
    assert.equal(status, 200);
    await active(true);
    await aelp2.superuser.query("UPDATE people.credential SET revoked_at = NULL");
    for (const as of ["ben", "cleo"]) await ask("POST", "/api/v1/control", { as, body: { scope: "*", level: "run" } });
});

test("a page names people to those with a part here, shows what was refused, and what was erased", async () => {
    const { body: made } = await propose(note("to be erased"));
    await until(made.id, "cleared");
    assert.equal((await act(made.id, "approvals", made.hash, { as: "ana" })).status, 403);
    await act(made.id, "rejections", made.hash, { body: { reason: "no" } });
    await aelp2.as("admin").query("SELECT saga.erase_note($1, 0)", [made.id]);
    const { body: shown } = await ask("GET", `/api/v1/proposals/${made.id}`);
    assert.deepEqual([shown.note, shown.proposer_name, shown.decisions[0].name], ["(erased)", "ana", "ben"]);
    assert.deepEqual(shown.events.map(({ name, note: said }) => [name, said]), [["ana", ""], [null, ""], ["ben", "no"]]);
    const [refused] = shown.refusals;
    assert.deepEqual([refused.name, refused.door, refused.surface, refused.more], ["ana", "decide", "aelp_gateway", 0]);
    assert.match(refused.sentence, /^you proposed this change/);
});

test("events come live, and a listener that was away resumes where it was", async () => {
    const listen = async (headers = {}) => {
        const aborter = new AbortController();
        const response = await fetch(aelp2.url("api", "/api/v1/events"), {
            headers: { Authorization: `Bearer ${tokenOf(aelp2, "ana")}`, ...headers }, signal: aborter.signal });
        assert.equal(response.headers.get("content-type"), "text/event-stream");
        const events = [];
        const reading = (async () => {
            let text = "";
            for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
                text += chunk;
                const frames = text.split("\n\n");
                text = frames.pop();
                for (const [, data] of frames.map((frame) => frame.split("data: "))) {
                    if (data) events.push(JSON.parse(data));
                }
            }
        })().catch(() => {});
        return { events, async close() { aborter.abort(); await reading; } };
    };
    const live = await listen();
    const { body: made } = await propose(note("heard"));
    const heard = await waitFor(() => live.events.find((event) => event.saga === made.id && event.event === "cleared"));
    await live.close();
    const { rows } = await aelp2.superuser.query("SELECT seq FROM saga.event ORDER BY seq");
    const resumed = await listen({ "Last-Event-ID": String(Number(rows[0].seq)) });
    await waitFor(() => resumed.events.length >= rows.length - 1);
    await resumed.close();
    assert.deepEqual(resumed.events.slice(0, rows.length - 1).map(({ seq }) => String(seq)),
        rows.slice(1).map(({ seq }) => seq));
    assert.ok(heard.seq <= Number(rows.at(-1).seq));
});

test("promised routes answer 501, unknown ones 404, wrong methods 405", async () => {
    const later = await ask("GET", "/api/bq/mmm/curves");
    assert.deepEqual([later.status, later.body.code], [501, "not_implemented"]);
    assert.equal((await ask("POST", "/api/module/x/start")).status, 501);
    assert.equal((await ask("GET", "/api/v2/proposals")).status, 404);
    assert.equal((await ask("DELETE", "/api/v1/proposals")).status, 405);
});

test("answers are not cached, framed or sniffed, and no token is logged", async () => {
    const { headers } = await ask("GET", "/api/v1/me");
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("content-security-policy"), /default-src 'none'/);
    const logged = JSON.stringify(aelp2.log("gateway"));
    for (const person of ["ana", "ben", "cleo"]) assert.ok(!logged.includes(tokenOf(aelp2, person)));
});

async function residentBytes() {
    const metrics = await (await fetch(aelp2.url("gateway", "/metrics"))).text();
    return Number(/process_resident_memory_bytes (\d+)/.exec(metrics)[1]);
}

// 10 000 connections that say nothing: the first thousand stay, so that those behind them find no
// room but the little that was left.
async function storm() {
    const connections = () => Array.from({ length: 1000 }, () => connect(aelp2.ports.api, "127.0.0.1"));
    const held = connections();
    await Promise.all(held.map((socket) => new Promise((resolve, reject) => {
        socket.on("connect", resolve).on("error", reject);
    })));
    let refused = 0;
    for (let round = 1; round < 10; round++) {
        const batch = connections();
        for (const socket of batch) {
            socket.on("error", () => {}).on("end", () => { refused++; }).resume();
        }
        await waitFor(() => refused >= round * 900, { what: `${round}: most are turned away` });
        batch.forEach((socket) => socket.destroy());
    }
    held.forEach((socket) => socket.destroy());
    await waitFor(async () => (await ask("GET", "/api/v1/me")).status === 200, { what: "it answers again" });
}

const sanitized = ["asan", "tsan"].includes(process.env.AELP2_PRESET)
    && "a sanitizer's shadow memory is no service's own";
test("idle it takes less than 20 MB, and a storm of silent connections leaves nothing behind", {
    skip: sanitized,
}, async () => {
    const idle = await residentBytes();
    assert.ok(idle < 20e6, `${idle} bytes before`);
    await storm();
    await storm(); // the heap has its size now
    const after = await residentBytes();
    await storm();
    const again = await residentBytes();
    assert.ok(again < after * 1.1, `${idle}, ${after}, then ${again} bytes`);
});

test("Postgres away is 503 with Retry-After; when it is back, so are the answers", async () => {
    await aelp2.halt("postgres");
    const away = await ask("GET", "/api/v1/accounts");
    assert.deepEqual([away.status, away.body.code, away.body.retryable], [503, "ledger_away", true]);
    assert.ok(away.headers.get("retry-after"));
    await aelp2.restart("postgres");
    await waitFor(async () => (await ask("GET", "/api/v1/me")).status === 200, { what: "answers again" });
});
