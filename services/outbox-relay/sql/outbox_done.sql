-- $1 ids that JetStream has
SELECT bus.outbox_done($1)
