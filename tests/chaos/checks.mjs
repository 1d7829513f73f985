// checks: what must hold in the ledger, the world and the log whatever happened. Each check looks
// for what breaks its rule; nothing found means that it holds.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { account } from "../support/budget.mjs";
import { root } from "../support/process.mjs";
import { leafHash, nodeHash, openCheckpoint, sha256 } from "../support/tlog.mjs";
import { peopleChecks } from "./people_checks.mjs";

// Its last attempt ended as unknown: a person must look.
const unknown = `(SELECT s.id FROM saga.saga s JOIN saga.execution x ON x.saga_id = s.id
    JOIN saga.attempt a ON a.saga_id = x.saga_id AND a.fence = x.fence
   WHERE s.state IN ('executing', 'rolling_back') AND a.outcome = 'unknown')`;

// The rules of the ledger as `aelpctl audit verify` runs them, and as who it does: by name, each
// answers who breaks it.
const folder = join(root, "libcommon/audit/sql");
const ledgerRules = Object.fromEntries(readdirSync(folder)
    .filter((file) => file.startsWith("check_"))
    .map((file) => [file.slice("check_".length, -".sql".length), readFileSync(join(folder, file), "utf8")]));

// What holds beside them at rest, and where no more than a day has passed.
const rules = {
    "what was approved was executed once, or ended otherwise": `
        SELECT s.id, s.kind, s.state
          FROM saga.saga s
         WHERE EXISTS (SELECT FROM saga.event e WHERE e.saga_id = s.id AND e.to_state = 'approved')
           AND s.id NOT IN ${unknown}
           AND (s.kind = 'noop.note' OR s.state NOT IN ('stale', 'blocked', 'failed'))
           AND (SELECT count(*) FROM saga.event e
                 WHERE e.saga_id = s.id AND e.to_state = 'executed') <> 1`,
    "no budget moved over its day's cap": `
        SELECT saga_id, target_id, moved, base
          FROM (SELECT u.*, k.day_bp, least(b.base_micros, e.before_micros) AS base,
                       sum(abs(u.delta_micros)) OVER (PARTITION BY u.target_id, u.delta_micros > 0
                                                      ORDER BY u.id) AS moved
                  FROM saga.spend_use u JOIN saga.saga s ON s.id = u.saga_id
                  JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
                  JOIN saga.effect e ON e.saga_id = u.saga_id AND e.target_id = u.target_id
                  JOIN saga.day_base b ON b.target_id = u.target_id AND b.day = u.day) used
         WHERE moved * 10000 > base * day_bp`,
    "no account moved over its day's cap": `
        SELECT saga_id, account_id, moved, base
          FROM (SELECT u.*, k.day_bp,
                       (SELECT sum(b.base_micros) FROM saga.day_base b JOIN saga.target t
                          ON t.id = b.target_id AND t.enabled AND t.period = 'daily'
                         WHERE t.account_id = u.account_id AND b.day = u.day) AS base,
                       sum(abs(u.delta_micros)) OVER (PARTITION BY u.account_id, u.delta_micros > 0
                                                      ORDER BY u.id) AS moved
                  FROM saga.spend_use u JOIN saga.saga s ON s.id = u.saga_id
                  JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version) used
         WHERE moved * 10000 > base * day_bp`,
    "nothing is stuck but what is unknown": `
        SELECT s.id, s.kind, s.state FROM saga.saga s
         WHERE s.id NOT IN ${unknown}
           AND (s.state NOT IN ('confirmed', 'blocked', 'rejected', 'stale', 'failed', 'expired',
                               'rolled_back', 'rollback_failed')
                OR EXISTS (SELECT FROM saga.open o WHERE o.saga_id = s.id))`,
    "no budget is held but by what is unknown": `
        SELECT resource, busy FROM saga.target
         WHERE busy IS NOT NULL AND busy NOT IN ${unknown}`,
    "no task is left": "SELECT * FROM budget.task",
    "the outbox is empty": "SELECT id, subject FROM bus.outbox",
    "nothing is dead but what was poison": `
        SELECT service, subject, reason FROM bus.dead WHERE body <> 'poison'`,
};

// What people were told is so must still be so.
async function lostAnswers({ db, answered: { proposed, approved } }) {
    const { rows } = await db.query(`
        SELECT id, 'proposed' AS was FROM unnest($1::uuid[]) id
         WHERE NOT EXISTS (SELECT FROM saga.event e WHERE e.saga_id = id AND e.to_state = 'proposed')
        UNION ALL
        SELECT id, 'approved' FROM unnest($2::uuid[]) id
         WHERE NOT EXISTS (SELECT FROM saga.event e WHERE e.saga_id = id AND e.to_state = 'approved')`,
    [[...proposed], [...approved]]);
    return rows.map(({ id, was }) => `${id} was ${was}`);
}

