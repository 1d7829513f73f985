SELECT saga_id,
       CASE WHEN from_state <> was
            THEN format('event %s begins at "%s", the one before it ended at "%s"', version,
                        from_state, was)
            ELSE format('event %s is about another content', version) END
  FROM (SELECT e.saga_id, e.version, e.from_state, e.content_hash, s.content_hash AS content,
               lag(e.to_state, 1, CASE e.version WHEN 1 THEN '' END)
                   OVER (PARTITION BY e.saga_id ORDER BY e.version) AS was
          FROM saga.event e LEFT JOIN saga.saga s ON s.id = e.saga_id
         WHERE e.saga_id IS NOT NULL) AS chain
 WHERE from_state <> was OR content_hash IS DISTINCT FROM content
 ORDER BY 1, version LIMIT 20
