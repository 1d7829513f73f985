-- $1 how old a reading may be in seconds, $2 limit
-- Sagas that outstayed their state. What changed a platform is measured on a fresh reading, so it
-- waits for one. OFFSET 0: one look-up by key for each open saga, whatever the statistics say.
SELECT s.id, s.version, s.content_hash, s.state, live.live
  FROM saga.open o
 CROSS JOIN LATERAL (SELECT * FROM saga.saga s WHERE s.id = o.saga_id OFFSET 0) s
 CROSS JOIN LATERAL (SELECT s.state = 'executed'
                            AND EXISTS (SELECT FROM saga.execution x
                                         WHERE x.saga_id = s.id AND x.mode = 'live')
                            AND EXISTS (SELECT FROM saga.effect e
                                         WHERE e.saga_id = s.id) AS live) live
 WHERE s.due_at <= clock_timestamp()
   AND s.state IN ('proposed', 'cleared', 'approved', 'executed')
   AND NOT (live.live
            AND EXISTS (SELECT FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
                         WHERE e.saga_id = s.id
                           AND coalesce(t.live_at, '-infinity')
                               <= clock_timestamp() - make_interval(secs => $1)))
 LIMIT $2
