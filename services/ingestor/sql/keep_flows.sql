-- $1 accounts, $2 zones, $3 worlds, $4 payloads
SELECT ops.keep_ingest_flows($1, $2, $3, $4)
