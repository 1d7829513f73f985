-- $1 run
-- Pages lock the account before they touch a run; so does its end.
SELECT s.account FROM ingest.source_state s JOIN ingest.run r ON r.account = s.account
 WHERE r.id = $1 FOR NO KEY UPDATE OF s
