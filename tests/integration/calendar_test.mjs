// The calendar of days that are not like others, and what numbers mean, as people list and enter them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startInstance } from "../support/instance.mjs";
import { ctl, seedPeople } from "../support/people.mjs";

let aelp2;
before(async () => {
    aelp2 = await startInstance({ only: ["postgres", "nats", "gateway"] });
    await seedPeople(aelp2);
});
after(() => aelp2?.destroy());

const ben = (...args) => ctl(aelp2, "ben", ...args);
const days = async (from, to) => JSON.parse(
    (await ben("calendar", "days", "--from", from, "--to", to, "-o", "json")).stdout || "[]");
const holidays = async (year, market) => Object.fromEntries((await days(`${year}-01-01`, `${year}-12-31`))
    .filter(({ kind, scope }) => kind === "holiday" && scope === market).map(({ name, from }) => [name, from]));

test("holidays fall on their days", async () => {
    const us = await holidays(2026, "us");
    assert.deepEqual(Object.fromEntries(["Martin Luther King Day", "Easter", "Memorial Day", "Labor Day",
        "Thanksgiving", "Black Friday", "Cyber Monday"].map((name) => [name, us[name]])), {
        "Martin Luther King Day": "2026-01-19", Easter: "2026-04-05", "Memorial Day": "2026-05-25",
        "Labor Day": "2026-09-07", Thanksgiving: "2026-11-26", "Black Friday": "2026-11-27",
        "Cyber Monday": "2026-11-30",
    });
    const de = await holidays(2027, "de");
    assert.deepEqual([de.Karfreitag, de["Christi Himmelfahrt"], de.Pfingstmontag],
        ["2027-03-26", "2027-05-06", "2027-05-17"]);
    assert.equal((await holidays(2026, "ca")).Thanksgiving, "2026-10-12");
    assert.equal((await holidays(2026, "gb"))["Summer bank holiday"], "2026-08-31");
});

// Another way to the same: Lilius' epact, as Clavius published it.
function easter(year) {
    const golden = year % 19 + 1, century = Math.floor(year / 100) + 1;
    const skipped = Math.floor(3 * century / 4) - 12, moon = Math.floor((8 * century + 5) / 25) - 5;
    let epact = ((11 * golden + 20 + moon - skipped) % 30 + 30) % 30;
    if ((epact === 25 && golden > 11) || epact === 24) epact++;
    let full = 44 - epact;
    if (full < 21) full += 30;
    const sunday = full + 7 - (Math.floor(5 * year / 4) - skipped - 10 + full) % 7;
    return new Date(Date.UTC(year, 2, sunday)).toISOString().slice(0, 10);
}

test("Easter is right for four hundred years", async () => {
    const { rows } = await aelp2.superuser.query(
        "SELECT y, guardrail._easter(y)::text AS day FROM generate_series(1900, 2299) AS y");
    for (const { y, day } of rows) assert.equal(day, easter(y), y);
});

test("what people enter is listed until it is removed, and is on record", async () => {
    const added = await ben("calendar", "add", "promo", "us", "Winter sale", "--from", "2099-01-10", "--to", "2099-01-17");
    assert.equal(added.code, 0, added.stderr);
    const [, id] = /^promo (\d+) in us from 2099-01-10 to 2099-01-17$/m.exec(added.stderr);
    const found = async () => (await days("2099-01-17", "2099-01-17")).filter(({ kind }) => kind === "promo");
    assert.deepEqual(await found(), [{ from: "2099-01-10", to: "2099-01-17", kind: "promo", scope: "us", name: "Winter sale", id }]);
    const { rows: [{ leaf }] } = await aelp2.superuser.query(
        "SELECT convert_from(leaf, 'UTF8') AS leaf FROM saga.event WHERE event = 'calendar_day'");
    assert.match(leaf, new RegExp(`\ntext ${id} promo us 2099-01-10 2099-01-17\n`));
    assert.equal((await ben("calendar", "remove", id)).code, 0);
    assert.deepEqual(await found(), []);
    assert.equal((await ben("calendar", "remove", id)).code, 3);
});

for (const [what, args, code, said] of [
    ["an unknown kind", ["party", "us", "x", "--from", "2099-01-01", "--to", "2099-01-02"], 4, /kind: promo, price_change/],
    ["no market", ["promo", "USA", "x", "--from", "2099-01-01", "--to", "2099-01-02"], 4, /market: two letters/],
    ["days the wrong way", ["promo", "us", "x", "--from", "2099-01-02", "--to", "2099-01-01"], 4, /days: from and to in order/],
    ["no date", ["promo", "us", "x", "--from", "soon", "--to", "2099-01-01"], 2, /date/],
    ["an endless name", ["promo", "us", "x".repeat(201), "--from", "2099-01-01", "--to", "2099-01-01"], 4, /name: 1 to 200/],
])
    test(`${what} is refused, and says why`, async () => {
        const answer = await ben("calendar", "add", ...args);
        assert.equal(answer.code, code, answer.stderr);
        assert.match(answer.stderr, said);
    });

test("only approvers and operators enter days", async () => {
    await aelp2.superuser.query(`DELETE FROM people.grant_of g USING people.name n
        WHERE n.person_id = g.person_id AND n.name = 'ana' AND g.role = 'approver'`);
    const answer = await ctl(aelp2, "ana", "calendar", "add", "promo", "us", "x", "--from", "2099-01-01", "--to", "2099-01-01");
    assert.equal(answer.code, 4);
    assert.match(answer.stderr, /only operators and approvers may/);
});

test("each number has a definition, and its versions are shown", async () => {
    const list = JSON.parse((await ben("metrics", "list", "-o", "json")).stdout);
    const ids = list.map(({ id }) => id);
    for (const id of ["cac_platform", "cac_blended", "icac", "icac_marginal", "ltv_12m"]) assert.ok(ids.includes(id), id);
    await aelp2.superuser.query(`INSERT INTO guardrail.metric_definitions
        SELECT id, 2, 'newer', numerator, denominator, clock, time_window, maturity, unit, use
          FROM guardrail.metric_definitions WHERE id = 'icac'`);
    const shown = JSON.parse((await ben("metrics", "show", "icac", "-o", "json")).stdout);
    assert.deepEqual(shown.map(({ version }) => version), ["2", "1"]);
    const newest = JSON.parse((await ben("metrics", "list", "-o", "json")).stdout);
    assert.equal(newest.find(({ id }) => id === "icac").name, "newer");
    assert.equal((await ben("metrics", "show", "nothing")).code, 3);
});
