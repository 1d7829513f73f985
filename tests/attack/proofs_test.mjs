// Nobody speaks for somebody else: forged, stale, borrowed and reused proofs, self-approval by
// every way round, quorums made of one person, limits outrun.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";

import { openArena, signature, slackSecret, slackTeam } from "./arena.mjs";

let arena;
before(async () => {
    arena = await openArena();
});
after(() => arena?.destroy());

async function cleared(options) {
    const change = await (options?.note ? arena.propose(options) : arena.proposeBudget(options));
    await arena.clear(change);
    return change;
}

const badProof = ["22P02", "22021", "22023", "22003", "23502", "23514"];

async function refused(what, member, change, options) {
    const before_ = await arena.ledger(change);
    await arena.attack(what, arena.door(member, options.door ?? "decide", change,
        { verdict: "approve", raises: badProof, ...options }).then(({ went }) => went));
    assert.equal(await arena.ledger(change), before_, what);
}

const random = () => randomBytes(32).toString("hex");

// Tokens nobody may decide with, and who they would be.
async function badTokens() {
    const { bob } = arena.people;
    const tokens = { unknown: random(), empty: "", null: null, "the stored hash":
        createHash("sha256").update(bob.token).digest("hex"), "cut short": bob.token.slice(1) };
    for (const name of ["revoked", "expired", "service"]) {
        tokens[name] = random();
        await arena.addToken(bob.id, tokens[name], "1 day");
        await arena.sql.query(`UPDATE people.credential SET ${{ revoked: "revoked_at = now()",
            expired: "expires_at = now()", service: "service = true" }[name]} WHERE hash = $1`,
        [createHash("sha256").update(tokens[name]).digest()]);
    }
    const gone = await arena.addPerson("gone", ["approver", "operator", "proposer"]);
    await arena.as("admin").query("SELECT people.set_active($1, false)", [gone.id]);
    const left = await arena.addPerson("left", ["approver", "operator", "proposer"]);
    await arena.as("admin").query("SELECT people.revoke_tokens($1)", [left.id]);
    return { ...tokens, "of one who is not active": gone.token, "revoked by the admin": left.token,
        viewer: arena.people.vic.token };
}

test("a token that is forged, revoked, expired, a service's or a viewer's opens no door", async () => {
    const change = await cleared();
    const running = await arena.executing();
    await arena.must(arena.door("budget-publisher", "finish", running, { outcome: "unknown" }));
    const done = await arena.executed();
    await arena.quiet(done);
    for (const [name, token] of Object.entries(await badTokens())) {
        arena.people.forger = { ...arena.people.bob, token };
        const tries = [["decide", change, { verdict: "approve" }], ["decide", change, { verdict: "reject" }],
            ["advance", change, { to: "cancelled" }], ["resolve", running, { outcome: "applied" }],
            ["begin_rollback", done, {}]];
        for (const [door, of, options] of tries)
            await refused(`${name} token: ${door}`, "gateway", of, { door, by: "forger", ...options });
        for (const level of ["run", "stop", "freeze"])
            await arena.attack(`${name} token: control`,
                arena.door("gateway", "set_control", null, { level, by: "forger" }).then(({ went }) => went));
        await arena.attack(`${name} token: propose`, arena.propose({ by: "forger" }).then(({ created }) => created));
    }
});

test("a cancel whose proof proves nobody says why, one by somebody else whose it is", async () => {
    const change = await cleared();
    const cancel = (by) => arena.door("gateway", "advance", change, { to: "cancelled", by }).then(({ why }) => why);
    arena.people.forger = { ...arena.people.bob, token: random() };
    assert.equal(await cancel("forger"), "unknown token");
    assert.equal(await cancel("gone"), "this person is not active");
    assert.equal(await cancel("bob"), "proposer");
});

test("a surface carries only its own kind of proof", async () => {
    const change = await cleared();
    const { bob } = arena.people;
    const click = arena.proof("slack-bridge", "bob", change, "approve");
    await refused("a click through the gateway", "gateway", change, click);
    await refused("a token through the bridge", "slack-bridge", change, { kind: "token", proof: [bob.token] });
    for (const kind of ["", null, "passkey", "token,slack"])
        for (const member of ["gateway", "slack-bridge"])
            await refused(`proof of kind ${kind}`, member, change, { kind, proof: [bob.token] });
    for (const proof of [[], [bob.token, bob.token], [arena.people.vic.token, bob.token]])
        await refused("tokens in a wrong number", "gateway", change, { kind: "token", proof });
    const all = click.proof;
    for (const proof of [[], all.slice(0, 1), all.slice(0, 2), [...all, all[2]]])
        await refused("a click with parts missing", "slack-bridge", change, { kind: "slack", proof });
});

