// completion: zsh and fish read the scripts that aelpctl prints for them, and complete by them. Bash is
// in aelpctl_test.mjs.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { bin, run } from "../support/process.mjs";

const folder = mkdtempSync(join(tmpdir(), "aelp-completion-"));
after(() => rmSync(folder, { recursive: true }));

// As a person without settings of their own.
function inShell(shell, ...args) {
    return run(shell, args, { env: { PATH: process.env.PATH, HOME: folder } });
}

async function scriptFor(shell) {
    const { stdout } = await run(join(bin, "aelpctl"), ["completion", shell]);
    const file = join(folder, shell);
    writeFileSync(file, stdout);
    return file;
}

const completed = {
    zsh: (file, words) => ["-fc", `autoload -U compinit && compinit -u -D; source ${file}; setopt ksharrays
        COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
        _aelpctl; print -l -- "\${COMPREPLY[@]}"`],
    fish: (file, words) => ["--no-config", "-c", `source ${file}; complete -C '${words.join(" ")}'`],
};

for (const shell of Object.keys(completed))
    test(`${shell} reads its script, and completes nouns, verbs and what may follow`, async (t) => {
        const file = await scriptFor(shell);
        const read = await inShell(shell, "-n", file);
        if (read.code === "ENOENT") return t.skip(`${shell} is not installed`);
        assert.deepEqual([read.code, read.stderr], [0, ""]);
        const offered = async (...words) => {
            const { stdout, stderr } = await inShell(shell, ...completed[shell](file, words));
            assert.equal(stderr, "");
            return stdout.split("\n").map((line) => line.split("\t")[0]);
        };
        assert.ok((await offered("aelpctl", "pro")).includes("proposals"));
        assert.ok((await offered("aelpctl", "audit", "")).includes("verify"));
        assert.ok((await offered("aelpctl", "proposals", "propose", "")).includes("budget"));
        assert.ok((await offered("aelpctl", "proposals", "list", "--sta")).includes("--state"));
    });
