// Who is erased is nobody any more, and the ledger goes on proving itself without them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { leafHash, sha256 } from "../support/tlog.mjs";
import { openArena, slackTeam } from "./arena.mjs";

let arena, eve, change;
const rows = async (sql, ...values) => (await arena.sql.query(sql, values)).rows;
const admin = (sql, ...values) => arena.as("admin").query(sql, values);

before(async () => {
    arena = await openArena();
    eve = await arena.addPerson("Eve Example", ["proposer", "approver"]);
    change = await arena.propose({ by: "Eve Example", note: "Eve was here" });
    await arena.clear(change);
    await arena.must(arena.door("gateway", "decide", change, { verdict: "reject", by: "bob", reason: "Bob's reason" }));
    const other = await arena.propose({ note: "Ann's note" });
    await arena.clear(other);
    await arena.must(arena.door("gateway", "decide", other, { verdict: "reject", by: "Eve Example", reason: "Eve's reason" }));
    await arena.as("gateway").query("SELECT saga.set_control('google', 'stop', 'token', $1, 'Eve stops')", [[eve.token]]);
});
after(() => arena?.destroy());

const notes = async () => (await rows("SELECT text FROM saga.note WHERE text IS NOT NULL ORDER BY text"))
    .map(({ text }) => text);
const leaves = () => rows("SELECT seq, leaf, leaf_hash FROM saga.event ORDER BY seq");

test("only the admin erases a person or a note", async () => {
    for (const member of arena.members.filter((name) => name !== "admin"))
        for (const sql of [`SELECT people.erase('${eve.id}')`, `SELECT saga.erase_note('${change.id}', 0)`,
            `SELECT saga._erase_notes('${eve.id}')`, "UPDATE saga.note SET text = NULL",
            `DELETE FROM people.name WHERE person_id = '${eve.id}'`])
            await arena.attack(`${member}: ${sql}`, arena.as(member).query(sql).then(() => true,
                ({ code }) => code !== "42501"));
    assert.deepEqual(arena.through, []);
});

test("one note is erased alone, its salt with it, and a record says that it was", async () => {
    const version = await arena.one("SELECT max(version) FROM saga.note WHERE text = 'Bob''s reason'");
    await admin("SELECT saga.erase_note($1, $2)", change.id, version);
    assert.deepEqual(await notes(), ["Ann's note", "Eve was here", "Eve's reason"]);
    assert.deepEqual(await rows("SELECT salt FROM saga.note WHERE saga_id = $1 AND version = $2", change.id, version),
        [{ salt: null }]);
    const [record] = await rows("SELECT leaf FROM saga.event WHERE event = 'note_erased'");
    assert.match(record.leaf.toString(), new RegExp(`\ntext ${change.id} version ${version}\nnote -\n$`));
    await assert.rejects(admin("SELECT saga.erase_note($1, $2)", change.id, version), { message: /no note at version/ });
});

test("a reason of a record is in its leaf as a salted hash only", async () => {
    const [{ leaf, salt, text }] = await rows(`SELECT e.leaf, n.salt, n.text FROM saga.record_note n
        JOIN saga.event e ON e.seq = n.seq WHERE e.event = 'control'`);
    assert.equal(text, "Eve stops");
    assert.ok(leaf.toString().endsWith(`\ntext google stop effective\nnote ${sha256(salt, text).toString("hex")}\n`));
});

test("with a person go the name, links, credentials, roles and notes; decisions and leaves stay", async () => {
    const before_ = await leaves();
    const decisions = await arena.one("SELECT count(*) FROM saga.decision WHERE person_id = $1", eve.id);
    const { rows: [{ erase }] } = await admin("SELECT people.erase($1)", eve.id);
    assert.equal(erase, "3");
    assert.deepEqual(await notes(), ["Ann's note"]);
    for (const table of ["name", "slack_link", "credential", "grant_of"])
        assert.deepEqual(await rows(`SELECT FROM people.${table} WHERE person_id = $1`, eve.id), [], table);
    assert.equal(await arena.one("SELECT count(*) FROM saga.decision WHERE person_id = $1", eve.id), decisions);
    const after_ = await leaves();
    assert.deepEqual(after_.slice(0, before_.length), before_);
    for (const { leaf, leaf_hash: hash } of after_) assert.ok(leafHash(leaf).equals(hash));
    const record = after_.at(-1).leaf.toString();
    assert.match(record, new RegExp(`\ntype person_erased\n[^]*\nperson ${eve.id}\n[^]*\ntext \nnote -\n$`));
});

