SELECT DISTINCT s.source FROM ingest.source_state s WHERE s.last_observed_at IS NOT NULL ORDER BY 1
