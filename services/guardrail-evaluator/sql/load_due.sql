-- $1 how old a reading may be in seconds, $2 limit
-- Sagas that outstayed their state. What changed a platform is measured on a fresh reading, so it
-- waits for one. OFFSET 0 and subqueries of one value: look-ups by key for each open saga, whatever
-- the statistics say.
SELECT s.id, s.version, s.content_hash, s.state, live.live
  FROM saga.open o
 CROSS JOIN LATERAL (
    SELECT d.id, d.version, d.content_hash, d.state, d.kind, d.kind_version
      FROM saga.saga d
     WHERE d.id = o.saga_id AND d.due_at <= clock_timestamp()
       AND d.state IN ('proposed', 'cleared', 'approved', 'executed')
    OFFSET 0) s
 CROSS JOIN LATERAL (
    SELECT s.state = 'executed'
           AND (SELECT k.effects_max > 0 FROM saga.kind k
                 WHERE k.kind = s.kind AND k.version = s.kind_version)
           AND coalesce((SELECT x.mode = 'live' FROM saga.execution x WHERE x.saga_id = s.id), false)
           AS live
    OFFSET 0) live
 WHERE CASE WHEN live.live
            THEN (SELECT min(coalesce(t.live_at, '-infinity'))
                    FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
                   WHERE e.saga_id = s.id) > clock_timestamp() - make_interval(secs => $1)
            ELSE true END
 LIMIT $2
