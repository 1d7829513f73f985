-- $1 sagas, $2 seconds until a change history shows a change
-- From 2 s before the first send, lest the clocks differ. Where the account's zone changed its
-- offset since then, the earlier of both readings: local times then repeat.
WITH asked AS MATERIALIZED (
    SELECT x.saga_id, min(a.sent_at) - interval '2 s' AS first_at, max(a.send_by) AS last_at
      FROM unnest($1::uuid[]) AS i (id)
      JOIN saga.execution x ON x.saga_id = i.id
      JOIN saga.attempt a ON a.saga_id = x.saga_id AND a.back = x.back AND a.sent_at IS NOT NULL
     GROUP BY x.saga_id
), touched AS MATERIALIZED (
    SELECT DISTINCT q.saga_id, q.first_at, q.last_at, c.id AS account_id, c.tz
      FROM asked q JOIN saga.effect e ON e.saga_id = q.saga_id
      JOIN saga.target g ON g.id = e.target_id JOIN saga.account c ON c.id = g.account_id
)
SELECT t.saga_id, t.account_id,
       to_char(least(t.first_at AT TIME ZONE t.tz,
                     (t.first_at AT TIME ZONE 'UTC')
                     + ((now() AT TIME ZONE t.tz) - (now() AT TIME ZONE 'UTC'))),
               'YYYY-MM-DD HH24:MI:SS'),
       to_char((now() AT TIME ZONE t.tz) + interval '1 day', 'YYYY-MM-DD HH24:MI:SS'),
       t.last_at + $2 * interval '1 second'
  FROM touched t ORDER BY t.account_id, t.saga_id
