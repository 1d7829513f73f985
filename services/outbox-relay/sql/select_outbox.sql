-- $1 ids in flight, $2 limit
-- Whatever is committed, oldest first. No gate on older transactions still running: order across
-- transactions is not promised to anyone.
SELECT due.id, due.subject, coalesce(due.message_id, due.id::text), due.body, due.traceparent, due.at
  FROM bus.outbox AS due
 WHERE due.id <> ALL ($1)
 ORDER BY due.id
 LIMIT $2