test("nothing that is left in the database tells who it was", async () => {
    const tables = await rows(`SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n
        ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname !~ '^pg_|^information_schema$'
          AND c.oid <> 'guardrail.holiday'::regclass`); // Christmas Eve is nobody
    assert.ok(tables.length > 30);
    for (const { name } of tables)
        assert.deepEqual(await rows(`SELECT t::text FROM ${name} t WHERE t::text ~* '\\mEve\\M|${eve.slack}'
            OR strpos(t::text, $1) > 0`, sha256(eve.token).toString("hex")), [], name);
});

test("who was erased is not revived: no role, token, link or activation", async () => {
    for (const [sql, ...values] of [["SELECT people.set_active($1, true)"],
        ["SELECT people.set_role($1, 'approver', '*', NULL, NULL, true)"],
        ["SELECT people.add_token($1, sha256('x'), '', now() + interval '1 day')"],
        ["SELECT people.link_slack($1, $2, 'UEVE')", slackTeam]])
        await arena.attack(sql, admin(sql, eve.id, ...values).then(() => true, ({ code }) => code !== "22023"));
    const next = await arena.propose();
    await arena.clear(next);
    await arena.attack("the former token", arena.door("gateway", "decide", next, { verdict: "approve", by: "Eve Example" })
        .then(({ went }) => went));
    assert.equal(await arena.one("SELECT active FROM people.person WHERE id = $1", eve.id), false);
    assert.deepEqual(arena.through, []);
});

test("what is being given while a person is erased is erased as well, or refused", async () => {
    const dan = await arena.addPerson("dan", ["approver"]);
    const client = await arena.as("admin").connect();
    await client.query("BEGIN");
    await client.query("SELECT people.link_slack($1, $2, 'UDANTWO')", [dan.id, slackTeam]);
    const erasing = admin("SELECT people.erase($1)", dan.id);
    await client.query("COMMIT");
    client.release();
    await erasing;
    assert.deepEqual(await rows("SELECT FROM people.slack_link WHERE person_id = $1", dan.id), []);
});

test("a note that was being written while its person was erased goes with a second erasure", async () => {
    const fay = await arena.addPerson("fay", ["approver"]);
    const change_ = await arena.propose();
    await arena.clear(change_);
    const client = await arena.as("gateway").connect();
    await client.query("BEGIN");
    await client.query("SELECT FROM saga.decide($1, $2, 'reject', 'token', $3, 'Fay was here')",
        [[change_.id], [change_.hash], [fay.token]]);
    const erase = async () => [(await admin("SELECT people.erase($1) AS notes", fay.id)).rows[0].notes,
        await arena.one("SELECT erased_at::text FROM people.person WHERE id = $1", fay.id)];
    const [none, at] = await erase();
    await client.query("COMMIT");
    client.release();
    assert.ok((await notes()).includes("Fay was here"));
    assert.deepEqual([none, await erase()], ["0", ["1", at]]);
    assert.ok(!(await notes()).includes("Fay was here"));
});

test("names are told to people with a part here and to nobody else", async () => {
    const { bob, vic, ann } = arena.people;
    const names = (token) => arena.as("gateway").query("SELECT * FROM people.names($1, 'token', $2)",
        [[ann.id, eve.id], [token]]).then(({ rows: found }) => found);
    assert.deepEqual((await names(vic.token)).map(({ name }) => name).sort(), ["(erased)", "ann"]);
    assert.deepEqual(await names("guess"), []);
    await admin("SELECT people.set_role($1, 'approver', '*', NULL, NULL, false)", bob.id);
    assert.deepEqual(await names(bob.token), []);
});
