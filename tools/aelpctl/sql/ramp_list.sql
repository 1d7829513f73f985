-- $1 token
-- Ramps that are in force or to come, by the server's clock.
WITH ramp AS MATERIALIZED (
    SELECT * FROM saga.ramp r
     WHERE r.effective AND r.ended_at IS NULL AND r.day_to >= current_date - 1)
SELECT r.id::text, r.account_id AS account, coalesce(g.resource, '*') AS target,
       r.day_from::text AS "from", r.day_to::text AS "to",
       r.target_drift_bp / 100 || ' %' AS drift, r.account_drift_bp / 100 || ' %' AS account_drift,
       r.person_id::text AS person, n.name
  FROM ramp r LEFT JOIN saga.target g ON g.id = r.target_id
  LEFT JOIN people.names(ARRAY(SELECT x.person_id FROM ramp x), 'token', ARRAY[$1]) n
         ON n.person = r.person_id
 ORDER BY r.account_id, r.day_from, r.id
