-- $1 an account, or ''
SELECT s.account FROM ingest.source_state s WHERE $1 IN ('', s.account) ORDER BY s.account
