// However often somebody stopped and others resumed, asking for the level stays a few look-ups.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openArena } from "./arena.mjs";

let arena;
before(async () => {
    arena = await openArena();
});
after(() => arena?.destroy());

// What one look at the level reads of saga.control.
async function rowsRead() {
    const client = await arena.sql.connect();
    try {
        await client.query("BEGIN");
        await client.query("SELECT saga._level(ARRAY['google/1'], 'budget.change')");
        const { rows: [{ read }] } = await client.query(`SELECT (idx_tup_fetch + seq_tup_read)::int AS read
            FROM pg_stat_xact_user_tables WHERE schemaname = 'saga' AND relname = 'control'`);
        await client.query("ROLLBACK");
        return read;
    } finally {
        client.release();
    }
}

test("twenty thousand lifted stops are not read again", async () => {
    for (const scope of ["*", "google", "google/1", "budget.change"])
        await arena.sql.query(`INSERT INTO saga.control (scope, level, effective, at)
            SELECT $1, CASE WHEN n % 2 = 0 THEN 'run' ELSE 'stop' END, true, clock_timestamp()
              FROM generate_series(1, 10000) n`, [scope]);
    assert.equal(await arena.one("SELECT saga._level(ARRAY['google/1'], 'budget.change')"), "run");
    assert.ok(await rowsRead() < 20);
    await arena.sql.query("ANALYZE saga.control");
    assert.ok(await rowsRead() < 20);
});
