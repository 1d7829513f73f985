// The audit log on real servers: every leaf once, proven to a second implementation, and no way
// to get a second history signed.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startAudit } from "../support/audit.mjs";
import { startInstance } from "../support/instance.mjs";
import { bin, run } from "../support/process.mjs";
import { openCheckpoint, rootOf, rootOfHashes, sha256, tilePath } from "../support/tlog.mjs";
import { waitFor } from "../support/wait.mjs";

let aelp2;
let audit;
let db;
before(async () => {
    aelp2 = await startInstance({ only: ["postgres", "nats"] });
    db = aelp2.superuser;
    audit = await startAudit(aelp2);
});
after(() => aelp2?.destroy());

const leafOf = (event) => sha256(`leaf ${event}`);
let events = 1000; // the next one

async function put(count, client = db) {
    const first = events;
    events += count;
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    await client.query("INSERT INTO audit.pending SELECT * FROM unnest($1::bigint[], $2::bytea[])",
        [numbers, numbers.map(leafOf)]);
    return numbers;
}

const proven = (event) => waitFor(() => audit.proves(db, event, leafOf(event)), {
    what: `event ${event} is proven`,
});
const one = async (sql, args) => Object.values((await db.query(sql, args)).rows[0])[0];
const size = async () => Number(await one("SELECT audit.size()"));

async function assertWhole() {
    const { rows: [found] } = await db.query(`SELECT count(*)::int AS leaves, count(DISTINCT event)::int
        AS events, coalesce(max(index) + 1, 0)::int AS next, min(index)::int AS first FROM audit.leaf_of`);
    assert.deepEqual(found, { leaves: found.next, events: found.next, next: await size(), first: 0 });
}

test("each leaf of a batch is proven with both signatures", async () => {
    for (const event of await put(300)) await proven(event);
    await assertWhole();
});

test("a proof of another leaf is not accepted", async () => {
    const [event] = await put(1);
    await proven(event);
    await assert.rejects(audit.proves(db, event, sha256("another")), /is not proven/);
});

test("an event that commits late is not lost", async () => {
    const client = await db.connect();
    await client.query("BEGIN");
    const [late] = await put(1, client);
    const [early] = await put(1);
    await proven(early);
    await client.query("COMMIT");
    client.release();
    await proven(late);
    await assertWhole();
});

test("tiles of seventy thousand leaves prove the first, the middle and the last", async () => {
    const numbers = await put(70_000);
    for (const event of [numbers[0], numbers[33_333], numbers.at(-1)]) await proven(event);
    await assertWhole();
});

test("exported as files, the tiles have the root that was signed, and bundles without bodies are left out", async () => {
    const folder = join(aelp2.dir, "exported");
    const exported = await run(join(bin, "aelpctl"), ["audit", "export", folder, "-o", "json"],
        { env: { ...process.env, AELP2_AUDITOR_URL: aelp2.secret("auditor.database_url") } });
    assert.equal(exported.code, 0, exported.stderr);
    const checkpoint = openCheckpoint(readFileSync(join(folder, "checkpoint"), "utf8"), audit.keys);
    assert.ok(checkpoint.size > 70_000);
    const readTile = (level, n, width) => readFileSync(join(folder, tilePath(level, n, width)));
    assert.deepEqual(await rootOf(readTile, checkpoint.size), checkpoint.root);
    for (let n = 0; n < 256; n++) { // level 1 stands on level 0
        const below = readTile(0, n, 256);
        const hashes = Array.from({ length: 256 }, (_, i) => below.subarray(32 * i, 32 * i + 32));
        assert.deepEqual(readTile(1, 0, 256).subarray(32 * n, 32 * n + 32), rootOfHashes(hashes));
    }
    assert.equal(JSON.parse(exported.stdout).incomplete, Math.ceil(checkpoint.size / 256));
    assert.ok(!existsSync(join(folder, "tile", "entries")));
});

test("a witness that is away holds up proofs and nothing else", async () => {
    await aelp2.halt("witness");
    const [event] = await put(1);
    const before = await one("SELECT max(size) FROM audit.checkpoint");
    await waitFor(async () => (await one("SELECT count(*)::int FROM audit.pending")) === 0);
    await waitFor(() => aelp2.log("audit-writer").some((line) => /the witness/.test(line.why)));
    assert.equal(await one("SELECT max(size) FROM audit.checkpoint"), before);
    await aelp2.restart("witness");
    await proven(event);
});

for (const point of ["before_order_commit", "after_order_commit", "after_sign", "after_cosign"])
    test(`a crash at ${point} loses and doubles nothing`, async () => {
        const crashes = () => aelp2.log("audit-writer").filter((line) => line.code === 137).length;
        const before = crashes();
        await aelp2.restart("audit-writer", { AELP2_FAILPOINT: point });
        const [event] = await put(1);
        await proven(event);
        assert.equal(crashes(), before + 1);
        await assertWhole();
    });

