// While the calendar is locked nothing begins and no rollback raises spend; who lifts it is known.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openArena } from "./arena.mjs";

let arena;
const publisher = "budget-publisher";
before(async () => {
    arena = await openArena();
    await arena.addPerson("gus", ["operator"], { scope: "meta" });
});
after(() => arena?.destroy());

async function lock(by, { scope = "*", from = "-1 hour", to = "1 hour", reason = "Black Friday" } = {}) {
    const { rows: [answer] } = await arena.as(by ? "ctl" : "admin").query(
        "SELECT * FROM saga.lock_calendar($1, now() + $2::interval, now() + $3::interval, $4, $5, $6)",
        [scope, from, to, reason, by ? "token" : "", by ? [arena.people[by].token] : []]);
    return { ...answer, id: /^lock (\d+)/.exec(answer.sentence)?.[1] };
}

const unlock = async (by, id) => (await arena.as(by ? "ctl" : "admin").query("SELECT * FROM saga.unlock_calendar($1, $2, $3)",
    [id, by ? "token" : "", by ? [arena.people[by].token] : []])).rows[0].result;

const begin = (change) => arena.door(publisher, "begin_execution", change);

test("under a lock nothing begins, and the answer says which and until when", async () => {
    const change = await arena.approved();
    for (const scope of ["*", "google", "google/1"]) {
        const { id } = await lock("olga", { scope });
        const answer = await begin(change);
        await arena.attack(`a begin under a lock of ${scope}`, answer.went);
        assert.match(answer.why, /^calendar lock: Black Friday until \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
        const retry = answer.rows[0].retry_at - Date.now();
        assert.ok(retry > 0 && retry <= 60_000, "it looks again within a minute: a lock may be lifted");
        assert.equal(await unlock("olga", id), "lifted");
    }
    for (const how of [{ from: "-2 hours", to: "1 s" }, { from: "1 hour", to: "2 hours" }, { scope: "noop" }])
        await lock("olga", how);
    await arena.sql.query("UPDATE saga.calendar_lock SET to_at = now() WHERE to_at < now() + interval '2 s'");
    await arena.must(begin(change));
    assert.deepEqual(arena.through, []);
});

test("a rollback that lowers spend goes on, one that raises it waits", async () => {
    const [raised, cut] = [await arena.executed(), await arena.executed({ after: 95_000_000 })];
    for (const change of [raised, cut]) {
        await arena.quiet(change);
        await arena.must(arena.door("guardrail-evaluator", "begin_rollback", change));
        await arena.must(arena.door(publisher, "take_over", change));
    }
    const { id } = await lock("olga");
    await arena.permit(raised);
    await arena.attack("a raise under a lock", arena.door(publisher, "permit_send", cut).then(({ went }) => went));
    await unlock("olga", id);
    await arena.permit(cut);
    assert.deepEqual(arena.through, []);
});

test("operators, approvers and the admin lock; it takes one of the scope to lift", async () => {
    for (const by of ["olga", "bob", "gus", null]) assert.equal((await lock(by, { from: "1 day", to: "2 days" })).result, "locked");
    assert.equal((await lock("vic")).result, "refused");
    for (const how of [{ reason: "" }, { reason: "x".repeat(201) }, { from: "1 hour" }, { to: "-1 min" },
        { to: "2 years" }, { scope: "googel" }, { scope: "budget.change" }])
        assert.equal((await lock("olga", how)).result, "refused", JSON.stringify(how));
    const { id } = await lock("bob");
    for (const by of ["vic", "gus"]) assert.equal(await unlock(by, id), "refused", by);
    assert.equal(await unlock(null, id), "lifted");
    assert.equal(await unlock("bob", id), "refused");
    const { rows } = await arena.sql.query("SELECT * FROM guardrail.calendar_locks WHERE id = $1", [id]);
    assert.equal(rows[0].person_id, arena.people.bob.id);
    assert.ok((await arena.one("SELECT count(*)::int FROM guardrail.calendar WHERE kind = 'lock'")) > 0);
});
