-- $1 limit
-- The last event of sagas that outstayed their patience goes into the outbox again: JetStream may
-- lose what it acknowledged.
SELECT saga.resay($1)
