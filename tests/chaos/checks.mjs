// checks: what must hold in the ledger, the world and the log whatever happened. Each check looks
// for what breaks its rule; nothing found means that it holds.
import { account } from "../support/budget.mjs";
import { leafHash, nodeHash, openCheckpoint, sha256 } from "../support/tlog.mjs";

// Its last attempt ended as unknown: a person must look.
const unknown = `(SELECT s.id FROM saga.saga s JOIN saga.execution x ON x.saga_id = s.id
    JOIN saga.attempt a ON a.saga_id = x.saga_id AND a.fence = x.fence
   WHERE s.state IN ('executing', 'rolling_back') AND a.outcome = 'unknown')`;

const rules = {
    "versions run from 1 without a gap": `
        SELECT saga_id FROM saga.event WHERE saga_id IS NOT NULL
         GROUP BY saga_id HAVING min(version) <> 1 OR max(version) <> count(*)`,
    "each event goes on from the state before it": `
        SELECT saga_id, version, from_state, was
          FROM (SELECT *, lag(to_state, 1, '') OVER (PARTITION BY saga_id ORDER BY version) AS was
                  FROM saga.event WHERE saga_id IS NOT NULL) e
         WHERE from_state <> was`,
    "each step is one that its role may take": `
        SELECT e.saga_id, e.version, e.from_state, e.to_state, e.role
          FROM saga.event e JOIN saga.saga s ON s.id = e.saga_id
         WHERE NOT (e.event = 'unknown' AND e.from_state = e.to_state)
           AND NOT EXISTS (SELECT FROM saga.step p
                            WHERE p.kind = s.kind AND p.from_state = e.from_state
                              AND p.to_state = e.to_state AND p.role = e.role)`,
    "the state is the last event's": `
        SELECT s.id, s.state, e.to_state
          FROM saga.saga s
          LEFT JOIN LATERAL (SELECT * FROM saga.event e WHERE e.saga_id = s.id
                              ORDER BY e.version DESC LIMIT 1) e ON true
         WHERE (s.state, s.version, s.last_leaf)
               IS DISTINCT FROM (e.to_state, e.version, e.leaf_hash)`,
    "a leaf says what its event says": `
        SELECT saga_id, version
          FROM (SELECT *, lag(leaf_hash) OVER (PARTITION BY saga_id ORDER BY version) AS prev
                  FROM saga.event WHERE saga_id IS NOT NULL) e
         WHERE NOT starts_with(convert_from(leaf, 'UTF8'),
                   format(E'aelp/event/v1\\nsaga %s\\nversion %s\\nfrom %s\\nto %s\\nrole %s\\nperson %s\\n'
                          'content %s\\nat %s\\n', saga_id, version, from_state, to_state, role,
                          coalesce(person_id::text, '-'), encode(content_hash, 'hex'),
                          saga._text(at)))
            OR NOT convert_from(leaf, 'UTF8')
                   LIKE '%' || E'\\nprev ' || coalesce(encode(prev, 'hex'), '-') || E'\\n'`,
    "an event has one leaf, and a leaf its event": `
        SELECT e.seq, l.index FROM saga.event e FULL JOIN audit.leaf_of l ON l.event = e.seq
         WHERE e.seq IS NULL OR l.index IS NULL`,
    "leaves are numbered without a gap": `
        SELECT count(*), max(index) FROM audit.leaf_of
        HAVING count(*) <> max(index) + 1 OR count(*) <> audit.size()`,
    "what was executed had been approved": `
        SELECT x.saga_id
          FROM saga.execution x JOIN saga.saga s ON s.id = x.saga_id
          JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
         WHERE (SELECT count(DISTINCT d.person_id) FROM saga.decision d
                 WHERE d.saga_id = s.id AND d.content_hash = s.content_hash
                   AND d.verdict = 'approve' AND d.at <= x.begun_at
                   AND NOT EXISTS (SELECT FROM saga.contributor c
                                    WHERE c.saga_id = s.id AND c.person_id = d.person_id)) < k.quorum
            OR NOT EXISTS (SELECT FROM saga.event e
                            WHERE e.saga_id = s.id AND e.to_state = 'approved' AND e.at <= x.begun_at)`,
    "what was approved was executed once, or ended otherwise": `
        SELECT s.id, s.kind, s.state
          FROM saga.saga s
         WHERE EXISTS (SELECT FROM saga.event e WHERE e.saga_id = s.id AND e.to_state = 'approved')
           AND s.id NOT IN ${unknown}
           AND (s.kind = 'noop.note' OR s.state NOT IN ('stale', 'blocked', 'failed'))
           AND ((SELECT count(*) FROM saga.execution x WHERE x.saga_id = s.id) <> 1
                OR (SELECT count(*) FROM saga.event e
                     WHERE e.saga_id = s.id AND e.to_state = 'executing' AND e.event <> 'unknown') <> 1
                OR (SELECT count(*) FROM saga.event e
                     WHERE e.saga_id = s.id AND e.to_state = 'executed') <> 1)`,
    "what was not approved was not executed": `
        SELECT e.saga_id FROM saga.event e
         WHERE e.to_state IN ('executing', 'executed')
           AND NOT EXISTS (SELECT FROM saga.execution x WHERE x.saga_id = e.saga_id)`,
    "no change is over its cap": `
        SELECT s.id, e.before_micros, e.after_micros
          FROM saga.execution x JOIN saga.saga s ON s.id = x.saga_id
          JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
          JOIN saga.effect e ON e.saga_id = s.id
         WHERE abs(e.after_micros - e.before_micros) * 10000 > e.before_micros * k.change_bp`,
    "caps were used by what was executed and nothing else": `
        SELECT u.id, e.saga_id
          FROM saga.spend_use u
          FULL JOIN (saga.effect e JOIN saga.execution x ON x.saga_id = e.saga_id AND x.mode = 'live')
            ON e.saga_id = u.saga_id AND e.target_id = u.target_id
           AND e.after_micros - e.before_micros = u.delta_micros
         WHERE u.id IS NULL OR e.saga_id IS NULL`,
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
           AND (s.state NOT IN ('confirmed', 'blocked', 'rejected', 'stale', 'failed', 'expired')
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
// executed, in that order. What is unknown may have arrived once.
async function worldDiffers({ db, mutations }) {
    const broken = [];
    const { rows } = await db.query(`
        SELECT t.resource, e.before_micros || '>' || e.after_micros AS change, done.seq
          FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
          LEFT JOIN saga.event done ON done.saga_id = e.saga_id AND done.to_state = 'executed'
         WHERE t.account_id = $1 AND (done.seq IS NOT NULL OR e.saga_id IN ${unknown})
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
    ...Object.fromEntries(Object.entries(rules).map(([rule, sql]) => [rule, ({ db }) => offending(db, sql)])),
    "what was answered is kept": lostAnswers,
    "the world applied what was executed, once and in order": worldDiffers,
    "the log grows from what was signed, and all of it is witnessed": logDiffers,
};

// Sentences about what doesn't hold; none when all does. facts: {db, mutations, audit, answered}, with
// the world's ledger as mutations and the driver's answers. rule: only that one.
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