test("a Slack click that Slack did not sign so decides nothing", async () => {
    const change = await cleared();
    const other = await cleared();
    const value = `${change.id} ${change.hash.toString("hex")}`;
    const { bob, vic, ann } = arena.people;
    const now = Math.floor(Date.now() / 1000);
    const good = { user: bob.slack, value, action: "approve" };
    const [body, stamp, signed] = arena.click(good);
    const sign = (text, at = stamp) => [text, at, signature(text, at)];
    const json = (payload) => sign(`payload=${encodeURIComponent(JSON.stringify(payload))}`);
    const payload = { type: "block_actions", user: { id: bob.slack }, team: { id: slackTeam },
        actions: [{ action_id: "approve", value }] };
    const forged = {
        "another secret": arena.click({ ...good, secret: "guess" }),
        "no secret": arena.click({ ...good, secret: "" }),
        "the secret cut": arena.click({ ...good, secret: slackSecret.slice(1) }),
        "too old": arena.click({ ...good, stamp: now - 302 }),
        "of the future": arena.click({ ...good, stamp: now + 900 }),
        "a newer stamp put on": [body, String(now + 1), signed],
        "no stamp": [body, "", signature(body, "")],
        "a stamp that is no number": [body, "now", signature(body, "now")],
        "a stamp with a sign": [body, `+${now}`, signature(body, `+${now}`)],
        "a stamp of two lines": [body, `${now}\n`, signature(body, `${now}\n`)],
        "no signature": [body, stamp, ""],
        "a null signature": [body, stamp, null],
        "a null stamp": [body, null, signed],
        "nothing but a body": [body, null, null],
        "nothing at all": [null, null, null],
        "a null body": [null, stamp, signed],
        "an upper-case signature": [body, stamp, signed.toUpperCase()],
        "another version": [body, stamp, signed.replace("v0", "v1")],
        "a signature with more": [body, stamp, `${signed}00`],
        "an altered body": [body.replace("approve", "approvE"), stamp, signed],
        "another user's name put in": [body.replace(bob.slack, ann.slack), stamp, signed],
        "a longer body": [`${body}&x=1`, stamp, signed],
        "the body decoded": [decodeURIComponent(body), stamp, signed],
        "the body encoded otherwise": [body.replaceAll("%2C", "%2c"), stamp, signed],
        "a space for a plus": [body.replaceAll("%20", "+"), stamp, signed],
        "another field first": sign(`x=1&${body}`),
        "the field's name encoded": sign(body.replace("payload", "%70ayload")),
        "two payloads": sign(`${body}&${body}`),
        "two payloads, the first a stranger's": sign(`payload=%7B%7D&${body}`),
        "a truncated escape": sign(`${body}%`),
        "a zero byte": sign(`${body}%00`),
        "broken UTF-8": sign(body.replace("approve", "%ff")),
        "an encoded ampersand": sign(`${body}%26payload%3D%7B%7D`),
        "not a payload": sign("payload="),
        "a list": json([payload]),
        "another type": json({ ...payload, type: "shortcut" }),
        "no user": json({ ...payload, user: {} }),
        "two users, the last a stranger": sign(body.replace("%22user%22", "%22user%22%3A%7B%22id%22%3A%22"
            + `${bob.slack}%22%7D%2C%22user%22%3A%7B%22id%22%3A%22U0STRANGER%22%7D%2C%22former%22`)),
        "an unlinked user": json({ ...payload, user: { id: "U0STRANGER" } }),
        "another team": json({ ...payload, team: { id: "T0OTHER" } }),
        "another team of the user's own": json({ ...payload, user: { id: bob.slack, team_id: "T0OTHER" } }),
        "a viewer": json({ ...payload, user: { id: vic.slack } }),
        "the proposer": json({ ...payload, user: { id: ann.slack } }),
        "no action": json({ ...payload, actions: [] }),
        "a click on something else": json({ ...payload, actions: [{ action_id: "overflow", value }] }),
        "another verdict": json({ ...payload, actions: [{ action_id: "reject", value }] }),
        "another saga": json({ ...payload, actions: [{ action_id: "approve",
            value: `${other.id} ${other.hash.toString("hex")}` }] }),
        "another saga's hash": json({ ...payload, actions: [{ action_id: "approve",
            value: `${change.id} ${other.hash.toString("hex")}` }] }),
        "no hash": json({ ...payload, actions: [{ action_id: "approve", value: change.id }] }),
        "a verdict in the value": json({ ...payload, actions: [{ action_id: "x", value: `${value} approve` }] }),
        "the second action": json({ ...payload, actions: [{ action_id: "open" }, payload.actions[0]] }),
        "a dialog's rejection": json({ type: "view_submission", user: payload.user, team: payload.team,
            view: { private_metadata: value, state: { values: { reason: { reason: { value: "no" } } } } } }),
    };
    for (const [name, proof] of Object.entries(forged))
        await refused(`a click: ${name}`, "slack-bridge", change, { kind: "slack", proof });
    await arena.must(arena.door("slack-bridge", "decide", change, { verdict: "approve" }));
});

