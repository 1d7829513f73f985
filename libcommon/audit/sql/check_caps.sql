-- The cap of one change, as its kind's version has it. The day's and the 28 days' caps stand on
-- live values of that moment, which begin_execution alone knew.
SELECT x.saga_id, format('effect %s: %s to %s micros is over %s bp', e.n, e.before_micros,
                         e.after_micros, k.change_bp)
  FROM saga.execution x JOIN saga.saga s ON s.id = x.saga_id
  JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
  JOIN saga.effect e ON e.saga_id = x.saga_id
 WHERE x.mode = 'live'
   AND CASE WHEN e.before_micros = 0 THEN e.after_micros > k.from_zero_micros
            ELSE abs(e.after_micros::numeric - e.before_micros) * 10000
                 > e.before_micros::numeric * k.change_bp END
 ORDER BY 1, e.n LIMIT 20
