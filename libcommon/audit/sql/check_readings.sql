-- No platform's change history is kept, so the readings stand for it: where one differs from that
-- before it, an edit made outside is recorded for just that difference, or a change of ours was in
-- flight there (from its begin to its end its own read-back judges what was seen; a reading may
-- have begun before it). What is older than the retired events is past this. Last, the live value
-- is what was read last. Edits in simulated accounts are dated by their clock, which is ahead of
-- ours.
WITH flight AS (
    SELECT f.target_id, e.at AS began, coalesce(e.ended, 'infinity') AS ended
      FROM (SELECT v.saga_id, v.to_state, v.at,
                   lead(v.at) OVER (PARTITION BY v.saga_id ORDER BY v.version) AS ended
              FROM saga.event v
             WHERE v.from_state <> v.to_state AND v.saga_id IN (SELECT saga_id FROM saga.effect)) AS e
      JOIN saga.effect f ON f.saga_id = e.saga_id
     WHERE e.to_state IN ('executing', 'rolling_back')
), flights AS (
    SELECT target_id, range_agg(tstzrange(began - observed_max, ended, '[]')) AS times
      FROM flight CROSS JOIN saga.timing GROUP BY target_id
)
SELECT NULL::uuid, format('%s was read as %s micros at %s, %s before: nothing explains it',
                          g.resource, seen.micros, seen.at, seen.was)
  FROM (SELECT o.target_id, o.at, o.daily_micros AS micros,
               lag(o.daily_micros) OVER (PARTITION BY o.target_id ORDER BY o.at) AS was
          FROM saga.observed o) AS seen
  JOIN saga.target g ON g.id = seen.target_id
  JOIN saga.account c ON c.id = g.account_id
  LEFT JOIN flights ON flights.target_id = seen.target_id
 WHERE seen.micros <> seen.was
   AND seen.at > coalesce((SELECT e.at FROM audit.leaf_of l JOIN saga.event e ON e.seq = l.event
                            WHERE l.index = (SELECT max(m.index) FROM audit.minimum m)), '-infinity')
   AND NOT EXISTS (SELECT FROM saga.spend_use u
                    WHERE u.saga_id IS NULL AND u.target_id = seen.target_id
                      AND u.delta_micros = seen.micros - seen.was
                      AND (u.at = seen.at OR c.world AND u.at > seen.at))
   AND (flights.times @> seen.at) IS NOT TRUE
UNION ALL
SELECT NULL, format('%s stands at %s micros, it was read last as %s', g.resource, g.live_micros,
                    last.daily_micros)
  FROM saga.target g
  LEFT JOIN LATERAL (SELECT o.daily_micros FROM saga.observed o WHERE o.target_id = g.id
                      ORDER BY o.at DESC LIMIT 1) AS last ON true
 WHERE g.live_micros IS DISTINCT FROM last.daily_micros
 ORDER BY 2 LIMIT 20
