-- $1 run
-- All runs of its message: of two that end at once, the second sees that it is the last.
SELECT o.id FROM ingest.run o JOIN ingest.run r ON r.message_id = o.message_id
 WHERE r.id = $1 ORDER BY o.id FOR NO KEY UPDATE OF o
