// summary: adds up the reports in a folder and ends with "N passed, N failed, N skipped".
// Reads ctest's JUnit files (with cmocka's TAP inside), node's TAP and other programs' TAP.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const errorLines = 6, errorBytes = 500;
const total = { passed: 0, failed: [], skipped: [] };

function add(state, name, reason = "") {
    if (state === "passed") total.passed++;
    else total[state].push(reason ? `${name}: ${reason}` : name);
}

const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'").replace(/&amp;/g, "&");

// One "ok" or "not ok" line; suites (a "# Subtest" with tests below) are not tests themselves.
function readTap(text, of, isSuite = () => false) {
    let count = 0;
    const lines = text.split("\n");
    lines.forEach((line, at) => {
        const found = /^\s*(not ok|ok) \d+(.*)$/.exec(line);
        if (!found || isSuite(lines, at)) return;
        const directive = /^(.*?)# (?:skip|todo)\b:?\s*(.*)$/i.exec(found[2]);
        const name = (directive?.[1] ?? found[2]).replace(/^ ?-? ?/, "").trim();
        const state = directive ? "skipped" : found[1] === "ok" ? "passed" : "failed";
        const reason = directive?.[2] ?? (state === "failed" ? errorBehind(lines, at) : "");
        add(state, `${of} ${name}`.trim(), reason);
        count++;
    });
    return count;
}

// What a YAML block behind a failed entry gives as its error: the value, or a block's first lines.
function errorBehind(lines, at) {
    for (let i = at + 1; i < lines.length && !/^\s*(\.\.\.$|(not ok|ok) \d)/.test(lines[i]); i++) {
        const error = /^(\s*)error: (.*)$/.exec(lines[i]);
        if (!error) continue;
        const text = /^[|>]-?$/.test(error[2]) ? lines.slice(i + 1, i + 1 + errorLines) : [error[2]];
        return text.map((line) => line.trim()).filter(Boolean).join(" ").slice(0, errorBytes);
    }
    return "";
}

// Node says the type of an entry in the YAML block behind it.
function nodeSuite(lines, at) {
    for (let i = at + 1; i < lines.length && !/^\s*\.\.\.$/.test(lines[i]); i++) {
        if (/^\s*type: '?suite'?$/.test(lines[i])) return true;
        if (/^\s*(not ok|ok) \d+/.test(lines[i])) return false;
    }
    return false;
}

// A test program that died counts as one failure even when its TAP shows none.
function readJunit(text) {
    for (const [, head, body] of text.matchAll(/<testcase ([^>]*?)>([\s\S]*?)<\/testcase>/g)) {
        const name = /name="([^"]*)"/.exec(head)[1];
        const state = /status="([^"]*)"/.exec(head)[1];
        const output = unescape(/<system-out>([\s\S]*?)<\/system-out>/.exec(body)?.[1] ?? "");
        const failedBefore = total.failed.length;
        const count = readTap(output, name);
        if (state === "fail" && total.failed.length === failedBefore) add("failed", name, "died");
        else if (state === "notrun" || state === "disabled") add("skipped", name, "not run");
        else if (state === "run" && count === 0) add("passed", name);
    }
}

const folder = process.argv[2];
for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, file), "utf8");
    if (file.endsWith(".xml")) readJunit(text);
    else if (file.includes("node-")) readTap(text, "", nodeSuite);
    else if (file.endsWith(".tap")) readTap(text, "");
}

const list = (title, names) => names.length && console.log(`\n${title}:\n  ${names.join("\n  ")}`);
list("Skipped", total.skipped);
list("Failed", total.failed);
console.log(`\n${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`);
process.exit(total.failed.length === 0 ? 0 : 1);
