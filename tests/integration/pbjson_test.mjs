// Our proto3 JSON and wire form against protobufjs, both ways, over seeded random messages.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import protobuf from "protobufjs";

import { bin, root } from "../support/process.mjs";

const asJson = { longs: String, enums: String, bytes: String, json: true };
const random = generator(20261120);
let Every, tool, answers;

before(async () => {
    const folder = join(root, "tests", "unit", "base");
    const schema = new protobuf.Root();
    schema.resolvePath = (_, target) => join(folder, target.replace(folder, ""));
    await schema.load(join(folder, "every.proto"));
    Every = schema.lookupType("test.Every");
    tool = spawn(join(bin, "unit_base_pbjson_tool"), { stdio: ["pipe", "pipe", "inherit"] });
    answers = createInterface({ input: tool.stdout })[Symbol.asyncIterator]();
});

after(async () => {
    tool.stdin.end();
    const [code] = await once(tool, "exit");
    assert.equal(code, 0);
});

async function ask(line) {
    tool.stdin.write(line + "\n");
    const { value } = await answers.next();
    return value;
}

async function wireOf(json) {
    const answer = await ask("json " + JSON.stringify(json));
    assert.match(answer, /^wire /);
    return Buffer.from(answer.slice(5), "hex");
}

async function jsonOf(wire) {
    const answer = await ask("wire " + Buffer.from(wire).toString("hex"));
    assert.match(answer, /^json /);
    return JSON.parse(answer.slice(5));
}

// xorshift32: the same messages in every run.
function generator(state) {
    return (below) => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) % below;
    };
}

const pick = (...values) => values[random(values.length)];
const some = (make) => Array.from({ length: 1 + random(4) }, make);
const text = () => pick("x", "é\"\\\n", "\u{1f600} \u007f", "730000000", "a".repeat(200));
const inner = () => ({ dailyMicros: pick("-4650", "730000000"), note: text() });
const bytes = () => Buffer.from(some(() => random(256))).toString("base64");

const makers = {
    int32Field: () => pick(-2147483648, -1, 4650, 2147483647),
    sint32Field: () => pick(-2147483648, -1, 4650, 2147483647),
    sfixed32Field: () => pick(-2147483648, 2147483647),
    int64Field: () => pick("-9223372036854775808", "9223372036854775807", "-1", "730000000"),
    sint64Field: () => pick("-9223372036854775808", "9223372036854775807", "-1"),
    sfixed64Field: () => pick("-9223372036854775808", "9223372036854775807"),
    uint32Field: () => pick(1, 4294967295),
    fixed32Field: () => pick(1, 4294967295),
    uint64Field: () => pick("1", "18446744073709551615"),
    fixed64Field: () => pick("1", "18446744073709551615"),
    floatField: () => pick(0.5, -1.25, "Infinity", "NaN"),
    doubleField: () => pick(0.1, 1e-300, -1.7976931348623157e308, 5e-324, "-Infinity", "NaN"),
    boolField: () => true,
    mood: () => pick("MOOD_GOOD", "MOOD_BAD"),
    text,
    data: bytes,
    inner: () => ({ ...inner(), inside: inner() }),
    numbers: () => some(() => pick(0, -1, 2147483647)),
    bigNumbers: () => some(() => pick("0", "18446744073709551615")),
    reals: () => some(() => pick(0, 0.1, 1e21)),
    flags: () => some(() => pick(true, false)),
    moods: () => some(() => pick("MOOD_UNKNOWN", "MOOD_BAD")),
    texts: () => some(() => pick("", text())),
    datas: () => some(bytes),
    effects: () => some(inner),
};
const choices = [{}, { choiceNumber: "0" }, { choiceText: "" }, { choiceInner: { note: "n" } }];

function anyMessage() {
    const message = { ...pick(...choices) };
    for (const [name, make] of Object.entries(makers))
        if (random(2))
            message[name] = make();
    return message;
}

test("protobufjs reads what we pack, and means the same", async () => {
    for (let round = 0; round < 300; round++) {
        const message = anyMessage();
        assert.deepEqual(Every.toObject(Every.decode(await wireOf(message)), asJson), message);
    }
});

test("we read what protobufjs packs, and write the same JSON", async () => {
    for (let round = 0; round < 300; round++) {
        const message = anyMessage();
        assert.deepEqual(await jsonOf(Every.encode(Every.fromObject(message)).finish()), message);
    }
});

test("a Timestamp and a Duration are the seconds and nanos that protobufjs sees", async () => {
    const cases = [
        ["2026-11-20T10:00:00.123Z", "3.500s"],
        ["0001-01-01T00:00:00Z", "-0.000000001s"],
        ["9999-12-31T23:59:59.999999999Z", "-315576000000s"],
        ["1969-12-31T23:59:59.000001Z", "-1.500s"],
    ];
    for (const [seenAt, took] of cases) {
        const wire = await wireOf({ seenAt, took });
        const seen = Every.toObject(Every.decode(wire), { longs: String });
        const { seconds, nanos = 0 } = seen.seenAt;
        assert.equal(Number(seconds), Math.floor(Date.parse(seenAt) / 1000));
        assert.equal(nanos, Number((seenAt.match(/\.(\d+)/)?.[1] ?? "").padEnd(9, "0")));
        const { seconds: whole = 0, nanos: rest = 0 } = seen.took;
        assert.equal(Number(whole) + rest / 1e9, parseFloat(took));
        assert.deepEqual(await jsonOf(wire), { seenAt, took });
    }
});

test("what protobufjs may say and we may not hear is refused", async () => {
    const bad = {
        "test.Every: text: contains a NUL": { text: "a\0b" },
        "test.Every: mood: no such value: 5": { mood: 5 },
        "test.Every: moods: no such value: 9": { moods: [0, 9] },
    };
    for (const [reason, message] of Object.entries(bad)) {
        const wire = Buffer.from(Every.encode(Every.create(message)).finish());
        assert.equal(await ask("wire " + wire.toString("hex")), "error " + reason);
    }
});
