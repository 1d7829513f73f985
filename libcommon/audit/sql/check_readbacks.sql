-- A live attempt counts as applied, or its rollback, because each budget was read back so. Readings
-- older than 30 days are pruned but for the last of each budget.
SELECT a.saga_id, format('attempt %s was applied, but %s was read as %s micros then, not %s', a.fence,
                         g.resource, coalesce(seen.micros::text, '-'), wanted.micros)
  FROM saga.attempt a JOIN saga.execution x ON x.saga_id = a.saga_id AND x.mode = 'live'
  JOIN saga.effect e ON e.saga_id = a.saga_id
  JOIN saga.target g ON g.id = e.target_id
 CROSS JOIN LATERAL (SELECT CASE WHEN a.back THEN e.before_micros ELSE e.after_micros END) AS wanted (micros)
 CROSS JOIN LATERAL (SELECT (SELECT o.daily_micros FROM saga.observed o
                              WHERE o.target_id = e.target_id AND o.at <= a.finished_at
                              ORDER BY o.at DESC LIMIT 1)) AS seen (micros)
 WHERE a.outcome = 'applied' AND seen.micros IS DISTINCT FROM wanted.micros
   AND (seen.micros IS NOT NULL OR a.finished_at > clock_timestamp() - interval '30 days')
 ORDER BY 1, a.fence LIMIT 20
