SELECT coalesce(u.saga_id, e.saga_id),
       CASE WHEN e.saga_id IS NULL THEN format('it used %s micros of a cap for nothing', u.delta)
            ELSE format('effect %s moves %s micros, and used %s of its cap', e.n,
                        e.after_micros - e.before_micros, coalesce(u.delta, 0)) END
  FROM (SELECT s.saga_id, s.target_id, s.account_id, sum(s.delta_micros) AS delta, count(*) AS times
          FROM saga.spend_use s WHERE s.saga_id IS NOT NULL
         GROUP BY s.saga_id, s.target_id, s.account_id) AS u
  FULL JOIN (SELECT f.*, g.account_id
               FROM saga.effect f JOIN saga.execution x ON x.saga_id = f.saga_id AND x.mode = 'live'
               JOIN saga.target g ON g.id = f.target_id) AS e
         ON e.saga_id = u.saga_id AND e.target_id = u.target_id AND e.account_id = u.account_id
 WHERE u.times IS DISTINCT FROM 1 OR u.delta IS DISTINCT FROM e.after_micros - e.before_micros
 ORDER BY 1 LIMIT 20
