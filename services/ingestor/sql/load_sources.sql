-- Every account that can be pulled from.
SELECT account, zone, world FROM ingest.source_state ORDER BY account
