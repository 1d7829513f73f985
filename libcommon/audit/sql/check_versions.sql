-- The first events of a saga may be retired once a minimum index is signed; a hole is never right.
SELECT e.saga_id,
       format('its %s events are numbered %s to %s', count(*), min(e.version), max(e.version))
  FROM saga.event e
 WHERE e.saga_id IS NOT NULL
 GROUP BY e.saga_id
HAVING max(e.version) - min(e.version) + 1 <> count(*)
    OR min(e.version) <> 1 AND NOT EXISTS (SELECT FROM audit.minimum)
 ORDER BY 1 LIMIT 20
