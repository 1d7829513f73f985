// The launcher and the house rules: what a person types, and what tidy.sh refuses.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { root, run } from "../support/process.mjs";

const aelp = (...args) => run(join(root, "aelp"), args);

test("an unknown verb is refused with the nearest one", async () => {
    const { code, stderr } = await aelp("statsu");
    assert.equal(code, 2);
    assert.match(stderr, /no verb 'statsu'.*'status'/);
});

test("every verb explains itself", async () => {
    const { stdout } = await aelp();
    const verbs = [...stdout.matchAll(/^ {2}([a-z]+) +\S/gm)].map((found) => found[1]);
    assert.equal(verbs.length, 11);
    for (const verb of verbs) {
        const help = await aelp(verb, "--help");
        assert.equal(help.code, 0, verb);
        assert.match(help.stdout, new RegExp(`\\./aelp ${verb}`), verb);
    }
});

test("an instance's name can't leave .run", async () => {
    const { code, stderr } = await aelp("instance", "destroy", "../../etc");
    assert.equal(code, 1);
    assert.match(stderr, /an instance's name is/);
});

test("a suite that doesn't exist is refused before anything is built", async () => {
    const { code, stderr } = await aelp("test", "unti");
    assert.equal(code, 1);
    assert.match(stderr, /no suite or file 'unti'/);
});

for (const [words, says] of [
    ["up now", /what is 'now'/],
    ["status x", /what is 'x'/],
    ["build nosuch", /no preset 'nosuch' \(there are: release .*fuzz\)/],
]) {
    test(`./aelp ${words} is refused`, async () => {
        const refused = await aelp(...words.split(" "));
        assert.equal(refused.code, 1);
        assert.match(refused.stderr, says);
    });
}

test("a person's tests are counted, and one that died is a failure", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aelp-summary-"));
    writeFileSync(join(folder, "unit.xml"), `<testsuite>
        <testcase name="unit.a.b" status="run"><system-out>1..3
ok 1 - first
ok 2 - second
not ok 3 # SKIP third</system-out></testcase>
        <testcase name="unit.a.c" status="fail"><system-out>1..2
ok 1 - before it died</system-out></testcase></testsuite>`);
    writeFileSync(join(folder, "node-x.tap"), `TAP version 13
# Subtest: a suite
    ok 1 - inside
      ---
      type: 'test'
      ...
    not ok 2 - broken
      ---
      type: 'test'
      ...
not ok 1 - a suite
  ---
  type: 'suite'
  ...
`);
    const { code, stdout } = await run("node", [join(root, "tests/support/summary.mjs"), folder]);
    rmSync(folder, { recursive: true });
    assert.equal(code, 1);
    assert.match(stdout, /\n4 passed, 2 failed, 1 skipped\n$/);
});

test("a test run that begins inside another's time leaves its reports alone", async () => {
    const script = `
        source "$ROOT/tools/launch/part/say.sh"
        source "$ROOT/tools/launch/part/suites.sh"
        suites_begin
        trap 'rm -r "$reports"' EXIT
        echo "ok 1 - one" >"$reports/one.tap"
        [[ -z $1 ]] || bash -euc "$1" inner ""
        suites_end`;
    const { code, stdout } = await run("bash", ["-euc", script, "outer", script],
        { env: { ...process.env, ROOT: root } });
    assert.equal(code, 0);
    assert.equal(stdout.match(/^1 passed, 0 failed, 0 skipped$/gm)?.length, 2, stdout);
});

// A tiny tree with one breach of each rule.
const breaches = {
    "libcommon/base/base.h": ['/* base */\n#include "bus.h"\n', /DAG: base may not use bus/],
    "libcommon/bus/bus.h": ["/* bus */\n", /no row for the archive bus/],
    "services/left/left.h": ["/* left */\n", /services\/left\/README\.md:1: .*missing/],
    "services/right/core.c": ['/* core */\n#include "left.h"\n', /services\/right includes services\/left's left\.h/],
    "services/right/clock.c": ["/* clock */\n#include <time.h>\n", /I\/O or clock in a core file/],
    "services/right/copy.c": ["/* copy */\nvoid f(void)\n{\n    strcpy(a, b);\n}\n", /banned call .*strcpy/],
    "services/right/heap.c": ["/* heap */\nvoid f(void)\n{\n    free(a);\n}\n", /memory outside mem\.c/],
    "services/right/long.c": [`/* long */\nvoid f(void)\n{\n${"    g();\n".repeat(61)}}\n`, /size: 61 lines \(60 at most\)/],
    "services/right/later.c": ["/* TO" + "DO later */\n", /unfinished/],
    "services/right/bare.c": ["int bare;\n", /no comment says what this file is for/],
    "services/right/wide.c": ["/* wide */\nint  wide;\n", /wide\.c:2: format/, "clang-format"],
    "tests/broken.sh": ["#!/bin/bash\nif then\n", /broken\.sh:2: syntax/],
};

let said;
before(async () => {
    const tree = mkdtempSync(join(tmpdir(), "aelp-tidy-"));
    for (const path of ["CMakeLists.txt", ".clang-format", ".shellcheckrc", "compose.yaml", "tests/tidy", "tests/tidy.sh"])
        cpSync(join(root, path), join(tree, path), { recursive: true });
    for (const [path, [text]] of Object.entries(breaches)) {
        mkdirSync(join(tree, dirname(path)), { recursive: true });
        writeFileSync(join(tree, path), text);
    }
    await run("git", ["init", "-q", tree]);
    said = await run(join(tree, "tests/tidy.sh"));
    after(() => rmSync(tree, { recursive: true }));
});

for (const [path, [, rule, tool]] of Object.entries(breaches)) {
    test(`tidy.sh refuses ${path}`, (t) => {
        assert.equal(said.code, 1);
        if (said.stdout.includes(`skipped: ${tool} is not installed`)) return t.skip(`${tool} is not installed`);
        assert.match(said.stdout, rule);
    });
}
