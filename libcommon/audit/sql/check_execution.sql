-- An execution is one event that began it, from approved, for the content that was approved.
SELECT coalesce(x.saga_id, e.saga_id),
       CASE WHEN e.saga_id IS NULL THEN 'it was executed and has no event'
            WHEN x.saga_id IS NULL THEN format('event %s began it, and there is no execution', e.began)
            WHEN e.times <> 1 THEN format('it was begun %s times', e.times)
            WHEN x.back <> e.back THEN 'its execution and its events disagree about a rollback'
            ELSE format('event %s began it without an approval of that content', e.began) END
  FROM saga.execution x
  FULL JOIN (SELECT v.saga_id, min(v.version) AS first,
                    count(*) FILTER (WHERE v.is_begin) AS times,
                    min(v.version) FILTER (WHERE v.is_begin) AS began,
                    bool_or(v.to_state = 'rolling_back') AS back,
                    bool_and(v.from_state = 'approved') FILTER (WHERE v.is_begin) AS from_approved
               FROM (SELECT *, to_state = 'executing' AND from_state <> to_state AS is_begin
                       FROM saga.event WHERE saga_id IS NOT NULL) AS v
              GROUP BY v.saga_id) AS e ON e.saga_id = x.saga_id
 WHERE CASE WHEN e.saga_id IS NULL THEN NOT EXISTS (SELECT FROM audit.minimum)
            WHEN e.first > 1 THEN false -- its beginning is retired
            WHEN x.saga_id IS NULL THEN e.times > 0
            ELSE e.times <> 1 OR x.back <> e.back OR NOT e.from_approved
                 OR NOT EXISTS (SELECT FROM saga.event a JOIN saga.event b
                                    ON b.saga_id = a.saga_id AND b.version = e.began
                                 WHERE a.saga_id = x.saga_id AND a.version < e.began
                                   AND a.to_state = 'approved'
                                   AND a.content_hash = b.content_hash) END
 ORDER BY 1 LIMIT 20
