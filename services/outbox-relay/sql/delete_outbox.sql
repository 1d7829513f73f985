-- $1 ids that JetStream has
DELETE FROM bus.outbox WHERE id = ANY ($1)