test("the reason of a rejection is the one that was signed", async () => {
    const change = await cleared();
    const proof = arena.click({ user: arena.people.bob.slack, action: "reject", reason: "too early",
        value: `${change.id} ${change.hash.toString("hex")}` });
    await refused("another reason", "slack-bridge", change,
        { verdict: "reject", kind: "slack", proof, reason: "Bob resigns" });
    await arena.must(arena.door("slack-bridge", "decide", change,
        { verdict: "reject", kind: "slack", proof, reason: "too early" }));
});

test("a click is used once, also after its person took the approval back", async () => {
    const change = await cleared();
    const click = arena.proof("slack-bridge", "bob", change, "approve");
    await arena.must(arena.door("slack-bridge", "decide", change, { verdict: "approve", ...click }));
    await refused("the click again", "slack-bridge", change, click);
    await arena.must(arena.door("gateway", "decide", change, { verdict: "withdraw" }));
    await refused("the click again", "slack-bridge", change, click);
});

test("a click for one saga decides no second one in the same call", async () => {
    const [one, two] = [await cleared(), await cleared()];
    const { proof } = arena.proof("slack-bridge", "bob", one, "approve");
    await arena.as("slack-bridge").query("SELECT * FROM saga.decide($1, $2, 'approve', 'slack', $3, '')",
        [[one.id, two.id], [one.hash, two.hash], proof]);
    assert.equal(await arena.state(one), "approved");
    await arena.attack("two for one click", arena.state(two).then((state) => state !== "cleared"));
});

test("a proposer approves nothing of theirs, through no surface and with no token", async () => {
    const change = await cleared();
    const second = random();
    await arena.addToken(arena.people.ann.id, second, "1 day");
    await refused("self-approval", "gateway", change, { by: "ann" });
    await refused("self-approval by click", "slack-bridge", change, { by: "ann" });
    await refused("self-approval by another token", "gateway", change, { kind: "token", proof: [second] });
    await arena.as("admin").query("SELECT people.link_slack($1, $2, 'UANN2')", [arena.people.ann.id, slackTeam]);
    await refused("self-approval by another Slack user", "slack-bridge", change, { kind: "slack",
        proof: arena.click({ user: "UANN2", action: "approve", value: `${change.id} ${change.hash.toString("hex")}` }) });
});

test("who contributed to what a proposal replaces does not approve it", async () => {
    const first = await arena.propose({ by: "ann" });
    const second = await arena.propose({ by: "bob", replaces: first.id });
    const third = await arena.propose({ by: "cyd", replaces: second.id });
    await arena.addPerson("dan", ["approver"]);
    for (const change of [first, second, third]) await arena.clear(change);
    for (const by of ["ann", "bob", "cyd"])
        for (const member of ["gateway", "slack-bridge"]) await refused(`contributor ${by}`, member, third, { by });
    for (const by of ["cyd", "dan"]) await refused("an approval of what was replaced", "gateway", first, { by });
    await arena.must(arena.door("gateway", "decide", third, { verdict: "approve", by: "dan" }));
});

test("an approver of another account approves nothing here", async () => {
    await arena.addAccount("meta/9");
    await arena.addPerson("mia", ["approver"], { scope: "meta" });
    await arena.addPerson("max", ["approver"], { scope: "google/11" });
    const change = await cleared();
    for (const by of ["mia", "max"])
        for (const member of ["gateway", "slack-bridge"]) await refused(`scope of ${by}`, member, change, { by });
    const both = await arena.propose({ kind: "budget.change", effects: [
        { ...(await arena.addBudget()), after: 105_000_000 },
        { ...(await arena.addBudget(100_000_000, "meta/9")), after: 105_000_000 }] });
    await arena.clear(both);
    await refused("half of the accounts", "gateway", both, { by: "mia" });
});

