-- Locks that are in force or to come, by the server's clock.
SELECT l.id::text, l.scope, l.from_at::text AS "from", l.to_at::text AS "to", l.reason,
       coalesce(l.person_id::text, 'admin') AS person
  FROM saga.calendar_lock l
 WHERE l.lifted_at IS NULL AND l.to_at > clock_timestamp()
 ORDER BY l.from_at, l.id