// The world's own ledger, budget by budget: the changes it applied are those that the ledger calls
// executed or rolled back, in that order. What is unknown may have arrived once.
async function worldDiffers({ db, mutations }) {
    const broken = [];
    const { rows } = await db.query(`
        SELECT t.resource, way.change, done.seq
          FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
         CROSS JOIN LATERAL (VALUES
            ('executing', 'executed', e.before_micros || '>' || e.after_micros),
            ('rolling_back', 'rolled_back', e.after_micros || '>' || e.before_micros)) way (state, end_state, change)
          LEFT JOIN saga.event done ON done.saga_id = e.saga_id AND done.to_state = way.end_state
         WHERE t.account_id = $1
           AND (done.seq IS NOT NULL
                OR (SELECT s.state FROM saga.saga s WHERE s.id = e.saga_id AND s.id IN ${unknown}) = way.state)
         ORDER BY done.seq`, [account]);
    const executed = grouped(rows, ({ resource }) => resource);
    const applied = grouped(mutations.filter((entry) => entry.applied),
        (entry) => `campaignBudgets/${entry.resource_id}`);
    for (const resource of new Set([...executed.keys(), ...applied.keys()])) {
        const all = executed.get(resource) ?? [];
        const doubtful = all.filter(({ seq }) => seq === null).map(({ change }) => change);
        const expected = all.filter(({ seq }) => seq !== null).map(({ change }) => change);
        const found = (applied.get(resource) ?? [])
            .map((entry) => `${entry.before_micros}>${entry.after_micros}`)
            .filter((change) => !take(doubtful, change, expected));
        if (found.join() !== expected.join())
            broken.push(`${resource} has ${found}, not ${expected}`);
    }
    return broken;
}

function grouped(list, keyOf) {
    const groups = new Map();
    for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
    return groups;
}

// Is this change one of the doubtful, which no executed one explains?
function take(doubtful, change, expected) {
    if (expected.includes(change) || !doubtful.includes(change)) return false;
    doubtful.splice(doubtful.indexOf(change), 1);
    return true;
}

// Every checkpoint's root once more from the leaves, and the witness's own memory beside it.
async function logDiffers({ db, audit }) {
    const broken = [];
    const { rows: leaves } = await db.query(
        "SELECT e.leaf FROM audit.leaf_of l JOIN saga.event e ON e.seq = l.event ORDER BY l.index");
    const { rows: notes } = await db.query("SELECT note FROM audit.checkpoint ORDER BY size");
    const checkpoints = notes.map(({ note }) => openCheckpoint(note.toString(), audit.keys));
    const seen = await audit.witnessed(checkpoints.at(-1)?.origin);
    const tree = [];
    let size = 0;
    for (const checkpoint of [...checkpoints, seen]) {
        for (; size < Math.min(checkpoint.size, leaves.length); size++)
            append(tree, leafHash(leaves[size].leaf));
        if (size !== checkpoint.size || !rootOf(tree).equals(checkpoint.root))
            broken.push(`not at ${checkpoint.size} leaves`);
    }
    if (seen.size !== leaves.length) broken.push(`witnessed are ${seen.size} of ${leaves.length}`);
    return broken;
}

// tree: full subtrees from left to right, each {hash, height}.
function append(tree, hash) {
    let height = 0;
    while (tree.at(-1)?.height === height) {
        hash = nodeHash(tree.pop().hash, hash);
        height++;
    }
    tree.push({ hash, height });
}

function rootOf(tree) {
    if (tree.length === 0) return sha256();
    return tree.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right));
}

async function offending(db, sql) {
    const { rows } = await db.query(sql);
    return rows.length > 0 ? [`${rows.length}, first ${JSON.stringify(rows[0])}`] : [];
}

const checks = {
    ...Object.fromEntries(Object.entries(ledgerRules).map(([rule, sql]) =>
        [rule, ({ auditor }) => offending(auditor, sql)])),
    ...peopleChecks,
    ...Object.fromEntries(Object.entries(rules).map(([rule, sql]) => [rule, ({ db }) => offending(db, sql)])),
    "what was answered is kept": lostAnswers,
    "the world applied what was executed, once and in order": worldDiffers,
    "the log grows from what was signed, and all of it is witnessed": logDiffers,
};

// Sentences about what doesn't hold; none when all does. facts: {db, auditor, mutations, messages,
// audit, answered}, with the world's ledger as mutations, Slack's messages, and what drivers and operators
// were answered. rule: only that one.
export async function violations(facts, rule) {
    const broken = [];
    for (const name of rule ? [rule] : Object.keys(checks))
        broken.push(...(await checks[name](facts)).map((sentence) => `${name}: ${sentence}`));
    return broken;
}

// Has everything come to rest, signed and witnessed?
export async function atRest(db) {
    const { rows: [left] } = await db.query(`
        SELECT (SELECT count(*)::int FROM saga.open WHERE saga_id NOT IN ${unknown}) AS open,
               (SELECT count(*)::int FROM bus.outbox) AS outbox,
               (SELECT count(*)::int FROM audit.pending) AS pending,
               (SELECT count(*)::int FROM budget.task) AS tasks,
               audit.size() - (SELECT coalesce(max(size), 0) FROM audit.checkpoint) AS unsigned`);
    const waiting = Object.entries(left).filter(([, count]) => Number(count) > 0);
    if (waiting.length > 0)
        throw new Error(waiting.map(([what, count]) => `${count} ${what}`).join(", "));
    return true;
}
