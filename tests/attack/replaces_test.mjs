// Who may propose for an account, and whose replacement ends a change: nobody holds up another's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { money, openArena } from "./arena.mjs";

let arena;
before(async () => {
    arena = await openArena();
    await arena.addPerson("pia", ["proposer"]);
    await arena.addPerson("pat", ["proposer"]);
    await arena.addAccount("meta/7");
});
after(() => arena?.destroy());

const note = (options) => arena.propose({ kind: "noop.note", ...options });

test("a change is replaced by its proposer, or an approver or operator of its accounts, and nobody else", async () => {
    const budget = await arena.addBudget(money, "meta/7");
    const old = await arena.proposeBudget({ budget, by: "pia" });
    await arena.addPerson("gus", ["approver", "operator"], { scope: "google" });
    await arena.addPerson("meg", ["approver"], { scope: "meta/7" });
    for (const by of ["pat", "gus"]) {
        const made = await arena.proposeBudget({ budget: await arena.addBudget(), by, replaces: old.id });
        await arena.attack(`${by} replaces pia's`, made.created);
        assert.match(made.refusal, /^only its proposer, or an approver or operator/);
    }
    for (const by of ["pia", "meg"])
        assert.ok((await arena.proposeBudget({ budget, by, replaces: old.id })).created, by);
    const mine = await note({ by: "pia" });
    await arena.attack("pat replaces a note", note({ by: "pat", replaces: mine.id }).then(({ created }) => created));
    await arena.addPerson("oscar", ["proposer", "operator"]);
    assert.ok((await note({ by: "oscar", replaces: mine.id })).created);
    assert.deepEqual(arena.through, []);
});

test("a person proposes only for the accounts of their scope", async () => {
    await arena.addPerson("mo", ["proposer"], { scope: "meta" });
    const [ours, other] = [await arena.addBudget(money, "meta/7"), await arena.addBudget()];
    const refused = await arena.proposeBudget({ budget: other, by: "mo" });
    await arena.attack("a proposal outside its scope", refused.created);
    assert.equal(refused.refusal, "you may not propose for google/1");
    const both = await arena.propose({ kind: "budget.change", by: "mo",
        effects: [ours, other].map((budget) => ({ ...budget, after: money * 1.05 })) });
    await arena.attack("a proposal half outside its scope", both.created);
    assert.ok((await arena.proposeBudget({ budget: ours, by: "mo" })).created);
    assert.deepEqual(arena.through, []);
});
