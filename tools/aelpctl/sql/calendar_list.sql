-- $1 token
-- Locks that are in force or to come, by the server's clock.
WITH lock AS MATERIALIZED (
    SELECT * FROM saga.calendar_lock l WHERE l.lifted_at IS NULL AND l.to_at > clock_timestamp())
SELECT l.id::text, l.scope, l.from_at::text AS "from", l.to_at::text AS "to", l.reason,
       l.person_id::text AS person, CASE WHEN l.person_id IS NULL THEN 'admin' ELSE n.name END AS name
  FROM lock l
  LEFT JOIN people.names(ARRAY(SELECT x.person_id FROM lock x), 'token', ARRAY[$1]) n
         ON n.person = l.person_id
 ORDER BY l.from_at, l.id
