// slack-bridge: what was decided in somebody's name elsewhere is told to them, and "Not me" takes it
// back. Slack is the world's.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import {
    actions, addPerson, admin, aelp2, ask, bob, buttons, channel, click, gateway, liveCard, messages,
    openSlack, propose, reaches, stateOf, whispers,
} from "../support/slack.mjs";
import { waitFor } from "../support/wait.mjs";

before(openSlack);
after(() => aelp2?.destroy());

// A person of the test's own, who may approve: what they lose, nobody else does.
async function addApprover(name, slack) {
    const person = { name, roles: ["approver"], slack, token: randomUUID() };
    await ask("DELETE FROM people.slack_link WHERE slack_user = $1", slack);
    await addPerson(person);
    return person;
}

async function approveByToken(person) {
    const saga = await propose();
    await reaches(saga, "cleared");
    const { rows: [decided] } = await gateway.query(
        "SELECT result FROM saga.decide($1, $2, 'approve', 'token', $3, '')", [[saga.id], [saga.hash], [person.token]]);
    assert.equal(decided.result, "approved");
    const [{ id }] = await ask("SELECT id FROM saga.decision WHERE saga_id = $1", saga.id);
    return { ...saga, decision: id };
}

const told = ({ slack }, { id }) => waitFor(async () => (await messages())
    .find((m) => m.channel === slack && JSON.stringify(m).includes(id)), { what: `${slack} is told` });

const goOn = () => ask("INSERT INTO saga.control (scope, level, effective, at) VALUES ('*', 'run', true, now())");

test("what was decided elsewhere is told to its person alone, and not what was decided here", async () => {
    const dana = await addApprover("Dana", "U0CAROL001");
    const here = await propose();
    await click(await liveCard(here), dana.slack, "approve");
    await reaches(here, "approved");
    const saga = await approveByToken(dana);
    const message = await told(dana, saga);
    assert.match(JSON.stringify(message), /You approved this.*on the web or by the command line, \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    assert.match(JSON.stringify(message), /A note without effect/);
    assert.deepEqual(actions(message).map(({ action_id: id, value }) => [id, value]),
        [["disown", `${saga.id} ${saga.decision}`]]);
    await waitFor(async () => (await ask("SELECT FROM saga.notice WHERE decision_id = $1 AND told_at IS NOT NULL",
        saga.decision)).length === 1, { what: "it is recorded" });
    assert.equal((await messages()).filter((m) => m.channel === dana.slack && m.user !== dana.slack).length, 1);
});

test("Not me rejects and freezes, and says so where the button was; the token is gone", async () => {
    const dana = await addApprover("Dana again", "U0CAROL001");
    const saga = await approveByToken(dana);
    const message = await told(dana, saga);
    const pressed = { channel: dana.slack };
    assert.equal((await click(message, dana.slack, "disown", pressed)).delivered.status, 200);
    await reaches(saga, "rejected");
    const after_ = await waitFor(async () => (await messages()).find((m) => m.ts === message.ts && buttons(m).length === 0),
        { what: "the button gives way" });
    assert.match(JSON.stringify(after_), /the proposal is rejected; everything is frozen until two people resume; the token/);
    assert.equal((await ask("SELECT level FROM saga.control ORDER BY id DESC LIMIT 1"))[0].level, "freeze");
    const { rows: [who] } = await gateway.query("SELECT refusal FROM saga.who('token', $1)", [[dana.token]]);
    assert.equal(who.refusal, "this token was revoked");
    await goOn();
});

test("another's Not me takes nothing back, and its clicker hears why", async () => {
    const dana = await addApprover("Dana once more", "U0CAROL001");
    const saga = await approveByToken(dana);
    const message = await told(dana, saga);
    const said = await whispers(bob.slack, () => click(message, bob.slack, "disown", { channel: dana.slack }));
    assert.match(said, /there is no such decision of yours/);
    assert.equal(await stateOf(saga), "approved");
});

test("a person is told before all of the many cards that wait are posted", async () => {
    const dana = await addApprover("Dana in a crowd", "U0CAROL001");
    const sagas = await propose({ count: 30 });
    const saga = await approveByToken(dana);
    await told(dana, saga);
    assert.notEqual((await ask("SELECT FROM slack.post WHERE open AND ts IS NULL")).length, 0);
    await gateway.query("SELECT FROM saga.decide($1, $2, 'reject', 'token', $3, 'a crowd')",
        [sagas.map(({ id }) => id), sagas.map(({ hash }) => hash), [bob.token]]);
});

for (const point of ["before_notices_sent", "after_notices_sent"])
    test(`killed at ${point}, the person is told all the same`, async () => {
        const crashes = () => aelp2.log("slack-bridge").filter(({ code }) => code === 137).length;
        const before = crashes();
        const dana = await addApprover(`Dana at ${point}`, "U0CAROL001");
        await aelp2.restart("slack-bridge", { AELP2_FAILPOINT: `${point}:exit` });
        const saga = await approveByToken(dana);
        await waitFor(() => crashes() > before, { what: `it is killed at ${point}` });
        await aelp2.ready("slack-bridge");
        await told(dana, saga);
        await waitFor(async () => (await ask("SELECT FROM saga.notice WHERE told_at IS NULL")).length === 0,
            { what: "it is recorded" });
    });

test("clicks of somebody who was erased are not kept", async () => {
    const eve = await addApprover("Eve", "U0CAROL001");
    const saga = await propose();
    await click(await liveCard(saga), eve.slack, "approve");
    await reaches(saga, "approved");
    const kept = () => ask("SELECT FROM slack.click WHERE slack_user = $1", eve.slack);
    assert.notEqual((await kept()).length, 0);
    await waitFor(async () => (await ask("SELECT FROM slack.click WHERE stage <> 'answered'")).length === 0,
        { what: "all clicks are answered" });
    const [{ id }] = await ask("SELECT person_id AS id FROM people.name WHERE name = 'Eve'");
    await admin("SELECT people.erase($1)", id);
    await aelp2.restart("slack-bridge"); // it looks at once, and then each hour
    await waitFor(async () => (await kept()).length === 0, { what: "they are gone" });
});
