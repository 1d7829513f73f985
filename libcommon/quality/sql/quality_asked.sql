-- $1 source, $2 account or ''
-- The accounts of what was asked that have been read, each with its own time, and the last week
-- that was pulled whole.
SELECT s.account, ops.now(s.world), (max(s.last_business_date) OVER () - 6)::text,
       (max(s.last_business_date) OVER ())::text
  FROM ingest.source_state s
 WHERE s.source = $1 AND $2 IN ('', s.account) AND s.last_observed_at IS NOT NULL
 ORDER BY s.account