test("approval binds the hash that was seen", async () => {
    const change = await cleared();
    const other = await cleared();
    for (const hash of [other.hash, null, Buffer.alloc(32), Buffer.alloc(0), change.hash.subarray(0, 31)])
        await refused("another hash", "gateway", change, { hash });
    await arena.approve(change);
    await refused("twice", "gateway", change, { by: "bob" });
    await refused("a second one's", "gateway", change, { by: "cyd" });
    await refused("a withdrawal of what one did not approve", "gateway", change, { verdict: "withdraw", by: "cyd" });
    for (const verdict of [null, "", "APPROVE", "approved"])
        await refused(`verdict ${verdict}`, "gateway", other, { verdict });
    for (const hash of [other.hash, null, Buffer.alloc(32)])
        await refused("execution of another hash", "budget-publisher", change, { door: "begin_execution", hash });
});

test("what was withdrawn or rejected is not executed", async () => {
    for (const verdict of ["withdraw", "reject"]) {
        const change = await arena.approved();
        await arena.must(arena.door("gateway", "decide", change, { verdict }));
        await refused(`execution after ${verdict}`, "budget-publisher", change, { door: "begin_execution" });
    }
});

// A newer version of both kinds asks for two people.
async function askForTwo() {
    await arena.sql.query(`WITH next AS (SELECT * FROM saga.kind WHERE version = 1)
        INSERT INTO saga.kind SELECT kind, 2, payload, proposers, publisher, rules, 2, effects_min, effects_max,
            change_bp, day_bp, target_drift_bp, account_drift_bp, from_zero_micros, ttl_max, exec_wait,
            measure_wait, settle, undo FROM next`);
    await arena.sql.query(`INSERT INTO saga.patience SELECT kind, 2, state, due, say FROM saga.patience`);
}

test("a quorum of two is two people on two surfaces, today, whatever the change was made under", async () => {
    const old = await arena.approved();
    const half = await cleared();
    await askForTwo();
    const change = await cleared();
    for (const one of [half, change]) {
        await arena.must(arena.door("gateway", "decide", one, { verdict: "approve", by: "bob" }));
        await refused("one of two", "budget-publisher", one, { door: "begin_execution" });
        await refused("the same person by click", "slack-bridge", one, { by: "bob" });
        await refused("the proposer as the second", "slack-bridge", one, { by: "ann" });
        await arena.must(arena.door("gateway", "decide", one, { verdict: "approve", by: "cyd" }));
        await refused("two people on one surface", "budget-publisher", one, { door: "begin_execution" });
        assert.equal(await arena.state(one), "cleared");
    }
    await arena.door("budget-publisher", "begin_execution", old);
    await arena.attack("an approval of one when two are asked", arena.state(old).then((state) => state !== "cleared"));
});

test("who withdraws where enough others approved does not make the approval younger", async () => {
    const change = await cleared();
    for (const by of ["bob", "cyd"]) await arena.door("gateway", "decide", change, { verdict: "approve", by });
    await arena.must(arena.door("slack-bridge", "decide", change, { verdict: "approve", by: "dan" }));
    assert.equal(await arena.state(change), "approved");
    const age = () => arena.one("SELECT approved_at || ' ' || due_at FROM saga.saga WHERE id = $1", change.id);
    const before_ = await age();
    await arena.must(arena.door("gateway", "decide", change, { verdict: "withdraw", by: "bob" }));
    assert.equal(await arena.state(change), "approved");
    await arena.attack("an approval made younger", age().then((now) => now !== before_));
    await arena.as("admin").query("SELECT people.set_role($1, 'approver', '*', NULL, NULL, false)",
        [arena.people.dan.id]);
    await arena.door("budget-publisher", "begin_execution", change);
    await arena.attack("a quorum with one who is no approver any more",
        arena.state(change).then((state) => state !== "cleared"));
    await arena.sql.query("DELETE FROM saga.kind WHERE version = 2 AND kind = 'noop.note'");
});

// How many of these changes one person approved when all were tried at once.
async function approvedOf(changes, tryAll) {
    await tryAll();
    arena.tried += changes.length;
    const { rows } = await arena.sql.query("SELECT count(*)::int AS n FROM saga.decision WHERE saga_id = ANY($1)",
        [changes.map(({ id }) => id)]);
    return rows[0].n;
}

