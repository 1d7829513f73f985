-- As often as the publisher's events say that a direction ended so, attempts ended so. What a
-- person resolved has no outcome but unknown, or none.
WITH whole AS (SELECT f.saga_id FROM saga.event f WHERE f.version = 1)
SELECT coalesce(a.saga_id, e.saga_id),
       format('attempts say %s: %s times, events: %s', coalesce(a.became, e.became),
              coalesce(a.times, 0), coalesce(e.times, 0))
  FROM (SELECT t.saga_id, count(*) AS times,
               CASE WHEN t.outcome = 'unknown' THEN 'unknown ' || t.back
                    WHEN t.outcome = 'applied' AND t.back THEN 'rolled_back'
                    WHEN t.outcome = 'applied' THEN 'executed'
                    WHEN t.back THEN 'rollback_failed' ELSE 'failed' END AS became
          FROM saga.attempt t JOIN whole USING (saga_id)
         WHERE t.outcome IS NOT NULL GROUP BY t.saga_id, 3) AS a
  FULL JOIN (SELECT v.saga_id, count(*) AS times,
                    CASE WHEN v.from_state = v.to_state
                         THEN 'unknown ' || (v.to_state = 'rolling_back') ELSE v.to_state END AS became
               FROM saga.event v JOIN whole USING (saga_id)
               JOIN saga.saga s ON s.id = v.saga_id
               JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
              WHERE v.role = k.publisher AND v.from_state IN ('executing', 'rolling_back')
              GROUP BY v.saga_id, 3) AS e ON e.saga_id = a.saga_id AND e.became = a.became
 WHERE a.times IS DISTINCT FROM e.times
 ORDER BY 1 LIMIT 20
