-- $1 limit
SELECT id::text, service, subject, attempts::text, reason, at::text FROM bus.dead_list($1)