const atOnce = (changes, by, member = () => "gateway") => () => Promise.all(changes.map((change, i) =>
    arena.door(member(i), "decide", change, { verdict: "approve", by })));

const inOneCall = (changes, by) => () => arena.as("gateway").query(
    "SELECT * FROM saga.decide($1, $2, 'approve', 'token', $3, '')",
    [changes.map(({ id }) => id), changes.map(({ hash }) => hash), [arena.people[by].token]]);

const several = (count) => Promise.all(Array.from({ length: count }, () => cleared()));

test("a person's daily sum holds when decisions come at once, in one call or by two surfaces", async () => {
    const ways = { "one after the other": (changes, by) => async () => {
        for (const change of changes) await arena.door("gateway", "decide", change, { verdict: "approve", by });
    }, "at once": atOnce, "by two surfaces": (changes, by) =>
        atOnce(changes, by, (i) => (i % 2 ? "gateway" : "slack-bridge")), "in one call": inOneCall };
    for (const [name, way] of Object.entries(ways)) {
        await arena.addPerson(name, ["approver"], { day: 10_000_000 });
        const changes = await several(6);
        assert.equal(await approvedOf(changes, way(changes, name)), 2, name); // of 5 each
    }
});

test("a person's hourly count holds when decisions come at once", async () => {
    for (const way of [atOnce, inOneCall]) {
        await arena.addPerson(`hourly ${way.name}`, ["approver"], { hour: 3 });
        const changes = await several(6);
        assert.equal(await approvedOf(changes, way(changes, `hourly ${way.name}`)), 3);
    }
});

test("a limit for one account is not lifted by a grant for another", async () => {
    const lim = await arena.addPerson("lim", ["approver"], { scope: "google", day: 5_000_000 });
    await arena.as("admin").query("SELECT people.set_role($1, 'approver', 'meta', NULL, NULL, true)", [lim.id]);
    const changes = await several(3);
    assert.equal(await approvedOf(changes, atOnce(changes, "lim")), 1);
});

test("a surface's limits hold over all its people", async () => {
    await arena.sql.query(`UPDATE people.surface SET day_micros_max = 10000000 + (SELECT coalesce(sum(p.micros), 0)
        FROM saga.decision d CROSS JOIN LATERAL saga._at_stake(d.saga_id) p
        WHERE d.surface = 'aelp_gateway' AND d.verdict = 'approve') WHERE role = 'aelp_gateway'`);
    const changes = await several(6);
    const n = await approvedOf(changes, () => Promise.all(changes.map((change, i) =>
        arena.door("gateway", "decide", change, { verdict: "approve", by: i % 2 ? "bob" : "cyd" }))));
    assert.equal(n, 2);
    await arena.sql.query("UPDATE people.surface SET day_micros_max = NULL");
});

test("nobody but the admin changes who may do what", async () => {
    const { vic } = arena.people;
    for (const member of arena.members.filter((name) => name !== "admin"))
        for (const sql of ["SELECT people.add_person('eve', 'eve@example.com')",
            `SELECT people.set_role('${vic.id}', 'approver', '*', NULL, NULL, true)`,
            `SELECT people.add_token('${vic.id}', sha256('x'), '', now() + interval '1 hour')`,
            `SELECT people.link_slack('${vic.id}', 'T', 'U')`, `SELECT people.unlink_slack('${vic.id}')`,
            "SELECT people.set_secret('slack_signing', 'x')",
            `SELECT people.set_active('${vic.id}', true)`, "SELECT people.list()",
            "SELECT * FROM people.credential", "SELECT * FROM people.secret", "SELECT * FROM people.slack_link",
            `INSERT INTO people.grant_of VALUES ('${vic.id}', 'approver')`,
            "UPDATE people.surface SET proof_kinds = '{token,slack}'", "SELECT people._prove('token', '{x}')",
            "SELECT people._prove_token('x')", "SELECT saga._record('x', NULL, '')"])
            await arena.attack(`${member}: ${sql}`, arena.as(member).query(sql).then(() => true, (error) => {
                assert.equal(error.code, "42501", error.message);
                return false;
            }));
});

test("no forged, borrowed or reused proof got through", (t) => {
    t.diagnostic(`${arena.tried} attacks on proofs tried`);
    assert.ok(arena.tried > 300);
    assert.deepEqual(arena.through, []);
});
