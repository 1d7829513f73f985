SELECT DISTINCT split_part(s.account, '/', 1) FROM ingest.source_state s
 WHERE s.last_observed_at IS NOT NULL ORDER BY 1