test("no member of the fleet writes the tree past its functions", async () => {
    const statements = ["INSERT INTO audit.leaf_of VALUES (0, 0)", "DELETE FROM audit.leaf_of",
        "UPDATE audit.edge SET hashes = ''", "DELETE FROM audit.pending",
        "INSERT INTO audit.checkpoint VALUES (1, '')", "UPDATE audit.tile SET n = n + 1",
        "TRUNCATE audit.pending", "SELECT audit._extend(0::smallint, '')"];
    for (const member of ["audit-writer", "gateway", "guardrail-evaluator", "budget-publisher",
        "outbox-relay", "admin", "ctl"])
        for (const statement of statements)
            await assert.rejects(aelp2.as(member).query(statement), /permission denied/,
                `${member}: ${statement}`);
});

test("only the leading writer's fence orders leaves, and only at read committed", async () => {
    const pool = aelp2.as("audit-writer");
    const fence = Number(await one("SELECT fence FROM bus.lease WHERE name = 'audit-writer'"));
    for (const wrong of [fence - 1, fence + 1]) {
        await assert.rejects(pool.query("SELECT audit.grow($1, '{}', '{}')", [wrong]),
            /does not lead/);
        await assert.rejects(pool.query("SELECT audit.publish($1, 1, '')", [wrong]),
            /does not lead/);
    }
    const client = await pool.connect();
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await assert.rejects(client.query("SELECT audit.grow($1, '{}', '{}')", [fence]),
        /read committed only/);
    await client.query("ROLLBACK");
    client.release();
});

test("a hash above a tile that is not full is refused", async () => {
    const fence = Number(await one("SELECT fence FROM bus.lease WHERE name = 'audit-writer'"));
    await assert.rejects(aelp2.as("audit-writer").query(
        "SELECT audit.grow($1, '{1}', ARRAY[sha256('')])", [fence]),
        /full tiles without their hash above/);
});

test("a second witness on the same folder is kept out", async () => {
    const { code, stderr } = await run(join(bin, "aelp-witness"), ["serve", "--dir",
        audit.witnessDir, "--port", "0", "--log-vkey", audit.logVkey]);
    assert.equal(code, 1);
    assert.match(stderr, /another process works in/);
});

test("the log's and the witness's keys are their owner's alone and different", async () => {
    const modes = await run("stat", ["-c", "%a", join(audit.logDir, "log.key"),
        join(audit.witnessDir, "witness.key")]);
    assert.equal(modes.stdout, "600\n600\n");
    const [log, witness] = audit.keys.map(({ key }) => key.export({ format: "jwk" }).x);
    assert.notEqual(log, witness);
});

test("a clean stop gives the lease back at once", async () => {
    await aelp2.halt("audit-writer");
    const held = await one(`SELECT until > clock_timestamp() FROM bus.lease
        WHERE name = 'audit-writer'`);
    await aelp2.restart("audit-writer");
    assert.equal(held, false);
});

// Last, because nothing is signed any more afterwards.
test("a database restored from a backup gets no second history signed", async () => {
    const [event] = await put(1);
    await proven(event);
    await db.query("CREATE TABLE public.kept_edge AS SELECT * FROM audit.edge");
    const backup = await size();
    await Promise.all((await put(700)).slice(-1).map(proven));

    await aelp2.halt("audit-writer");
    await db.query(`BEGIN; DELETE FROM audit.leaf_of WHERE index >= ${backup};
        DELETE FROM audit.checkpoint WHERE size > ${backup};
        DELETE FROM audit.tile t USING public.kept_edge k WHERE k.level = t.level AND t.n >= k.tiles;
        UPDATE audit.edge e SET tiles = k.tiles, hashes = k.hashes FROM public.kept_edge k
         WHERE k.level = e.level; COMMIT`);
    await aelp2.restart("audit-writer");
    const signed = await one("SELECT max(size) FROM audit.checkpoint");
    const refusals = () => aelp2.log("audit-writer").filter((line) =>
        line.level === "error" && /restored or rewritten/.test(line.why)).length;

    await put(10); // fewer leaves than were signed
    await waitFor(() => refusals() > 0, { what: "a smaller tree is refused" });
    const before = refusals();
    await put(2000); // more, but others
    await waitFor(async () => (await size()) > backup + 2000);
    await waitFor(() => refusals() > before
        && aelp2.log("audit-writer").some((line) => /does not hold the/.test(line.why)),
    { what: "another tree is refused" });
    assert.equal(await one("SELECT max(size) FROM audit.checkpoint"), signed);
});

test("nor when the signer's own memory is lost too: the witness remembers", async () => {
    await aelp2.halt("audit-writer");
    await run("rm", [join(audit.logDir, "last-signed")]);
    await aelp2.restart("audit-writer");
    const signed = await one("SELECT max(size) FROM audit.checkpoint");
    await put(1);
    await waitFor(() => aelp2.log("audit-writer").some((line) => /the witness answered 422/
        .test(line.why)), { what: "the witness refuses" });
    assert.equal(await one("SELECT max(size) FROM audit.checkpoint"), signed);
});
