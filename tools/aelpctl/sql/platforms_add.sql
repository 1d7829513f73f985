-- $1 account, $2 zone, $3 simulated
SELECT ingest.add_source($1, $2, $3)::text
