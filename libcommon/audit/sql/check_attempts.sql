SELECT coalesce(x.saga_id, a.saga_id),
       CASE WHEN x.saga_id IS NULL THEN 'it has attempts and no execution'
            WHEN a.saga_id IS NULL THEN 'it has an execution and no attempt'
            WHEN a.torn > 0 THEN 'an attempt has half of a send or of an outcome'
            WHEN a.sent > 0 AND x.mode <> 'live' THEN format('something was sent in mode %s', x.mode)
            WHEN a.back > 0 AND NOT x.back THEN 'an attempt to roll back without a rollback'
            ELSE format('its %s attempts are fenced %s to %s, its execution %s', a.count, a.first,
                        a.last, x.fence) END
  FROM saga.execution x
  FULL JOIN (SELECT t.saga_id, count(*), min(t.fence) AS first, max(t.fence) AS last,
                    count(t.sent_at) AS sent, count(*) FILTER (WHERE t.back) AS back,
                    count(*) FILTER (WHERE (t.sent_at IS NULL) <> (t.send_by IS NULL)
                                        OR (t.outcome IS NULL) <> (t.finished_at IS NULL)) AS torn
               FROM saga.attempt t GROUP BY t.saga_id) AS a ON a.saga_id = x.saga_id
 WHERE x.saga_id IS NULL OR a.saga_id IS NULL OR a.first <> 1 OR a.last <> a.count
    OR a.last <> x.fence OR a.torn > 0 OR a.sent > 0 AND x.mode <> 'live'
    OR a.back > 0 AND NOT x.back
 ORDER BY 1 LIMIT 20
