-- Ramps that are in force or to come, by the server's clock.
SELECT r.id::text, r.account_id AS account, coalesce(g.resource, '*') AS target,
       r.day_from::text AS "from", r.day_to::text AS "to",
       r.target_drift_bp / 100 || ' %' AS drift, r.account_drift_bp / 100 || ' %' AS account_drift,
       r.person_id::text AS person
  FROM saga.ramp r LEFT JOIN saga.target g ON g.id = r.target_id
 WHERE r.effective AND r.ended_at IS NULL AND r.day_to >= current_date - 1
 ORDER BY r.account_id, r.day_from, r.id
