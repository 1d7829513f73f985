// people checks: what must hold of what people were promised: a stop stops, what is taken back is
// taken back once, and what is clicked in Slack is kept and answered there.
import { isLive } from "./slack.mjs";

// Who read the kill switch just before it was pulled may still get a permit: not after this long.
const grace = "interval '1 s'";

// What forbade it for saga s at that time: the last word of each scope that s stands under. Under a
// stop, what is `excepted` may go out.
const stopped = (at, excepted) => `
    SELECT c.scope, c.level, c.at
      FROM (SELECT unnest(ARRAY[a.platform, a.id]) AS scope
              FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
              JOIN saga.account a ON a.id = t.account_id WHERE e.saga_id = s.id
            UNION SELECT unnest(ARRAY['*', s.kind])) above
     CROSS JOIN LATERAL (SELECT * FROM saga.control c
                          WHERE c.scope = above.scope AND c.effective AND c.at < ${at} - ${grace}
                          ORDER BY c.id DESC LIMIT 1) c
     WHERE (c.level = 'freeze' OR c.level = 'stop' AND NOT ${excepted})
       AND NOT EXISTS (SELECT FROM saga.control later
                        WHERE later.scope = c.scope AND later.effective AND later.level = 'run'
                          AND later.id > c.id AND later.at <= ${at})`;

const lowers = `(a.back AND (SELECT sum(e.before_micros - e.after_micros) <= 0
                               FROM saga.effect e WHERE e.saga_id = s.id))`;
const unknown = `(SELECT x.saga_id FROM saga.execution x
                    JOIN saga.attempt a ON a.saga_id = x.saga_id AND a.fence = x.fence
                   WHERE a.outcome = 'unknown')`;
const ends = "('confirmed', 'blocked', 'rejected', 'stale', 'failed', 'expired', 'rolled_back', 'rollback_failed')";

const rules = {
    "nothing was permitted to go out while it was stopped": `
        SELECT s.id, a.fence, a.sent_at, c.*
          FROM saga.attempt a JOIN saga.saga s ON s.id = a.saga_id
         CROSS JOIN LATERAL (${stopped("a.sent_at", lowers)}) c`,
    "nothing was begun while it was stopped": `
        SELECT s.id, x.begun_at, c.*
          FROM saga.execution x JOIN saga.saga s ON s.id = x.saga_id
         CROSS JOIN LATERAL (${stopped("x.begun_at", "false")}) c`,
    "nothing stays stopped": `
        SELECT DISTINCT ON (scope) scope, level FROM saga.control c
         WHERE effective AND level <> 'run'
           AND NOT EXISTS (SELECT FROM saga.control later WHERE later.scope = c.scope
                              AND later.effective AND later.id > c.id)`,
    "what was let out again two people let out": `
        SELECT c.id, c.scope FROM saga.control c
         WHERE c.effective AND c.level = 'run' AND c.person_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM saga.control other
                            WHERE other.scope = c.scope AND other.level = 'run' AND other.id < c.id
                              AND other.person_id <> c.person_id
                              AND other.id > ALL (SELECT o.id FROM saga.control o
                                                   WHERE o.scope = c.scope AND o.level <> 'run' AND o.id < c.id))`,
    "what was taken back was taken back once, or it is known why not": `
        SELECT e.saga_id, s.state, array_agg(e.to_state ORDER BY e.version) AS went
          FROM saga.event e JOIN saga.saga s ON s.id = e.saga_id
         WHERE e.to_state IN ('rolling_back', 'rolled_back', 'rollback_failed') AND e.event <> 'unknown'
         GROUP BY e.saga_id, s.state
        HAVING array_agg(e.to_state ORDER BY e.version)
               <> CASE WHEN e.saga_id IN ${unknown} AND s.state = 'rolling_back' THEN ARRAY['rolling_back']
                       ELSE ARRAY['rolling_back', s.state] END`,
    "what could not be taken back had been changed by another": `
        SELECT f.saga_id
          FROM saga.event f
          JOIN saga.event done ON done.saga_id = f.saga_id AND done.to_state = 'executed'
         WHERE f.to_state = 'rollback_failed'
           AND NOT EXISTS (
               SELECT FROM saga.effect mine JOIN saga.effect theirs ON theirs.target_id = mine.target_id
                 JOIN saga.event other ON other.saga_id = theirs.saga_id
                WHERE mine.saga_id = f.saga_id AND theirs.saga_id <> f.saga_id
                  AND other.to_state IN ('executing', 'executed', 'rolled_back')
                  AND other.seq BETWEEN done.seq AND f.seq)`,
    "what was decided in Slack has its click": `
        SELECT d.saga_id, d.id FROM saga.decision d
         WHERE d.surface = 'aelp_slack_bridge'
           AND NOT EXISTS (SELECT FROM slack.click c WHERE c.proof_hash = d.proof_hash)`,
    "who decided elsewhere was told in Slack": "SELECT decision_id FROM saga.notice WHERE told_at IS NULL",
    "no click waits for an answer": "SELECT id, stage, outcome FROM slack.click WHERE stage <> 'answered'",
    "every card shows where its saga is": `
        SELECT p.saga_id, p.ts, p.shown, s.version, s.state
          FROM slack.post p JOIN saga.saga s ON s.id = p.saga_id
         WHERE p.ts IS NULL OR p.shown <> s.version OR p.open <> (s.state NOT IN ${ends})`,
};

async function offending(db, sql) {
    const { rows } = await db.query(sql);
    return rows.length > 0 ? [`${rows.length}, first ${JSON.stringify(rows[0])}`] : [];
}

async function lostWords({ db, answered: { takenBack, clicked } }) {
    const { rows } = await db.query(`
        SELECT id, 'taken back' AS was FROM unnest($1::uuid[]) id
         WHERE NOT EXISTS (SELECT FROM saga.event e WHERE e.saga_id = id AND e.to_state = 'rolling_back')
        UNION ALL
        SELECT NULL, 'clicked: ' || signature FROM unnest($2::text[]) signature
         WHERE NOT EXISTS (SELECT FROM slack.click c WHERE c.signature = signature)`,
    [[...takenBack], [...clicked]]);
    return rows.map(({ id, was }) => `${id ?? "a click"} was ${was}`);
}

// Whatever the bridge believes: what stands in the world's Slack.
async function liveMessages({ messages }) {
    return messages.filter((one) => isLive(one) || JSON.stringify(one).includes("Working…"))
        .map(({ message }) => `${message.ts}: ${message.text}`);
}

export const peopleChecks = {
    ...Object.fromEntries(Object.entries(rules).map(([rule, sql]) => [rule, ({ db }) => offending(db, sql)])),
    "what people heard is kept": lostWords,
    "no message in Slack asks for what is decided": liveMessages,
};

// Has everybody been told and answered, and does every card show where its saga is?
export async function slackAtRest(db) {
    for (const rule of ["who decided elsewhere was told in Slack", "no click waits for an answer",
        "every card shows where its saga is"]) {
        const found = await offending(db, rules[rule]);
        if (found.length > 0) throw new Error(`${rule}: ${found}`);
    }
    return true;
}
