SELECT coalesce(s.id, e.saga_id),
       CASE WHEN s.id IS NULL THEN 'it has events and no row'
            WHEN e.saga_id IS NULL THEN format('it is %s and has no event', s.state)
            WHEN (s.state, s.version) = (e.to_state, e.version)
            THEN format('version %s names another leaf', s.version)
            ELSE format('it is %s, version %s; its last event is %s, version %s', s.state,
                        s.version, e.to_state, e.version) END
  FROM saga.saga s
  FULL JOIN (SELECT DISTINCT ON (saga_id) saga_id, version, to_state, leaf_hash FROM saga.event
              WHERE saga_id IS NOT NULL ORDER BY saga_id, version DESC) AS e ON e.saga_id = s.id
 WHERE (s.state, s.version, s.last_leaf) IS DISTINCT FROM (e.to_state, e.version, e.leaf_hash)
   AND (e.saga_id IS NOT NULL OR NOT EXISTS (SELECT FROM audit.minimum)) -- all retired
 ORDER BY 1 LIMIT 20
