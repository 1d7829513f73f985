-- The nth decision of a saga is its nth event that a person's decision makes. Who took a decision
-- back ended the saga without another one. Sagas whose first events are retired are past this.
SELECT coalesce(d.saga_id, e.saga_id),
       CASE WHEN e.saga_id IS NULL THEN format('decision %s is in no event', d.id)
            WHEN d.saga_id IS NULL THEN format('event %s is of no decision', e.version)
            ELSE format('decision %s is not what event %s says', d.id, e.version) END
  FROM (SELECT d.*, row_number() OVER (PARTITION BY d.saga_id ORDER BY d.id) AS nth
          FROM saga.decision d
         WHERE EXISTS (SELECT FROM saga.event f WHERE f.saga_id = d.saga_id AND f.version = 1)) AS d
  FULL JOIN (SELECT e.*, row_number() OVER (PARTITION BY e.saga_id ORDER BY e.version) AS nth
               FROM saga.event e
              WHERE e.person_id IS NOT NULL AND e.from_state IN ('cleared', 'approved')
                AND e.to_state IN ('cleared', 'approved', 'rejected')
                AND EXISTS (SELECT FROM saga.event f
                             WHERE f.saga_id = e.saga_id AND f.version = 1)) AS e
         ON e.saga_id = d.saga_id AND e.nth = d.nth
 WHERE ((d.person_id, d.surface, d.content_hash, d.verdict = 'reject')
       IS DISTINCT FROM (e.person_id, e.role, e.content_hash, e.to_state = 'rejected')
        OR d.verdict = 'approve' AND e.from_state <> 'cleared')
   AND NOT (d.id IS NULL AND e.to_state = 'rejected'
            AND EXISTS (SELECT FROM saga.decision o
                         WHERE o.saga_id = e.saga_id AND o.person_id = e.person_id
                           AND o.disowned_at IS NOT NULL))
 ORDER BY 1, e.version, d.id LIMIT 20
