-- $1 after this id, $2 ids in flight, $3 limit
SELECT due.id, due.subject, due.message_id, due.body, due.traceparent, due.at
  FROM bus.outbox_due($1, $2, $3) AS due
